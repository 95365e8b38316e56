"""``pipeline archive``: a whole tree of issues, overnight."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.common import config_option, go_offline, load_config, log_to, output_option, say_licences, show_path
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.jobs.archive import Options
    from pipeline.jobs.local import Result
    from pipeline.jobs.stopping import Stop


@click.command("archive")
@click.argument("root", metavar="DIR", type=click.Path(path_type=Path, exists=True))
@config_option
@output_option
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Only files changed at or after this local time.")
@click.option("--only-failed", is_flag=True, help="Only issues that failed before, those set aside included.")
@click.option("--limit", type=click.IntRange(min=1), help="Work on at most so many issues.")
@click.option("--deadline", metavar="HH:MM", help="Stop cleanly when the clock next shows this time.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and how long it may take; change nothing.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes; each loads the model.")
@click.option("--runner", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option("--address", metavar="HOST:PORT", help="Ray cluster to join; without it a local one is started.  [ray]")
@click.option("--gpus", type=float, default=0.0, help="GPUs of each worker.  [ray]")
@click.option("--metrics", type=click.Path(path_type=Path, dir_okay=False), help="Prometheus textfile to keep up to date.")
@click.option("--trace", is_flag=True, help="Send OpenTelemetry spans where OTEL_EXPORTER_OTLP_ENDPOINT says.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="Print only the last lines.")
@click.option("--shard", metavar="I/N", hidden=True, help="Take this shard first; set for workers.")
def command(
    *,
    root: Path,
    config_name: str | None,
    out: Path,
    since: datetime | None,
    only_failed: bool,
    limit: int | None,
    deadline: str | None,
    dry_run: bool,
    workers: int,
    runner: str,
    address: str | None,
    gpus: float,
    metrics: Path | None,
    trace: bool,
    log_format: str,
    quiet: bool,
    shard: str | None,
) -> int:
    """Run every issue under DIR: txt, html and pdf, also gzipped or inside zip files.

    Only new, changed and failed issues are worked on; one bad issue costs one issue.  Several runs may
    work on one output folder at a time.

    \b
    Examples:
      pipeline archive /srv/archive -o /srv/bundles --dry-run          what is to do, and how long
      pipeline archive /srv/archive -o /srv/bundles --deadline 06:00   overnight
      pipeline archive /srv/archive -o /srv/bundles --only-failed      what failed before, once more
    """
    go_offline()
    config = load_config(config_name)
    from pipeline.jobs.archive import Options, next_time

    number, _, shards = (shard or "0/1").partition("/")
    options = Options(
        since=since.timestamp() if since else None, only_failed=only_failed, limit=limit, shard=int(number), shards=int(shards)
    )
    try:
        now = datetime.now().astimezone()
        seconds = (next_time(deadline, now) - now).total_seconds() if deadline else None
    except ValueError:
        raise click.BadParameter(f"{deadline!r} is no time of day like 06:00.", param_hint="--deadline") from None
    if gpus > 1 and gpus != int(gpus):
        raise click.BadParameter("Above one, Ray gives whole GPUs only.", param_hint="--gpus")
    if runner != "ray" and (gpus or address):
        raise click.UsageError("--gpus and --address are for --runner ray.")
    if dry_run:
        return _dry_run(root, config, out, options)
    from pipeline.bundle import archive
    from pipeline.jobs.stopping import Stop
    from pipeline.jobs.workers import orphaned, part_of

    # Two processes cannot take turns with one log file.
    log_to(out, as_json=log_format == "json", name="pipeline" if part_of() is None else f"worker-{number}")
    stop = Stop(seconds, also=orphaned).listen()
    if runner == "ray":
        from pipeline.jobs.ray_runner import run_ray

        code, lines = run_ray(
            root, config, out, options, stop=stop, workers=workers, gpus=gpus, address=address, metrics=metrics, trace=trace
        )
        archive.update(out, stop=stop)
        click.echo("\n".join(lines))
        return int(code)
    if workers > 1:
        return _supervised(min(workers, limit or workers), limit, config, out, stop)
    from pipeline.cli.archive_progress import ArchiveProgress
    from pipeline.jobs.local import run_archive

    if not quiet:
        say_licences(config)
    with ArchiveProgress(quiet=quiet) as shown:
        result = run_archive(root, config, out, options, stop=stop, shown=shown, metrics=metrics, trace=trace, part_of=part_of())
    if part_of() is None:
        archive.update(out, stop=stop)
    _summary(result, stop.reason)
    return int(result.code)


def _dry_run(root: Path, config: Config, out: Path, options: Options) -> int:
    from pipeline.jobs.archive import ArchiveRun, estimate
    from pipeline.jobs.ledger import Ledger
    from pipeline.jobs.local import ledger_path
    from pipeline.session import Session

    with tempfile.TemporaryDirectory() as nowhere:
        # A plan changes nothing, so an output folder without a ledger gets none.
        path = ledger_path(out) if ledger_path(out).exists() else Path(nowhere) / "ledger.sqlite"
        with Ledger(path) as ledger, Session(config, out) as session:
            run = ArchiveRun(root, session, ledger, options)
            reasons: Counter[str] = Counter()

            def noted() -> object:
                for item in run.wanted():
                    reasons[f"{item.why.value}: {item.reason.splitlines()[0]}" if item.reason else item.why.value] += 1
                    yield item

            found = estimate(noted(), ledger)  # type: ignore[arg-type]
    for why, number in sorted(run.kinds.items()):
        click.echo(f"{number:8,} {why.value}")
    click.echo(f"{found.issues:8,} to be worked on, {found.bytes / 1e6:,.1f} MB")
    for reason, number in reasons.most_common(12):
        click.echo(f"{number:8,}   {reason}")
    _say_unreadable(run.unreadable)
    if found.issues and found.seconds is None:
        click.echo("No estimate of the time: no run on this output folder has a measured pace yet. Try '--limit 3' first.")
    elif found.seconds is not None:
        click.echo(f"About {_duration(found.seconds)} at the pace of the latest runs.")
    return int(ExitCode.DONE)


def _supervised(workers: int, limit: int | None, config: Config, out: Path, stop: Stop) -> int:
    import os
    import socket
    import sys
    import time

    from pipeline.bundle import archive
    from pipeline.desk_memory import settle_memory
    from pipeline.jobs.ledger import WorkState
    from pipeline.jobs.local import open_ledger
    from pipeline.jobs.report import write_report
    from pipeline.jobs.workers import supervise

    given = sys.argv[1:]
    clock = time.monotonic()

    def arguments(number: int) -> list[str]:
        share = [] if limit is None else ["--limit", str(limit // workers + (number < limit % workers))]
        return [*given, *share, "--workers", "1", "--shard", f"{number}/{workers}", "--quiet"]

    with open_ledger(out) as ledger:

        def progress() -> int:
            counts = ledger.counts()
            return sum(counts.get(s, 0) for s in (WorkState.DONE, WorkState.FAILED, WorkState.SET_ASIDE))

        run = ledger.begin(f"archive, {workers} workers", socket.gethostname(), os.getpid())
        code = supervise(arguments, workers, progress, stop, run=run)
        ended = code in (ExitCode.DONE, ExitCode.DONE_WITH_FINDINGS, ExitCode.PARTIAL)
        if ended:
            settle_memory(config.memory, out)
        ledger.end_whole("ended" if ended else code.name.lower(), time.monotonic() - clock)
        report = write_report(ledger, run, out)
        for state, number in sorted(ledger.counts().items()):
            click.echo(f"{number:8,} {state.value}")
    archive.update(out, stop=stop)
    if report is not None:
        click.echo(f"Report: {show_path(report)}")
    return int(code)


def _summary(result: Result, reason: str) -> None:
    from pipeline.jobs.archive import Why

    states = ", ".join(f"{n:,} {state.value}" for state, n in sorted(result.states.items())) or "nothing to do"
    before, aside = (result.archive.kinds[why] for why in (Why.DONE, Why.SET_ASIDE))
    click.echo(f"{states}; {before:,} were done before, {aside:,} are set aside; {_duration(result.seconds)}.")
    _say_unreadable(result.archive.unreadable)
    if result.archive.stopped:
        click.echo(f"Stopped by {reason}: {result.archive.left:,} issues left. Run the same command again to go on.")
    if result.report is not None:
        click.echo(f"Report: {show_path(result.report)}")


def _say_unreadable(folders: list[str]) -> None:
    for line in folders[:10]:
        click.echo(f"Cannot list {line}", err=True)


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
