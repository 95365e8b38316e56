"""What people decided: worked into a result, and kept in one file for the whole desk.

``<outputs>/corrections.jsonl`` holds one ``Correction`` a line, oldest first; lines are only ever
added.  ``<outputs>/desk-terms.tsv`` is made from it: the names and terms as editors last set them, a
term table like any other, so that later issues get them right from the start.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline import checks, files
from pipeline.records import (
    Approval,
    Correction,
    CorrectionKind,
    Finding,
    IssueResult,
    Label,
    NameEntry,
    Origin,
    Severity,
    Translation,
    UnitResult,
)

STORE: Final = "corrections.jsonl"
TERMS: Final = "desk-terms.tsv"
_KINDS: Final = {"organisation": "org"}
"""Kinds that term tables call otherwise than the name sheet."""
_SHEET: Final = (CorrectionKind.NAME, CorrectionKind.TERM)


def apply(result: IssueResult, corrections: Iterable[Correction]) -> IssueResult:
    """Return ``result`` with those corrections worked in that it does not hold yet, in the order given.

    * ``text`` replaces a segment's English; its origin becomes *human*, its label *read*, and what the
      checks said of the old text goes.
    * ``name`` and ``term`` replace the old English by the new wherever the Chinese occurs and the old
      English stands; such a sentence remains the model's, with a note.
    * ``approval`` lasts until a later correction changes the unit.

    A correction that fits nothing here (another issue's, another source text) changes nothing and is
    not recorded.
    """
    for correction in corrections:
        if correction in result.corrections:
            continue
        changed = _apply_one(result, correction)
        if changed is not result:
            result = msgspec.structs.replace(changed, corrections=(*changed.corrections, correction))
    return result


def reapply(result: IssueResult, corrections: Iterable[Correction]) -> IssueResult:
    """Return ``result`` with the issue's own earlier edits worked in: after a rerun, or a crash between save and write.

    Approvals are not among them: they were for another text.
    """
    kinds = (CorrectionKind.TEXT, *_SHEET)
    return apply(result, (c for c in corrections if c.issue == result.issue.id and c.kind in kinds))


def _apply_one(result: IssueResult, c: Correction) -> IssueResult:
    if c.kind in _SHEET:
        return _replace_everywhere(result, c)
    if c.issue != result.issue.id or c.unit not in {u.unit.id for u in result.units}:
        return result
    if c.kind is CorrectionKind.TEXT:
        return _replace_text(result, c)
    kept = tuple(a for a in result.approvals if a.unit != c.unit)
    if c.kind is CorrectionKind.APPROVAL:
        kept = (*kept, Approval(unit=c.unit or "", who=c.who, when=c.when))
    return msgspec.structs.replace(result, approvals=kept)


def _replace_text(result: IssueResult, c: Correction) -> IssueResult:
    def edit(t: Translation) -> Translation:
        if t.segment.id != c.segment or (c.source and c.source != t.segment.text) or t.target == c.after:
            return t
        note = _note(t, f"Corrected by {c.who} on {c.when[:10]}.", c.before)
        return msgspec.structs.replace(t, target=c.after, origin=Origin.HUMAN, label=Label.READ, findings=(note,))

    return _edit(result, edit)


def _replace_everywhere(result: IssueResult, c: Correction) -> IssueResult:
    old = whole_words(c.before)

    def edit(t: Translation) -> Translation:
        if not c.source or c.source not in t.segment.text or old is None:
            return t
        target = old.sub(lambda _: c.after, t.target)
        if target == t.target:
            return t
        left = tuple(f for f in t.findings if not (f.check in ("names", "terms") and f.source and f.source in c.source))
        label = checks.label(left) if len(left) < len(t.findings) else t.label
        note = _note(t, f"{c.source} was changed here from “{c.before}” to “{c.after}” by {c.who} on {c.when[:10]}.", "")
        return msgspec.structs.replace(t, target=target, label=label, findings=(*left, note))

    edited = _edit(result, edit)
    names = tuple(_renamed(n, c) for n in result.names)
    return edited if names == result.names else msgspec.structs.replace(edited, names=names)


def _renamed(entry: NameEntry, c: Correction) -> NameEntry:
    if entry.source != c.source or (entry.target == c.after and entry.decided_by == "human"):
        return entry
    return msgspec.structs.replace(entry, target=c.after, decided_by="human", flagged=False)


def whole_words(english: str) -> re.Pattern[str] | None:
    """Match ``english`` where it is not part of a longer word."""
    return re.compile(rf"(?<!\w){re.escape(english)}(?!\w)") if english else None


def _note(t: Translation, message: str, before: str) -> Finding:
    return Finding(
        check="corrected", severity=Severity.INFO, message=message, unit=t.segment.unit, segment=t.segment.id, source="", target=before
    )


def _edit(result: IssueResult, edit: Callable[[Translation], Translation]) -> IssueResult:
    units: list[UnitResult] = []
    touched: set[str] = set()
    for unit in result.units:
        translations = tuple(edit(t) for t in unit.translations)
        if translations != unit.translations:
            touched.add(unit.unit.id)
            unit = msgspec.structs.replace(unit, translations=translations)  # noqa: PLW2901
        units.append(unit)
    if not touched:
        return result
    # Who approved a unit vouched for the text as it stood.
    return msgspec.structs.replace(result, units=tuple(units), approvals=tuple(a for a in result.approvals if a.unit not in touched))


def load(outputs: Path) -> tuple[tuple[Correction, ...], int]:
    """Return the desk's corrections, oldest first, and how many lines could not be read.

    A line is unreadable where a crash cut it short; nothing was acknowledged for it.
    """
    try:
        data = (outputs / STORE).read_bytes()
    except FileNotFoundError:
        return (), 0
    out: list[Correction] = []
    bad = 0
    for line in data.split(b"\n"):
        if line.strip():
            try:
                out.append(msgspec.json.decode(line, type=Correction))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                bad += 1
    return tuple(out), bad


def save(outputs: Path, corrections: Sequence[Correction]) -> None:
    """Add ``corrections`` to the desk's file and bring its term table up to date.

    When this returns they are on the disk.

    Raises:
        OutputError: the folder cannot be written.
    """
    from filelock import FileLock

    path = outputs / STORE
    lines = b"".join(msgspec.json.encode(c, order="deterministic") + b"\n" for c in corrections)
    with files.output_errors(path):
        outputs.mkdir(parents=True, exist_ok=True)
        with FileLock(outputs / f".{STORE}.lock"), path.open("ab+") as stream:
            if stream.tell() and not _ends_line(stream):
                stream.write(b"\n")  # a crash cut the last line short; it must not spoil this one
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
    everything, _ = load(outputs)
    if any(c.kind in _SHEET for c in corrections):
        files.write_atomic(outputs / TERMS, term_table(everything))


def _ends_line(stream: io.BufferedRandom) -> bool:
    stream.seek(-1, os.SEEK_END)
    return stream.read(1) == b"\n"


def term_table(corrections: Iterable[Correction]) -> bytes:
    """Return the names and terms as last set, as a term table: ``zh``, ``en``, ``kind``, ``source``, ``note``."""
    last: dict[str, Correction] = {}
    for c in corrections:
        if c.kind in _SHEET and c.source.strip() and c.after.strip():
            last[c.source] = c
    out = io.StringIO()
    out.write("# Made from corrections.jsonl at every review; edit a table of your own instead.\n")
    rows = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar=None, quotechar=None)
    rows.writerow(("zh", "en", "kind", "source", "note"))
    for source in sorted(last):
        c = last[source]
        kind = _KINDS.get(c.name_kind, c.name_kind or "person") if c.kind is CorrectionKind.NAME else "term"
        rows.writerow(
            [
                _cell(v)
                for v in (
                    c.source,
                    c.after,
                    kind,
                    f"review of {c.issue} {c.when[:10]}" if c.issue else f"set on {c.when[:10]}",
                    f"set by {c.who}",
                )
            ]
        )
    return out.getvalue().encode("utf-8")


def _cell(text: str) -> str:
    return " ".join(text.split())
