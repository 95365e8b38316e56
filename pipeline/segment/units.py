"""Bodies and headings put together into the records that everything later works on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from pipeline.records import Block, BlockKind, Issue, LedgerEntry, Owner, Pairing, Passage, Sentence, Unit, UnitKind
from pipeline.segment import jumps, people
from pipeline.segment.elements import Element, Role, credit
from pipeline.segment.forms import DASH, LABEL_MARKS, is_notice
from pipeline.segment.headings import Heading, Parts
from pipeline.segment.page import Body
from pipeline.segment.pairing import Match
from pipeline.segment.sentences import boundaries
from pipeline.segment.stretch import Piece, Stretch

_MARKS: Final = re.compile(rf"^[{people.MARKS}\s]+")
_BRACKETS: Final = re.compile(r"^[(（](?P<inside>[^()（）]*)[)）]$")


class Draft(msgspec.Struct):
    """A unit in the making: a body, the heading found for it, its label."""

    body: Body | None
    heading: Heading | None
    match: Match | None = None
    how: str = "none"
    column: Element | None = None
    kind: UnitKind | None = None
    parts: Parts = msgspec.field(default_factory=Parts)
    stated: bool = False
    """The source itself told the parts of the headline block."""

    @property
    def position(self) -> int:
        """Offset of the first character of the body, or of the heading where there is no body."""
        items = self.body.items if self.body is not None else self.heading.lines if self.heading is not None else []
        return items[0].stretch.first


def joined(stretches: Sequence[Stretch]) -> Stretch:
    """Concatenate stretches with a space between."""
    if len(stretches) == 1:
        return stretches[0]
    text = ""
    pieces: list[Piece] = []
    for stretch in stretches:
        if text:
            pieces.append((len(text), -1, 1))
            text += " "
        pieces += [(at + len(text), source, length) for at, source, length in stretch.pieces]
        text += stretch.text
    return Stretch(text, pieces)


def build(draft: Draft, issue: Issue) -> tuple[Unit, list[LedgerEntry]]:
    """Make the record of a unit and its claims on the source."""
    identity = hashlib.sha256(f"{issue.source.sha256}:{draft.position}".encode()).hexdigest()[:16]
    claims: list[LedgerEntry] = []
    heading = draft.heading
    if not draft.stated:
        draft.parts = heading.parts if heading is not None else Parts()
    parts = draft.parts
    labels = parts.column or ([draft.column] if draft.column is not None else [])

    def passage(elements: Sequence[Element], role: str) -> Passage | None:
        if not elements:
            return None
        claims.extend(_claims(elements, identity, role))
        stretches = [e.stretch for e in elements]
        if role == "subtitle" and (dash := DASH.match(stretches[0].text)) is not None and dash.end() < len(stretches[0].text):
            stretches[0] = stretches[0].slice(dash.end(), len(stretches[0].text))
        if role == "column" and (mark := LABEL_MARKS.match(stretches[0].text)) is not None:
            stretches[0] = stretches[0].slice(*mark.span("label"))
        return joined(stretches).passage(issue.text)

    byline, authors = _byline(draft, issue, claims, identity)
    blocks = tuple(_blocks(draft.body, issue, claims, identity)) if draft.body is not None else ()
    unit = Unit(
        id=identity,
        kind=draft.kind or _kind(draft),
        headline=passage(parts.headline, "headline"),
        kicker=passage(parts.kicker, "kicker"),
        subtitle=passage(parts.subtitle, "subtitle"),
        column=passage(labels, "column"),
        byline=byline,
        authors=authors,
        credit=_credit(draft, issue, claims, identity),
        blocks=blocks,
        pairing=_pairing(draft),
        jumps=tuple(jumps.record(e) for e in _jumps(draft)),
    )
    return unit, claims


def _jumps(draft: Draft) -> list[Element]:
    if draft.body is not None:
        return draft.body.jumps
    return [draft.heading.jump] if draft.heading is not None and draft.heading.jump is not None else []


def _claims(elements: Iterable[Element], unit: str, role: str) -> list[LedgerEntry]:
    owner = Owner.UNIT
    return [LedgerEntry(span=s, owner=owner, unit=unit, role=role) for e in elements for s in e.stretch.spans()]


def _kind(draft: Draft) -> UnitKind:
    if draft.body is None:
        return UnitKind.BRIEF
    if draft.body.caption:
        return UnitKind.CAPTION
    paragraphs = draft.body.paragraphs
    if all(p.kind == "verse" for p in paragraphs):
        return UnitKind.VERSE
    title = "".join(e.text for e in draft.parts.headline)
    if is_notice(title) and not draft.body.dated:
        return UnitKind.NOTICE
    return UnitKind.ARTICLE


def _pairing(draft: Draft) -> Pairing:
    match = draft.match
    if match is None:
        return Pairing(confidence=1.0 if draft.how in {"override", "stated"} else 0.0, how=draft.how)
    return Pairing(
        confidence=match.confidence, how=draft.how, runner_up=match.runner_up.text if match.runner_up else None, margin=match.margin
    )


def _byline(draft: Draft, issue: Issue, claims: list[LedgerEntry], unit: str) -> tuple[Passage | None, tuple[str, ...]]:
    elements = list(draft.heading.bylines) if draft.heading is not None else []
    if draft.body is not None:
        elements += draft.body.bylines
    claims += _claims(elements, unit, "byline")
    if elements:
        stretches = [_bare(e.stretch) for e in elements]
        names: list[str] = []
        for stretch in stretches:
            names += [n for n in _names(stretch, issue.text) if n not in names]
        return joined(stretches).passage(issue.text), tuple(names)
    if draft.body is None or not draft.body.items:
        return None, ()
    stretch = draft.body.items[0].stretch
    end = draft.body.items[0].dateline
    found = people.dateline_byline(stretch.text, end) if end is not None else None
    if found is None:
        return None, ()
    part = stretch.slice(*found)
    return part.passage(issue.text), tuple(_names(part, issue.text))


def _names(stretch: Stretch, source: str) -> list[str]:
    """Authors as the source writes them; patterns know simplified characters only."""
    out: list[str] = []
    shown = stretch.shown(source)
    for name in people.authors(stretch.text):
        at = stretch.text.find(name)
        if at >= 0:
            out.append(shown[at : at + len(name)])
            continue
        hit = re.search(r"\s*".join(map(re.escape, name)), stretch.text)
        out.append(re.sub(r"\s+", "", shown[hit.start() : hit.end()]) if hit else name)
    return out


def _bare(stretch: Stretch) -> Stretch:
    """A byline without the square before it and the brackets around it."""
    if (mark := _MARKS.match(stretch.text)) is not None and mark.end() < len(stretch.text):
        stretch = stretch.slice(mark.end(), len(stretch.text))
    if (lead := people.FILED_LEAD.match(stretch.text)) is not None:
        stretch = stretch.slice(lead.end(), len(stretch.text))
    if (inside := _BRACKETS.match(stretch.text)) is not None and inside.group("inside").strip():
        stretch = stretch.slice(*inside.span("inside"))
    return stretch


def _credit(draft: Draft, issue: Issue, claims: list[LedgerEntry], unit: str) -> Passage | None:
    elements = list(draft.heading.credits) if draft.heading is not None else []
    if draft.body is not None:
        elements += draft.body.credits
    if not elements:
        return None
    claims += _claims(elements, unit, "credit")
    stretches = []
    for element in elements:
        where = credit(element.text)
        stretches.append(element.stretch.slice(*where) if where else element.stretch)
    return joined(stretches).passage(issue.text)


def _blocks(body: Body, issue: Issue, claims: list[LedgerEntry], unit: str) -> Iterable[Block]:
    pending: list[Element] = []
    for item in body.items:
        if item.role is Role.DISPLAY and (not pending or item.gap == 0):
            pending.append(item)
            continue
        if pending:
            yield _block(BlockKind.SUBHEAD, pending, issue, claims, unit)
            pending = []
        if item.role is Role.DISPLAY:
            pending.append(item)
        else:
            yield _block(BlockKind.PARAGRAPH, [item], issue, claims, unit)
    if pending:
        yield _block(BlockKind.SUBHEAD, pending, issue, claims, unit)


def _block(kind: BlockKind, elements: Sequence[Element], issue: Issue, claims: list[LedgerEntry], unit: str) -> Block:
    stretch = joined([e.stretch for e in elements])
    claims += _claims(elements, unit, str(kind))
    source = issue.text
    spans = stretch.spans()
    shown = stretch.shown(source)
    if kind is BlockKind.SUBHEAD:
        ends = [len(stretch.text)]
    elif elements[0].kind == "verse":
        ends = [m.end() for m in re.finditer(r"[^\n]+", stretch.text)]
    else:
        ends = boundaries(stretch.text)
    if len(ends) == 1:
        sentences: tuple[Sentence, ...] = (Sentence(text=shown, spans=spans),)
    else:
        parts = [stretch.trim(a, b) for a, b in zip([0, *ends], ends, strict=False)]
        sentences = tuple([Sentence(text=shown[a:b], spans=stretch.spans_of(a, b)) for a, b in parts if a < b])
    return Block(kind=kind, text=shown, spans=spans, sentences=sentences)
