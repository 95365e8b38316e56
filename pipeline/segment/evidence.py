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
from math import log, sqrt
from typing import Final

import numpy as np

from pipeline.segment.elements import Element
from pipeline.segment.grams import Floats, Ints, Table, exact
from pipeline.segment.page import Page

_REACH: Final = 3
"""Paragraphs farther apart than this are not compared."""
_BACK, _AHEAD = np.array([(b, a) for b in range(_REACH, 0, -1) for a in range(_REACH - b + 1)]).T[:, :, None]
"""Each pair of paragraphs that are compared about a place: how far the one stands before it, and the other after."""
_CHARACTER: Final = 0.5
"""Weight of a shared character against that of a shared pair of characters."""
_LOOSE_PAIR: Final = 0.3
"""Weight of a pair that holds a function character."""
_CLOSING: Final = 0.6
"""Nats for a new item after a paragraph that concludes."""
_SLOPE: Final = 1.3
_MOST: Final = 2.5
"""Nats; no kind of evidence outweighs all others."""

_GOES_ON: Final = re.compile(
    r"^(?:他|她|它|这|那(?!年|天|时)|其|该|据(?:介绍|了解|悉|统计)|目前|同时|此外|另外|随后|接着|接下来|而|但|不过|然而|因此|于是|最后|最终|下一步|与此|除了|不仅|不光"
    r"|当天|当日|当晚|当时|后来|如今|对此|为此|由此|据此|另据|其中|更|也|又|还|再)"
)
_OPENS: Final = re.compile(r"^(?:近日|日前|连日来|近年来|今年以来|入[春夏秋冬]以来|(?:\d{1,2}月)?\d{1,2}日|[一二三四五六七八九十]+月)")

_INTRODUCES: Final = re.compile(
    r"^(?:最近|前不久|前几天|近来|时下|眼下|当下|周末|走进|清晨|凌晨|傍晚|深夜|一大早|有一[次位名个]|[一两三]?[位名](?=[\u3400-\u9fff])|一[位名]|某[市县地小家])"
)
"""How features and comments open."""
_CONCLUDES: Final = re.compile(r"^(?:总之|说到底|归根结底|归根到底|让我们|愿|但愿|期待|希望|不妨|只有|唯有|如此|这正是)")
"""How comments close."""


class Evidence:
    """Log-likelihood ratios for a new item at each paragraph of a page.

    Args:
        page: the page.
        starts: where its items are known to begin, and its end.
        undivided: for each paragraph, whether no display line stands above it.
    """

    def __init__(self, page: Page, starts: Sequence[int], undivided: Sequence[bool]) -> None:
        paragraphs = page.paragraphs
        count = len(paragraphs)
        bounds = np.array(starts)
        run_of = np.repeat(np.arange(len(starts) - 1), np.diff(bounds))
        self._similar = _similar(page.table, run_of)
        sure = [i for i in starts[1:-1] if undivided[i]]
        known = set(starts)
        inner = [i for i in range(1, count) if undivided[i] and i not in known]
        usual = page.usual_gap
        # Empty lines before each paragraph: 0 fewer than usual on the page, 1 as many, 2 more.
        gap = [0 if p.gap < usual else 1 if p.gap == usual else 2 for p in paragraphs]
        change = [0, *(_change(paragraphs, i) for i in range(1, count))]
        gaps = _ratios(
            [gap[i] for i in sure],
            [gap[i] for i in inner],
            (0, 1, 2),
            (0.04, 0.56, 0.4) if usual else (0.02, 0.38, 0.6),
            (0.15, 0.8, 0.05) if usual else (0.02, 0.9, 0.08),
        )
        # A narrower gap never tells more for a new item than a wider one.
        gaps[0], gaps[2] = min(gaps[0], gaps[1]), max(gaps[2], gaps[1])
        widths = _ratios([change[i] for i in sure], [change[i] for i in inner], (1, 2, 3), (0.2, 0.25, 0.55), (0.8, 0.12, 0.08))
        words = [0.0, *(_CLOSING if _CONCLUDES.match(p.text) else 0.0 for p in paragraphs[:-1])]
        self._own = np.array(
            [gaps[g] + widths.get(c, 0.0) + _opening(p.text) + w for g, c, p, w in zip(gap, change, paragraphs, words, strict=True)]
        )
        places = np.array(inner, np.int64)
        values = self._cohesion(places, bounds[run_of[places]], bounds[run_of[places] + 1]).tolist()
        self._mean = sum(values) / len(values) if values else 0.0
        spread = sqrt(sum((v - self._mean) ** 2 for v in values) / len(values)) if values else 0.0
        self._scale = max(spread, 0.4 * self._mean, 1e-6)

    def at(self, places: Ints, starts: Ints, ends: Ints) -> Floats:
        """Evidence for a new item at each of some paragraphs, each in its run ``[start, end)``."""
        lexical = _SLOPE * (self._mean - self._cohesion(places, starts, ends)) / self._scale
        return self._own[places] + np.clip(lexical, -_MOST, _MOST)

    def _cohesion(self, places: Ints, starts: Ints, ends: Ints) -> Floats:
        """Mean similarity of the paragraphs on either side of each place that are no more than ``_REACH`` apart."""
        one = places - _BACK
        inside = (one >= starts) & (places + _AHEAD < ends)
        total = np.where(inside, self._similar[_BACK + _AHEAD - 1, one], 0.0).sum(axis=0)
        out: Floats = np.divide(total, inside.sum(axis=0), out=total, where=total > 0)
        return out


def _similar(table: Table, run_of: Ints) -> Floats:
    """Share of the weight of two paragraphs of one run that both hold; what the rest of the page holds too counts less.

    Returns an array whose entry ``[d - 1, i]`` is the similarity of the paragraphs ``i`` and ``i + d``.
    """
    count = len(run_of)
    worth = table.weights.copy()
    worth[: table.letters] *= _CHARACTER
    worth[table.loose] *= _LOOSE_PAIR
    worth = exact(worth)
    sizes = np.bincount(table.rows, worth[table.columns], count) + 1e-9
    several = table.counts[table.columns] > 1
    rows, columns = table.rows[several], table.columns[several]
    # Entries of one gram in one run stand together.
    runs = np.cumsum((np.diff(columns, prepend=-1) != 0) | (np.diff(run_of[rows], prepend=-1) != 0))
    shares = exact(worth[columns] * (np.bincount(runs)[runs] / table.counts[columns]))
    out = np.zeros(_REACH * count)
    for apart in range(1, _REACH + 1):
        distance = rows[apart:] - rows[:-apart]
        both = np.flatnonzero((runs[apart:] == runs[:-apart]) & (distance <= _REACH))
        out += np.bincount((distance[both] - 1) * count + rows[both], shares[both], len(out))
    shared = out.reshape(_REACH, count)
    for off in range(1, min(_REACH + 1, count)):
        shared[off - 1, :-off] /= np.sqrt(sizes[:-off] * sizes[off:])
    return shared


def _opening(text: str) -> float:
    """Nats that the first words of a paragraph tell for a new item."""
    if text[0] in "“‘":
        return -0.8
    return -1.5 if _GOES_ON.match(text) else 0.7 if _OPENS.match(text) else 0.5 if _INTRODUCES.match(text) else 0.1


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
