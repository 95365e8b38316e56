"""What texts share: n-grams of Chinese characters, Latin words and numbers, rare ones counting most.

Weights are inverse document frequencies (Spärck Jones 1972) over the paragraphs of the issue, so a
name that stands in one article only tells much, and ``工作`` tells nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import fsum, log, sqrt
from operator import add
from typing import Final

_RUN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff·]+|[A-Za-z]+|\d+(?:\.\d+)?")

_ABSENT: Final = 0.45

FUNCTION_CHARS: Final = frozenset(
    "的了是在和就也都不有他她它们这那一个着过把被对从到为以而与及或但其等又还将让使我你您说后前中上下里来去出大小多年月日"
)
"""Characters that tell nothing about a topic: particles, pronouns, prepositions, common verbs and measures."""
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def sequences(text: str) -> list[list[str]]:
    """Grams run by run, in order: bigrams of each Chinese run, whole Latin words and numbers alone."""
    out: list[list[str]] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            if len(run) > 1:
                out.append([run])
        elif len(run) > 1:
            out.append(list(map(add, run, run[1:])))
    return out


def grams(text: str) -> set[str]:
    """All grams of a text."""
    out: set[str] = set()
    for run in _RUN.findall(text):
        if run[0].isascii():
            if len(run) > 1:
                out.add(run)
        else:
            out.update(map(add, run, run[1:]))
    return out


def letters(text: str) -> set[str]:
    """The Chinese characters of a text that tell something about its topic."""
    return set(_HAN.findall(text)) - FUNCTION_CHARS


class Weights:
    """Inverse document frequencies over a collection of gram sets."""

    def __init__(self, documents: Iterable[set[str]]) -> None:
        count: Counter[str] = Counter()
        total = 0
        for document in documents:
            count.update(document)
            total += 1
        self.total = max(1, total)
        self._count: Mapping[str, int] = count
        self._of_count = {0: _ABSENT * log(1 + self.total)}

    def of(self, gram: str) -> float:
        """Weight of a gram; one that no paragraph holds weighs less, since nothing can share it."""
        found = self._count.get(gram, 0)
        known = self._of_count.get(found)
        if known is None:
            known = self._of_count[found] = log(1 + self.total / found)
        return known

    def count(self, gram: str) -> int:
        """Number of documents that hold a gram."""
        return self._count.get(gram, 0)

    def cohesion(self, one: set[str], other: set[str]) -> float:
        """Cosine of two gram sets under these weights, 0 to 1."""
        # Added up exactly: the order of a set must not show.
        shared = fsum([self.of(g) ** 2 for g in one & other])
        if not shared:
            return 0.0
        return shared / sqrt(fsum([self.of(g) ** 2 for g in one]) * fsum([self.of(g) ** 2 for g in other]))
