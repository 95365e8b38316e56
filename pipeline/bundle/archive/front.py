"""The pages of the archive: the front page, the lists of older issues, and what the search script needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pipeline import files
from pipeline.bundle.archive import shards
from pipeline.bundle.archive.entry import IssueRow
from pipeline.bundle.archive.store import Store
from pipeline.bundle.html.page import asset, render_page

NEWEST: Final = 60
"""Issues listed on the front page itself."""
WORST: Final = 12
"""Issues listed as most in need of review."""
PER_PAGE: Final = 500
"""Sequence numbers covered by one page of the list."""


def write(outputs: Path, store: Store, touched: Iterable[int]) -> None:
    """Write the front page, the pages of the list that hold ``touched`` sequence numbers, and the search's table.

    Raises:
        OutputError: the folder cannot be written.
    """
    archive = outputs / "archive"
    last = max(0, store.last_seq()) // PER_PAGE
    for number in sorted({seq // PER_PAGE for seq in touched} | {max(0, last - 1)}):
        rows = [row for _, row in store.rows(number * PER_PAGE, (number + 1) * PER_PAGE - 1)]
        files.write_atomic(archive / f"list-{number}.html", list_page(rows, number, last).encode("utf-8"))
    files.write_atomic(archive / "index.js", shards.script("index", _table(store)))
    files.write_atomic(outputs / "index.html", front_page(store, last).encode("utf-8"))


def _table(store: Store) -> dict[str, object]:
    """Return what the search script must know: the segments, the issues no segment holds, and whose documents are whose."""
    segments = store.segments()
    covered = max((s.last for s in segments), default=-1)
    placed = store.all_placed()
    return {
        "segments": [[s.name, shards.SHARDS[s.level - 1]] for s in segments],
        "waiting": [p.seq for p in placed if p.seq > covered],
        "seq": [p.seq for p in placed],
        "base": [p.base for p in placed],
        "size": [p.size for p in placed],
    }


def front_page(store: Store, last_page: int) -> str:
    """Return ``outputs/index.html``."""
    issues, articles, stop, check = store.totals()
    return _page(
        "front.html.j2",
        issues=issues,
        articles=articles,
        stop=stop,
        check=check,
        needing=store.needing_review(),
        worst=store.worst(WORST),
        newest=store.newest(NEWEST),
        pages=list(range(last_page, -1, -1)) if issues > NEWEST else [],
        search=True,
        above="",
        archive="archive/",
    )


def list_page(rows: Sequence[IssueRow], number: int, last: int) -> str:
    """Return one page of the whole list, newest first."""
    return _page("list.html.j2", rows=rows, number=number, last=last, search=False, above="../", archive="")


def _page(template: str, *, search: bool, above: str, archive: str, **values: Any) -> str:
    def link(row: IssueRow) -> str:
        return f"{above}{quote(row.slug)}/index.html"

    return render_page(
        template,
        style=asset("page.css") + asset("front.css"),
        script=asset("front.js") if search else "",
        # 'self' is the page's own server; a page opened from a disk or a share has none, only a scheme.
        script_src="'self' file:" if search else "",
        link=link,
        archive=archive,
        above=above,
        **values,
    )
