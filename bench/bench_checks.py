"""Sentences a second through glossary lookup and all checks, with a glossary of 100,000 terms.

    python -m bench.bench_checks [--terms 100000] [--seconds 5]

Two sets of sentences: the rows of the table of planted errors and clean rows, which are short, and
sentences of a county paper's length composed from its clean rows (about 72 characters, one figure a
sentence, more than half with none).  No sentence's result is cached.  One process, one core, and the
processor's time, so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline.checks import CheckInput, run
from pipeline.config import ChecksConfig
from pipeline.evaluate.check_table import read_table
from pipeline.records import Field, Segment
from pipeline.terms.lexicon import Lexicon, Term, default_files
from pipeline.terms.lexicon import read_table as read_terms
from pipeline.terms.numbers import read_zh

TABLE = Path(__file__).parents[1] / "tests" / "data" / "check_table.tsv"
_SYLLABLES = "安白长城大东方高光海河湖花江金开林龙梅明南宁平青清山石水天田铜文西新云中"
_FIGURES = ((0, 57), (1, 22), (2, 12), (3, 9))
"""Rows with figures in a sentence, and how often of a hundred."""


def lexicon_of(size: int) -> Lexicon:
    """The bundled tables, filled up with made-up places and terms to ``size`` entries."""
    chance = random.Random(7)
    terms = [t for f in default_files() for t in read_terms(f)]
    seen = {t.zh for t in terms}
    while len(terms) < size:
        zh = "".join(chance.choices(_SYLLABLES, k=chance.choice((3, 4, 5)))) + chance.choice("县镇村局站会")
        if zh not in seen:
            seen.add(zh)
            terms.append(Term(zh=zh, en=f"Made-up Name {len(terms)}", kind=chance.choice(("place", "org", "term"))))
    return Lexicon(terms)


def rows() -> list[CheckInput]:
    """The table's rows.  Without their projection the checks look every sentence up themselves, the dearer way."""
    return [msgspec.structs.replace(row.item, projection=None) for row in read_table(TABLE)]


def composed(count: int = 400) -> list[CheckInput]:
    """Long sentences, each of several clean rows."""
    clean = [r.item for r in read_table(TABLE) if not r.expect and r.item.segment.field is Field.SENTENCE]
    counting = [i for i in clean if read_zh(i.source)]
    plain = [i for i in clean if not read_zh(i.source)]
    pick = random.Random(5)
    out = []
    for number in range(count):
        length = max(17.0, pick.gauss(62, 30))
        parts = pick.choices(counting, k=pick.choices(*zip(*_FIGURES, strict=True))[0])
        while sum(len(p.source) for p in parts) < length:
            parts.append(pick.choice(plain))
        pick.shuffle(parts)
        name = f"s{number}.sentence.0.0"
        text = "，".join(p.source.rstrip("。") for p in parts) + "。"
        segment = Segment(id=name, unit=f"s{number}", field=Field.SENTENCE, block=0, index=0, text=text)
        names = {n.source: n for p in parts for n in p.names}
        target = "; ".join(p.target.rstrip(".") for p in parts) + "."
        out.append(CheckInput(segment=segment, target=target, names=tuple(names.values())))
    return out


def measure(what: str, items: Sequence[CheckInput], lexicon: Lexicon, seconds: float) -> None:
    """Run all ``items`` again and again for so many seconds and print the rate."""
    config = ChecksConfig()
    for item in items:
        run(item, config, lexicon)
    rates = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        started = time.process_time()
        for item in items:
            run(item, config, lexicon)
        rates.append(len(items) / (time.process_time() - started))
    zh, en = (statistics.fmean(map(len, texts)) for texts in zip(*((i.source, i.target) for i in items), strict=True))
    print(
        f"{what}: {len(items)} sentences of {zh:.0f} Chinese and {en:.0f} English characters: "
        f"{statistics.median(rates):,.0f} a second (median of {len(rates)} rounds), {max(rates):,.0f} at best"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    lexicon = lexicon_of(options.terms)
    print(f"{len(lexicon):,} terms")
    measure("table rows", rows(), lexicon, options.seconds)
    measure("composed", composed(), lexicon, options.seconds)


if __name__ == "__main__":
    main()
