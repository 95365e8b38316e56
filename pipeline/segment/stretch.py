"""Text gathered from several places of the source, each character still knowing where it stood."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

from pipeline.records import Passage, Span
from pipeline.segment.lines import Line

_CJK: Final = (
    "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u2014\u2018-\u201d\u2026\u00b7\U00020000-\U0003ffff"
)
_LOOSE_SPACE: Final = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])|(?<=\d)\s+(?=[\d.,%])|(?<=\d[.,])\s+(?=\d)|\s+(?=[,.;:!?%)])")
_SPACES: Final = re.compile(r"\s+")
_SPREAD: Final = re.compile(rf"(?<![^\s])[{_CJK}](?:\s[{_CJK}])+(?![^\s])")
"""Letter-spaced characters: every one of them alone between spaces."""


Piece: TypeAlias = tuple[int, int, int]
"""``(at, source, length)``: ``length`` characters at ``at`` of a stretch come from ``source``; -1 marks an inserted space."""


class Stretch:
    """Matching text with its source offsets."""

    __slots__ = ("_ats", "_spans", "pieces", "text")

    def __init__(self, text: str, pieces: list[Piece]) -> None:
        self.text = text
        self.pieces = pieces
        self._ats: list[int] | None = None
        self._spans: tuple[Span, ...] | None = None

    @property
    def first(self) -> int:
        """Source offset of its first character."""
        return self.pieces[0][1]

    def slice(self, start: int, end: int) -> Stretch:
        """Return the part ``[start, end)``, white space at its ends dropped."""
        start, end = self.trim(start, end)
        if start == 0 and end == len(self.text):
            return self
        return Stretch(self.text[start:end], [(at - start, source, length) for at, source, length in self._cut(start, end)])

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The range ``[start, end)`` without white space at its ends."""
        text = self.text[start:end]
        if text and not text[0].isspace() and not text[-1].isspace():
            return start, start + len(text)
        bare = text.lstrip()
        start += len(text) - len(bare)
        return start, start + len(bare.rstrip())

    def _cut(self, start: int, end: int) -> list[Piece]:
        """The pieces of the part ``[start, end)``, each ``at`` counted from the beginning of the whole."""
        pieces = self.pieces
        if self._ats is None:
            self._ats = [at for at, _, _ in pieces]
        low, high = max(0, bisect_right(self._ats, start) - 1), bisect_left(self._ats, end)
        out = pieces[low:high]
        if not out or start >= end:
            return []
        at, source, length = out[-1]
        if at + length > end:
            out[-1] = at, source, end - at
        at, source, length = out[0]
        if at < start:
            out[0] = start, source if source < 0 else source + start - at, length - start + at
        return out

    def spans(self) -> tuple[Span, ...]:
        """Source ranges, neighbours merged."""
        if self._spans is None:
            self._spans = _merged(self.pieces)
        return self._spans

    def spans_of(self, start: int, end: int) -> tuple[Span, ...]:
        """Source ranges of the part ``[start, end)``."""
        return _merged(self._cut(start, end))

    def shown(self, source: str) -> str:
        """The characters of the source itself, with the inserted spaces; as long as ``text``."""
        return "".join([self.text[a] if s < 0 else source[s : s + n] for a, s, n in self.pieces])

    def passage(self, source: str) -> Passage:
        return Passage(text=self.shown(source), spans=self.spans())


def _merged(pieces: Sequence[Piece]) -> tuple[Span, ...]:
    out: list[Span] = []
    start = end = -2
    for _, source, length in pieces:
        if source == end:
            end += length
        elif source >= 0:
            if end >= 0:
                out.append(Span(start, end))
            start, end = source, source + length
    if end >= 0:
        out.append(Span(start, end))
    return tuple(out)


