"""``pipeline diff``: what two bundles say differently."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import json_option
from pipeline.errors import UsageError


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@json_option
def command(old: Path, new: Path | None, as_json: bool) -> None:
    """Show what bundle NEW says differently from OLD, sentence by sentence.

    With one bundle, it is compared with the version it superseded.

    \b
    Examples:
      pipeline diff outputs/page-3c1bdbd054de
      pipeline diff outputs/.versions/page-3c1bdbd054de/0f3a… outputs/page-3c1bdbd054de
    """
    from pipeline import bundle
    from pipeline.bundle.diff import diff, render
    from pipeline.records import encode

    if new is None:
        old, new = _before(old), old
    found = diff(bundle.read(old), bundle.read(new))
    click.echo(encode(found) if as_json else render(found), nl=not as_json)


def _before(folder: Path) -> Path:
    """The bundle that the one at ``folder`` superseded."""
    from pipeline.bundle.versions import history

    folder = folder.resolve()
    found = history(folder.parent, folder.name)
    current = next((v for v in found if v.current), None)
    before = next((v for v in found if current and v.manifest_sha256 == current.supersedes and not v.current), None)
    if before is None:
        raise UsageError(f"{folder.name} has superseded no bundle that is still here.", hint="Name two bundles.")
    return folder.parent / before.folder
