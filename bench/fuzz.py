"""Hostile input by the hundred thousand: every door answers or refuses in words, none lets an exception out.

Run: python -m bench.fuzz --inputs 100000

A seeded mutator: sound inputs with places cut, doubled, swapped for noise or for tokens that mean
something to the reader.  ``tests/jobs/test_fuzz.py`` does the same in small with Hypothesis, which
looks harder at each input.  Segmentation, the slow part, sees every eighth page and every fourth set
of overrides.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.compose import page
from pipeline.config import IngestConfig, SegmentConfig, load
from pipeline.engines.base import Finish, Reply
from pipeline.errors import PipelineError
from pipeline.ingest import from_bytes
from pipeline.jobs.ledger import Entry, Ledger, WorkState
from pipeline.journal import FileJournal
from pipeline.records import Issue
from pipeline.resources import preset
from pipeline.segment import segment
from pipeline.segment.overrides import load as load_overrides
from pipeline.sources import read, walk

PAGE_TOKENS = tuple(
    t.encode()
    for t in (
        "本报讯",
        "□",
        "“",
        "”",
        "：",
        "\n\n",
        "\u3000\u3000",
        "\u2028",
        "\x85",
        "1.2.3",
        "来源：",
        "\u202e",
        "第01版",
        "<p>",
        "&#0;",
        "\ufeff",
    )
)
YAML_TOKENS = (
    b": ",
    b"- ",
    b"{",
    b"[",
    b"&a ",
    b"*a",
    b"!!python/object:os.system ",
    b"|",
    b"'",
    b'"',
    b"\t",
    b"#",
    b"<<: ",
    b"? ",
    b"1e999",
)
ANY_TOKENS = (b"\x00", b"\xff", b"\xff\xfe", b"\xed\xa0\x80", b"\x1f\x8b", b"PK\x03\x04", b"\n", b" ", b"\r")
HTML = "<html><head><meta charset=gb2312><title>青禾日报</title></head><body><div><h1>{}</h1><p>{}</p></div></body></html>"
OVERRIDES = """overrides:
  - {body: 果园, headline: 丰收}
  - split: 近日
  - merge: 下一步
  - furniture: 据了解
  - {retitle: 果园, kicker: 丰收}
