"""What a check is given, and the helpers every check shares.

A check is a pure function ``check(item, config) -> Iterator[Finding]`` (some also take a
``Lexicon``).  It reads one segment and one candidate translation, never other segments, so the
repair loop can score any candidate at any time and always gets the same answer.
"""

from __future__ import annotations

from pipeline.records import Field, Finding, NameEntry, Projection, Record, Segment, Severity

DISPLAY_FIELDS = frozenset({Field.HEADLINE, Field.KICKER, Field.SUBTITLE, Field.COLUMN, Field.SUBHEAD})
"""Fields set in display type: no full stop, headline capitals."""

QUOTED_LENGTH = 60
"""Longest stretch of text a message repeats, in characters."""


class CheckInput(Record, frozen=True):
    """One candidate translation of one segment, with what is known about it."""

    segment: Segment
    target: str
    finish: str = "stop"
    """The engine's finish reason: ``stop``, ``length``, ``runaway``, ``error``."""
    input_cut: int = 0
    """Source tokens the engine had to leave out."""
    projection: Projection | None = None
    names: tuple[NameEntry, ...] = ()
    """Entries of the name sheet whose Chinese occurs in the segment."""
    score: float | None = None
    """Mean log-probability per output token."""

    @property
    def source(self) -> str:
        """The segment's untouched Chinese."""
        return self.segment.text


def finding(  # every check reports through here, so that each finding knows its unit and segment
    item: CheckInput,
    check: str,
    severity: Severity,
    message: str,
    *,
    source: str = "",
    target: str = "",
) -> Finding:
    """Return a finding about ``item``; ``source`` and ``target`` are the stretches it is about."""
    return Finding(
        check=check,
        severity=severity,
        message=message,
        unit=item.segment.unit,
        segment=item.segment.id,
        source=source,
        target=target,
    )


def shorten(text: str, limit: int = QUOTED_LENGTH) -> str:
    """Return ``text`` on one line, cut to at most ``limit`` characters with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
