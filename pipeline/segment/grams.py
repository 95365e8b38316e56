"""What texts share: n-grams of Chinese characters, Latin words and numbers, rare ones counting most.

Weights are inverse document frequencies (Spärck Jones 1972) over the paragraphs of a page, so a
name that stands in one article only tells much, and ``工作`` tells nothing.

A gram is a number here, and a page's grams are the columns of a table, so that all of its texts are
compared at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import log, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A pattern that opens with a set of characters is searched for much more quickly than one that opens with alternatives.
_WORD: Final = re.compile(r"[A-Za-z\d](?:(?<=\d)\d*(?:\.\d+)?|(?<=[A-Za-z])[A-Za-z]+)")
"""``[A-Za-z]{2,}|\\d+(?:\\.\\d+)?``."""
_ABSENT: Final = 0.45

FUNCTION_CHARS: Final = frozenset(
    "的了是在和就也都不有他她它们这那一个着过把被对从到为以而与及或但其等又还将让使我你您说后前中上下里来去出大小多年月日"
)
"""Characters that tell nothing about a topic: particles, pronouns, prepositions, common verbs and measures."""

_BITS: Final = 21
"""Bits of a character; a single character's number is its code point, a pair's has the second one below the first."""
_PAIRS: Final = 1 << _BITS
_WORDS: Final = 1 << 2 * _BITS
_CHUNK: Final = 1024
"""Texts of a collection that are looked at together."""
_SIEVE: Final = (1 << 16) - 1
"""Slots of a sieve that holds back most grams that a table does not know."""
_RUN, _TOPIC, _FUNCTION = 1, 2, 4
"""Classes of characters: those of a run of pairs, those that tell a topic, those that tell none."""


@cache
def _classes() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, np.uint8)
    for first, last in ((0x3400, 0x9FFF), (0xF900, 0xFAFF)):
        table[first : last + 1] = _RUN | _TOPIC
    table[[ord(c) for c in FUNCTION_CHARS]] = _RUN | _FUNCTION
    table[ord("·")] = _RUN
    return table


def exact(values: Floats, bits: int = 36) -> Floats:
    """Round to so many binary places: sums are exact then, and the same in whatever order they are added up."""
    return np.rint(values * float(1 << bits)) / float(1 << bits)


class Grams(NamedTuple):
    """The grams of some texts, each with the index of its text."""

    letters: Ints
    """Characters that tell something about a topic."""
    letter_texts: Ints
    pairs: Ints
    """Pairs of neighbouring characters, Latin words and numbers in the order they stand in; of paragraphs words come last."""
    pair_texts: Ints
    linked: Bools
    """Whether the pair before it overlaps with it."""


def scan(texts: Sequence[str], words: dict[str, int], *, in_order: bool = False, singles: bool = True) -> Grams:
    """Find the grams of texts, repeated ones too; ``words`` numbers the Latin words and numbers, and is added to.

    Without ``singles`` no characters are gathered, only pairs and words.
    """
    text = "\n".join(texts)
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    text_of = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), np.int64, len(texts)) + 1)[:-1]
    classes = _classes()[chars]
    runs = (classes & _RUN).view(np.bool_)
    at = np.flatnonzero(runs[:-1] & runs[1:])
    pairs = chars[at] << _BITS | chars[at + 1]
    letters = np.flatnonzero(classes & _TOPIC) if singles else at[:0]
    found: list[tuple[int, int]] = []
    for hit in _WORD.finditer(text):
        word = hit.group()
        if word.isascii():
            if len(word) > 1:
                found.append((hit.start(), words.setdefault(word, _WORDS + len(words))))
        else:
            found += _odd_digits(hit.start(), word, words)
    linked = np.zeros(len(at) + len(found), np.bool_)
    linked[1 : len(at)] = at[1:] == at[:-1] + 1
    if found:
        other = np.array(found, np.int64).T
        at, pairs = np.concatenate([at, other[0]]), np.concatenate([pairs, other[1]])
        if in_order:
            order = np.argsort(at, kind="stable")
            at, pairs, linked = at[order], pairs[order], linked[order]
    return Grams(chars[letters], text_of[letters], pairs, text_of[at], linked)


def _odd_digits(start: int, text: str, words: dict[str, int]) -> list[tuple[int, int]]:
    """A number with digits of other scripts: they are taken in pairs, as characters are, where they come first."""
    if text[0].isascii():
        return [(start, words.setdefault(text, _WORDS + len(words)))] if len(text) > 1 else []
    return [(start + i, ord(a) << _BITS | ord(b)) for i, (a, b) in enumerate(pairwise(text))]


class Table:
    """Which grams some texts hold, the paragraphs of a page as a rule.

    Columns are grams in order of their numbers, single characters first; an entry of ``rows`` and
    ``columns`` tells that a text holds a gram, and entries are in order of column, then row.

    Args:
        texts: a row for each.
        among: all texts of a collection of which these are some: rarity is rarity there.  Single characters are not counted then,
            only what ``cohesion`` compares.
    """

    def __init__(self, texts: Sequence[str], among: Sequence[str] | None = None) -> None:
        self.height = len(texts)
        self.words: dict[str, int] = {}
        found = scan(texts, self.words)
        bits = len(texts).bit_length()
        keys = np.concatenate([found.letters << bits | found.letter_texts, found.pairs << bits | found.pair_texts])
        keys.sort()
        keys = keys[firsts(keys)]
        codes = keys >> bits
        self.rows: Ints = keys & ((1 << bits) - 1)
        opening = firsts(codes)
        self.columns: Ints = np.cumsum(opening) - 1
        at = np.flatnonzero(opening)
        self.codes: Ints = codes[at]
        self.counts: Ints = np.diff(at, append=len(codes)) if among is None else self._count(among)
        """Number of texts that hold each gram."""
        self.letters = int(np.searchsorted(self.codes, _PAIRS))
        """Number of columns that are single characters."""
        total = max(1, len(texts if among is None else among))
        most = int(self.counts.max(initial=0))
        worth = [_ABSENT * log(1 + total), *(log(1 + total / n) for n in range(1, most + 1))]
        self._of_count = exact(np.array(worth))
        self.weights: Floats = self._of_count[self.counts]
        self._by_row: tuple[Ints, list[int]] | None = None
        self._squares: Floats | None = None

    def _count(self, among: Sequence[str]) -> Ints:
        counts = np.zeros(len(self.codes), np.int64)
        bits = _CHUNK.bit_length()
        known = np.zeros(_SIEVE + 1, np.bool_)
        known[_slots(self.codes)] = True
        bounds = np.concatenate([self.codes, self.codes + 1]) << bits
        for i in range(0, len(among), _CHUNK):
            found = scan(among[i : i + _CHUNK], self.words, singles=False)
            may = np.flatnonzero(known[_slots(found.pairs)])
            keys = found.pairs[may] << bits | found.pair_texts[may]
            keys.sort()
            low, high = np.split(np.searchsorted(keys[firsts(keys)], bounds), 2)
            counts += high - low
        return counts

    def _columns(self, codes: Ints) -> Ints:
        """The column of each gram; the number of columns where there is none."""
        at = np.searchsorted(self.codes, codes)
        return np.where(np.append(self.codes, -1)[at] == codes, at, len(self.codes))

    @property
    def loose(self) -> Bools:
        """Columns of pairs that hold a function character."""
        classes = _classes()
        out = np.zeros(len(self.codes), np.bool_)
        pairs = slice(self.letters, int(np.searchsorted(self.codes, _WORDS)))
        codes = self.codes[pairs]
        out[pairs] = (classes[codes >> _BITS] | classes[codes & (_PAIRS - 1)]) & _FUNCTION != 0
        return out

    def find(self, codes: Ints) -> tuple[Ints, Floats]:
        """The column of each gram (their number where there is none), and its weight: less where no text can share it."""
        at = self._columns(codes)
        return at, np.append(self.weights, self._of_count[0])[at]

    def held(self, columns: Ints) -> Bools:
        """For each text and each of some columns (their number for none), whether it holds the gram."""
        used = np.zeros(len(self.codes) + 1, np.bool_)
        used[columns] = True
        slots = np.cumsum(used) - 1
        wanted = np.flatnonzero(used[self.columns])
        out = np.zeros((self.height, int(slots[-1]) + 1), np.bool_)
        out[self.rows[wanted], slots[self.columns[wanted]]] = True
        return out[:, slots[columns]]

    def _rows(self) -> tuple[Ints, list[int], Floats]:
        """Columns of pairs and words row by row (the first of them is 0), where each row begins, and their squared weights."""
        if self._by_row is None or self._squares is None:
            pairs = int(np.searchsorted(self.columns, self.letters))
            rows = self.rows[pairs:]
            order = np.argsort(rows, kind="stable")
            bounds = np.searchsorted(rows[order], np.arange(self.height + 1))
            self._by_row = self.columns[pairs:][order] - self.letters, bounds.tolist()
            self._squares = exact(self.weights[self.letters :] ** 2, 30)
        return *self._by_row, self._squares

    def cohesion(self, start: int, at: int, end: int) -> float:
        """Cosine of the pairs and words of the texts ``[start, at)`` and ``[at, end)`` under these weights, 0 to 1."""
        columns, bounds, squares = self._rows()
        one, other = np.zeros((2, len(squares)), np.bool_)
        one[columns[bounds[start] : bounds[at]]] = True
        other[columns[bounds[at] : bounds[end]]] = True
        shared = float(squares[one & other].sum())
        return shared / sqrt(float(squares[one].sum()) * float(squares[other].sum())) if shared else 0.0

    def cohesions(self, row: int, start: int, end: int) -> list[float]:
        """The same of one text and each of ``[start, end)``."""
        columns, bounds, squares = self._rows()
        mine, theirs = columns[bounds[row] : bounds[row + 1]], columns[bounds[start] : bounds[end]]
        of = np.repeat(np.arange(end - start), np.diff(bounds[start : end + 1]))
        worth = squares[theirs]
        both = np.isin(theirs, mine)
        shared, sizes = np.bincount(of[both], worth[both], end - start), np.bincount(of, worth, end - start)
        found = np.divide(shared, np.sqrt(sizes * squares[mine].sum()), out=np.zeros(end - start), where=shared > 0)
        return found.tolist()  # type: ignore[no-any-return]


def _slots(codes: Ints) -> Ints:
    return (codes ^ codes >> 13) & _SIEVE


def firsts(ordered: Ints) -> Bools:
    """Which entries differ from the one before."""
    out = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=out[1:])
    return out
