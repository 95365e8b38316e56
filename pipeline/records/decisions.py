"""What people decide about a draft: the review queue, corrections, approvals."""

from __future__ import annotations

from enum import StrEnum

from pipeline.records.base import Record
from pipeline.records.translation import Label


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
