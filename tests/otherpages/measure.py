"""How the segmenter does on the pages of this folder: ``python -m tests.otherpages.measure [first|second] [-v] [PAGE ...]``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.segment import reference, segment
from tests.composer.score import Tally, add
from tests.otherpages import layout
from tests.segment.compare import check_laws

MEASURES = ("unit", "paragraph", "headline", "byline", "kicker", "subtitle", "column", "subheads", "authors", "kind")


def score(tally: Tally, page: layout.Page, folder: str) -> list[str]:
    """Segment one page and count it in; return what is wrong with it, a line each."""
    path = Path(folder) / f"{page.name}.txt"
    path.write_bytes(layout.render(page))
    issue = read_issue(path, IngestConfig())
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    return add(tally, list(reference(made)["units"]), layout.answer(page))


def half(page: layout.Page) -> str:
    """``mend``: odd pages, read while the rules were mended; ``held``: even ones, only measured."""
    return "mend" if int(page.name[:2]) % 2 else "held"


def report(name: str, tally: Tally) -> str:
    return f"{name:28}" + " ".join(f"{tally.f1(m):9.3f}" for m in MEASURES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", default="")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("-v", action="store_true", help="say what is wrong with each page")
    parser.add_argument("--half", choices=("mend", "held"))
    args = parser.parse_args()
    keep: Callable[[layout.Page], bool] = lambda page: not args.half or half(page) == args.half  # noqa: E731
    chosen = [p for p in layout.pages(args.set) if keep(p) and (not args.pages or p.name.startswith(tuple(args.pages)))]
    click.echo(f"{'':28}" + " ".join(f"{m:>9}" for m in MEASURES))
    groups: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        for page in chosen:
            alone = Tally()
            wrong = score(alone, page, folder)
            click.echo(report(page.name, alone))
            if args.v:
                click.echo("\n".join(f"    {line}" for line in wrong))
            for name in ("all", half(page), page.style):
                score(groups.setdefault(name, Tally()), page, folder)
    for name, tally in sorted(groups.items()):
        click.echo(report(f"= {name}", tally))


if __name__ == "__main__":
    main()
