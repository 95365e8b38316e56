"""``pipeline memory``: the translation memory, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import config_option, load_config, output_option
from pipeline.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from pipeline.memory import Memory


@click.group("memory")
def command() -> None:
    """Look into the translation memory; take it to other tools and back."""


@command.command("show")
@output_option
@config_option
def show(*, out: Path, config_name: str | None) -> int:
    """Say what the memory of an output folder holds."""
    from collections import Counter

    path = _path(out, config_name)
    if not path.is_file():
        click.echo(f"No translation memory yet; it will be {path}.")
        return int(ExitCode.DONE)
    with _open(path) as memory:
        makers = Counter(e.maker.value for e in memory.entries())
        click.echo(f"{path}: {makers['human']:,} texts by people, {makers['machine']:,} by models.\nsha256 {memory.digest}")
    return int(ExitCode.DONE)


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@output_option
@config_option
def export(*, file: Path, out: Path, config_name: str | None) -> int:
    """Write every entry to FILE as TMX 1.4, for translation tools.

    \b
    Examples:
      pipeline memory export desk.tmx -o /srv/bundles
    """
    from pipeline.memory import export_tmx

    with _open(_path(out, config_name)) as memory:
        click.echo(f"{export_tmx(memory, file):,} entries written to {file}.")
    return int(ExitCode.DONE)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--who", default="", help="The translator, where the file names none.")
@output_option
@config_option
def take(*, file: Path, who: str, out: Path, config_name: str | None) -> int:
    """Take the Chinese-English pairs of a TMX file in, as people's translations.

    Pairs that this program exported as a model's stay a model's.

    \b
    Examples:
      pipeline memory import agency.tmx --who "Agency" -o /srv/bundles
    """
    from pipeline.memory import import_tmx

    with _open(_path(out, config_name), readonly=False) as memory:
        report = import_tmx(memory, file, who=who)
        memory.settle()
    click.echo(
        f"{report.read:,} units read, {report.recorded:,} new; "
        f"left out: {report.no_pair:,} without both languages, {report.machine:,} of a model unknown here."
    )
    return int(ExitCode.DONE)


def _path(out: Path, config_name: str | None) -> Path:
    from pipeline.desk_memory import memory_path

    path = memory_path(load_config(config_name).memory, out)
    if path is None:
        raise UsageError("This configuration turns the translation memory off.", hint="Set memory.enabled, or name another with --config.")
    return path


def _open(path: Path, *, readonly: bool = True) -> Memory:
    from pipeline.memory import Memory

    return Memory.open(path, readonly=readonly)
