"""What layout and wording say for a new item between two paragraphs that nothing marks apart.

Every kind of evidence is a log-likelihood ratio in nats, positive where a new item is likelier.  How
far empty lines and column widths can be trusted is learnt from the boundaries of the page that are
certain.  Wording tells by lexical cohesion: the mean similarity of the paragraphs on either side of
a place, as in TextTiling (Hearst 1997), set against the page's own mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import fsum, log, sqrt
from typing import TYPE_CHECKING, Final

from pipeline.segment.elements import Element
from pipeline.segment.grams import FUNCTION_CHARS, Weights

if TYPE_CHECKING:
    from pipeline.segment.bodies import Page

_REACH: Final = 3
"""Paragraphs farther apart than this are not compared."""
_CHARACTER: Final = 0.5
"""Weight of a shared character against that of a shared pair of characters."""
_LOOSE_PAIR: Final = 0.3
"""Weight of a pair that holds a function character."""
_SLOPE: Final = 1.3
_MOST: Final = 2.5
"""Nats; no kind of evidence outweighs all others."""

_GOES_ON: Final = re.compile(
    r"^(?:他|她|它|这|那(?!年|天|时)|其|该|据(?:介绍|了解|悉|统计)|目前|同时|此外|另外|随后|接着|接下来|而|但|不过|然而|因此|于是|最后|最终|下一步|与此|除了|不仅|不光"
    r"|当天|当日|当晚|当时|后来|如今|对此|为此|由此|据此|另据|其中|更|也|又|还|再)"
)
_OPENS: Final = re.compile(r"^(?:近日|日前|连日来|近年来|今年以来|入[春夏秋冬]以来|(?:\d{1,2}月)?\d{1,2}日|[一二三四五六七八九十]+月)")
_SPEAKS: Final = re.compile(r"^[“‘]")


class Evidence:
    """Log-likelihood ratios for a new item at each paragraph of a page."""

    def __init__(self, page: Page, starts: Sequence[int]) -> None:
        self._page = page
        self._similar: dict[tuple[int, int], float] = {}
        self._pairs, self._letters = _Worth(page.weights, 1.0), _Worth(page.letter_weights, _CHARACTER)
        self._run_of: list[int] = []
        self._runs: list[Counter[str]] = []
        for k in range(len(starts) - 1):
            self._runs.append(Counter(f for i in range(starts[k], starts[k + 1]) for f in (*page.grams[i], *page.letters[i])))
            self._run_of += [k] * (starts[k + 1] - starts[k])
        sure = [i for i in starts[1:-1] if not page.joints[i].display]
        inner = [i for i in range(1, len(page.paragraphs)) if i not in starts and not page.joints[i].display]
        self._usual = page.usual_gap
        below = (0.04, 0.56, 0.4) if self._usual else (0.02, 0.38, 0.6)
        self._gaps = _ratios(
            [self._gap(i) for i in sure],
            [self._gap(i) for i in inner],
            (0, 1, 2),
            below,
            (0.15, 0.8, 0.05) if self._usual else (0.02, 0.9, 0.08),
        )
        # A narrower gap never tells more for a new item than a wider one.
        self._gaps[0], self._gaps[2] = min(self._gaps[0], self._gaps[1]), max(self._gaps[2], self._gaps[1])
        self._widths = _ratios(
            [_change(page.paragraphs, i) for i in sure],
            [_change(page.paragraphs, i) for i in inner],
            (1, 2, 3),
            (0.2, 0.25, 0.55),
            (0.8, 0.12, 0.08),
        )
        values = [self._cohesion(i, starts[self._run_of[i]], starts[self._run_of[i] + 1]) for i in inner]
        self._mean = sum(values) / len(values) if values else 0.0
        spread = sqrt(sum((v - self._mean) ** 2 for v in values) / len(values)) if values else 0.0
        self._scale = max(spread, 0.4 * self._mean, 1e-6)

    def at(self, i: int, start: int, end: int) -> float:
        """Evidence for a new item at paragraph ``i`` of the run ``[start, end)``."""
        paragraphs = self._page.paragraphs
        score = self._gaps[self._gap(i)] + self._widths.get(_change(paragraphs, i), 0.0)
        text = paragraphs[i].text
        score += -1.5 if _GOES_ON.match(text) else -0.8 if _SPEAKS.match(text) else 0.7 if _OPENS.match(text) else 0.1
        lexical = _SLOPE * (self._mean - self._cohesion(i, start, end)) / self._scale
        return score + max(-_MOST, min(_MOST, lexical))

    def _gap(self, i: int) -> int:
        """Empty lines before a paragraph: 0 fewer than usual on the page, 1 as many, 2 more."""
        gap = self._page.paragraphs[i].gap
        return 0 if gap < self._usual else 1 if gap == self._usual else 2

    def _cohesion(self, i: int, start: int, end: int) -> float:
        total, pairs = 0.0, 0
        for a in range(max(start, i - _REACH), i):
            for b in range(i, min(end, a + _REACH + 1)):
                total += self._similarity(a, b)
                pairs += 1
        return total / pairs if pairs else 0.0

    def _similarity(self, a: int, b: int) -> float:
        """Share of the two paragraphs' weight that both hold; what the rest of the page holds too counts less."""
        known = self._similar.get((a, b))
        if known is not None:
            return known
        page = self._page
        here = self._runs[self._run_of[a]]
        shared = 0.0
        for sets, weights, worth in ((page.grams, page.weights, self._pairs), (page.letters, page.letter_weights, self._letters)):
            both = sets[a] & sets[b]
            if both:
                count = weights.count
                # Added up in one order, so that equal pages give equal sums.
                shared += fsum([worth[f] * min(1.0, here[f] / count(f)) for f in both])
        out = shared / sqrt(self._size(a) * self._size(b))
        self._similar[a, b] = out
        return out

    def _size(self, i: int) -> float:
        known = self._similar.get((i, i))
        if known is None:
            page = self._page
            known = 1e-9 + fsum([self._pairs[f] for f in page.grams[i]]) + fsum([self._letters[f] for f in page.letters[i]])
            self._similar[i, i] = known
        return known


