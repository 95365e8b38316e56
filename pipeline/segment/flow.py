"""Lines as arrays: what each begins and ends with, and which marks it holds, seen in one look at every character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cache, cached_property
from typing import Final

import numpy as np

from pipeline.segment.grams import Bools, Ints
from pipeline.segment.lines import Line, width

NO_LINE_START: Final = frozenset("，。、；：？！”’）》】％%‰℃,.;:?!)]}…")
"""Marks that may not open a line."""
QUOTE_START: Final = frozenset('“‘"《（(【')

_OPENING: Final = re.compile(r"[“‘《（【]*(?:[A-Za-z]+|[\d.,]+[%％℃]?|——|……|.)[，。、；：？！”’）》】％%℃…]*")
_FINAL: Final = re.compile(
    r"(?:[。！？!?…]|(?<=[\u3400-\u9fff])[.．])[”’\"'）)】》\]]*(?:\s?[（(【][^（）()。，]{2,30}[）)】]|\s?[^。，！？]{2,24}(?:摄|文/图))?$|^[\u3400-\u9fff·、\s]{2,20}(?:摄|文/图)$|[版页][)）\]】]$"
)
_MAY_END: Final = frozenset("!?…”’\"'）)】》].．摄图")

SPACE, STOP, MAY_END, NO_START, QUOTES, NARROW, WORD, CLOSER, ODD = (1 << i for i in range(9))
COMMA, SEMICOLON, FULL_STOP, COLON, EXCLAIM, RUNS_ON, DATES, ITEM, NOTICE, CAPTION, DASH = (1 << i for i in range(9, 20))
QUOTE_OPEN, QUOTE_SHUT, BRACKET_OPEN, BRACKET_SHUT, DIGIT, NUMBER_DOT, PAUSE, CALLS, NUMBER_END, AT, REPORTS, FILED = (
    1 << i for i in range(20, 32)
)
_KINDS: Final = {
    SPACE: "".join(c for c in map(chr, range(0x3001)) if c.isspace() and c != "\n"),
    STOP: "。！？",
    MAY_END: "".join(_MAY_END),
    NO_START: "".join(NO_LINE_START),
    QUOTES: "".join(QUOTE_START),
    NARROW: "".join(map(chr, (*range(0x20, 0x7F), 0xA0, *range(0x2002, 0x200B)))),
    WORD: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,—…“‘《（【",
    CLOSER: "，。、；：？！”’）》】％%℃…",
    COMMA: "，",
    SEMICOLON: "；",
    FULL_STOP: "。",
    COLON: "：:；;",
    EXCLAIM: "！？!?”’",
    RUNS_ON: "，、；,;(（《“‘【和与及或但的地得是在把被将对向从",
    DATES: "讯电道导",
    ITEM: "特●◆■▲○★◇▪•◎一二三四五六七八九十(（第0123456789",
    NOTICE: "告示事明知书报",
    CAPTION: "图上下左右▲",
    DASH: "—─－-",
    QUOTE_OPEN: "“",
    QUOTE_SHUT: "”",
    BRACKET_OPEN: "（",
    BRACKET_SHUT: "）",
    NUMBER_DOT: ".,",
    PAUSE: "。：:；;！？)）”",
    CALLS: ":：!！",
    NUMBER_END: "-—*0123456789",
    AT: "@",
    REPORTS: "本记通",
    FILED: "〔【",
}


@cache
def _kinds() -> Ints:
    """The kinds of each character, as bits; characters that few pages hold are odd, and may be of any kind that a pattern knows."""
    table = np.zeros(0x110000, np.int64)
    table[0x7F:] = ODD | ITEM | DIGIT | NUMBER_END
    for first, last in ((0x2010, 0x2027), (0x3000, 0x303F), (0x3400, 0x9FFF), (0xFF00, 0xFF0F), (0xFF1A, 0xFFEF)):
        table[first : last + 1] = 0
    for kind, marks in _KINDS.items():
        table[[ord(c) for c in marks]] |= kind
    table[ord("0") : ord("9") + 1] |= DIGIT
    return table


@cache
def _table(sets: tuple[str, ...]) -> Ints:
    """For each character the sets it is in, as bits."""
    table = np.zeros(0x110000, np.int64)
    for i, marks in enumerate(sets):
        table[[ord(c) for c in marks]] |= 1 << i
    return table


def is_final(text: str) -> bool:
    """Whether a line ends a sentence; names in brackets or a photographer may follow its mark."""
    last = text[-1]
    return last in "。！？" or (last in _MAY_END and _FINAL.search(text) is not None)


class Flow:
    """Lines of running text and display lines, in order, as arrays with an entry for each line."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.texts = [line.text for line in lines]
        self.cells: Ints = np.array([line.cells for line in lines], np.int64)
        self.gap: Ints = np.array([line.gap for line in lines], np.int64)
        self.indent: Ints = np.array([line.indent for line in lines], np.int64)
        self.size: Ints = np.array([len(text) for text in self.texts], np.int64)
        self.chars = np.frombuffer("\n".join([*self.texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
        """All characters, a line break after each line."""
        self.kinds = _kinds()[self.chars]
        """The kinds of all characters."""
        self._place()
        self.held: Ints = np.bitwise_or.reduceat(self.kinds, self.starts) if len(lines) else self.size
        """The kinds of characters that each line holds."""

    def _place(self) -> None:
        self.starts: Ints = np.cumsum(self.size + 1) - self.size - 1
        self.first, self.second = self.kinds[self.starts], self.kinds[self.starts + 1]
        self.last = self.kinds[self.starts + self.size - 1]

    def only(self, lines: Sequence[int]) -> Flow:
        """The same of some of the lines, in order."""
        at = np.array(lines, np.int64)
        out = copy(self)
        out.lines, out.texts = [self.lines[i] for i in lines], [self.texts[i] for i in lines]
        for name in ("cells", "gap", "indent", "size", "held", "final"):
            setattr(out, name, getattr(self, name)[at])
        chosen = np.zeros(len(self), np.bool_)
        chosen[at] = True
        here = np.repeat(chosen, self.size + 1)
        out.chars, out.kinds = self.chars[here], self.kinds[here]
        out._place()
        return out

    def first_in(self, marks: Iterable[str]) -> Bools:
        """Lines that begin with one of some characters."""
        return self._in(marks, self.starts)

    def last_in(self, marks: Iterable[str]) -> Bools:
        """Lines that end with one of some characters."""
        return self._in(marks, self.starts + self.size - 1)

    def _in(self, marks: Iterable[str], places: Ints) -> Bools:
        return np.isin(self.chars[places], np.array([ord(c) for c in marks], np.uint32))

    def holding(self, sets: tuple[str, ...]) -> list[Bools]:
        """For each of some sets of characters, which lines hold one of it."""
        if not len(self):
            return [np.zeros(0, np.bool_)] * len(sets)
        held = np.bitwise_or.reduceat(_table(sets)[self.chars], self.starts)
        return [held & (1 << i) != 0 for i in range(len(sets))]

    def __len__(self) -> int:
        return len(self.lines)

    def count(self, kind: int) -> Ints:
        """How many characters of a kind each line holds."""
        return np.bincount(self.lines_at(np.flatnonzero(self.kinds & kind)), minlength=len(self))

    def lines_at(self, places: Ints) -> Ints:
        """The lines that characters stand in."""
        return np.searchsorted(self.starts, places, "right") - 1

    @cached_property
    def final(self) -> Bools:
        """Lines that end a sentence."""
        out: Bools = self.last & STOP != 0
        for i in np.flatnonzero(~out & (self.last & MAY_END != 0)).tolist():
            out[i] = _FINAL.search(self.texts[i]) is not None
        return out

    @cached_property
    def hanging(self) -> Ints:
        """Half cells by which the marks at the end of each line may stand over the edge of its column."""
        one = (self.size > 1) & (self.last & NO_START != 0)
        two = one & (self.size > 2) & (self.kinds[self.starts + self.size - 2] & NO_START != 0)
        out: Ints = 2 * (one.astype(np.int64) + two)
        return out

    @cached_property
    def opening(self) -> Ints:
        """Half cells of what cannot be parted from the beginning of each line: a word, a number, a character and the marks after it."""
        out = np.where(self.first & NARROW, 1, 2)
        for i in np.flatnonzero((self.first & (WORD | ODD)) | (self.second & CLOSER)).tolist():
            hit = _OPENING.match(self.texts[i])
            out[i] = width(hit.group()) if hit else 2
        return out
