"""The whole job, start reading here: page files in, bilingual bundles out.

    read       bytes, hashed before anything else; a finished bundle of them ends the matter
    cut        Issue -> Segmentation, with the names found
    summarise  every article's Chinese summary
    translate  every display line, sentence and summary sentence, once
    repair     what the checks doubt, again in another way, within a budget
    write      the result, as a bundle that appears whole or not at all

Issues go through in windows: the segments of a window's issues share one queue, so the model does
not wait at an issue's end.  Bad input costs that issue and nothing else.
"""

from __future__ import annotations

import logging
import os
import platform
import resource
import socket
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from pipeline import bundle
from pipeline.config import EngineConfig
from pipeline.decoding import Job, Loop
from pipeline.draft import Draft, failed_units
from pipeline.engines.base import Reply, Request
from pipeline.errors import ExitCode, PipelineError
from pipeline.records import Finding, Record, Severity, Volatile
from pipeline.session import Session, Totals

log = logging.getLogger(__name__)
T = TypeVar("T")


class State(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    """A finished bundle of the same input, settings, model and code was there already."""
    FAILED = "failed"


class Outcome(Record, frozen=True):
    """What became of one issue file."""

    path: str
    state: State
    bundle: str = ""
    findings: int = 0
    """Warnings and errors in the bundle."""
    failed_units: int = 0
    error: str = ""
    code: ExitCode = ExitCode.DONE


class Watcher(Protocol):
    """Told where the run stands, for people."""

    def cut(self, draft: Draft) -> None: ...

    def stage(self, name: str, jobs: int) -> None: ...

    def job_done(self) -> None: ...


class Unwatched:
    """Shows nothing."""

    def cut(self, draft: Draft) -> None: ...

    def stage(self, name: str, jobs: int) -> None: ...

    def job_done(self) -> None: ...


def run(paths: Iterable[Path], session: Session, watcher: Watcher | None = None, *, force: bool = False) -> Iterator[Outcome]:
    """Run issue files through; yields one outcome each, in order within a window.

    Raises:
        ModelError, EngineError, OutputError: nothing further can be done for any issue; finished
            bundles and every reply so far are kept.
    """
    watcher = watcher or Unwatched()
    source = iter(paths)
    while window := list(islice(source, session.config.jobs.window)):
        yield from _run_window(window, session, watcher, force)


def _run_window(paths: list[Path], session: Session, watcher: Watcher, force: bool) -> Iterator[Outcome]:
    started = datetime.now(UTC)
    clock = time.monotonic()
    before = msgspec.structs.replace(session.totals)
    drafts: list[Draft] = []
    for path in paths:
        outcome = _begin(path, session, watcher, drafts, force)
        if outcome is not None:
            yield outcome
    if not drafts:
        return
    _decode(drafts, session, watcher)
    for draft in drafts:
        yield _write(draft, session, _Run(started, clock, before))


def _begin(path: Path, session: Session, watcher: Watcher, drafts: list[Draft], force: bool) -> Outcome | None:
    try:
        draft = Draft(path, session)
        folder = session.out / bundle.issue_slug(draft.source)
        if not force and bundle.finished(folder) == draft.fingerprint:
            findings, lost = _tally(folder)
            return Outcome(path=str(path), state=State.UNCHANGED, bundle=str(folder), findings=findings, failed_units=lost)
        draft.cut()
    except PipelineError as exc:
        if exc.code not in (ExitCode.INPUT, ExitCode.CONFIG):
            raise
        return _failed(path, str(exc), exc.code)
    except Exception as exc:
        log.exception("%s could not be prepared", path)
        return _failed(path, f"{type(exc).__name__}: {exc}", ExitCode.INTERNAL)
    watcher.cut(draft)
    drafts.append(draft)
    return None


def _failed(path: Path, error: str, code: ExitCode) -> Outcome:
    log.error("%s: %s", path, error)
    return Outcome(path=str(path), state=State.FAILED, error=error, code=code)


def _decode(drafts: list[Draft], session: Session, watcher: Watcher) -> None:
    def rounds(name: str, engine: EngineConfig, jobs: list[tuple[Draft, str, Job[T]]]) -> Iterator[tuple[Draft, str, T]]:
        watcher.stage(name, len(jobs))
        loop: Loop[T | Exception] = Loop(session.engine(engine), session.journal, session.observer)
        # Keyed by place: the same page may lie in the archive twice, and then its ids do too.
        for place, (_, _, job) in enumerate(jobs):
            loop.submit(str(place), _guarded(job))
        for place_key, value in loop.run():
            watcher.job_done()
            draft, key, _ = jobs[int(place_key)]
            if isinstance(value, Exception):
                log.error("%s broke: %r", key, value, exc_info=value)
                draft.lose(key, value)
            else:
                yield draft, key, value

    config = session.config
    for draft, key, summary in rounds("summarise", session.summarise_config, [(d, *j) for d in drafts for j in d.summary_jobs()]):
        draft.summaries[key] = summary
    for draft, key, translation in rounds("translate", config.translate_engine, [(d, *j) for d in drafts for j in d.first_jobs()]):
        draft.translations[key] = translation
    for draft, key, translation in rounds("repair", config.translate_engine, [(d, *j) for d in drafts for j in d.repair_jobs()]):
        draft.translations[key] = translation


def _guarded(job: Job[T]) -> Job[T | Exception]:
    """A job whose bug costs its own passage and no other."""
    reply: Reply | None = None
    while True:
        try:
            request: Request = next(job) if reply is None else job.send(reply)
        except StopIteration as stop:
            value: T = stop.value
            return value
        except Exception as exc:  # noqa: BLE001 - recorded as a finding by the caller
            return exc
        reply = yield request


class _Run(msgspec.Struct, frozen=True):
    """When a window began and the totals then."""

    started: datetime
    clock: float
    before: Totals


def _write(draft: Draft, session: Session, run_: _Run) -> Outcome:
    result = draft.result()
    folder = bundle.write(
        result,
        _volatile(session, run_),
        session.out,
        session.config.bundle,
        fingerprint=draft.fingerprint,
        original=draft.original,
    )
    log.info("wrote %s", folder)
    lost = failed_units(result)
    return Outcome(path=str(draft.path), state=State.DONE, bundle=str(folder), findings=_count(result.all_findings()), failed_units=lost)


def _tally(folder: Path) -> tuple[int, int]:
    result = bundle.read(folder)
    return _count(result.all_findings()), failed_units(result)


def _count(findings: Iterable[Finding]) -> int:
    return sum(f.severity is not Severity.INFO for f in findings)


def _volatile(session: Session, run_: _Run) -> Volatile:
    now = datetime.now(UTC)
    totals, before = session.totals, run_.before
    return Volatile(
        started=_stamp(run_.started),
        finished=_stamp(now),
        seconds=round(time.monotonic() - run_.clock, 3),
        engine_seconds=round(totals.engine_seconds - before.engine_seconds, 3),
        host=socket.gethostname(),
        platform=platform.platform(),
        python=platform.python_version(),
        prompt_tokens=totals.prompt_tokens - before.prompt_tokens,
        output_tokens=totals.output_tokens - before.output_tokens,
        cached_tokens=totals.cached_tokens - before.cached_tokens,
        resumed=totals.resumed - before.resumed,
        peak_memory_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024),
    )


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
