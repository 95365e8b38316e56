"""Does the Chinese in the bundle stand where its spans say, and does the character ledger balance?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.records import IssueResult, Segmentation, Span, Unit, UnitResult


def bare(text: str) -> str:
    """``text`` without white space, control and invisible characters: what spans must agree on."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp"))


def problem(source: str, text: str, spans: Sequence[Span]) -> str:
    """Say in what way ``text`` is not the source at ``spans``; empty where it is."""
    at = 0
    for span in spans:
        if not 0 <= span.start < span.end <= len(source):
            return f"the span {span.start}-{span.end} lies outside the source"
        if span.start < at:
            return f"the span {span.start}-{span.end} is out of order"
        at = span.end
    found = "".join(source[s.start : s.end] for s in spans)
    if bare(found) != bare(text):
        return f"the source says {found[:40]!r} where the bundle says {text[:40]!r}"
    return ""


def _unit_texts(unit: Unit) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    for name in ("headline", "kicker", "subtitle", "column", "byline", "credit"):
        passage = getattr(unit, name)
        if passage is not None:
            yield f"{unit.id}.{name}", passage.text, passage.spans
    for number, block in enumerate(unit.blocks):
        yield f"{unit.id}.block.{number}", block.text, block.spans
        for index, sentence in enumerate(block.sentences):
            yield f"{unit.id}.sentence.{number}.{index}", sentence.text, sentence.spans


def texts(units: Sequence[UnitResult]) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    """Every text that claims to stand in the source: its name, itself, its spans."""
    for result in units:
        yield from _unit_texts(result.unit)
        for t in result.translations:
            if t.segment.spans:
                yield f"passage {t.segment.id}", t.segment.text, t.segment.spans


def unsupported(result: IssueResult) -> tuple[int, list[str]]:
    """Return how many texts were compared with the source, and what is wrong with those that differ."""
    count = 0
    wrong: list[str] = []
    for name, text, spans in texts(result.units):
        count += 1
        what = problem(result.issue.text, text, spans)
        if what:
            wrong.append(f"{name}: {what}")
    return count, wrong


def unbalanced(segmentation: Segmentation, length: int) -> str:
    """Say where the ledger leaves a gap or counts a character twice; empty where it balances."""
    at = 0
    for entry in segmentation.ledger:
        if entry.span.start != at:
            what = "belongs to nobody" if entry.span.start > at else "is counted twice"
            return f"source character {min(at, entry.span.start)} {what}"
        at = entry.span.end
    return "" if at == length else f"the ledger ends at {at} of {length} characters"
