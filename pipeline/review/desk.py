"""What happens when an editor decides something, without any web in it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from pipeline import bundle
from pipeline.bundle import archive, corrections, layout
from pipeline.config import BUNDLE_FORMATS, BundleConfig
from pipeline.errors import InputError, PipelineError, UsageError
from pipeline.memory import Memory, from_corrections
from pipeline.records import Correction, CorrectionKind, IssueResult, Translation
from pipeline.review.elsewhere import Elsewhere, same_error

MAX_CHARS: Final = 5_000
"""Longest English or Chinese one correction may hold."""


class ConflictError(PipelineError):
    """The text was changed since the editor's page was loaded."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an editor's page asks for; everything else is looked up in the bundle."""

    kind: CorrectionKind
    unit: str = ""
    segment: str = ""
    source: str = ""
    before: str = ""
    """The English the editor saw; a text that has changed since is not overwritten."""
    after: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What a correction led to."""

    correction: Correction
    others: tuple[Elsewhere, ...]
    """Articles of other bundles with the same error."""
    warning: str = ""
    """What went wrong after the decision was saved and the bundle rebuilt; empty where nothing did."""


class Desk:
    """One bundle under review.

    Args:
        folder: the bundle.
        who: the editor's name, recorded with every decision.
        sign_key: key to sign the rebuilt bundle with.
        memory: translation memory that learns every corrected text; made where it does not exist yet.
        now: the clock, for tests.

    Raises:
        InputError: ``folder`` is no whole bundle.
        UsageError: ``who`` is empty.
    """

    def __init__(
        self,
        folder: Path,
        *,
        who: str,
        sign_key: Path | None = None,
        memory: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder.resolve()
        self.who = " ".join(who.split())[:80]
        if not self.who:
            raise UsageError("A review needs the editor's name.", hint="Give it with --who.")
        self._sign_key = sign_key
        self._memory = memory
        self._now = now
        self._lock = threading.Lock()
        with self._lock:
            result = bundle.read(self.folder)
            saved, _ = corrections.load(self.outputs)
            self._write(result, corrections.reapply(result, saved))

    @property
    def outputs(self) -> Path:
        return self.folder.parent

    def result(self) -> IssueResult:
        """Return the bundle's result as it stands on the disk."""
        with self._lock:
            return bundle.read(self.folder)

    def decide(self, wish: Wish) -> Outcome:
        """Save one decision, rebuild the bundle and the archive, and let the memory learn.

        The decision is on the disk before anything is rebuilt.

        Raises:
            UsageError: the wish does not fit the bundle.
            ConflictError: the text changed since the editor saw it.
            OutputError: the disk refused; the bundle is as before.
        """
        with self._lock:
            result = bundle.read(self.folder)
            correction = self._correction(result, wish)
            settled = self._settle(result, [correction])
        if not settled:
            raise UsageError("That changes nothing here.", hint="The English already reads so, or the old English does not occur.")
        return settled[0]

    def take(self, decided: Sequence[Correction]) -> tuple[Outcome, ...]:
        """Save decisions made elsewhere (an edited XLIFF file), all at once; those that change nothing are left out.

        Raises:
            OutputError: the disk refused; the bundle is as before.
        """
        with self._lock:
            return self._settle(bundle.read(self.folder), decided)

    def _settle(self, result: IssueResult, decided: Sequence[Correction]) -> tuple[Outcome, ...]:
        changed = result
        taken: list[Correction] = []
        for correction in decided:
            after = corrections.apply(changed, [correction])
            if after is not changed:
                taken.append(correction)
                changed = after
        if not taken:
            return ()
        corrections.save(self.outputs, taken)
        self._write(result, changed)
        warning = ""
        others: dict[Correction, tuple[Elsewhere, ...]] = {}
        try:
            for correction in taken:
                self._learn(changed, correction)
            archive.update(self.outputs)
            others = {c: same_error(self.outputs, c, self.folder.name) for c in taken}
        except PipelineError as exc:
            warning = f"Saved, but: {exc}"
        return tuple(Outcome(correction=c, others=others.get(c, ()), warning=warning) for c in taken)

    def _learn(self, result: IssueResult, correction: Correction) -> None:
        if self._memory is None or correction.kind is not CorrectionKind.TEXT:
            return
        segments = {t.segment.id: t.segment for u in result.units for t in u.translations}
        with Memory.open(self._memory, readonly=False) as memory:
            memory.record(from_corrections([correction], segments))

    def _correction(self, result: IssueResult, wish: Wish) -> Correction:
        after = " ".join(wish.after.split())
        if max(len(wish.after), len(wish.source), len(wish.before)) > MAX_CHARS:
            raise UsageError(f"A correction holds at most {MAX_CHARS:,} characters.")
        if wish.kind in (CorrectionKind.TEXT, CorrectionKind.NAME, CorrectionKind.TERM) and not after:
            raise UsageError("The English must not be empty.")
        made = Correction(kind=wish.kind, issue=result.issue.id, who=self.who, when=self._now().strftime("%Y-%m-%dT%H:%M:%SZ"), after=after)
        replace = msgspec.structs.replace
        if wish.kind is CorrectionKind.TEXT:
            t = _translation(result, wish.segment)
            if wish.before != t.target:
                raise ConflictError(
                    "This passage was changed since the page was loaded.", hint="Load the page again and look at the new text."
                )
            return replace(made, unit=t.segment.unit, segment=t.segment.id, source=t.segment.text, before=t.target)
        if wish.kind is CorrectionKind.NAME:
            entry = next((n for n in result.names if n.source == wish.source), None)
            if entry is None:
                raise UsageError("That name is not on the name sheet.", hint="Set it as a term instead.")
            return replace(made, source=entry.source, before=entry.target, name_kind=entry.kind)
        if wish.kind is CorrectionKind.TERM:
            source, before = wish.source.strip(), " ".join(wish.before.split())
            if not source or not before:
                raise UsageError("A term needs its Chinese and the English used now.")
            return replace(made, source=source, before=before)
        if wish.unit not in {u.unit.id for u in result.units}:
            raise UsageError("There is no such article in this bundle.")
        return replace(made, unit=wish.unit, after="")

    def _write(self, before: IssueResult, after: IssueResult) -> None:
        if after is before:
            return
        top = bundle.manifest(self.folder)
        original = (self.folder / top.original).read_bytes() if top.original not in ("", layout.SOURCE_TEXT) else None
        written = bundle.write(
            after,
            bundle.volatile(self.folder).run,
            self.outputs,
            BundleConfig(formats=formats_of(top)),
            fingerprint=top.fingerprint,
            original=original,
            sign_key=self._sign_key,
        )
        if written.resolve() != self.folder:
            raise InputError(f"{self.folder} does not have the name its source gives it.", hint=f"Rename the folder to {written.name}.")


def formats_of(top: layout.Manifest) -> tuple[str, ...]:
    """Return the formats a bundle holds, so that it is rebuilt with the same."""
    names = {f.path for f in top.files}
    marks = {"html": "index.html", "markdown": "issue.md", "xliff": "issue.xlf", "tmx": "issue.tmx"}
    marks |= {"jsonl": "issue.jsonl", "parquet": "issue.parquet", "docx": "issue.docx"}
    found = {name for name, file in marks.items() if file in names} | {"json"}
    if any(name.startswith("ninjs/") for name in names):
        found.add("ninjs")
    return tuple(f for f in BUNDLE_FORMATS if f in found)


def _translation(result: IssueResult, segment: str) -> Translation:
    for unit in result.units:
        for t in unit.translations:
            if t.segment.id == segment:
                return t
    raise UsageError("There is no such passage in this bundle.", hint="Load the page again.")
