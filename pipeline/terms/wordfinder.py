"""Many words found in one pass over a text: an Aho-Corasick automaton and what each of its words stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class WordFinder(Generic[T]):
    """Words of a table, each with a value.

    Args:
        words: the words, none of them empty, and their values.
        longest: find only the longest word at a place and go on after it, instead of every word.
    """

    def __init__(self, words: Mapping[str, T], *, longest: bool = False) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        automaton = AhoCorasick(words, MatchKind.LeftmostLongest if longest else MatchKind.Standard)
        self._find = automaton.find_matches_as_indexes
        self._overlapping = not longest
        self._values = tuple(words.values())

    def find(self, text: str) -> list[tuple[int, int, T]]:
        """Start, end and value of each word in ``text``, in code points, by their ends and then longest first."""
        try:
            hits = self._find(text, self._overlapping)
        except UnicodeEncodeError:  # half a surrogate pair, which no word holds
            hits = self._find(text.encode(errors="replace").decode(), self._overlapping)
        values = self._values
        return [(start, end, values[word]) for word, start, end in hits]
