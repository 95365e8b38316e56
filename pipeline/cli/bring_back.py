"""``pipeline import``: corrections made in a translation tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.common import config_option, load_config
from pipeline.errors import ExitCode, InputError


@click.command("import")
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--who", help="The editor, recorded with every correction.  [default: your user name]")
@click.option("--overwrite", is_flag=True, help="Where the bundle was edited too since the file left it, take the file's text.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@click.option("--sign-key", type=click.Path(path_type=Path, dir_okay=False), help="Sign the rebuilt bundle with this Ed25519 key (PEM).")
@config_option
def command(
    *, bundle: Path, file: Path, who: str | None, overwrite: bool, dry_run: bool, sign_key: Path | None, config_name: str | None
) -> int:
    """Take the edits of FILE, the issue.xlf of BUNDLE after a translation tool, as corrections.

    Only what was edited is taken; the bundle is rebuilt once. Approvals are given in 'pipeline review'.

    \b
    Examples:
      pipeline import outputs/page-3c1bdbd054de page-edited.xlf --who "M. Osei"
      pipeline import outputs/page-3c1bdbd054de page-edited.xlf --dry-run
    """
    import getpass
    from datetime import UTC, datetime

    from pipeline.bundle import read, xliff_back

    who = who or getpass.getuser()
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise InputError(f"Cannot read {file}: {exc.strerror}.", hint="Name the edited issue.xlf.") from None
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    back = xliff_back.corrections(read(bundle), data, who=who, when=when, name=str(file))
    wanted = [*back.corrections, *(c.correction for c in back.conflicts if overwrite)]
    for c in wanted:
        click.echo(f"{c.segment or c.source}\n  - {c.before}\n  + {c.after}")
    if not dry_run and wanted:
        from pipeline.desk_memory import memory_path
        from pipeline.review.desk import Desk

        memory = memory_path(load_config(config_name).memory, bundle.resolve().parent)
        desk = Desk(bundle, who=who, sign_key=sign_key, memory=memory)
        outcomes = desk.take(wanted)
        _say_others([f"{e.slug}, article {e.number}: {e.title}" for o in outcomes for e in o.others])
        for warning in dict.fromkeys(o.warning for o in outcomes if o.warning):
            click.echo(warning, err=True)
    click.echo(f"{len(wanted)} corrections {'found' if dry_run else 'taken'}.")
    left = _say_left(back, overwrite)
    return int(ExitCode.DONE_WITH_FINDINGS if left else ExitCode.DONE)


def _say_others(lines: Sequence[str]) -> None:
    if lines:
        click.echo("The same error stands elsewhere; run those issues again:")
        for line in dict.fromkeys(lines):
            click.echo(f"  {line}")


def _say_left(back: xliff_back.Returned, overwrite: bool) -> bool:  # type: ignore[name-defined]  # noqa: F821
    """Name what was not taken; true where there is any."""
    conflicts = () if overwrite else back.conflicts
    for c in (found.correction for found in conflicts):
        click.echo(f"Not taken, edited in the bundle too: {c.segment or c.source}\n  bundle: {c.before}\n  file:   {c.after}", err=True)
    for segment in back.unusable:
        click.echo(f"Not taken, its Chinese was changed or its English emptied: {segment}", err=True)
    for segment in back.unknown:
        click.echo(f"Not taken, the bundle has no such passage: {segment}", err=True)
    return bool(conflicts or back.unusable or back.unknown)
