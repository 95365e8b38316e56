"""Read an edited ``issue.xlf`` back as corrections, for what was edited and nothing else.

Edited targets become corrections of passages, edited glossary entries corrections of names and
terms.  Approvals are not taken from a file: many tools set every segment to ``final`` by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.bundle.spans import bare
from pipeline.bundle.xliff import BASE, GLOSSARY, METADATA, NS, base_digest, entry_id
from pipeline.bundle.xmltext import parse
from pipeline.errors import InputError
from pipeline.records import Correction, CorrectionKind, IssueResult, Record, Translation

if TYPE_CHECKING:
    from lxml import etree


class Conflict(Record, frozen=True):
    """A sentence or name edited in the file *and* in the bundle since, or twice in the file."""

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
            made = _correction(result, found, text, _Editor(who, when))
            base = bases.get(found.segment.id, "")
            if base and base != base_digest(found.target):
                conflicts.append(Conflict(correction=made))
            else:
                out.append(made)
    _names(root, result, _Editor(who, when), out, conflicts)
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


@dataclass(frozen=True)
class _Editor:
    who: str
    when: str


def _correction(result: IssueResult, found: Translation, text: str, editor: _Editor) -> Correction:
    return Correction(
        kind=CorrectionKind.TEXT,
        issue=result.issue.id,
        who=editor.who,
        when=editor.when,
        unit=found.segment.unit,
        segment=found.segment.id,
        source=found.segment.text,
        before=found.target,
        after=text,
        via="xliff",
    )


def _known(result: IssueResult) -> dict[str, tuple[CorrectionKind, str]]:
    """Each name and projected term of the bundle, with its English now."""
    out: dict[str, tuple[CorrectionKind, str]] = {}
    for unit in result.units:
        for t in unit.translations:
            for r in t.projection.replacements if t.projection else ():
                out.setdefault(r.source, (CorrectionKind.TERM, r.target))
    out.update((n.source, (CorrectionKind.NAME, n.target)) for n in result.names)
    return out


def _names(root: etree._Element, result: IssueResult, editor: _Editor, out: list[Correction], conflicts: list[Conflict]) -> None:
    """Add a correction for each name or term whose glossary entry was edited, each once."""
    known = _known(result)
    kinds = {n.source: n.kind for n in result.names}
    taken: dict[str, str] = {}
    for entry in root.iter(f"{{{GLOSSARY}}}glossEntry"):
        source = (entry.findtext(f"{{{GLOSSARY}}}term") or "").strip()
        after = " ".join((entry.findtext(f"{{{GLOSSARY}}}translation") or "").split())
        # An entry without its id may be the tool's own; one whose id still fits was left alone.
        if not after or source not in known or entry.get("id") in (None, entry_id(source, after)):
            continue
        kind, before = known[source]
        if after == before or taken.get(source) == after:
            continue
        made = Correction(
            kind=kind,
            issue=result.issue.id,
            who=editor.who,
            when=editor.when,
            source=source,
            before=before,
            after=after,
            via="xliff",
            name_kind=kinds.get(source, ""),
        )
        if source in taken or entry.get("id") != entry_id(source, before):
            conflicts.append(Conflict(correction=made))
        else:
            taken[source] = after
            out.append(made)
