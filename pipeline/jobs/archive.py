"""A whole tree of issues, overnight: what is to be done, in which order, until when.

The plan is made as the run goes, issue by issue, so the first page is in work at once and memory does
not grow with the archive.  Several processes may run on one output folder: each takes what no other
has in work (``pipeline.locks``).
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline import bundle, flow
from pipeline.draft import Draft
from pipeline.errors import PipelineError
from pipeline.jobs.books import unread
from pipeline.jobs.ledger import Entry, Ledger, WorkState
from pipeline.outcome import Outcome, State, Watcher
from pipeline.records import Record, SourceFile
from pipeline.session import Session
from pipeline.shape import differences
from pipeline.sources import Source, walk

SUSPECT_CRASHES = 2
"""Crashes after which an issue is run last and alone, so that the next one shows whether it is to blame."""


class Why(StrEnum):
    """Why an issue is, or is not, to be worked on."""

    NEW = "new"
    CHANGED = "changed"
    INTERRUPTED = "interrupted"
    FAILED_BEFORE = "failed before"
    SET_ASIDE = "set aside"
    DONE = "done"


class Planned(Record, frozen=True):
    """One issue and what is to become of it."""

    source: Source
    why: Why
    reason: str = ""
    """What changed, or the earlier error."""
    fingerprint: str = ""
    """Empty where the file cannot be read."""
    file: SourceFile | None = None
    suspect: bool = False

    @property
    def size(self) -> int:
        return self.file.size if self.file else 0


class Options(Record, frozen=True):
    """Which issues to take."""

    since: float | None = None
    """Only files changed at or after this time (seconds since 1970)."""
    only_failed: bool = False
    """Those that failed before or are set aside, and no others."""
    limit: int | None = None
    """Work on at most so many."""
    shard: int = 0
    shards: int = 1
    """Take the issues of one shard first, then whatever the other workers have left."""


def classify(source: Source, session: Session, ledger: Ledger) -> Planned:
    """What is to become of one issue; reads its bytes and its bundle's manifest, decodes nothing."""
    try:
        draft = Draft(source, session)
    except PipelineError as exc:
        known = ledger.find(unread(source.label))
        why = Why.NEW if known is None else Why.SET_ASIDE if known.state is WorkState.SET_ASIDE else Why.FAILED_BEFORE
        return Planned(source=source, why=why, reason=exc.message)

    def planned(why: Why, reason: str = "", *, suspect: bool = False) -> Planned:
        return Planned(source=source, why=why, reason=reason, fingerprint=draft.fingerprint, file=draft.source, suspect=suspect)

    folder = session.out / bundle.issue_slug(draft.source)
    if bundle.finished(folder) == draft.fingerprint:
        return planned(Why.DONE)
    known = ledger.find(draft.fingerprint)
    if known is not None and known.state is not WorkState.DONE:
        kinds = {WorkState.FAILED: Why.FAILED_BEFORE, WorkState.SET_ASIDE: Why.SET_ASIDE}
        return planned(kinds.get(known.state, Why.INTERRUPTED), known.error, suspect=known.crashes >= SUSPECT_CRASHES)
    if known is not None:
        return planned(Why.CHANGED, "its bundle is missing or damaged")
    reason = why_again(draft, session, ledger)
    return planned(Why.CHANGED, reason) if reason else planned(Why.NEW)


def why_again(draft: Draft, session: Session, ledger: Ledger) -> str:
    """What changed since this page was last done, in words; empty when it never was."""
    earlier = next((e for e in ledger.same_content(draft.source.name, draft.source.sha256) if e.state is WorkState.DONE), None)
    if earlier is not None:
        shape = ledger.shape(earlier.shape)
        changes = differences(shape, session.shape) if shape else ("settings",)
        return "; ".join(changes) or "its overrides"
    there = ledger.same_place(draft.label)
    return "the file's content" if there is not None and there.sha256 not in ("", draft.source.sha256) else ""


