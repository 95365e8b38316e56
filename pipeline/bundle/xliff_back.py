"""Read an edited ``issue.xlf`` back as corrections, for the sentences that were edited and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.bundle.spans import bare
from pipeline.bundle.xliff import BASE, METADATA, NS, base_digest
from pipeline.bundle.xmltext import parse
from pipeline.errors import InputError
from pipeline.records import Correction, CorrectionKind, IssueResult, Record, Translation

if TYPE_CHECKING:
    from lxml import etree


class Conflict(Record, frozen=True):
    """A sentence that was edited in the file *and* in the bundle since the file left it."""

    correction: Correction
    """What the file asks for; its ``before`` is what the bundle says now."""


class Returned(Record, frozen=True):
    """What an edited file asks for."""

    corrections: tuple[Correction, ...]
    conflicts: tuple[Conflict, ...]
    unknown: tuple[str, ...]
    """Ids of segments that the bundle does not have."""
    unusable: tuple[str, ...]
    """Ids of segments whose Chinese was changed or whose English was emptied; nothing is taken from them."""


def _text(element: etree._Element) -> str:
    """Text of a ``source`` or ``target``, its inline codes dropped and ``cp`` turned back."""
    out = [element.text or ""]
    for child in element:
        if child.tag == f"{{{NS}}}cp":
            try:
                out.append(chr(int(child.get("hex", ""), 16)))
            except (ValueError, OverflowError):
                out.append("\ufffd")
        elif isinstance(child.tag, str):
            out.append(_text(child))
        out.append(child.tail or "")
    return "".join(out)


def _bases(unit: etree._Element) -> dict[str, str]:
    """Digest of each segment's English as it left, where the tool kept the metadata."""
    return {
        group.get("id", ""): (meta.text or "").strip()
        for group in unit.iter(f"{{{METADATA}}}metaGroup")
        for meta in group.findall(f"{{{METADATA}}}meta")
        if meta.get("type") == BASE
    }


def corrections(result: IssueResult, data: bytes, *, who: str, when: str, name: str = "the XLIFF file") -> Returned:
    """Compare an edited XLIFF file with the bundle it came from.

    Args:
        result: the bundle as it is now.
        data: the edited file.
        who: the editor.
        when: UTC, RFC 3339.
        name: what to call the file in messages.

    Raises:
        InputError: the file is no XLIFF 2 file of this issue.
    """
    root = parse(data, name)
    if root.tag != f"{{{NS}}}xliff":
        raise InputError(f"{name} is no XLIFF 2 file.", hint="Bring back the issue.xlf of this bundle; XLIFF 1.2 is not read.")
    files = {f.get("id") for f in root.findall(f"{{{NS}}}file")}
    if f"issue-{result.issue.id}" not in files:
        raise InputError(f"{name} belongs to another issue.", hint="Name the bundle that the file came from.")
    known = {t.segment.id: t for u in result.units for t in u.translations}
    out: list[Correction] = []
    conflicts: list[Conflict] = []
    unknown: list[str] = []
    unusable: list[str] = []
    for unit in root.iter(f"{{{NS}}}unit"):
        bases = _bases(unit)
        for segment in unit.findall(f"{{{NS}}}segment"):
            found = known.get(segment.get("id", ""))
            if found is None:
                if unit.get("translate") != "no":
                    unknown.append(segment.get("id", ""))
                continue
            text = _edited(segment, found, bases)
            if text is None:
                continue
            source = segment.find(f"{{{NS}}}source")
            if not text or source is None or bare(_text(source)) != bare(found.segment.text):
                unusable.append(found.segment.id)
                continue
            made = _correction(result, found, text, who, when)
            base = bases.get(found.segment.id, "")
            if base and base != base_digest(found.target):
                conflicts.append(Conflict(correction=made))
            else:
                out.append(made)
    return Returned(corrections=tuple(out), conflicts=tuple(conflicts), unknown=tuple(unknown), unusable=tuple(unusable))


def _edited(segment: etree._Element, found: Translation, bases: dict[str, str]) -> str | None:
    """The segment's English in one line; ``None`` where it was not edited."""
    target = segment.find(f"{{{NS}}}target")
    text = " ".join(_text(target).split()) if target is not None else ""
    digest = base_digest(text)
    if digest == base_digest(found.target):
        return None  # says what the bundle says
    if digest == bases.get(found.segment.id):
        return None  # left alone here; the bundle has moved on
    return text


def _correction(result: IssueResult, found: Translation, text: str, who: str, when: str) -> Correction:
    return Correction(
        kind=CorrectionKind.TEXT,
        issue=result.issue.id,
        who=who,
        when=when,
        unit=found.segment.unit,
        segment=found.segment.id,
        source=found.segment.text,
        before=found.target,
        after=text,
        via="xliff",
    )
