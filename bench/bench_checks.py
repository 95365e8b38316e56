"""Sentences a second through glossary lookup and all checks, with a glossary of 100,000 terms.

    python -m bench.bench_checks [--terms 100000] [--seconds 5]

The sentences are those of the table of planted errors and clean rows; no result is cached between
them.  One process, one core.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

import msgspec

from pipeline.checks import run
from pipeline.config import ChecksConfig
from pipeline.evaluate.check_table import read_table
from pipeline.terms.lexicon import Lexicon, Term, default_files
from pipeline.terms.lexicon import read_table as read_terms

TABLE = Path(__file__).parents[1] / "tests" / "data" / "check_table.tsv"
_SYLLABLES = "安白长城大东方高光海河湖花江金开林龙梅明南宁平青清山石水天田铜文西新云中"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terms", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    lexicon, config = lexicon_of(options.terms), ChecksConfig()
    # Without the projection the checks look every sentence up themselves, which is the dearer way.
    items = [msgspec.structs.replace(row.item, projection=None) for row in read_table(TABLE)]
    for item in items:
        run(item, config, lexicon)
    rates = []
    until = time.perf_counter() + options.seconds
    while time.perf_counter() < until:
        started = time.process_time()
        for item in items:
            run(item, config, lexicon)
        rates.append(len(items) / (time.process_time() - started))
    characters = statistics.fmean(len(i.source) for i in items)
    print(f"{len(lexicon):,} terms, {len(items)} sentences of {characters:.0f} characters on average, {len(rates)} rounds")
    print(f"{statistics.median(rates):,.0f} sentences a second of processor time (median), {max(rates):,.0f} at best")


if __name__ == "__main__":
    main()
