"""How much of the headings of a page some of its paragraphs cover.

Every heading is set against every paragraph once; what a run of paragraphs covers is then told for
all headings together, and for as many runs as are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np

from pipeline.segment.grams import Bools, Floats, Ints, Table, scan


class Answers:
    """All headings of a page against its paragraphs: their pairs of characters, and their single characters.

    Args:
        table: the grams of the paragraphs.
        headings: the text of each heading, its lines parted by line breaks.
        single: share of the whole that single characters make up.
    """

    def __init__(self, table: Table, headings: Sequence[str], single: float) -> None:
        self._single = single
        found = scan(headings, table.words, in_order=True)
        # A character counts once in a heading, a pair as often as it stands there.
        ones = np.unique(found.letter_texts << 32 | found.letters)
        columns, self._weights = table.find(np.concatenate([found.pairs, ones & 0xFFFFFFFF]))
        held = table.held(columns)
        self._held_before = np.zeros((table.height + 1, len(columns)), np.int32)
        np.cumsum(held, axis=0, out=self._held_before[1:])
        self._pairs = len(found.pairs)
        # A pair is worth more where the one before it is covered, too: a shared phrase tells more than its parts scattered.
        self._more = np.zeros(self._pairs)
        if self._pairs:
            weights = self._weights[: self._pairs]
            self._more[1:] = np.minimum(weights[1:], weights[:-1]) * found.linked[1:]
        every = np.arange(len(headings) + 1)
        self._bounds = np.searchsorted(found.pair_texts, every), self._pairs + np.searchsorted(ones >> 32, every)
        self._whole: tuple[Floats, Floats] = self._sums(np.ones((1, len(columns)), np.bool_))

    def only(self, headings: Ints) -> Answers:
        """The same of some of the headings."""
        out = copy(self)
        kept = [np.concatenate([np.arange(*bounds[h : h + 2]) for h in headings]) for bounds in self._bounds]
        steps = np.concatenate(kept)
        out._weights, out._held_before = self._weights[steps], self._held_before[:, steps]
        out._more, out._pairs = self._more[kept[0]], len(kept[0])
        pairs, letters = (np.append(0, np.cumsum(np.diff(bounds)[headings])) for bounds in self._bounds)
        out._bounds, out._whole = (pairs, out._pairs + letters), (self._whole[0][:, headings], self._whole[1][:, headings])
        return out

    def _sums(self, covered: Bools) -> tuple[Floats, Floats]:
        """What is covered of the pairs, and of the characters, of each heading, by weight."""
        sums = np.zeros((len(covered), covered.shape[1] + 1))
        values = sums[:, 1:]
        np.multiply(covered, self._weights, out=values)
        if self._pairs:
            both = covered[:, 1 : self._pairs] & covered[:, : self._pairs - 1]
            values[:, 1 : self._pairs] += both * self._more[1:]
        np.cumsum(values, axis=1, out=values)
        pairs, letters = (sums[:, bounds] for bounds in self._bounds)
        return pairs[:, 1:] - pairs[:, :-1], letters[:, 1:] - letters[:, :-1]

    def of(self, starts: Ints, ends: Ints) -> tuple[Floats, Floats]:
        """How well runs of paragraphs answer each heading, 0 to 1, as an array of runs by headings.

        The second array is the share of the heading's pairs alone.
        """
        shares = [
            np.divide(sums, whole, out=np.zeros_like(sums), where=whole > 0)
            for sums, whole in zip(self._sums(self._held_before[ends] > self._held_before[starts]), self._whole, strict=True)
        ]
        return (1 - self._single) * shares[0] + self._single * shares[1], shares[0]
