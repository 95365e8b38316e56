"""Keeps the ledger while a run goes on, and sorts out what a crashed run left in it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline import bundle
from pipeline.draft import Draft
from pipeline.errors import ExitCode, InputError, VerifyError
from pipeline.jobs.ledger import Entry, Ledger, WorkState, utc_now
from pipeline.locks import Locks
from pipeline.outcome import Outcome, State, Watcher
from pipeline.records import SourceFile
from pipeline.session import Session
from pipeline.shape import Shape, of_bundle


class Books(Watcher):
    """Writes down every step of every issue; what it says happened is on the disk already."""

    def __init__(self, ledger: Ledger, session: Session) -> None:
        self._ledger = ledger
        self._session = session
        self._open: dict[str, Entry] = {}
        self.states: Counter[State] = Counter()
        self.findings = 0
        self.failed_units = 0
        self.bytes = 0
        """Of sources whose bundles this run made."""
        ledger.keep_shape(session.fingerprint_base, session.shape)

    def begun(self, draft: Draft, *, alone: bool) -> None:
        known = self._ledger.find(draft.fingerprint) or self._entry(draft.label, draft.fingerprint, draft.source)
        entry = msgspec.structs.replace(
            known, label=draft.label, state=WorkState.RUNNING, stage="reading", alone=alone, run=self._ledger.run, error="", code=0
        )
        self._open[draft.fingerprint] = entry
        self._ledger.put(entry)

    def cut(self, draft: Draft) -> None:
        entry = msgspec.structs.replace(self._open[draft.fingerprint], stage="decoding", units=len(draft.units))
        self._open[draft.fingerprint] = entry
        self._ledger.put(entry)

    def closed(self, outcome: Outcome) -> None:
        self.states[outcome.state] += 1
        if outcome.code is ExitCode.LOCKED:
            return
        entry = self._open.pop(outcome.fingerprint, None) if outcome.fingerprint else None
        if entry is None:
            entry = self._known(outcome)
        if outcome.state is State.UNCHANGED and entry.state is WorkState.DONE:
            return
        self.findings += outcome.findings
        self.failed_units += outcome.failed_units
        if outcome.state is State.DONE:
            self.bytes += entry.size
        self._ledger.put(self._settled(entry, outcome))
        if outcome.state in (State.DONE, State.UNCHANGED):
            self._ledger.supersede(entry)

    def _settled(self, entry: Entry, outcome: Outcome) -> Entry:
        entry = msgspec.structs.replace(
            entry, run=self._ledger.run, error=outcome.error, code=int(outcome.code), finished=utc_now(), seconds=outcome.seconds
        )
        if outcome.state in (State.DONE, State.UNCHANGED):
            return msgspec.structs.replace(
                entry,
                state=WorkState.DONE,
                stage="",
                slug=Path(outcome.bundle).name,
                units=outcome.units,
                findings=outcome.findings,
                failed_units=outcome.failed_units,
            )
        if outcome.state is State.LEFT:
            # An engine that died is a crash of whatever was in work.
            crashed = outcome.code is ExitCode.ENGINE
            entry = msgspec.structs.replace(entry, crashes=entry.crashes + crashed, strikes=entry.strikes + (crashed and entry.alone))
            return judged(entry, self._session.config.jobs.max_attempts, WorkState.OPEN)
        entry = msgspec.structs.replace(entry, failures=entry.failures + 1)
        return judged(entry, self._session.config.jobs.max_attempts, WorkState.FAILED)

    def lost(self, label: str, fingerprint: str, source: SourceFile | None, *, alone: bool) -> WorkState:
        """A worker died with this issue in work; returns its state now."""
        key = fingerprint or unread(label)
        entry = self._ledger.find(key) or self._entry(label, key, source)
        entry = msgspec.structs.replace(
            entry,
            crashes=entry.crashes + 1,
            strikes=entry.strikes + alone,
            run=self._ledger.run,
            error="The worker died.",
            finished=utc_now(),
        )
        entry = judged(entry, self._session.config.jobs.max_attempts, WorkState.OPEN)
        self._ledger.put(entry)
        return entry.state

    def _known(self, outcome: Outcome) -> Entry:
        # A file that could not be read has no content to go by; its place stands in.
        fingerprint = outcome.fingerprint or unread(outcome.path)
        return self._ledger.find(fingerprint) or self._entry(outcome.path, fingerprint, outcome.source)

    def _entry(self, label: str, fingerprint: str, source: SourceFile | None) -> Entry:
        return Entry(
            fingerprint=fingerprint,
            slug=bundle.issue_slug(source) if source else "",
            label=label,
            name=source.name if source else Path(label).name,
            sha256=source.sha256 if source else "",
            size=source.size if source else 0,
            shape=self._session.fingerprint_base,
            state=WorkState.OPEN,
        )


def unread(label: str) -> str:
    """The key of a file that could not even be read."""
    return "unread:" + hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()


def judged(entry: Entry, max_attempts: int, otherwise: WorkState) -> Entry:
    """The entry, set aside when it was tried too often."""
    tried = entry.failures + entry.strikes
    return msgspec.structs.replace(entry, state=WorkState.SET_ASIDE if tried >= max_attempts else otherwise)


def recover(ledger: Ledger, locks: Locks, out: Path, max_attempts: int) -> int:
    """Settle rows whose run is gone: done when the bundle made it to the disk, else a crash; returns how many.

    A run that ends in good order gives its locks back, even where a full disk keeps it from saying so in
    the ledger.  Only an issue whose lock is still there was in work when its owner died.
    """
    number = 0
    for found in list(ledger.entries(WorkState.RUNNING)):
        died = locks.deserted(found.slug)
        if locks.take(found.slug) is not None:
            continue  # its owner lives
        try:
            # Its owner may have finished with it since the list was made.
            entry = ledger.find(found.fingerprint)
            if entry is None or entry.state is not WorkState.RUNNING:
                continue
            if bundle.finished(out / entry.slug) == entry.fingerprint:
                ledger.put(msgspec.structs.replace(entry, state=WorkState.DONE, stage=""))
            elif died:
                strike = entry.alone or entry.stage == "reading"
                crashed = msgspec.structs.replace(
                    entry,
                    crashes=entry.crashes + 1,
                    strikes=entry.strikes + strike,
                    error="The process was killed or died while this was in work.",
                    code=int(ExitCode.INTERNAL),
                )
                ledger.put(judged(crashed, max_attempts, WorkState.OPEN))
            else:
                ledger.put(msgspec.structs.replace(entry, state=WorkState.OPEN))
            number += 1
        finally:
            locks.release(found.slug)
    return number


def rebuild(ledger: Ledger, out: Path) -> int:
    """Enter every finished bundle under ``out``; what stands in the ledger of other issues stays.  Returns how many."""
    return ledger.put_all(_of_bundles(ledger, out))


def _of_bundles(ledger: Ledger, out: Path) -> Iterator[Entry]:
    shapes: set[str] = set()
    for folder in sorted(p for p in out.iterdir() if p.is_dir() and not p.name.startswith(".")) if out.is_dir() else ():
        fingerprint = bundle.finished(folder)
        if fingerprint is None:
            continue
        try:
            found = bundle.manifest(folder)
            note = bundle.volatile(folder)
        except (InputError, VerifyError):
            continue
        known = ledger.find(fingerprint)
        shape: Shape = of_bundle(found.provenance)
        name = "bundle:" + hashlib.sha256(msgspec.json.encode(shape, order="deterministic")).hexdigest()
        if name not in shapes:
            shapes.add(name)
            ledger.keep_shape(name, shape)
        yield Entry(
            fingerprint=fingerprint,
            slug=folder.name,
            label=known.label if known else found.source.name,
            name=found.source.name,
            sha256=found.source.sha256,
            size=found.source.size,
            shape=known.shape if known else name,
            state=WorkState.DONE,
            run=known.run if known else 0,
            units=found.counts.units,
            findings=sum(c.count for c in found.finding_counts if c.severity != "info"),
            failed_units=found.counts.failed_units,
            seconds=note.run.seconds,
            finished=note.run.finished,
        )
