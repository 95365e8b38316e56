"""``pipeline export``: all bundles as one dataset."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import go_offline, output_option
from pipeline.errors import ExitCode


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@output_option
def command(target: Path, out: Path) -> int:
    """Write the passages of every bundle to TARGET as sharded Parquet, which datasets.load_dataset reads.

    \b
    Example:
      pipeline export /srv/dataset -o /srv/bundles
    """
    go_offline()
    from pipeline.jobs.dataset import export

    click.echo(f"{export(out, target):,} passages in {target}")
    return int(ExitCode.DONE)
