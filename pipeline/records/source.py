"""The issue as it was read: a file, its text, and what its format said about regions."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from pipeline.records.base import Record


class Span(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
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


def slice_text(text: str, spans: Sequence[Span]) -> str:
    """Return the source characters at ``spans``, concatenated."""
    return "".join(text[s.start : s.end] for s in spans)
