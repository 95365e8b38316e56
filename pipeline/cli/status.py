"""``pipeline status``: what is done, what failed, and what would be done again and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
import msgspec

from pipeline.cli.common import config_option, json_option, load_config, output_option
from pipeline.errors import ExitCode

_ROWS = 20


@click.command("status")
@config_option
@output_option
@click.option("--rebuild", is_flag=True, help="Read the bundles again first and enter what is finished.")
@click.option("--all", "everything", is_flag=True, help="List every failed issue, not the first twenty.")
@json_option
def command(*, config_name: str | None, out: Path, rebuild: bool, everything: bool, as_json: bool) -> int:
    """Say how the issues of an output folder stand, under the settings a run would use now.

    \b
    Examples:
      pipeline status -o /srv/bundles
      pipeline status -o /srv/bundles -c my-desk.yaml     would these settings redo anything?
    """
    config = load_config(config_name)
    from pipeline.errors import InputError
    from pipeline.jobs import books
    from pipeline.jobs.ledger import WorkState
    from pipeline.jobs.local import ledger_path, open_ledger
    from pipeline.jobs.status import redo_reasons
    from pipeline.session import Session

    if not out.is_dir():
        raise InputError(f"There is no output folder {out}.", hint="Name it with --output.")
    known = ledger_path(out).exists()
    with open_ledger(out) as ledger, Session(config, out) as session:
        recovered = books.recover(ledger, session.locks, out, config.jobs.max_attempts)
        if rebuild and known:
            books.rebuild(ledger, out)
        counts = ledger.counts()
        redo = redo_reasons(ledger, session)
        failed = list(ledger.entries(WorkState.FAILED, WorkState.SET_ASIDE))
        runs = ledger.runs()[-5:]
        working = [e.label for e in ledger.entries(WorkState.RUNNING)]
    if as_json:
        data = {"counts": counts, "redo": redo, "failed": failed, "runs": runs, "running": working}
        click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
        return int(ExitCode.DONE)
    for state, number in sorted(counts.items()):
        click.echo(f"{number:8,} {state.value}")
    if recovered:
        click.echo(f"{recovered:8,} of them were in work in runs that died; they will be taken up again.")
    for label in working[:_ROWS]:
        click.echo(f"in work: {label}")
    _say_redo(redo)
    for e in failed if everything else failed[:_ROWS]:
        tries = e.failures + e.strikes
        click.echo(
            f"{e.state.value} ({tries} {'try' if tries == 1 else 'tries'}): {e.label}\n    {e.error.splitlines()[0] if e.error else ''}"
        )
    if len(failed) > _ROWS and not everything:
        click.echo(f"... and {len(failed) - _ROWS:,} more; --all lists them.")
    for r in runs:
        click.echo(
            f"run {r.id}, {r.started}: {r.done:,} done, {r.failed:,} failed, {r.seconds:,.0f} s, {r.how or 'cut off or still going'}"
        )
    return int(ExitCode.DONE)


def _say_redo(redo: dict[str, int]) -> None:
    if not redo:
        click.echo("Nothing finished would be done again under these settings.")
        return
    click.echo("Finished work that these settings would do again:")
    for reason, number in Counter(redo).most_common(_ROWS):
        click.echo(f"{number:8,} {reason}")
