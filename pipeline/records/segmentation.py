"""What segmentation made of an issue: units, blocks, sentences, furniture, and who owns every character."""

from __future__ import annotations

from enum import StrEnum

from pipeline.records.base import Record
from pipeline.records.finding import Finding
from pipeline.records.source import Span


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


class JumpDirection(StrEnum):
    TO = "to"
    FROM = "from"


class Jump(Record, frozen=True):
    """A printed jump of an item: where it goes on (``下转第三版``) or was begun (``上接第一版``)."""

    direction: JumpDirection
    page: str
    """The page as it is printed, ``三`` or ``A3``; empty where none is."""
    span: Span
    """Where the jump stands in the source; the ledger has it as furniture."""
    unit: str | None = None
    """Id of the unit that is the other part, where it is in the issue too."""


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
    jumps: tuple[Jump, ...] = ()
    """Jumps that stand at its ends."""

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
    """White space, line ends, zero-width and control characters, and hyphens that only divided a word at a line end (role ``hyphen``)."""
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
