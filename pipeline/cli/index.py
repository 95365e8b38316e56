"""``pipeline index``: bring the archive's front page up to date."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import show_path
from pipeline.errors import ExitCode


@click.command("index")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"))
def command(out: Path) -> int:
    """Bring the front page and the search of all bundles in OUT up to date.

    A run does this by itself; it is needed after bundles were copied in or removed by hand.

    \b
    Examples:
      pipeline index
      pipeline index /srv/bundles
    """
    from pipeline.bundle import archive

    report = archive.update(out)
    for folder, why in report.unreadable:
        click.echo(f"{folder} is left out: {why}", err=True)
    click.echo(f"{show_path(out / 'index.html')}: {len(report.added)} taken in, {len(report.removed)} taken out.")
    return int(ExitCode.DONE_WITH_FINDINGS if report.unreadable else ExitCode.DONE)
