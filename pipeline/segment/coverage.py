"""How much of the headings of a page some of its paragraphs cover.

Every heading is set against every paragraph once; what a run of paragraphs covers is then told for
all headings together, and for as many runs as are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np

from pipeline.segment.grams import Floats, Ints, Table, firsts, scan


class Answers:
    """All headings of a page against its paragraphs: their pairs of characters, and their single characters.

    Args:
        table: the grams of the paragraphs.
        headings: the text of each heading, its lines parted by line breaks.
        single: share of the whole that single characters make up.
    """

    def __init__(self, table: Table, headings: Sequence[str], single: float) -> None:
        self._single = single
        count = len(headings)
        found = scan(headings, table.words, in_order=True)
        # A character counts once in a heading, a pair as often as it stands there.
        ones = found.letter_texts << 32 | found.letters
        ones.sort()
        ones = ones[firsts(ones)]
        columns, weights = table.find(np.concatenate([found.pairs, ones & 0xFFFFFFFF]))
        pairs = len(found.pairs)
        # A pair is worth more where the one before it is covered, too: a shared phrase tells more than its parts scattered.
        more = np.zeros(len(columns))
        more[1:pairs] = (np.minimum(weights[1:], weights[:-1])[: max(0, pairs - 1)]) * found.linked[1:]
        # The pairs of each heading, then the characters of each, are the parts of which sums are made.
        parts = np.concatenate([found.pair_texts, (ones >> 32) + count])
        whole = np.bincount(parts, weights + more, 2 * count)
        self._whole = np.where(whole > 0, whole, 1.0)
        # What no paragraph holds counts for the whole alone.
        held = columns < len(table.codes)
        more[1:] *= held[:-1]
        kept = np.flatnonzero(held)
        self._held_before = np.zeros((table.height + 1, len(kept)), np.int32)
        np.cumsum(table.held(columns[kept]), axis=0, out=self._held_before[1:])
        self._set_out(weights[kept], more[kept], parts[kept])

    def _set_out(self, weights: Floats, more: Floats, parts: Ints) -> None:
        self._weights, self._more, self._parts = weights, more, parts
        self._firsts = np.flatnonzero(firsts(parts))
        """Where each part begins, of those that have something."""
        self._filled = parts[self._firsts]

    def only(self, headings: Ints) -> Answers:
        """The same of some of the headings, in order."""
        if 2 * len(headings) == len(self._whole):
            return self
        out = copy(self)
        chosen = np.append(headings, headings + len(self._whole) // 2)
        place = np.full(len(self._whole), -1)
        place[chosen] = np.arange(len(chosen))
        steps = np.flatnonzero(place[self._parts] >= 0)
        out._held_before, out._whole = self._held_before[:, steps], self._whole[chosen]
        out._set_out(self._weights[steps], self._more[steps], place[self._parts[steps]])
        return out

    def of(self, starts: Ints, ends: Ints) -> tuple[Floats, Floats]:
        """How well runs of paragraphs answer each heading, 0 to 1, as an array of runs by headings.

        The second array is the share of the heading's pairs alone.
        """
        covered = self._held_before.take(ends, 0) > self._held_before.take(starts, 0)
        values = covered * self._weights
        values[:, 1:] += (covered[:, 1:] & covered[:, :-1]) * self._more[1:]
        shares = np.zeros((len(covered), len(self._whole)))
        if len(self._parts):
            shares[:, self._filled] = np.add.reduceat(values, self._firsts, axis=1)
        shares /= self._whole
        pairs, letters = shares[:, : len(self._whole) // 2], shares[:, len(self._whole) // 2 :]
        return (1 - self._single) * pairs + self._single * letters, pairs
