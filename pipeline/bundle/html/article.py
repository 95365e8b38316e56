"""What the page shows, worked out from the records before any template runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.bundle import disclosure
from pipeline.bundle.html import words
from pipeline.bundle.html.marks import Piece, pieces
from pipeline.bundle.view import UnitView
from pipeline.records import (
    Approval,
    Block,
    BlockKind,
    Field,
    Finding,
    IssueResult,
    JumpDirection,
    Label,
    Origin,
    Passage,
    Remembered,
    Segment,
    Sentence,
    Severity,
    Span,
    SummaryStatus,
    Translation,
    Unit,
)

_RANK = {Label.READ: 0, Label.CHECK: 1, Label.DONT_QUOTE: 2}
_FROM_MEMORY = (Origin.MEMORY, Origin.HUMAN)
_DISPLAY = (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE, Field.CREDIT)


@dataclass(frozen=True, slots=True)
class Note:
    """A finding, in the page's words."""

    severity: str
    title: str
    message: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A draft that lost."""

    text: str
    strategy: str
    failed: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A remembered translation: where the text comes from, or what a person wrote for a similar one."""

    zh: str
    en: str
    percent: int
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One Chinese passage beside its English."""

    anchor: str
    segment: str
    zh: tuple[Piece, ...]
    en: tuple[Piece, ...]
    zh_text: str
    en_text: str
    label: Label
    origin: Origin
    notes: tuple[Note, ...]
    alternatives: tuple[Alternative, ...]
    span: str
    """Place in the source, ``start–end`` in code points; empty for what a model wrote."""
    number: int = 0
    """Counts the body's sentences from 1; 0 for display fields."""
    support: tuple[tuple[str, int], ...] = ()
    """Anchor and number of the body sentences that a summary sentence rests on."""
    taken: Earlier | None = None
    """Where a text from the memory comes from."""
    similar: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Para:
    kind: BlockKind
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One unit as a section of the page."""

    anchor: str
    number: int
    unit: str
    kind: str
    fields: Mapping[str, Line | None]
    """Every display field by name; ``None`` where the unit has none."""
    title_en: str
    title_zh: str
    summary: tuple[Line, ...]
    summary_state: str
    paras: tuple[Para, ...]
    notes: tuple[Note, ...]
    column: str
    label: Label
    counts: Mapping[str, int]
    """Lines by label."""
    approval: Approval | None
    disclosure: str
    sentences: int
    chars: int
    """Characters of the Chinese body."""

    def lines(self) -> Iterator[Line]:
        """Every line of the article, display fields first."""
        yield from (line for line in self.fields.values() if line is not None)
        yield from self.summary
        for para in self.paras:
            yield from para.lines


def place(spans: Sequence[Span]) -> str:
    """Return where ``spans`` lie in the source, as ``start–end``."""
    return f"{spans[0].start}–{spans[-1].end}" if spans else ""


def notes(findings: Sequence[Finding], zh: str = "", en: str = "") -> tuple[Note, ...]:
    """Return findings in the page's words, the gravest first.

    What a finding cites is left out where the message says it already, or where it is the whole passage,
    ``zh`` or ``en``, that the finding stands under.
    """
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return tuple(
        Note(f.severity.value, words.check_title(f.check), f.message, _cited(f.source, zh, f.message), _cited(f.target, en, f.message))
        for f in sorted(findings, key=lambda f: order[f.severity])
    )


def jumps(unit: Unit, order: Sequence[str]) -> tuple[Note, ...]:
    """Return where the printed item goes on or was begun; ``order`` holds the ids of the issue's units as they are numbered."""
    out = []
    for jump in unit.jumps:
        said = "The printed item goes on" if jump.direction is JumpDirection.TO else "The printed item begins"
        other = f": item {order.index(jump.unit) + 1} here" if jump.unit in order else "; that part is not in this issue file"
        out.append(Note(Severity.INFO.value, "Jump", f"{said} on page {jump.page or 'unknown'}{other}.", "", ""))
    return tuple(out)


def _cited(part: str, whole: str, message: str) -> str:
    stem = part.removesuffix("…")
    return "" if part == whole or part in message or (stem != part and whole.startswith(stem)) else part


