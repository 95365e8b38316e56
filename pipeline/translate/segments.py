"""What of a unit is translated, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.records import BlockKind, Field, Passage, Segment, Summary, Unit


def segments_of(unit: Unit) -> tuple[Segment, ...]:
    """Display fields first, then the body sentence by sentence, in reading order."""
    return tuple(_segments(unit))


def _segments(unit: Unit) -> Iterator[Segment]:
    display: tuple[tuple[Field, Passage | None], ...] = (
        (Field.COLUMN, unit.column),
        (Field.KICKER, unit.kicker),
        (Field.HEADLINE, unit.headline),
        (Field.SUBTITLE, unit.subtitle),
        (Field.BYLINE, unit.byline),
        (Field.CREDIT, unit.credit),
    )
    for field, passage in display:
        if passage is not None and passage.text:
            yield Segment(
                id=f"{unit.id}.{field.value}.0.0", unit=unit.id, field=field, block=0, index=0, text=passage.text, spans=passage.spans
            )
    for number, block in enumerate(unit.blocks):
        if block.kind is BlockKind.SUBHEAD:
            yield Segment(
                id=f"{unit.id}.subhead.{number}.0",
                unit=unit.id,
                field=Field.SUBHEAD,
                block=number,
                index=0,
                text=block.text,
                spans=block.spans,
            )
            continue
        for index, sentence in enumerate(block.sentences):
            yield Segment(
                id=f"{unit.id}.sentence.{number}.{index}",
                unit=unit.id,
                field=Field.SENTENCE,
                block=number,
                index=index,
                text=sentence.text,
                spans=sentence.spans,
            )


def summary_segments(summary: Summary) -> tuple[Segment, ...]:
    """The sentences of a Chinese summary, to be translated too; they have no span in the source."""
    return tuple(
        Segment(id=f"{summary.unit}.summary.0.{index}", unit=summary.unit, field=Field.SUMMARY, block=0, index=index, text=sentence.text)
        for index, sentence in enumerate(summary.sentences)
    )
