"""Small readings of Chinese and English text that several checks need."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

HAN_CLASS: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3005\u3007"
"""Inside a character class: Han ideographs, 〇 and 々."""

HAN: Final = re.compile(f"[{HAN_CLASS}]")
HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]+")
CJK_MARK: Final = re.compile(r"[、。〈〉《》「」『』【】〔〕〖〗！（），－．：；？～]")
WORD: Final = re.compile(r"[A-Za-zÀ-ɏ]+(?:[’'][A-Za-z]+)*|\d+(?:[.,]\d+)*")
_ASCII_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,][0-9]+)*")
"""What ``WORD`` finds in lower-case ASCII, in less time."""
CLAUSE_END: Final = re.compile(r"[，。！？；：,;!?]+[”’」』）)]*|——+|……")

# A digit or Latin letter of the source is copied, not translated into several letters.
_COPIED_WEIGHT: Final = 0.35
_COPIED: Final = re.compile("[A-Za-z0-9]+")


_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "‑": "-", "‐": "-", "\u00a0": " ", "\u202f": " "})


def word_table(written: str) -> frozenset[str]:
    """A set of words, written as running text to keep tables readable."""
    return frozenset(written.split())


def plain(text: str) -> str:
    """Return ``text`` with straight quotes, plain hyphens and ordinary spaces; lengths are kept."""
    return text if text.isascii() else text.translate(_PLAIN)


def han_count(text: str) -> int:
    """Number of Han characters in ``text``."""
    return sum(map(len, HAN_RUN.findall(text)))


def words(text: str) -> list[str]:
    """Words and numbers of an English text in order, lower case, apostrophes straight."""
    lower = text.lower()
    return _ASCII_WORD.findall(lower) if lower.isascii() else WORD.findall(lower.replace("’", "'"))


def source_size(text: str) -> float:
    """Size of a Chinese text in Han-character equivalents: copied digits and letters count about a third."""
    han = han_count(text)
    return han + _COPIED_WEIGHT * sum(map(len, _COPIED.findall(text)))


def clauses(text: str) -> list[str]:
    """Clauses of a Chinese sentence, punctuation dropped, empty ones left out."""
    return [part for part in (p.strip() for p in CLAUSE_END.split(text)) if part]


FUNCTION_WORDS: Final = word_table("a an the of and or to in on at for with by from as into its their his her this that be is are was were")


_SUFFIXES: Final = (
    *("ization", "isation", "ation", "ments", "ment", "ities", "ings", "ing", "ions", "ion", "ies", "ers", "ors"),
    *("ed", "es", "er", "or", "ity", "al", "ly", "s", "y", "e"),
)


@lru_cache(maxsize=50_000)  # a language has few words
def stem(word: str) -> str:
    """Beginning of an English word that its common forms share (a light stem, not a linguistic one)."""
    word = word.removesuffix("'s").removesuffix("'")
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=50_000)  # asked for the tables' renderings
def content_stems(english: str) -> tuple[str, ...]:
    """Stems of the words of ``english`` that carry meaning, in order; all words when none does."""
    found = words(plain(english))
    kept = [w for w in found if w not in FUNCTION_WORDS] or found
    return tuple(dict.fromkeys(stem(w) for w in kept))
