"""Damaged inputs through ingest and segmentation: none may raise anything but a refusal, none may lose a character.

    python -m bench.mutations [--count 20000] [--first 0]

Each seed gives one input: a composed page, an HTML page or a PDF, cut, shuffled, re-encoded, spliced
with bytes or with another page, up to four times.  It is read and segmented with its laws checked
(the ledger balances, spans are honest, texts come from the source), or refused with a hint.  A
failure is printed with its seed; the exit code is 1 if there was one.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter

from tests.mutations import outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    for seed in range(options.first, options.first + options.count):
        try:
            counts[outcome(seed)] += 1
        except Exception:  # noqa: BLE001 - whatever comes is what this looks for
            counts["FAILED"] += 1
            print(f"seed {seed}")
            traceback.print_exc(limit=-3)
    failed = counts.pop("FAILED", 0)
    print(f"{options.count:,} damaged inputs in {time.perf_counter() - started:.0f} s: {failed} failed")
    for name, number in counts.most_common():
        print(f"  {name}: {number:,}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
