"""How the segmenter does on the pages of this folder: ``python -m tests.otherpages.measure [SET|mixed] [-v] [PAGE ...]``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.segment import reference, segment
from tests.composer.score import Tally, add
from tests.otherpages import layout, written
from tests.segment.compare import check_laws

READ = frozenset({"third", "first-16"})
"""Sets and pages that were read besides, once their first scores were known."""
MIXED = frozenset({"first", "second", "third", "fourth"})
"""Sets whose items are put together anew; a further set would move the figures of ``mixed``, and its floors with them."""
MEASURES = ("unit", "paragraph", "headline", "byline", "kicker", "subtitle", "column", "subheads", "authors", "kind")


def score(tally: Tally, page: written.Page, folder: str) -> list[str]:
    """Segment one page and count it in; return what is wrong with it, a line each."""
    path = Path(folder) / f"{page.name}.txt"
    path.write_bytes(layout.render(page))
    issue = read_issue(path, IngestConfig())
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    return add(tally, list(reference(made)["units"]), written.answer(page))


def half(page: written.Page) -> str:
    """``mend``: pages that were read while rules were mended; ``held``: those that were only measured."""
    return "mend" if page.set in READ or f"{page.set}-{page.name[:2]}" in READ or int(page.name[:2]) % 2 else "held"


def mixed() -> Iterator[written.Page]:
    """Items of the pages that were read, put together anew in every layout, at widths and in an order of their own."""
    read = [page for page in written.pages() if page.set in MIXED and half(page) == "mend"]
    items = [item for page in read for item in page.items if "headline" in item.fields and not item.rows]
    signed = [item for item in items if item.place == "head" and item.kind in {"article", "verse"}]
    dated = [item for item in items if item.place == "in" and item.kind == "article"]
    for style in sorted(layout.LAYOUTS.keys() - {"epaper_meta", "theory", "literary", "sign_end", "uneven", "pasted", "web"}):
        for turn in range(40):
            some = [signed[(turn * 5 + j * 3) % len(signed)] for j in range(2)]
            others = [dated[(turn * 3 + j * 7) % len(dated)] for j in range(3)]
            chosen = [others[0], some[0], others[1], some[1], others[2]] if turn % 3 else [some[0], others[0], others[1]]
            if turn % 4 == 1:
                chosen = [*some, signed[turn * 11 % len(signed)]]
            chosen = [item for k, item in enumerate(chosen) if item not in chosen[:k]]
            shift = turn % len(chosen)
            order = [*range(shift, len(chosen)), *range(shift)]
            blanks = style == "narrow_noindent" or (turn // 2 % 2 == 1 and style != "party_daily")
            # Without indents and empty lines nothing on a page would tell where paragraphs end.
            indent = turn % 2 == 1 or (not blanks and style in {"party_daily", "wrapped", "double_spaced"})
            options = {"width": str(12 + turn * 5 % 13), "blanks": str(int(blanks)), "indent": "2" if indent else "0"}
            options["order"] = ",".join(map(str, order))
            yield written.Page(f"{style}-{turn:02}", style, options, "mixed", items=chosen)


def report(name: str, tally: Tally) -> str:
    return f"{name:28}" + " ".join(f"{tally.f1(m):9.3f}" for m in MEASURES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", default="")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("-v", action="store_true", help="say what is wrong with each page")
    parser.add_argument("--half", choices=("mend", "held"))
    args = parser.parse_args()
    keep: Callable[[written.Page], bool] = lambda page: not args.half or half(page) == args.half  # noqa: E731
    source = mixed() if args.set == "mixed" else written.pages(args.set)
    chosen = [p for p in source if keep(p) and (not args.pages or p.name.startswith(tuple(args.pages)))]
    click.echo(f"{'':28}" + " ".join(f"{m:>9}" for m in MEASURES))
    groups: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        for page in chosen:
            alone = Tally()
            wrong = score(alone, page, folder)
            if args.set != "mixed" or args.v:
                click.echo(report(page.name, alone))
            if args.v:
                click.echo("\n".join(f"    {line}" for line in wrong))
            for name in ("all", *(() if args.set == "mixed" else (half(page),)), page.style):
                score(groups.setdefault(name, Tally()), page, folder)
    for name, tally in sorted(groups.items()):
        click.echo(report(f"= {name}", tally))


if __name__ == "__main__":
    main()
