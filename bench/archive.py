"""The archive at size: time to take issues in, to add one more, to search from the command line and in a browser.

Run: python -m bench.archive --issues 10000

The issues are made of invented words drawn with Zipf's frequencies, seven articles each, and go in
without bundles on the disk, so what is timed is the archive alone.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.bundle.archive import catalogue, search
from pipeline.bundle.archive.entry import ArticleText, Entry, IssueRow

ARTICLES = 7
HAN_WORDS, LATIN_WORDS = 6000, 9000
HAN_PER_ARTICLE, LATIN_PER_ARTICLE = 380, 480  # about 800 Chinese characters and their English


class Words:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.han = [
            "".join(chr(self.random.randint(0x4E00, 0x5E00)) for _ in range(self.random.choice((2, 2, 2, 3)))) for _ in range(HAN_WORDS)
        ]
        self.latin = [
            "".join(self.random.choice("abcdefghiklmnoprstuvwy") for _ in range(self.random.randint(3, 9))) for _ in range(LATIN_WORDS)
        ]
        self.zipf_han = [1 / (n + 1) for n in range(HAN_WORDS)]
        self.zipf_latin = [1 / (n + 1) for n in range(LATIN_WORDS)]

    def article(self, number: int) -> ArticleText:
        zh = "".join(self.random.choices(self.han, self.zipf_han, k=HAN_PER_ARTICLE))
        en = " ".join(self.random.choices(self.latin, self.zipf_latin, k=LATIN_PER_ARTICLE))
        return ArticleText(n=number, en=en[:60], zh=zh[:14], body_en=en, body_zh=zh)


def entries(words: Words, first: int, count: int) -> Iterator[Entry]:
    for number in range(first, first + count):
        articles = tuple(words.article(n) for n in range(1, ARTICLES + 1))
        slug = f"county-daily-{number:06d}-{number:08x}"
        row = IssueRow(
            slug=slug,
            name=f"{slug}.txt",
            title="",
            headlines=tuple(a.en for a in articles[:3]),
            articles=ARTICLES,
            sentences=150,
            check=number % 9,
            dont_quote=number % 4,
            approved=0,
            open_check=number % 9,
            open_dont_quote=number % 4,
        )
        yield Entry(row=row, articles=articles)


def add(outputs: Path, batch: list[Entry]) -> float:
    started = time.perf_counter()
    with catalogue._locked(outputs), catalogue._store(outputs) as store:
        catalogue.apply(outputs, store, [(e, "-") for e in batch])
    return time.perf_counter() - started


def in_browser(outputs: Path, queries: list[str]) -> Iterator[str]:
    chromium = shutil.which("chromium")
    if chromium is None:
        yield "browser: no chromium here"
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        started = time.perf_counter()
        page.goto((outputs / "index.html").as_uri())
        yield f"browser: front page opened in {time.perf_counter() - started:.2f} s"
        for query in queries:
            started = time.perf_counter()
            page.fill("#find", query)
            page.keyboard.press("Enter")
            page.locator("#status", has_text="newest first").or_(page.locator("#status", has_text="Nothing found")).wait_for(
                timeout=120_000
            )
            yield f"browser: {query!r}: {page.locator('#status').inner_text()} in {time.perf_counter() - started:.2f} s"
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=250, help="issues taken in at a time")
    parser.add_argument("--keep", type=Path, help="leave the archive in this folder")
    args = parser.parse_args()
    outputs = args.keep or Path(tempfile.mkdtemp(prefix="archive-bench-"))
    words = Words(7)
    spent = 0.0
    for first in range(0, args.issues, args.batch):
        spent += add(outputs, list(entries(words, first, min(args.batch, args.issues - first))))
    size = sum(p.stat().st_size for p in outputs.rglob("*") if p.is_file())
    text = sum(p.stat().st_size for p in (outputs / "archive" / "text").iterdir())
    print(f"{args.issues} issues in {spent:.0f} s ({1000 * spent / args.issues:.1f} ms each)")
    print(f"{size / 1e6:.0f} MB on the disk, of which text {text / 1e6:.0f} MB")
    one = [add(outputs, list(entries(words, args.issues + n, 1))) for n in range(20)]
    print(f"one more issue: median {statistics.median(one):.2f} s, worst {max(one):.2f} s")
    rare, common = words.han[4000], words.han[3]
    queries = [rare, words.han[40] + words.han[41], f"{words.latin[3000]} {words.latin[50]}", common, words.latin[2]]
    for query in queries:
        started = time.perf_counter()
        found = search(outputs, query)
        print(f"command line: {query!r}: {len(found)} shown in {time.perf_counter() - started:.2f} s")
    for line in in_browser(outputs, queries):
        print(line)
    if not args.keep:
        shutil.rmtree(outputs)


if __name__ == "__main__":
    main()
