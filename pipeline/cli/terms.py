"""``pipeline terms``: the term tables."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, json_option, load_config
from pipeline.errors import ExitCode


@click.group("terms")
def command() -> None:
    """Look after the term tables."""


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@config_option
@json_option
@click.option("--all", "everything", is_flag=True, help="Show what is only for information too: overrides, terms inside terms.")
def check(files: tuple[Path, ...], config_name: str | None, as_json: bool, everything: bool) -> int:
    """Look for duplicates, conflicts, cycles, empty cells and terms inside terms.

    Without FILES, the bundled tables and those of the configuration are checked together.  Exits with 3 when
    there is an error or a warning.

    \b
    Examples:
      pipeline terms check
      pipeline terms check desk.tsv --all
    """
    import json

    import msgspec

    from pipeline.records import Severity
    from pipeline.terms.lexicon import default_files
    from pipeline.terms.lint import check as look

    tables = files or (*default_files(), *(Path(f) for f in load_config(config_name).terms.files))
    findings = look(tables)
    shown = [f for f in findings if everything or f.severity is not Severity.INFO]
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(shown), ensure_ascii=False, indent=1))
    else:
        for f in shown:
            click.echo(f"{f.file}:{f.line}: {f.severity}: {f.message} [{f.rule}]")
        wrong = sum(f.severity is not Severity.INFO for f in findings)
        click.echo(f"{len(tables)} tables: {wrong} to settle, {len(findings) - wrong} for information.")
    return int(ExitCode.DONE_WITH_FINDINGS if any(f.severity is not Severity.INFO for f in findings) else ExitCode.DONE)
