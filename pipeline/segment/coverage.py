"""How much of a heading some paragraphs cover.

What each paragraph holds of a heading is kept as the bits of one number, so that a run of paragraphs
is their union, and what a union is worth is worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from pipeline.segment.grams import Weights


class Coverage:
    """One heading against all paragraphs of a page.

    Args:
        runs: the heading's features in order, in runs of neighbours.
        paragraphs: the features of each paragraph.
        weights: how much each feature tells.
        joined: whether neighbouring features that are both covered count once more, so that a shared
            phrase tells more than the same features scattered.
    """

    __slots__ = ("_known", "_masks", "_steps", "_whole")

    def __init__(self, runs: Sequence[Sequence[str]], paragraphs: Sequence[set[str]], weights: Weights, *, joined: bool) -> None:
        bits: dict[str, int] = {}
        self._steps: list[tuple[int, float, float]] = []
        """Bit, weight, and what it is worth more where the feature before it is covered too."""
        self._whole = 0.0
        for run in runs:
            before = 0.0
            for feature in run:
                weight = weights.of(feature)
                more = min(before, weight) if joined else 0.0
                self._steps.append((bits.setdefault(feature, 1 << len(bits)), weight, more))
                self._whole += weight + more
                before = weight
        wanted = set(bits)
        self._masks = [sum(bits[f] for f in wanted & held) for held in paragraphs]
        self._known: dict[int, float] = {0: 0.0}

    def of(self, start: int, end: int) -> float:
        """Share of the heading's weight that the paragraphs ``[start, end)`` cover together, 0 to 1."""
        mask = self._masks[start] if end - start == 1 else reduce(or_, self._masks[start:end], 0)
        known = self._known.get(mask)
        if known is None:
            covered, inside = 0.0, False
            for bit, weight, more in self._steps:
                if mask & bit:
                    # A run's first feature has nothing before it, and ``more`` is 0.
                    covered += weight + (more if inside else 0.0)
                    inside = True
                else:
                    inside = False
            known = self._known[mask] = covered / self._whole if self._whole else 0.0
        return known