class _Unit:
    """Builds one article; numbers its lines as it goes."""

    def __init__(self, view: UnitView) -> None:
        self.view = view
        self.result = view.result
        self.number = view.number
        self.serial = 0
        self.anchors: dict[str, tuple[str, int]] = {}

    def line(self, field: Field, at: tuple[int, int], source: Block | Sentence | Passage, number: int = 0) -> Line:
        """Return the passage at ``(block, index)`` of ``field``."""
        self.serial += 1
        anchor = f"a{self.number}-{number}" if number else f"a{self.number}-x{self.serial}"
        made = self.view.get(field, *at) or _untranslated(self.result.unit.id, field, at, source)
        self.anchors[made.segment.id] = (anchor, number)
        zh, en = pieces(made, made.findings)
        lost = [a for i, a in enumerate(made.attempts) if i != made.chosen and a.text and a.text != made.target]
        return Line(
            anchor=anchor,
            segment=made.segment.id,
            zh=zh,
            en=en,
            zh_text=made.segment.text,
            en_text=made.target,
            label=made.label,
            origin=made.origin,
            notes=notes(made.findings, made.segment.text, made.target),
            alternatives=tuple(Alternative(a.text, a.strategy, ", ".join(words.check_title(f) for f in a.failed)) for a in lost),
            span=place(source.spans),
            number=number,
            taken=_earlier(made.remembered[0]) if made.remembered and made.origin in _FROM_MEMORY else None,
            similar=tuple(map(_earlier, made.remembered)) if made.origin not in _FROM_MEMORY else (),
        )

    def body(self) -> tuple[Para, ...]:
        paras: list[Para] = []
        number = 0
        for b, block in enumerate(self.result.unit.blocks):
            lines: list[Line] = []
            if block.kind is BlockKind.SUBHEAD:
                lines.append(self.line(Field.SUBHEAD, (b, 0), block))
            else:
                for i, sentence in enumerate(block.sentences):
                    number += 1
                    lines.append(self.line(Field.SENTENCE, (b, i), sentence, number))
            paras.append(Para(block.kind, tuple(lines)))
        return tuple(paras)

    def summary(self) -> tuple[Line, ...]:
        out: list[Line] = []
        for i, sentence in enumerate(self.result.summary.sentences):
            line = self.line(Field.SUMMARY, (0, i), Passage(text=sentence.text, spans=()))
            support = tuple(self.anchors[s] for s in sentence.support if s in self.anchors)
            out.append(replace(line, support=support))
        return tuple(out)

    def fields(self) -> dict[str, Line | None]:
        out: dict[str, Line | None] = {}
        for field in _DISPLAY:
            passage = self.view.passage(field)
            out[field.value] = self.line(field, (0, 0), passage) if passage else None
        return out


def _untranslated(unit: str, field: Field, at: tuple[int, int], source: Block | Sentence | Passage) -> Translation:
    name = f"{unit}.{field.value}.{at[0]}.{at[1]}"
    segment = Segment(id=name, unit=unit, field=field, block=at[0], index=at[1], text=source.text, spans=source.spans)
    return Translation(segment=segment, target="", origin=Origin.NONE, label=Label.DONT_QUOTE)


def _earlier(r: Remembered) -> Earlier:
    # Rounded down: only the same text is 100 %.
    return Earlier(r.source, r.target, int(r.similarity * 100), ", ".join(part for part in (r.who, r.when[:10]) if part))


def article(result: IssueResult, view: UnitView) -> tuple[Article, dict[str, str]]:
    """Return one unit as the page shows it, and the anchor of each of its segments."""
    build = _Unit(view)
    made, unit, number = view.result, view.result.unit, view.number
    paras = build.body()
    fields = build.fields()
    summary = build.summary()
    lines = [*(f for f in fields.values() if f), *summary, *(line for p in paras for line in p.lines)]
    counts = {label.value: sum(line.label is label for line in lines) for label in Label}
    kind = words.KINDS[unit.kind]
    headline = fields.get("headline")
    first = next((line for p in paras for line in p.lines), None)
    state = "" if summary else words.SUMMARY_STATES[made.summary.status] or words.SUMMARY_STATES[SummaryStatus.FAILED]
    return (
        Article(
            anchor=f"a{number}",
            number=number,
            unit=unit.id,
            kind=kind,
            fields=fields,
            title_en=(headline.en_text if headline else "") or (f"{kind}: {_clip(first.en_text, 90)}" if first else kind),
            title_zh=headline.zh_text if headline else _clip(first.zh_text, 40) if first else "",
            summary=summary,
            summary_state=state,
            paras=paras,
            notes=(*notes((*made.findings, *made.summary.findings)), *jumps(unit, [u.unit.id for u in result.units])),
            column=unit.column.text if unit.column else "",
            label=max((line.label for line in lines), key=_RANK.__getitem__, default=Label.READ),
            counts=counts,
            approval=view.approval,
            disclosure=disclosure.for_unit(view, result.provenance),
            sentences=sum(len(p.lines) for p in paras if p.kind is BlockKind.PARAGRAPH),
            chars=sum(len(b.text) for b in unit.blocks),
        ),
        {segment: anchor for segment, (anchor, _) in build.anchors.items()},
    )


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
