"""How long a bundle takes to write, recognise, read and verify.

    python -m bench.bundle [--articles 60] [--sentences 30]

The claim it measures: a 60-article issue is written in under 2 s in every format, and a finished
bundle is recognised in milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pipeline import bundle
from pipeline.bundle.verify import verify
from pipeline.config import BUNDLE_FORMATS, BundleConfig
from tests.bundle import make

T = TypeVar("T")


def timed(call: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    made = call()
    return made, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--sentences", type=int, default=30, help="per article, about")
    args = parser.parse_args()
    repeat = max(1, args.sentences // 3)
    make.ARTICLES = tuple((*a[:4], a[4] * repeat) for a in make.ARTICLES)
    result = make.result(args.articles)
    passages = sum(len(u.translations) for u in result.units)
    print(f"{args.articles} articles, {passages} passages, {len(result.issue.text)} characters")
    for formats in (("json",), BundleConfig().formats, BUNDLE_FORMATS):
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as out:
            config = BundleConfig(formats=formats)
            folder, write = timed(lambda config=config, out=out: bundle.write(result, make.volatile(), Path(out), config))  # type: ignore[misc]
            _, finished = timed(lambda folder=folder: bundle.finished(folder))  # type: ignore[misc]
            _, read = timed(lambda folder=folder: bundle.read(folder))  # type: ignore[misc]
            report, check = timed(lambda folder=folder: verify(folder))  # type: ignore[misc]
            _, again = timed(lambda config=config, out=out: bundle.write(result, make.volatile(), Path(out), config))  # type: ignore[misc]
            size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
            print(
                f"{len(formats)} formats, {report.files} files, {size / 1e6:.1f} MB: write {write:.2f} s, write again {again:.2f} s, "
                f"finished {finished * 1000:.1f} ms, read {read:.2f} s, verify {check:.2f} s"
            )


if __name__ == "__main__":
    main()