"""
RULES = (("body", "headline"), ("retitle",), ("retitle", "kicker", "subtitle", "column"), ("split",), ("merge",), ("furniture",))


def mutated(pick: random.Random, base: bytes, tokens: tuple[bytes, ...], *, blows: int = 6) -> bytes:
    """``base`` after one to ``blows`` blows; one in thirty is noise alone."""
    if pick.random() < 1 / 30:
        return pick.randbytes(pick.randint(0, 300))
    data = base
    for _ in range(pick.randint(1, blows)):
        at = pick.randint(0, len(data))
        end = min(len(data), at + pick.choice((0, 1, 2, 8, 40, 200)))
        put = pick.choice((b"", pick.choice(tokens), pick.choice(ANY_TOKENS), pick.randbytes(pick.randint(1, 8)), data[at:end] * 2))
        data = data[:at] + put * pick.choice((1, 1, 1, 3, 50)) + data[end:]
    return data


class Doors:
    """The doors, each a method that takes one hostile input made from sound ones."""

    def __init__(self, folder: Path, pick: random.Random) -> None:
        self.folder = folder
        self.pick = pick
        self.count = 0
        text = page(1, 2)
        self.pages = [text.encode(c) for c in ("utf-8", "gb18030", "utf-16", "big5hkscs", "utf-8-sig") if _encodes(text, c)]
        self.pages += [HTML.format("丰收", text).encode(c) for c in ("utf-8", "gb18030")]
        self.issue: Issue = from_bytes("page.txt", text.encode(), IngestConfig())
        self.preset = preset("default").read_bytes()
        self.ledger_bytes, self.journal_bytes = self._databases()

    def ingest(self) -> None:
        """A page's bytes."""
        data = mutated(self.pick, self.pick.choice(self.pages), PAGE_TOKENS)
        issue = from_bytes(self.pick.choice(("p.txt", "p.html", "p", "页.TXT")), data, IngestConfig(min_han=1))
        if self.count % 8 == 0:
            self._balanced(issue, segment(issue, SegmentConfig()).ledger)

    def sources(self) -> None:
        """A gzip file, a zip file, or a plain one."""
        data = mutated(self.pick, self.pages[0], PAGE_TOKENS)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", self.pick.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            archive.writestr(self.pick.choice(("a.txt", "b/页.html", "../c.txt", "CON.txt", "x\u202e.txt")), data)
        name, whole = self.pick.choice((("a.zip", packed.getvalue()), ("a.txt.gz", gzip.compress(data)), ("a.txt", data)))
        path = self.folder / name
        path.write_bytes(mutated(self.pick, whole, ANY_TOKENS))
        for source in walk(path):
            read(source, IngestConfig(max_bytes=10_000))

    def configuration(self) -> None:
        """A desk's configuration file."""
        path = self.folder / "desk.yaml"
        path.write_bytes(mutated(self.pick, self.preset, YAML_TOKENS, blows=2))
        load(path)

    def overrides(self) -> None:
        """An editor's corrections, and the page cut by them."""
        path = self.folder / "page.overrides.yaml"
        if self.pick.random() < 0.5:
            path.write_bytes(mutated(self.pick, OVERRIDES.encode(), YAML_TOKENS, blows=2))
        else:
            # Sound in form, any text at all: pieces of the page, of nothing, of everything.
            rules = [{key: self._piece() for key in self.pick.choice(RULES)} for _ in range(self.pick.randint(1, 4))]
            path.write_text(json.dumps({"overrides": rules}, ensure_ascii=self.pick.random() < 0.5), encoding="utf-8", errors="replace")
        found = load_overrides(path)
        if self.count % 4 == 0:
            self._balanced(self.issue, segment(self.issue, SegmentConfig(), found).ledger)

    def ledger(self) -> None:
        """A damaged ledger must take new work, whatever is left of the old."""
        path = self._database("ledger.sqlite", self.ledger_bytes)
        with Ledger(path) as ledger:
            list(ledger.entries())
            ledger.counts()
            ledger.runs()
            ledger.put(_entry("new"))
            assert ledger.find("new") == _entry("new")

    def journal(self) -> None:
        """A damaged journal must take new replies and serve no altered one."""
        path = self._database("replies.sqlite", self.journal_bytes)
        with FileJournal(path) as journal:
            assert {r.text for i in range(40) if (r := journal.get(str(i)))} <= {"e" * 200}
            journal.put("new", _reply("new"))
            assert journal.get("new") == _reply("new")

    def _piece(self) -> str:
        text, at = self.issue.text, self.pick.randint(0, len(self.issue.text))
        return self.pick.choice((*[text[at : at + self.pick.randint(1, 30)]] * 8, text, "", "\u3000", "。", "\ud800", "无此文字"))

    @staticmethod
    def _balanced(issue: Issue, ledger: object) -> None:
        at = 0
        for entry in ledger:  # type: ignore[attr-defined]
            assert entry.span.start == at
            at = entry.span.end
        assert at == len(issue.text)

    def _database(self, name: str, sound: bytes) -> Path:
        for old in self.folder.glob(f"{Path(name).stem}.*"):
            old.unlink()
        data = bytearray(sound)
        for _ in range(self.pick.randint(1, 6)):
            at = self.pick.choice((self.pick.randrange(100), self.pick.randrange(len(data))))
            noise = self.pick.randbytes(self.pick.choice((1, 1, 8, 64, 4096)))
            data[at : at + len(noise)] = noise
        path = self.folder / name
        path.write_bytes(bytes(data[: self.pick.choice((len(data), self.pick.randrange(len(data))))]))
        return path

    def _databases(self) -> tuple[bytes, bytes]:
        with Ledger(self.folder / "l") as ledger:
            ledger.put_all(_entry(str(n)) for n in range(30))
            ledger.begin("c", "h", 1)
        with FileJournal(self.folder / "j") as journal:
            for n in range(40):
                journal.put(str(n), _reply("e" * 200))
        return (self.folder / "l").read_bytes(), (self.folder / "j").read_bytes()


def _encodes(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _entry(name: str) -> Entry:
    return Entry(fingerprint=name, slug=name, label=name, name=name, sha256=name, size=1, shape="p", state=WorkState.DONE, error="e" * 99)


def _reply(text: str) -> Reply:
    return Reply(id="", text=text, finish=Finish.STOP, prompt_tokens=1, output_tokens=1)


SHARES = {"ingest": 0.4, "sources": 0.2, "configuration": 0.15, "overrides": 0.15, "ledger": 0.07, "journal": 0.03}


def main() -> int:
    """Throw the inputs and print the tally; 1 when any exception came out that is no ``PipelineError`` with a hint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--door", choices=list(SHARES), help="only this one")
    args = parser.parse_args()
    tally: Counter[str] = Counter()
    broken: dict[str, str] = {}
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        doors = Doors(Path(name), random.Random(args.seed))
        for door, share in SHARES.items():
            if args.door not in (None, door):
                continue
            knock: Callable[[], None] = getattr(doors, door)
            for _ in range(round(args.inputs * (1 if args.door else share))):
                doors.count += 1
                try:
                    knock()
                    tally[f"{door}: taken"] += 1
                except PipelineError as exc:
                    tally[f"{door}: refused"] += 1
                    if not exc.hint:
                        broken.setdefault(f"{door}: no hint", str(exc))
                except Exception as exc:  # noqa: BLE001 - what this is all about
                    tally[f"{door}: broke"] += 1
                    where = traceback.extract_tb(exc.__traceback__)[-1]
                    broken.setdefault(f"{door}: {type(exc).__name__} at {where.filename}:{where.lineno}", traceback.format_exc(limit=-6))
            print(door, {k.partition(": ")[2]: n for k, n in tally.items() if k.startswith(door)}, flush=True)
    print(f"{sum(tally.values()):,} inputs, {time.process_time() - began:.0f} processor seconds, {len(broken)} faults")
    for where, trace in broken.items():
        print(f"\n{where}\n{trace}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
