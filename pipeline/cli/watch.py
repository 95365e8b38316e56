"""``pipeline watch``: a folder whose files become bundles as they arrive."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from pipeline.cli.common import config_option, go_offline, load_config, log_to, say_licences, show_path
from pipeline.errors import ExitCode


@click.command("watch")
@click.argument("folder", metavar="IN", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@config_option
@click.option("--settle", type=click.FloatRange(min=0), default=10.0, show_default=True, help="Seconds a file must stay unchanged.")
@click.option("--interval", type=click.FloatRange(min=0.05), default=5.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="Work on what is there once it has settled, then end; for timers.")
@click.option("--metrics", type=click.Path(path_type=Path, dir_okay=False), help="Prometheus textfile to keep up to date.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="Print nothing but failures.")
def command(
    *,
    folder: Path,
    out: Path,
    config_name: str | None,
    settle: float,
    interval: float,
    once: bool,
    metrics: Path | None,
    log_format: str,
    quiet: bool,
) -> int:
    """Turn each file that arrives in IN into a bundle in OUT.

    A file is taken once it has stopped changing.  Files that fail go to IN/failed with the reason
    beside them; the others stay where they are.

    \b
    Examples:
      pipeline watch /srv/in /srv/bundles             until it is stopped
      pipeline watch /srv/in /srv/bundles --once      from a timer
    """
    go_offline()
    config = load_config(config_name)
    log_to(out, as_json=log_format == "json")
    from pipeline import flow
    from pipeline.bundle import archive
    from pipeline.cli.archive_progress import ArchiveProgress
    from pipeline.desk_memory import settle_memory
    from pipeline.jobs.local import desk, exit_code
    from pipeline.jobs.stopping import Stop
    from pipeline.jobs.watch import Settling, Watching
    from pipeline.sources import Source

    stop = Stop().listen()
    settling = Settling(folder, out, settle)
    end = time.monotonic() + settle + interval
    if not quiet:
        say_licences(config)
    with ArchiveProgress(quiet=quiet) as shown, desk(config, out, "watch", shown, metrics=metrics) as d:

        def work(sources: Iterator[Source]) -> Iterator[flow.Outcome]:
            # Each round is a run: what people decided since the last one counts.
            d.session.refresh()
            return flow.run(sources, d.session, d.watcher, stop=stop)

        watching = Watching(folder, settling, work)
        while not stop():
            looked = watching.round()
            if looked.files:
                if not stop():
                    settle_memory(config.memory, out)
                archive.update(out, stop=stop)
            for path in looked.failed:
                click.echo(f"moved to {show_path(path)}", err=True)
            if once and time.monotonic() > end:
                return int(exit_code(d.books, None, stop))
            _pause(interval, stop)
            d.idle()
    return int(stop.code or ExitCode.DONE)


def _pause(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stop():
        time.sleep(min(0.2, seconds))