class Builder:
    """Collects source ranges into one stretch."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0

    @property
    def length(self) -> int:
        return self._length

    def space(self, mark: str = " ") -> None:
        """Insert a space, or a line break between lines of verse."""
        self._texts.append(mark)
        self._pieces.append((self._length, -1, 1))
        self._length += 1

    def add_plain(self, line: Line) -> None:
        """Append the whole of a line that is all of a piece."""
        text = line.text
        size = len(text)
        self._texts.append(text)
        self._pieces.append((self._length, line.start, size))
        self._length += size

    def add(self, line: Line, start: int, end: int) -> None:
        """Append characters ``[start, end)`` of a line."""
        if start >= end:
            return
        text = line.text[start:end]
        self._texts.append(text)
        if line.offsets is None:
            self._pieces.append((self._length, line.start + start, end - start))
            self._length += end - start
            return
        at = start
        while at < end:
            stop = at + 1
            while stop < end and line.offsets[stop] == line.offsets[stop - 1] + 1:
                stop += 1
            self._pieces.append((self._length, line.offsets[at], stop - at))
            self._length += stop - at
            at = stop

    def add_running(self, line: Line, start: int, end: int) -> None:
        """Append a part of a line of running text: spaces beside Chinese characters are layout."""
        text = line.text
        if " " not in text and text.isprintable():
            self.add(line, start, end)
            return
        at = start
        for hit in _LOOSE_SPACE.finditer(text, start, end):
            self.add(line, at, hit.start())
            at = hit.end()
        self._add_single_spaced(line, at, end)

    def add_display(self, line: Line, start: int, end: int) -> None:
        """Append a part of a headline: a space parts clauses, unless it only spreads the letters."""
        text = line.text
        spread = [(m.start(), m.end()) for m in _SPREAD.finditer(text, start, end)]
        at = start
        for low, high in spread:
            self._add_single_spaced(line, at, low)
            for hit in re.finditer(r"\S", text[low:high]):
                self.add(line, low + hit.start(), low + hit.end())
            at = high
        self._add_single_spaced(line, at, end)

    def _add_single_spaced(self, line: Line, start: int, end: int) -> None:
        at = start
        for hit in _SPACES.finditer(line.text, start, end):
            if hit.group() == " ":
                continue
            self.add(line, at, hit.start())
            self.space()
            at = hit.end()
        self.add(line, at, end)

    def build(self) -> Stretch:
        return Stretch("".join(self._texts), self._pieces)


def display(line: Line) -> Stretch:
    """A line as a stretch of its own."""
    if line.plain:
        return Stretch(line.text, [(0, line.start, len(line.text))])
    build = Builder()
    build.add_display(line, 0, len(line.text))
    return build.build()


_WORD_OPEN: Final = re.compile(r"[A-Za-z-]\n")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z]*(?:-[A-Za-z]+)*")
_LINE_END: Final = re.compile(r"-*\n")
_WORD_END: Final = re.compile(r"[A-Za-z]+$")
_WORD_START: Final = re.compile(r"[A-Za-z]+")
_ADDRESS: Final = re.compile(r"(?:://|www\.|@)[\w./?=&%#-]*$")
_ABBREVIATION: Final = 6
"""Letters up to which capitals on both sides of a line end are one abbreviation."""


def latin_words(texts: Sequence[str]) -> frozenset[str]:
    """Latin words and compounds that stand unsplit in lines of a page; empty where no line ends in one."""
    every = "\n".join(["", *texts, ""])
    if _WORD_OPEN.search(every) is None:
        return frozenset()
    # What touches an end of its line may itself be a part of a word.
    found = (hit for hit in _WORD.finditer(every) if every[hit.start() - 1] != "\n" and _LINE_END.match(every, hit.end()) is None)
    return frozenset([hit.group().lower() for hit in found])


def glue(before: str, after: str, known: Collection[str] = ()) -> tuple[bool, bool]:
    """How two lines of running text join: (drop the hyphen that ends the first, put a space between).

    ``known`` has words in lower case that stand unsplit elsewhere: they tell a word that the line end
    split (``Chat`` + ``GPT``) from two words, and a compound that keeps its hyphen (``e-`` + ``sports``)
    from a word that only the line end divided (``interna-`` + ``tional``).
    """
    if not before or not after or not (before[-1].isascii() and after[0].isascii()):
        return False, False
    tail = before[-1]
    if tail == "-":
        left, right = _WORD_END.search(before[:-1]), _WORD_START.match(after)
        if left is None or right is None or not (before[-2].islower() and after[0].islower()):
            return False, False
        one, other = left.group().lower(), right.group().lower()
        if len(one) == 1 or f"{one}-{other}" in known:
            return False, False
        return one + other in known or not (one in known and other in known), False
    if _ADDRESS.search(before[-80:]):
        return False, False
    if not tail.isalnum() or not after[0].isalnum():
        # "3." + "5%", "(" + "AI": nothing was between them; after a comma or a full stop a word space was.
        return False, tail in ",.;:!?)" and after[0].isalpha()
    if tail.isdigit() or after[0].isdigit():
        return False, False
    left, right = _WORD_END.search(before), _WORD_START.match(after)
    if left is None or right is None:
        return False, False
    first, second = left.group(), right.group()
    if first.isupper() and second.isupper() and len(first) + len(second) <= _ABBREVIATION:
        return False, False
    return False, (first + second).lower() not in known
