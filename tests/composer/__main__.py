"""Scores of the segmentation on composed pages: ``python -m tests.composer [--pages 500] [--every-noise] [--wrong]``."""

from __future__ import annotations

import argparse

import click

from pipeline.config import SegmentConfig
from pipeline.segment import reference, segment
from tests.composer.composer import compose
from tests.composer.score import Tally, add
from tests.segment.compare import issue_of

FIELDS = ("unit", "paragraph", "headline", "byline", "kicker", "subtitle", "column", "credit", "authors", "subheads", "kind")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--every-noise", action="store_true", help="with the noise of tests/composer/noise.py too")
    parser.add_argument("--wrong", action="store_true", help="say what is wrong, page by page")
    options = parser.parse_args()
    tally = Tally()
    for seed in range(options.pages):
        page = compose(seed, every_noise=options.every_noise)
        wrong = add(tally, reference(segment(issue_of(page.text), SegmentConfig()))["units"], page.units)
        if options.wrong and wrong:
            click.echo("\n  ".join([f"page {seed} {page.style}", *wrong]))
    click.echo("\n".join(f"{name} {tally.f1(name):.4f}" for name in FIELDS))


if __name__ == "__main__":
    main()
