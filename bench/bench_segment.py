"""Segmentation speed: megabytes of page text a second on one core, at 1 MB and at 20 MB, and whether the cost is linear.

    python -m bench.bench_segment [--small 1] [--large 20]

The pages are composed ones with every noise (``tests/composer``), one after the other as the pages
of an issue are, half of the file for each way of laying out headlines.  Only ``segment`` is timed, in
processor time of this process; a megabyte is 1,000,000 bytes of UTF-8.
"""

from __future__ import annotations

import argparse
import hashlib
import time

from pipeline.config import SegmentConfig
from pipeline.records import Issue, SourceFile
from pipeline.segment import segment
from tests.composer.composer import compose

_SEEDS = 600


def pages(megabytes: float) -> str:
    """Composed pages, parted by form feeds, of at least so many megabytes; the pages repeat after some hundreds."""
    made: list[str] = []
    size = seed = 0
    kept: dict[int, str] = {}
    while size < megabytes * 1_000_000:
        at = seed % _SEEDS
        if at not in kept:
            kept[at] = compose(at, every_noise=at % 2 == 1).text
        made.append(kept[at])
        size += len(kept[at].encode()) + 1
        seed += 1
    return "\f".join(made)


def rate(text: str) -> float:
    """Megabytes a second."""
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    issue = Issue(id=sha256[:16], source=SourceFile(name="pages.txt", size=len(data), sha256=sha256), text=text)
    started = time.process_time()
    made = segment(issue, SegmentConfig())
    seconds = time.process_time() - started
    speed = len(data) / 1e6 / seconds
    size = f"{len(data) / 1e6:6.1f} MB, {len(text):,} characters, {len(made.units):,} units"
    print(f"{size}: {seconds:.2f} s, {speed:.2f} MB/s")
    return speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=float, default=1.0)
    parser.add_argument("--large", type=float, default=20.0)
    options = parser.parse_args()
    rate(pages(0.05))
    small = max(rate(pages(options.small)) for _ in range(3))
    large = rate(pages(options.large))
    print(f"rate at {options.large:g} MB over rate at {options.small:g} MB: {large / small:.2f}")


if __name__ == "__main__":
    main()
