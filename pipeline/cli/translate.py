"""``pipeline translate``: the main job."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, go_offline, load_config, log_to, output_option, say_licences, show_path
from pipeline.errors import ExitCode


@click.command("translate")
@click.argument("issues", type=click.Path(path_type=Path), nargs=-1, required=True)
@config_option
@output_option
@click.option("--force", is_flag=True, help="Build the bundle again even where a finished one of the same input stands.")
@click.option("--no-wait", is_flag=True, help="Fail (exit code 10) where another run has an issue in work, instead of waiting for it.")
@click.option("--quiet", is_flag=True, help="Print only the outcome.")
def command(*, issues: tuple[Path, ...], config_name: str | None, out: Path, force: bool, no_wait: bool, quiet: bool) -> int:
    """Segment, summarise and translate ISSUES; each becomes a bundle under the output folder.

    Stop it at any time: the next run of the same command goes on where it was.

    \b
    Examples:
      pipeline translate examples/qinghe-county-daily.txt
      pipeline translate page.txt --config rehearsal         the plan first, without a model
      pipeline translate page.txt -c my-desk.yaml -o /srv/bundles
    """
    go_offline()
    config = load_config(config_name)
    from pipeline import flow
    from pipeline.bundle import archive
    from pipeline.cli.progress import Watch
    from pipeline.desk_memory import settle_memory
    from pipeline.session import Session

    log = log_to(out)
    if not quiet:
        say_licences(config)
    with Watch(quiet=quiet) as watch, Session(config, out, observer=watch) as session:
        outcomes = []
        for outcome in flow.run(issues, session, watch, force=force, wait=not no_wait):
            watch.outcome(outcome)
            outcomes.append(outcome)
    if not any(o.state is flow.State.LEFT for o in outcomes):
        settle_memory(config.memory, out)
    archive.update(out)
    if any(o.state is flow.State.FAILED or o.findings for o in outcomes):
        click.echo(f"The log is {show_path(log)}.", err=True)
    return int(_exit_code(outcomes))


def _exit_code(outcomes: list[flow.Outcome]) -> ExitCode:  # type: ignore[name-defined]  # noqa: F821
    from pipeline.flow import State

    failed = [o for o in outcomes if o.state is State.FAILED]
    if failed:
        return failed[0].code if len(outcomes) == len(failed) and len({o.code for o in failed}) == 1 else ExitCode.PARTIAL
    if any(o.failed_units for o in outcomes):
        return ExitCode.PARTIAL
    return ExitCode.DONE_WITH_FINDINGS if any(o.findings for o in outcomes) else ExitCode.DONE
