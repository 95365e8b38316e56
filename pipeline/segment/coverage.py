"""How much of a heading some paragraphs cover.

What each paragraph holds of a heading is kept as the bits of one number, so that a run of paragraphs
is their union, and what a union is worth is worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from pipeline.segment.grams import Weights


class _Step(NamedTuple):
    """One feature of a heading."""

    bit: int
    weight: float
    more: float
    """What it is worth more where the feature before it is covered too, so that a shared phrase tells more than its parts scattered."""


class Answers:
    """One heading against all paragraphs of a page: its pairs of characters, and its single characters."""

    __slots__ = ("_known", "_letters", "_masks", "_pairs", "_single")

    def __init__(self, pairs: list[_Step], letters: list[_Step], masks: list[int], single: float) -> None:
        self._pairs, self._letters, self._masks, self._single = pairs, letters, masks, single
        self._known: dict[int, tuple[float, float]] = {}

    def of(self, start: int, end: int) -> float:
        """How well the paragraphs ``[start, end)`` answer the heading, 0 to 1."""
        mask = self._masks[start] if end - start == 1 else reduce(or_, self._masks[start:end], 0)
        known = self._known.get(mask)
        return known[0] if known is not None else self._learn(mask)[0]

    def pairs(self, start: int, end: int) -> float:
        """Share of the heading's pairs of characters, by weight, that the paragraphs ``[start, end)`` hold, 0 to 1."""
        mask = self._masks[start] if end - start == 1 else reduce(or_, self._masks[start:end], 0)
        known = self._known.get(mask)
        return known[1] if known is not None else self._learn(mask)[1]

    def _learn(self, mask: int) -> tuple[float, float]:
        pairs = _covered(self._pairs, mask)
        known = self._known[mask] = (1 - self._single) * pairs + self._single * _covered(self._letters, mask), pairs
        return known


def answers_to(
    headings: Sequence[tuple[Sequence[Sequence[str]], set[str]]],
    paragraphs: tuple[Sequence[set[str]], Sequence[set[str]]],
    weights: tuple[Weights, Weights],
    single: float,
) -> list[Answers]:
    """Set headings against the paragraphs of their page.

    Args:
        headings: the pairs of each in order, in runs of neighbours, and its single characters.
        paragraphs: pairs, and single characters, of each paragraph.
        weights: how much each pair, and each single character, tells.
        single: share of the whole that single characters make up.
    """
    count = len(paragraphs[0])
    out: list[Answers] = []
    wanted: tuple[dict[str, list[tuple[list[int], int]]], dict[str, list[tuple[list[int], int]]]] = ({}, {})
    for runs, letters in headings:
        masks = [0] * count
        bits: dict[str, int] = {}
        steps: list[_Step] = []
        for run in runs:
            before = 0.0
            for feature in run:
                weight = weights[0].of(feature)
                steps.append(_Step(bits.setdefault(feature, 1 << len(bits)), weight, min(before, weight)))
                before = weight
        ones = {feature: 1 << (len(bits) + i) for i, feature in enumerate(sorted(letters))}
        for asked, table in zip(wanted, (bits, ones), strict=True):
            for feature, bit in table.items():
                asked.setdefault(feature, []).append((masks, bit))
        out.append(Answers(steps, [_Step(bit, weights[1].of(f), 0.0) for f, bit in ones.items()], masks, single))
    for asked, sets in zip(wanted, paragraphs, strict=True):
        keys = set(asked)
        for i, held in enumerate(sets):
            for feature in keys & held:
                for masks, bit in asked[feature]:
                    masks[i] |= bit
    return out


def _covered(steps: Sequence[_Step], mask: int) -> float:
    whole = covered = 0.0
    inside = False
    for bit, weight, more in steps:
        whole += weight + more
        if mask & bit:
            # A run's first feature has nothing before it, and ``more`` is 0.
            covered += weight + (more if inside else 0.0)
            inside = True
        else:
            inside = False
    return covered / whole if whole else 0.0
