"""An issue's result arranged for writers: numbered units, passages by place, names of files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.bundle.naming import article_slug
from pipeline.records import Approval, Block, BlockKind, Field, IssueResult, Label, Origin, Passage, Translation, UnitResult

FIELD_ORDER: Final = (
    Field.COLUMN,
    Field.KICKER,
    Field.HEADLINE,
    Field.SUBTITLE,
    Field.BYLINE,
    Field.SUMMARY,
    Field.SUBHEAD,
    Field.SENTENCE,
    Field.CREDIT,
)

LABEL_WORDS: Final = {Label.READ: "", Label.CHECK: "check before use", Label.DONT_QUOTE: "do not quote"}
"""What a reader format says beside a passage; the editor's page has longer words."""

_HIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAKS: Final = re.compile("[\t\n\u2028\u2029]+")


def plain(text: str) -> str:
    """One line of ``text`` without control, zero-width and direction characters.

    They could hide or reorder words where the text is shown; the JSON files keep them.
    """
    return _HIDDEN.sub("", _BREAKS.sub(" ", text))


@dataclass(frozen=True)
class UnitView:
    """One unit with what writers ask of it."""

    number: int
    """1-based, in reading order."""
    width: int
    """Digits that numbers have in file names."""
    result: UnitResult
    approval: Approval | None
    places: dict[tuple[Field, int, int], Translation]

    @property
    def headline_zh(self) -> str:
        unit = self.result.unit
        return unit.headline.text if unit.headline else ""

    def english(self, field: Field) -> str:
        """English of a display field; empty where there is none."""
        found = self.places.get((field, 0, 0))
        return found.target if found else ""

    def get(self, field: Field, block: int = 0, index: int = 0) -> Translation | None:
        return self.places.get((field, block, index))

    @property
    def stem(self) -> str:
        """``NN-slug``: name of this unit's files, without the suffix."""
        slug = article_slug(self.english(Field.HEADLINE), self.result.unit.kind.value)
        return f"{self.number:0{self.width}d}-{slug}"

    def passage(self, field: Field) -> Passage | None:
        """The Chinese of a display field."""
        unit = self.result.unit
        return {
            Field.HEADLINE: unit.headline,
            Field.KICKER: unit.kicker,
            Field.SUBTITLE: unit.subtitle,
            Field.COLUMN: unit.column,
            Field.BYLINE: unit.byline,
            Field.CREDIT: unit.credit,
        }.get(field)

    def body(self) -> list[tuple[Block, list[Translation]]]:
        """Blocks in order, each with its translations in order."""
        out: list[tuple[Block, list[Translation]]] = []
        for number, block in enumerate(self.result.unit.blocks):
            field = Field.SUBHEAD if block.kind is BlockKind.SUBHEAD else Field.SENTENCE
            out.append((block, sorted((t for (f, b, _), t in self.places.items() if f is field and b == number), key=_index)))
        return out

    def summary(self) -> list[Translation]:
        """The summary's sentences with their English."""
        return sorted((t for (f, _, _), t in self.places.items() if f is Field.SUMMARY), key=_index)

    def in_order(self) -> list[Translation]:
        """All translations in reading order: display fields, summary, body, credit."""
        found = list(self.places.values())
        rank = {f: n for n, f in enumerate(FIELD_ORDER)}
        # Subheads stand among the sentences, by their block.
        body = rank[Field.SUBHEAD]
        return sorted(
            found, key=lambda t: (min(rank[t.segment.field], body + (t.segment.field is Field.CREDIT)), t.segment.block, t.segment.index)
        )

    @property
    def edited(self) -> int:
        """Passages whose English a person wrote."""
        return sum(t.origin is Origin.HUMAN for t in self.result.translations)


def _index(translation: Translation) -> int:
    return translation.segment.index


def views(result: IssueResult) -> tuple[UnitView, ...]:
    """Number the units of a result in their order."""
    approvals = {a.unit: a for a in result.approvals}
    width = max(2, len(str(len(result.units))))
    out = []
    for number, unit in enumerate(result.units, start=1):
        places = {(t.segment.field, t.segment.block, t.segment.index): t for t in unit.translations}
        out.append(UnitView(number, width, unit, approvals.get(unit.unit.id), places))
    return tuple(out)