def plan(root: Path, session: Session, ledger: Ledger, options: Options, unreadable: Callable[[str], None]) -> Iterator[Planned]:
    """Classify every issue under ``root`` that the options let through, own shard first."""

    def mine(source: Source) -> bool:
        digest = hashlib.sha256(source.label.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:4]) % options.shards == options.shard

    for own in (True, False) if options.shards > 1 else (True,):
        for source in walk(root, (session.out,), unreadable):
            if options.shards > 1 and mine(source) is not own:
                continue
            if options.since is not None and _changed_at(source) < options.since:
                continue
            yield classify(source, session, ledger)


def _changed_at(source: Source) -> float:
    try:
        return Path(source.path).stat().st_mtime
    except OSError:
        return time.time()


class ArchiveRun:
    """One pass over an archive; ``outcomes`` does the work, the counters say how it went."""

    def __init__(self, root: Path, session: Session, ledger: Ledger, options: Options) -> None:
        self._root = root
        self._session = session
        self._ledger = ledger
        self._options = options
        self.kinds: Counter[Why] = Counter()
        self.unreadable: list[str] = []
        self.left = 0
        """Issues still to be done when the run was stopped."""
        self.stopped = False

    def wanted(self) -> Iterator[Planned]:
        """The issues to work on, in order; all are counted in ``kinds``."""
        taken = 0
        for item in plan(self._root, self._session, self._ledger, self._options, self.unreadable.append):
            self.kinds[item.why] += 1
            if item.why is Why.DONE or (item.why is Why.SET_ASIDE and not self._options.only_failed):
                continue
            if self._options.only_failed and item.why not in (Why.FAILED_BEFORE, Why.SET_ASIDE):
                continue
            if self._options.limit is not None and taken >= self._options.limit:
                return
            taken += 1
            yield item

    def outcomes(self, watcher: Watcher, stop: Callable[[], bool]) -> Iterator[Outcome]:
        """Do the work; yields each issue's outcome.

        Raises:
            ModelError, EngineError, OutputError: as ``flow.run``.
        """
        suspects: list[Source] = []
        items = self.wanted()

        def normal() -> Iterator[Source]:
            for item in items:
                if item.suspect:
                    suspects.append(item.source)
                else:
                    yield item.source

        def noted(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
            for outcome in outcomes:
                self.left += outcome.state is State.LEFT
                yield outcome

        yield from noted(flow.run(normal(), self._session, watcher, stop=stop))
        if not stop():
            alone = list(suspects)
            suspects.clear()
            yield from noted(flow.run(alone, self._session, watcher, window=1, stop=stop))
        self.stopped = stop()
        if self.stopped:
            self.left += len(suspects) + sum(1 for _ in items)


def next_time(clock: str, now: datetime) -> datetime:
    """The next moment a wall clock shows ``HH:MM``.

    Raises:
        ValueError: it is no time of day.
    """
    wanted = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    moment = now.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return moment if moment > now else moment + timedelta(days=1)


class Estimate(Record, frozen=True):
    """How long the planned work may take."""

    issues: int
    bytes: int
    seconds: float | None
    """``None``: no run of this output folder has a measured rate yet."""


def estimate(items: Iterator[Planned], ledger: Ledger) -> Estimate:
    """Size of the planned work, and its time at the pace of the latest runs that did any."""
    issues = size = 0
    for item in items:
        issues += 1
        size += item.size
    measured = [r for r in ledger.runs() if r.bytes and r.seconds][-5:]
    rate = sum(r.bytes for r in measured) / sum(r.seconds for r in measured) if measured else None
    return Estimate(issues=issues, bytes=size, seconds=size / rate if rate else None)


__all__ = ["ArchiveRun", "Entry", "Estimate", "Options", "Planned", "Why", "classify", "estimate", "next_time", "plan", "why_again"]
