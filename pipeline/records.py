"""The frozen records that pass between stages.

Every record is an immutable ``msgspec.Struct``: stages take records and return new ones, and each
record survives a round trip through JSON (``encode`` / ``decode``) unchanged.  Offsets are always
0-based Unicode code points into ``Issue.text``, end exclusive.  Records hold no behaviour beyond
small derived properties; nothing here imports another module of the package.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec

SCHEMA_VERSION: Final = "1.0"

T = TypeVar("T")

_PAIR: Final = re.compile(rb"\[\n +(\d+),\n +(\d+)\n +\]")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every record: immutable, keyword only, strict when read back."""


# ------------------------------------------------------------------ the source


class Span(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A half-open range of code points ``[start, end)`` in ``Issue.text``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class SourceFile(Record, frozen=True):
    """The file as it came in, described before anything was done to it."""

    name: str
    """Base name only; never a path of the machine it was read on."""
    size: int
    """Bytes."""
    sha256: str
    """Lower-case hex digest of the raw bytes."""
    door: str = "text"
    """Which reader took it in: ``text``, ``html`` or ``pdf``."""
    encoding: str = "utf-8"
    """Python codec name that turned the bytes into text; ``pdf`` where the file's own fonts did."""
    encoding_how: str = "strict"
    """How the encoding was settled: ``bom``, ``strict``, ``declared``, ``guessed``."""
    undecodable: int = 0
    """Characters that stand in for bytes the encoding could not read."""


class Region(Record, frozen=True):
    """A stretch of ``Issue.text`` whose role the source itself stated (an HTML element, a PDF column)."""

    span: Span
    role: str
    """``headline``, ``kicker``, ``subtitle``, ``byline``, ``credit``, ``column``, ``paragraph``, ``subhead``, ``caption``,
    ``furniture``; ``display`` for a line set as headlines are, whichever it is."""
    group: int = 0
    """Regions of one article in the source share a group number."""


class Issue(Record, frozen=True):
    """One newspaper page or issue: the whole decoded text, untouched, plus where it came from."""

    id: str
    """First 16 hex digits of ``source.sha256``."""
    source: SourceFile
    text: str
    """Every decoded character in order, line ends and stray control characters included."""
    regions: tuple[Region, ...] = ()
    """Stated structure where the source has it; empty for plain text."""


# ------------------------------------------------------------------ segmentation


class Passage(Record, frozen=True):
    """Readable text and the source ranges it was made from.

    ``text`` is the source at ``spans`` with line breaks, layout spaces and invisible characters
    dropped; white space aside the two are equal, character by character.
    """

    text: str
    spans: tuple[Span, ...]


class Sentence(Record, frozen=True):
    """One sentence of a block, as the bundle shows it."""

    text: str
    spans: tuple[Span, ...]


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"


class Block(Record, frozen=True):
    """A paragraph or a subhead of a unit's body, in reading order."""

    kind: BlockKind
    text: str
    spans: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    """Sentences in order; their texts concatenated equal ``text`` (white space aside)."""


class UnitKind(StrEnum):
    ARTICLE = "article"
    CAPTION = "caption"
    NOTICE = "notice"
    VERSE = "verse"
    ADVERTISEMENT = "advertisement"
    BRIEF = "brief"


class Pairing(Record, frozen=True):
    """How a body found its headline block."""

    confidence: float
    """0 to 1."""
    how: str
    """``adjacent``, ``assigned``, ``stated``, ``override``, ``none``."""
    runner_up: str | None = None
    """The headline that came second, if any."""
    margin: float = 0.0
    """Lead over the runner-up, 0 to 1."""


class Unit(Record, frozen=True):
    """One item of the issue: an article, a caption, a notice."""

    id: str
    """16 hex digits derived from the issue's digest and the unit's first body span."""
    kind: UnitKind
    headline: Passage | None = None
    kicker: Passage | None = None
    subtitle: Passage | None = None
    column: Passage | None = None
    """The label it stands under; one label's span may be shared by several units."""
    byline: Passage | None = None
    authors: tuple[str, ...] = ()
    credit: Passage | None = None
    blocks: tuple[Block, ...] = ()
    pairing: Pairing | None = None

    @property
    def paragraphs(self) -> tuple[Block, ...]:
        return tuple(b for b in self.blocks if b.kind is BlockKind.PARAGRAPH)

    @property
    def subheads(self) -> tuple[Block, ...]:
        return tuple(b for b in self.blocks if b.kind is BlockKind.SUBHEAD)


class Owner(StrEnum):
    UNIT = "unit"
    FURNITURE = "furniture"
    LAYOUT = "layout"
    """White space, line ends, zero-width and control characters only."""
    RESIDUE = "residue"


class LedgerEntry(Record, frozen=True):
    """Who owns a range of the source."""

    span: Span
    owner: Owner
    unit: str | None = None
    """Unit id when ``owner`` is ``unit``.  A shared column label belongs to the first unit under it."""
    role: str = ""
    """Field of the unit, or the kind of furniture (``masthead``, ``page_number``, ``jump`` …)."""


class Segmentation(Record, frozen=True):
    """All units of an issue and the character ledger.

    The ledger's spans are ordered, disjoint and cover ``[0, len(Issue.text))`` exactly.
    """

    issue: str
    units: tuple[Unit, ...]
    ledger: tuple[LedgerEntry, ...]
    findings: tuple[Finding, ...] = ()


# ------------------------------------------------------------------ what is translated


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


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Finding(Record, frozen=True):
    """One thing an editor should know, in words an editor understands."""

    check: str
    """Name of the check or stage: ``numbers``, ``untranslated``, ``residue`` …"""
    severity: Severity
    message: str
    unit: str | None = None
    segment: str | None = None
    source: str = ""
    """The Chinese the finding is about, if any."""
    target: str = ""
    """The English the finding is about, if any."""
    span: Span | None = None


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


# ------------------------------------------------------------------ provenance and the whole result


class ModelInfo(Record, frozen=True):
    """Exactly which weights ran."""

    id: str
    revision: str
    sha256: str
    """Digest of the weights file, or of the sorted list of file digests for a folder."""
    licence: str = ""


class EngineInfo(Record, frozen=True):
    """Exactly which engine ran, and how it was set."""

    name: str
    """``llamacpp``, ``transformers``, ``ctranslate2``, ``rehearsal``."""
    family: str
    """``instruct`` or ``seq2seq``."""
    versions: tuple[tuple[str, str], ...]
    """Library name and version, sorted."""
    model: ModelInfo
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that shape the output (decoding, quantisation), sorted.  Not thread counts."""


class TaskProvenance(Record, frozen=True):
    """What shaped all passages of one task (``translate`` or ``summarise``)."""

    task: str
    engine: EngineInfo
    prompt_sha256: str
    config_sha256: str
    signature: str


class Provenance(Record, frozen=True):
    """What shaped the bundle.  Times and host names are kept elsewhere (``Volatile``)."""

    pipeline_version: str
    code_revision: str
    """Git commit of the code, or ``unknown``."""
    code_dirty: bool
    config_sha256: str
    terms_sha256: str
    tasks: tuple[TaskProvenance, ...]
    memory_sha256: str = ""
    """Digest of the remembered translations that met this issue's passages; empty where none did."""


class Volatile(Record, frozen=True):
    """Facts that differ from run to run and must not touch the other files' bytes."""

    started: str
    """UTC, RFC 3339."""
    finished: str
    seconds: float
    engine_seconds: float
    host: str
    platform: str
    python: str
    prompt_tokens: int
    output_tokens: int
    cached_tokens: int
    resumed: int
    """Replies taken from an interrupted run's journal."""
    peak_memory_bytes: int
    memory_sha256: str = ""
    """Digest of the whole translation memory as the run saw it; empty without one."""


class IssueResult(Record, frozen=True):
    """The whole outcome for one issue: what the bundle writers turn into files."""

    schema: str
    issue: Issue
    segmentation: Segmentation
    units: tuple[UnitResult, ...]
    names: tuple[NameEntry, ...]
    findings: tuple[Finding, ...]
    """Findings about the issue as a whole (encoding, residue, pairing)."""
    provenance: Provenance
    approvals: tuple[Approval, ...] = ()
    """At most one per unit: those that stand, withdrawn ones left out."""
    corrections: tuple[Correction, ...] = ()
    """Human decisions already worked into the texts above, oldest first."""

    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding of the issue, its units, summaries and translations, in reading order."""
        out: list[Finding] = [*self.findings]
        for u in self.units:
            out += u.findings
            out += u.summary.findings
            for t in u.translations:
                out += t.findings
        return tuple(out)


# ------------------------------------------------------------------ what people decide


class QueueItem(Record, frozen=True):
    """One place an editor should look at, in the order it deserves attention."""

    unit: str
    segment: str | None
    """Segment id, or ``None`` where the whole unit is meant."""
    label: Label
    reason: str
    """Plain words: what to look for."""
    seconds: int = 0
    """Expected reading time."""


class CorrectionKind(StrEnum):
    TEXT = "text"
    """The English of one segment: a sentence, a headline, a summary sentence."""
    NAME = "name"
    """The English of a name, for this issue and all later ones."""
    TERM = "term"
    """The English of a term, for this issue and all later ones."""
    APPROVAL = "approval"
    """A person vouches for a unit."""
    WITHDRAWAL = "withdrawal"
    """The unit's approval is taken back."""


class Correction(Record, frozen=True):
    """What one person decided about one thing; never changed or removed once saved."""

    kind: CorrectionKind
    issue: str
    who: str
    when: str
    """UTC, RFC 3339, whole seconds."""
    unit: str | None = None
    """Unit the decision was made in; required for all kinds but names and terms."""
    segment: str | None = None
    source: str = ""
    """The Chinese it is about: the segment's text, the name, the term."""
    before: str = ""
    """The English it replaces."""
    after: str = ""
    via: str = "review"
    """``review`` (the review server), ``xliff`` (an edited file brought back), ``command`` (``pipeline terms set``)."""
    name_kind: str = ""
    """Of a name: ``person``, ``place`` or ``organisation``."""


class Approval(Record, frozen=True):
    """Who vouched for a unit, and when."""

    unit: str
    who: str
    when: str
    """UTC, RFC 3339."""


# ------------------------------------------------------------------ JSON


def encode(record: Any) -> bytes:
    """Return ``record`` as canonical, human-readable UTF-8 JSON ending in a newline."""
    text = msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1)
    # A span belongs on one line.  Line breaks stand between values only: inside strings they are escaped.
    return _PAIR.sub(rb"[\1, \2]", text) + b"\n"


def decode(data: bytes, kind: type[T]) -> T:
    """Read a record back; raises ``msgspec.ValidationError`` where the data does not fit."""
    return msgspec.json.decode(data, type=kind)


def slice_text(text: str, spans: Sequence[Span]) -> str:
    """Return the source characters at ``spans``, concatenated."""
    return "".join(text[s.start : s.end] for s in spans)
