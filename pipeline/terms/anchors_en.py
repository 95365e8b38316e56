"""Where numbers can begin in an English text.

Most words begin no number, so the text is first run through an automaton of those that can, digits
and currency signs among them; the patterns of ``patterns_en`` are tried at its hits alone.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pipeline.terms import patterns_en as pat
from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, EN_WORDS


class Sort(Enum):
    """What an anchor is, and so what it can be the beginning of."""

    DIGIT = "digit"
    CODE = "code"
    """Letters glued to digits: G30, COVID-19, Q3."""
    MONEY = "money"
    COUNT = "count"
    ORDINAL = "ordinal"
    TIMES = "times"
    MONTH = "month"
    PART = "part"
    """Early, mid, late; the end or the beginning of; the 1990s."""
    ARTICLE = "article"
    HALF = "half"
    BETWEEN = "between"
    SEVERAL = "several"
    CLOCK = "clock"
    DOZEN = "dozen"
    ROMAN = "roman"


class _Key(NamedTuple):
    """A word of the automaton."""

    length: int
    sort: Sort
    follows: re.Pattern[str] | None
    """What must come after it, in lower case; None where it only has to end there."""


_FOLDS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SORTS: Final[tuple[tuple[Sort, str | None, tuple[str, ...]], ...]] = (
    (Sort.COUNT, None, (*EN_WORDS, *EN_SCALES)),
    (Sort.ORDINAL, None, tuple(EN_ORDINALS)),
    (Sort.TIMES, None, (*pat.TIMES_WORD, *(f"{word}fold" for word in _FOLDS))),
    (Sort.HALF, None, ("half",)),
    (Sort.BETWEEN, None, ("between",)),
    (Sort.SEVERAL, None, ("several", "tens", "dozens", "hundreds", "thousands", "millions", "billions")),
    (Sort.DOZEN, None, ("dozen", "both")),
    (Sort.CLOCK, None, ("noon", "midnight")),
    (Sort.ROMAN, r"[ivx]+\b", tuple(f"{word} " for word in pat.NUMBERED)),
    (Sort.MONTH, r"[\s,.;)-]|$", tuple(pat.MONTHS)),
    (Sort.PART, r"[\s-][a-z\d]", ("early", "mid", "late")),
    (Sort.PART, r"\s+\d{4}s", ("the",)),
    (Sort.PART, r"\s+of\s+\d{4}", ("end", "beginning")),
    (Sort.MONEY, r"\s?\d", ("rmb", "cny", "us$", "hk$")),
)
_SEPARATORS: Final = " -\n\t\u3000"
_EDGES: Final = frozenset(("", *" ,.-'\"()$"))
"""What most often stands at a word's edge; the test of the rest is dearer."""
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@lru_cache(maxsize=1)
def _automaton() -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for sort, follows, words in _SORTS:
        after = re.compile(follows) if follows else None
        for word in words:
            automaton.add_word(word, _Key(len(word), sort, after))
    # With what parts it from the next word: alone, "a" would be found in every other word.
    for article in ("a", "an"):
        for separator in _SEPARATORS:
            automaton.add_word(article + separator, _Key(len(article), Sort.ARTICLE, pat.AFTER_ARTICLE))
    for sign in string.digits + "０１２３４５６７８９":
        automaton.add_word(sign, _Key(1, Sort.DIGIT, None))
    for sign in "¥￥€£$":
        automaton.add_word(sign, _Key(1, Sort.MONEY, None))
    automaton.make_automaton()
    return automaton


def anchors(text: str) -> Iterator[tuple[int, Sort]]:
    """Code points at which a number can begin, in order; the rest of a number that began at one of them is among them."""
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    done = 0
    for last, (length, sort, follows) in _automaton().iter(lower):
        if sort is Sort.DIGIT:
            if last < done:
                continue
            start = _letters_before(lower, last)
            if done <= start < last:
                done = last + len(_digits(lower, last))
                yield start, Sort.CODE
            else:
                done = last + 1
                yield last, Sort.DIGIT
            continue
        end = last if sort is Sort.ARTICLE else last + 1
        start = end - length
        before, after = lower[start - 1 : start], lower[end : end + 1]
        if start < done or (before not in _EDGES and _is_word(before) and lower[start].isalpha()):
            continue
        if sort is Sort.ROMAN:
            start = end  # the word only leads to it
        if follows.match(lower, end) if follows else (after in _EDGES or not (_is_word(after) and lower[start].isalpha())):
            done = end
            yield start, sort


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _letters_before(lower: str, at: int) -> int:
    """Where the letters begin that are glued to the digit at ``at``, a hyphen between them or not; ``at`` where there are none."""
    end = at - 1 if lower[at - 1 : at] == "-" else at
    start = end
    while start and "a" <= lower[start - 1] <= "z":
        start -= 1
    if start == end or (start and _is_word(lower[start - 1])) or (end < at and lower[start:end] in ("a", "an")):
        return at
    return start


def _digits(lower: str, at: int) -> str:
    match = _DIGITS.match(lower, at)
    return match[0] if match else ""


_DIGITS: Final = re.compile(r"\d+")
