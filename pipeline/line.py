"""The issues in work: taken up, driven through the stages, written, given back.

All of them feed one queue per engine (``pipeline.decoding``); ``pipeline.flow`` decides when the next
is taken up and when to end.
"""

from __future__ import annotations

import logging
import os
import platform
import resource
import socket
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple, cast

import msgspec

from pipeline import bundle
from pipeline.bundle import corrections
from pipeline.config import EngineConfig, digest
from pipeline.decoding import Job, Loop
from pipeline.draft import Draft, failed_units
from pipeline.engines.base import Reply, Request
from pipeline.errors import EngineError, ExitCode, LockedError, PipelineError
from pipeline.outcome import Outcome, State, Watcher
from pipeline.records import Severity, Volatile
from pipeline.session import Session, Totals
from pipeline.sources import Source

log = logging.getLogger(__name__)

_ONE_ISSUE = (ExitCode.INPUT, ExitCode.CONFIG, ExitCode.MISSING_EXTRA)
"""Kinds of failure that concern the issue alone; all others end the run."""


class _Stage(NamedTuple):
    name: str
    engine: Callable[[Session], EngineConfig]
    jobs: Callable[[Draft], Iterator[tuple[str, Job[Any]]]]


STAGES = (
    _Stage("summarise", lambda s: s.summarise_config, Draft.summary_jobs),
    _Stage("translate", lambda s: s.config.translate_engine, Draft.first_jobs),
    _Stage("repair", lambda s: s.config.translate_engine, Draft.repair_jobs),
)


class InWork(msgspec.Struct):
    """One issue between being taken up and being written."""

    draft: Draft
    slug: str
    started: datetime
    clock: float
    before: Totals
    """The session's totals when it was taken up."""
    stage: int = -1
    pending: int = 0
    """Passages of this stage still out."""


class _Broke(msgspec.Struct):
    """A job's own exception, in place of its result."""

    error: Exception


