"""One process's run over an archive, with its books, its watchdog and its report."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.config import Config
from pipeline.decoding import NoObserver, Observer
from pipeline.desk_memory import settle_memory
from pipeline.draft import Draft
from pipeline.engines.base import Reply
from pipeline.errors import ExitCode, PipelineError
from pipeline.jobs import books as bookkeeping
from pipeline.jobs.archive import ArchiveRun, Options
from pipeline.jobs.books import Books
from pipeline.jobs.ledger import NAME, Ledger
from pipeline.jobs.report import write_report
from pipeline.jobs.stopping import Stop, Watchdog
from pipeline.jobs.telemetry import Metrics, Tracing
from pipeline.outcome import Outcome, State, Watcher
from pipeline.session import WORK_FOLDER, Session


class Watchers(Watcher):
    """Tells several, in order."""

    def __init__(self, *watchers: Watcher) -> None:
        self.all = list(watchers)

    def begun(self, draft: Draft, *, alone: bool) -> None:
        for w in self.all:
            w.begun(draft, alone=alone)

    def cut(self, draft: Draft) -> None:
        for w in self.all:
            w.cut(draft)

    def stage(self, name: str, jobs: int) -> None:
        for w in self.all:
            w.stage(name, jobs)

    def job_done(self, name: str) -> None:
        for w in self.all:
            w.job_done(name)

    def waiting(self, label: str, owner: str) -> None:
        for w in self.all:
            w.waiting(label, owner)

    def closed(self, outcome: Outcome) -> None:
        for w in self.all:
            w.closed(outcome)


class Shown(Watcher, NoObserver):
    """Shows people how the run goes: issues and replies.  This one shows nothing."""


class Result(NamedTuple):
    """How a run went."""

    code: ExitCode
    archive: ArchiveRun
    states: dict[State, int]
    findings: int
    report: Path | None
    seconds: float


class _Beats:
    """Passes replies to the watchdog and to whoever shows progress."""

    def __init__(self, watchdog: Watchdog, shown: Observer) -> None:
        self._watchdog = watchdog
        self._shown = shown

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        self._watchdog.beat()
        self._shown.replied(reply, resumed=resumed)


class Desk(NamedTuple):
    """What every kind of long run works with."""

    session: Session
    ledger: Ledger
    books: Books
    watcher: Watchers
    watchdog: Watchdog

    def idle(self) -> None:
        """Nothing to do is no hang."""
        self.watchdog.beat()


def ledger_path(out: Path) -> Path:
    """Where the ledger of an output folder lies."""
    return out / WORK_FOLDER / NAME


def open_ledger(out: Path) -> Ledger:
    """Open the ledger; one that is new or was damaged is filled from the bundles.

    Raises:
        OutputError: it cannot be written.
    """
    ledger = Ledger(ledger_path(out))
    if ledger.fresh:
        bookkeeping.rebuild(ledger, out)
    return ledger


@contextlib.contextmanager
def desk(
    config: Config,
    out: Path,
    command: str,
    shown: Shown,
    *,
    metrics: Path | None = None,
    trace: bool = False,
    part_of: int | None = None,
    worker: int | None = None,
) -> Iterator[Desk]:
    """Open everything a run needs and close it in order; the run's figures go into the ledger.

    ``part_of`` is the run that a supervised worker's is a part of, ``worker`` its number.

    Raises:
        PipelineError: something cannot be opened.
    """
    limit = 2 * max(e.timeout for e in (config.translate_engine, config.summarise_engine) if e is not None) + 60
    clock = time.monotonic()
    with contextlib.ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(out))
        watchdog = stack.enter_context(Watchdog(limit, out / WORK_FOLDER / "hung.txt"))
        session = stack.enter_context(Session(config, out, observer=_Beats(watchdog, shown)))
        bookkeeping.recover(ledger, session.locks, out, config.jobs.max_attempts)
        session.locks.sweep()
        ledger.begin(command, socket.gethostname(), os.getpid(), part_of=part_of)
        books = Books(ledger, session)
        watcher = Watchers(books, watchdog, shown)
        numbers = Metrics(metrics, session, worker=worker) if metrics else None
        if numbers is not None:
            watcher.all.append(numbers)
        if trace:
            watcher.all.append(stack.enter_context(Tracing()))
        how, code = "broken", ExitCode.INTERNAL
        try:
            yield Desk(session, ledger, books, watcher, watchdog)
            how, code = "ended", ExitCode.DONE
        except PipelineError as exc:
            how, code = type(exc).__name__, exc.code
            raise
        finally:
            totals = session.totals
            # The first error is the one to tell, and a full disk fails here again.
            with contextlib.suppress(PipelineError):
                ledger.end(
                    how,
                    seconds=time.monotonic() - clock,
                    bytes=books.bytes,
                    done=books.states[State.DONE],
                    failed=books.states[State.FAILED],
                    unchanged=books.states[State.UNCHANGED],
                    tokens=totals.prompt_tokens + totals.output_tokens,
                    engine_seconds=totals.engine_seconds,
                )
                if numbers is not None:
                    numbers.end(int(code))


def run_archive(
    root: Path,
    config: Config,
    out: Path,
    options: Options,
    *,
    stop: Stop,
    shown: Shown,
    metrics: Path | None = None,
    trace: bool = False,
    part_of: int | None = None,
) -> Result:
    """Run over the archive at ``root`` until it is done or told to stop; a worker's part gets no report of its own.

    Raises:
        PipelineError: the run could not go on; the ledger says how far it came.
    """
    clock = time.monotonic()
    with desk(
        config, out, "archive", shown, metrics=metrics, trace=trace, part_of=part_of, worker=None if part_of is None else options.shard
    ) as d:
        archive = ArchiveRun(root, d.session, d.ledger, options)
        for _ in archive.outcomes(d.watcher, stop):
            pass
        run = d.ledger.run
        code = exit_code(d.books, archive, stop)
        if not archive.stopped and part_of is None:
            settle_memory(config.memory, out)
        states, findings = dict(d.books.states), d.books.findings
    report = None
    if part_of is None:
        with Ledger(ledger_path(out)) as ledger:
            report = write_report(ledger, run, out)
    return Result(code, archive, states, findings, report, time.monotonic() - clock)


def exit_code(books: Books, archive: ArchiveRun | None, stop: Stop) -> ExitCode:
    """The run's exit code: a signal's, else unfinished, else failures, else findings."""
    if stop.code is not ExitCode.DONE:
        return stop.code
    if archive is not None and archive.stopped and archive.left:
        return ExitCode.UNFINISHED
    if books.states[State.FAILED] or books.failed_units:
        return ExitCode.PARTIAL
    return ExitCode.DONE_WITH_FINDINGS if books.findings else ExitCode.DONE