class _Worth(dict[str, float]):
    """What each feature is worth where two paragraphs share it; worked out when it is asked for."""

    def __init__(self, weights: Weights, scale: float) -> None:
        super().__init__()
        self._weights, self._scale = weights, scale

    def __missing__(self, feature: str) -> float:
        rarity = self._weights.of(feature)
        loose = len(feature) == 2 and (feature[0] in FUNCTION_CHARS or feature[1] in FUNCTION_CHARS)
        worth = self[feature] = self._scale * (rarity * _LOOSE_PAIR if loose else rarity)
        return worth


def _change(paragraphs: Sequence[Element], i: int) -> int:
    """How the column width changes at a paragraph: 0 unknown, 1 not, 2 by about a character, 3 by more."""
    before, here = paragraphs[i - 1], paragraphs[i]
    if not before.cells or not here.cells:
        return 0
    apart = max(here.cells - here.slack - before.cells, before.cells - before.slack - here.cells)
    return 1 if apart <= 1 else 2 if apart <= 3 else 3


def _ratios(
    sure: Sequence[int], inner: Sequence[int], classes: Sequence[int], prior: Sequence[float], prior_inner: Sequence[float] = ()
) -> dict[int, float]:
    """Log-likelihood ratio of each class, learnt from certain boundaries and from the other places, with two prior observations."""
    one, other = Counter(sure), Counter(inner)
    n_one = sum(one[c] for c in classes)
    n_other = sum(other[c] for c in classes)
    out: dict[int, float] = {}
    for c, p, q in zip(classes, prior, prior_inner or prior, strict=True):
        ratio = log((one[c] + 2 * p) / (n_one + 2)) - log((other[c] + 2 * q) / (n_other + 2))
        out[c] = max(-_MOST, min(_MOST, ratio))
    return out
