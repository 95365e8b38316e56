"""Where numbers can begin in an English text.

Most words begin no number, so the text is first run through an automaton of those that can, digits
and currency signs among them; the patterns of ``patterns_en`` are tried at its hits alone.
"""

from __future__ import annotations

import re
import string
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.terms import patterns_en as pat
from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, EN_WORDS
from pipeline.terms.wordfinder import WordFinder


class Sort(StrEnum):
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
    """What a word begins."""

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
    (Sort.PART, r"\s+of\s+\d{4}", ("end", "beginning")),
    (Sort.MONEY, r"\s?\d", ("rmb", "cny", "us$", "hk$")),
)
_DIGIT, _ARTICLE, _ROMAN = Sort.DIGIT, Sort.ARTICLE, Sort.ROMAN  # looked up for every hit: a class of names takes its time
_SEPARATORS: Final = " -\n\t\u3000"
_EDGES: Final = frozenset(("", *" ,.-'\"()$"))
"""What most often stands at a word's edge; the test of the rest is dearer."""
_GLUED: Final = frozenset(string.ascii_lowercase + "-")
"""What can glue letters to a digit."""
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@lru_cache(maxsize=1)
def _finder() -> WordFinder[_Key]:
    keys: dict[str, _Key] = {}
    for sort, follows, words in _SORTS:
        after = re.compile(follows) if follows else None
        for word in words:
            keys[word] = _Key(sort, after)
    # With what parts it from the next word: alone, "a" would be found in every other word.
    for article in ("a", "an"):
        for separator in _SEPARATORS:
            keys[article + separator] = _Key(Sort.ARTICLE, pat.AFTER_ARTICLE)
    for sign in string.digits + "０１２３４５６７８９":
        keys[sign] = _Key(Sort.DIGIT, None)
    for sign in "¥￥€£$":
        keys[sign] = _Key(Sort.MONEY, None)
    return WordFinder(keys)


def anchors(text: str) -> list[tuple[int, Sort]]:
    """Code points at which a number can begin, in order; the rest of a number that began at one of them is among them."""
    lower = text.lower() if text.isascii() else text.translate(_LOWER)
    found: list[tuple[int, Sort]] = []
    done = 0
    for start, end, (sort, follows) in _finder().find(lower):
        if start < done:
            continue
        before = lower[start - 1 : start]
        if sort is _DIGIT:
            letters = _letters_before(lower, start) if before in _GLUED else start
            if done <= letters < start:
                done = start + len(_digits(lower, start))
                found.append((letters, Sort.CODE))
                continue
            if lower.startswith("s", start + 4) and (article := _article_before(lower, start, done)) is not None:
                found.append((article, Sort.PART))
            done = end
            found.append((start, sort))
            continue
        if before not in _EDGES and _is_word(before) and lower[start].isalpha():
            continue
        stop = end - 1 if sort is _ARTICLE else end  # without what parts it from the next word
        after = lower[stop : stop + 1]
        if follows.match(lower, stop) if follows else (after in _EDGES or not (_is_word(after) and lower[start].isalpha())):
            done = stop
            found.append((stop if sort is _ROMAN else start, sort))  # such a word only leads to the number
    return found


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


def _article_before(lower: str, at: int, floor: int) -> int | None:
    """Where "the" begins before a decade: the 1990s."""
    end = len(lower[floor:at].rstrip()) + floor
    start = end - 3
    there = floor <= start and end < at and lower.startswith("the", start) and _DECADE.match(lower, at)
    return start if there and not (start and _is_word(lower[start - 1])) else None


def _digits(lower: str, at: int) -> str:
    match = _DIGITS.match(lower, at)
    return match[0] if match else ""


_DIGITS: Final = re.compile(r"\d+")
_DECADE: Final = re.compile(r"\d{4}s")
