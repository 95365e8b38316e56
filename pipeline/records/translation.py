"""What is translated, what the checks found, and what became of each segment and summary."""

from __future__ import annotations

from enum import StrEnum

from pipeline.records.base import Record
from pipeline.records.finding import Finding
from pipeline.records.segmentation import Unit
from pipeline.records.source import Span


class Field(StrEnum):
    """Which part of a unit a segment is."""

    HEADLINE = "headline"
    KICKER = "kicker"
    SUBTITLE = "subtitle"
    COLUMN = "column"
    BYLINE = "byline"
    CREDIT = "credit"
    SUBHEAD = "subhead"
    SENTENCE = "sentence"
    SUMMARY = "summary"


class Segment(Record, frozen=True):
    """The smallest thing translated: one sentence, or one display field."""

    id: str
    """``<unit id>.<field>.<block>.<sentence>``, stable for equal input."""
    unit: str
    field: Field
    block: int
    """Index of the block in the unit (0 for display fields)."""
    index: int
    """Index of the sentence in its block."""
    text: str
    spans: tuple[Span, ...] = ()
    """Empty for a summary sentence, which the model wrote."""


class Replacement(Record, frozen=True):
    """English put in place of Chinese before decoding."""

    start: int
    end: int
    """Code points in the segment's own text."""
    source: str
    target: str
    kind: str
    """``term``, ``place``, ``person``, ``number``, ``title`` …"""
    origin: str = ""
    """Which table or rule decided it."""
    parts: tuple[Replacement, ...] = ()
    """What a phrase was joined from, in the order of the source."""


class Projection(Record, frozen=True):
    """A segment's text with known English put into it; the untouched text stays in the segment."""

    text: str
    replacements: tuple[Replacement, ...] = ()


class Label(StrEnum):
    READ = "read"
    CHECK = "check"
    DONT_QUOTE = "dont_quote"


class Origin(StrEnum):
    """Where a target text came from."""

    MODEL = "model"
    COPIED = "copied"
    """Nothing to translate (digits, Latin text)."""
    RULE = "rule"
    """Composed from the term and name tables alone (a byline, a place name)."""
    MEMORY = "memory"
    HUMAN = "human"
    NONE = "none"
    """Nothing usable was produced; findings say why."""


class Attempt(Record, frozen=True):
    """One try at a passage, kept whether it won or not."""

    strategy: str
    text: str
    finish: str
    """``stop``, ``length``, ``runaway``, ``error``."""
    prompt_tokens: int
    output_tokens: int
    score: float | None = None
    """Mean log-probability per output token where the engine reports it."""
    failed: tuple[str, ...] = ()
    """Names of the checks it failed."""


class Remembered(Record, frozen=True):
    """An earlier translation from the translation memory."""

    source: str
    target: str
    similarity: float
    """Of the sources, in characters: 1 for the same text, 0 for nothing in common."""
    who: str = ""
    """The person who wrote the target, or the model's id."""
    when: str = ""
    """UTC, RFC 3339; of a person's text only."""
    issue: str = ""


class Translation(Record, frozen=True):
    """A segment's English and how it came about."""

    segment: Segment
    target: str
    origin: Origin
    label: Label
    attempts: tuple[Attempt, ...] = ()
    chosen: int = 0
    """Index into ``attempts`` of the text that won; 0 when there were none."""
    projection: Projection | None = None
    findings: tuple[Finding, ...] = ()
    signature: str = ""
    """One line naming everything that shaped the text."""
    remembered: tuple[Remembered, ...] = ()
    """Of a text from the memory, where it comes from; of a model's draft, what people wrote for similar texts."""


class SummaryStatus(StrEnum):
    WRITTEN = "written"
    TOO_SHORT = "too_short"
    FAILED = "failed"
    OFF = "off"


class SummarySentence(Record, frozen=True):
    """One sentence of a Chinese summary and the body sentences that support it."""

    text: str
    support: tuple[str, ...] = ()
    """Ids of body segments."""


class Summary(Record, frozen=True):
    """A unit's Chinese summary; its English is among the unit's translations."""

    unit: str
    status: SummaryStatus
    text: str = ""
    sentences: tuple[SummarySentence, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    chosen: int = 0
    findings: tuple[Finding, ...] = ()
    signature: str = ""


class NameEntry(Record, frozen=True):
    """A line of the issue's name sheet."""

    source: str
    target: str
    kind: str
    """``person``, ``place``, ``organisation``."""
    decided_by: str
    """``pinyin``, ``table:<file>``, ``transliteration``, ``human``."""
    first_segment: str
    count: int
    flagged: bool = False


class UnitResult(Record, frozen=True):
    """Everything made from one unit."""

    unit: Unit
    summary: Summary
    translations: tuple[Translation, ...]
    findings: tuple[Finding, ...] = ()