class Line:
    """The issues in work and the engines' queues."""

    def __init__(self, session: Session, watcher: Watcher, *, force: bool, window: int) -> None:
        self._session = session
        self._watcher = watcher
        self._force = force
        self._window = window
        self.in_work: dict[str, InWork] = {}
        self._loops: dict[str, Loop[Any]] = {}
        self._results: dict[str, Iterator[tuple[str, Any]]] = {}
        # Keyed by number: the same page may lie in the archive twice, and then its ids do too.
        self._jobs: dict[str, tuple[InWork, str]] = {}
        self._numbers = count()

    @property
    def room(self) -> bool:
        return len(self.in_work) < self._window

    # ---------------------------------------------------------------- in

    def take_up(self, source: Source, held: deque[Source]) -> Iterator[Outcome]:
        """Read, claim and cut an issue, and queue its first passages; one that is locked goes to ``held``."""
        draft: Draft | None = None
        slug = ""
        try:
            draft = Draft(source, self._session)
            slug = bundle.issue_slug(draft.source)
            if (there := self._there(draft, slug)) is not None:
                yield self._closed(there)
                return
            owner = "this run" if slug in self.in_work else self._session.locks.take(slug)
            if owner is not None:
                held.append(source)
                self._watcher.waiting(source.label, str(owner))
                return
            # Between the look and the lock another process may have finished it.
            if (there := self._there(draft, slug)) is not None:
                self._session.locks.release(slug)
                yield self._closed(there)
                return
            work = InWork(draft, slug, datetime.now(UTC), time.monotonic(), msgspec.structs.replace(self._session.totals))
            self.in_work[slug] = work
            self._watcher.begun(draft, alone=self._window == 1)
            draft.cut()
        except Exception as exc:  # noqa: BLE001 - one issue's failure is that issue's outcome
            yield self._failed(source.label, draft, slug, exc)
            return
        self._watcher.cut(draft)
        yield from self._advance(work)

    def _there(self, draft: Draft, slug: str) -> Outcome | None:
        folder = self._session.out / slug
        if self._force or bundle.finished(folder) != draft.fingerprint:
            return None
        found = bundle.manifest(folder)
        tally = {(c.check, c.severity): c.count for c in found.finding_counts}
        # Only a bundle with losses has to be read whole to count the units they are in.
        whole = not found.counts.untranslated and not any(check == "failed" for check, _ in tally)
        return Outcome(
            path=draft.label,
            state=State.UNCHANGED,
            bundle=str(folder),
            fingerprint=draft.fingerprint,
            units=found.counts.units,
            findings=sum(n for (_, severity), n in tally.items() if severity is not Severity.INFO),
            failed_units=0 if whole else failed_units(bundle.read(folder)),
            source=draft.source,
        )

    # ---------------------------------------------------------------- through

    def turn(self) -> Iterator[Outcome]:
        """Wait for one passage and put it where it belongs; yields the issue it completes, if any."""
        for name, loop in list(self._loops.items()):
            if not loop.in_work:
                continue
            fresh = name not in self._results
            results = self._results.setdefault(name, loop.run())
            if (found := next(results, None)) is None:
                # The queue had run dry before these passages came.
                del self._results[name]
                if fresh:
                    raise EngineError(f"The engine left {loop.in_work} passages unanswered.", hint="Run the same command again.")
                continue
            number, value = found
            work, key = self._jobs.pop(number)
            work.pending -= 1
            self._watcher.job_done(STAGES[work.stage].name)
            if isinstance(value, _Broke):
                log.error("%s: %s broke: %r", work.draft.label, key, value.error, exc_info=value.error)
                work.draft.lose(key, value.error)
            else:
                work.draft.keep(key, value)
            yield from self._advance(work)
            return

    def _advance(self, work: InWork) -> Iterator[Outcome]:
        """When a stage is through, queue the next that has anything to do; past the last one, write."""
        try:
            while not work.pending:
                work.stage += 1
                if work.stage == len(STAGES):
                    yield self._closed(self._write(work))
                    return
                stage = STAGES[work.stage]
                jobs = list(stage.jobs(work.draft))
                work.pending = len(jobs)
                self._watcher.stage(stage.name, len(jobs))
                config = stage.engine(self._session)
                loop = self._loop(config) if jobs else None
                for key, job in jobs:
                    number = str(next(self._numbers))
                    self._jobs[number] = (work, key)
                    if loop is not None:
                        loop.submit(number, _guarded(job))
        except Exception as exc:  # noqa: BLE001 - one issue's failure is that issue's outcome
            yield self._failed(work.draft.label, work.draft, work.slug, exc)

    def _loop(self, config: EngineConfig) -> Loop[Any]:
        name = digest(config)
        if name not in self._loops:
            self._loops[name] = Loop(self._session.engine(config), self._session.journal, self._session.observer)
        return self._loops[name]

    # ---------------------------------------------------------------- out

    def _write(self, work: InWork) -> Outcome:
        draft, session = work.draft, self._session
        # What editors corrected in an earlier bundle of this issue holds for the new one too.
        saved, _ = corrections.load(session.out)
        result = corrections.reapply(draft.result(), saved)
        session.memory.expect(work.slug, draft.fingerprint)
        folder = bundle.write(
            result,
            _volatile(session, work),
            session.out,
            session.config.bundle,
            fingerprint=draft.fingerprint,
            original=draft.original,
        )
        log.info("wrote %s", folder)
        session.memory.record(result, work.slug, draft.fingerprint)
        self._drop(work.slug, draft)
        return Outcome(
            path=draft.label,
            state=State.DONE,
            bundle=str(folder),
            fingerprint=draft.fingerprint,
            units=len(result.units),
            findings=sum(f.alarm for f in result.all_findings()),
            failed_units=failed_units(result),
            seconds=round(time.monotonic() - work.clock, 3),
            source=draft.source,
        )

    def _failed(self, label: str, draft: Draft | None, slug: str, exc: Exception) -> Outcome:
        """The outcome of an issue that failed by itself.

        Raises:
            PipelineError: ``exc``, when it concerns the whole run.
        """
        known = isinstance(exc, PipelineError)
        if isinstance(exc, PipelineError) and exc.code not in _ONE_ISSUE:
            raise exc
        error = str(exc) if known else f"{type(exc).__name__}: {exc}"
        log.error("%s: %s", label, error, exc_info=None if known else exc)
        if draft is not None:
            self._drop(slug, draft)
        return self._closed(
            Outcome(
                path=label,
                state=State.FAILED,
                fingerprint=draft.fingerprint if draft else "",
                source=draft.source if draft else None,
                error=error,
                code=exc.code if isinstance(exc, PipelineError) else ExitCode.INTERNAL,
            )
        )

    def locked(self, source: Source) -> Outcome:
        """The outcome of an issue another process has in work."""
        error = LockedError("Another process is working on this issue.", hint="Run again when it is done.")
        return self._closed(Outcome(path=source.label, state=State.FAILED, error=str(error), code=error.code))

    def give_back(self, cause: BaseException | None) -> Iterator[Outcome]:
        """Let go of everything in work; the journal keeps its replies."""
        for results in self._results.values():
            cast("Generator[Any]", results).close()
        self._results.clear()
        for slug, work in list(self.in_work.items()):
            draft = work.draft
            self._drop(slug, draft)
            code = cause.code if isinstance(cause, PipelineError) else ExitCode.DONE
            yield self._closed(
                Outcome(
                    path=draft.label,
                    state=State.LEFT,
                    fingerprint=draft.fingerprint,
                    source=draft.source,
                    error=str(cause or ""),
                    code=code,
                )
            )

    def _drop(self, slug: str, draft: Draft) -> None:
        """Forget an issue and free its lock, unless the name is another draft's."""
        if slug in self.in_work and self.in_work[slug].draft is draft:
            del self.in_work[slug]
            self._session.locks.release(slug)

    def _closed(self, outcome: Outcome) -> Outcome:
        self._watcher.closed(outcome)
        return outcome


def _guarded(job: Job[Any]) -> Job[Any]:
    """A job whose bug costs its own passage and no other."""
    reply: Reply | None = None
    while True:
        try:
            request: Request = next(job) if reply is None else job.send(reply)
        except StopIteration as stop:
            return stop.value
        except Exception as exc:  # noqa: BLE001 - becomes a finding
            return _Broke(exc)
        reply = yield request


def _volatile(session: Session, work: InWork) -> Volatile:
    totals, before = session.totals, work.before
    return Volatile(
        started=_stamp(work.started),
        finished=_stamp(datetime.now(UTC)),
        seconds=round(time.monotonic() - work.clock, 3),
        engine_seconds=round(totals.engine_seconds - before.engine_seconds, 3),
        host=socket.gethostname(),
        platform=platform.platform(),
        python=platform.python_version(),
        prompt_tokens=totals.prompt_tokens - before.prompt_tokens,
        output_tokens=totals.output_tokens - before.output_tokens,
        cached_tokens=totals.cached_tokens - before.cached_tokens,
        resumed=totals.resumed - before.resumed,
        peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024),
        memory_sha256=session.memory.digest,
    )


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
