"""Segmentation speed: megabytes of page text a second on one core, at 1 MB and at 20 MB, and whether the cost is linear.

    python -m bench.bench_segment [--small 1] [--large 20] [--page FILE]

Two kinds of pages, one after the other as the pages of an issue are:

* **composed** pages with every noise (``tests/composer``), half of them for each way of laying out headlines: very short items
  in narrow columns, with an empty line after every second line of text;
* **printed** ones: the hand-written items of ``tests/otherpages``, four to a page, each filled up with paragraphs of the others to
  the length that dailies print, in columns of 17 cells with indents.

``--page`` adds a page of your own, repeated.  Only ``segment`` is timed, in processor time of this process; a megabyte is
1,000,000 bytes of UTF-8.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.records import Issue, SourceFile
from pipeline.segment import segment
from tests.composer.composer import compose
from tests.otherpages import layout, written

_SEEDS = 600
_ITEMS = 4
"""Items of a printed page."""
_CHARACTERS = 800
"""Characters of such an item at least."""
_COLUMN = 17
"""Cells of its columns."""


def _gather(make: Callable[[int], str], megabytes: float) -> str:
    """Pages parted by form feeds, of at least so many megabytes."""
    made: list[str] = []
    size = 0
    for number in count():
        if size >= megabytes * 1_000_000:
            break
        made.append(make(number))
        size += len(made[-1].encode()) + 1
    return "\f".join(made)


def composed(megabytes: float) -> str:
    """Composed pages; they repeat after some hundreds."""
    kept: dict[int, str] = {}

    def page(number: int) -> str:
        at = number % _SEEDS
        if at not in kept:
            kept[at] = compose(at, every_noise=at % 2 == 1).text
        return kept[at]

    return _gather(page, megabytes)


def _filled(body: Sequence[str], filling: Iterator[str]) -> list[str]:
    out = list(body)
    while sum(map(len, out)) < _CHARACTERS:
        out.append(next(filling))
    return out


def printed(megabytes: float) -> str:
    """Pages of long items; the items repeat, each time beside others."""
    every = [i for page in written.pages() for i in page.items if i.kind == "article" and "headline" in i.fields and not i.rows]
    # A first paragraph may open with a dateline, and what opens with a mark is no text.
    filling = cycle([text for item in every for text in item.body[1:] if text[0] not in "%#（"])
    long = [replace(item, body=_filled(item.body, filling)) for item in every]

    def page(number: int) -> str:
        items = [long[(number * _ITEMS + i) % len(long)] for i in range(_ITEMS)]
        return layout.render(written.Page("printed", "party_daily", {"width": str(_COLUMN), "indent": "2"}, items=items)).decode()

    return _gather(page, megabytes)


def _issue(text: str) -> Issue:
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    return Issue(id=sha256[:16], source=SourceFile(name="pages.txt", size=len(data), sha256=sha256), text=text)


def rate(text: str, what: str) -> float:
    """Megabytes a second."""
    issue = _issue(text)
    started = time.process_time()
    made = segment(issue, SegmentConfig())
    seconds = time.process_time() - started
    size = issue.source.size / 1e6
    speed = size / seconds
    lines = [line for line in text.splitlines() if line.strip()]
    of = f"{len(lines):,} lines of {sum(map(len, lines)) / len(lines):.1f} characters, {len(made.units):,} units"
    print(f"{what} {size:5.1f} MB, {of}: {seconds:.2f} s, {speed:.2f} MB/s", flush=True)
    return speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=float, default=1.0)
    parser.add_argument("--large", type=float, default=20.0)
    parser.add_argument("--page", type=Path, help="a page to repeat, besides")
    options = parser.parse_args()
    corpora = {"composed": composed, "printed": printed}
    if options.page is not None:
        own = read_issue(options.page, IngestConfig()).text
        corpora["own page"] = lambda megabytes: _gather(lambda _: own, megabytes)
    segment(_issue(composed(0.05)), SegmentConfig())
    for what, pages in corpora.items():
        text = pages(options.small)
        small = max(rate(text, what) for _ in range(3))
        large = rate(pages(options.large), what)
        print(f"{what}: rate at {options.large:g} MB over rate at {options.small:g} MB: {large / small:.2f}")


if __name__ == "__main__":
    main()
