"""Runs of paragraphs divided where only the headlines, which stand apart, tell that a new item begins.

Two ways: a run whose two parts answer to different headlines is split between them; and a headline
that no body answers means that a body is hidden in some run, so the likeliest place for it is found
by what the page's layout shows (another column width, a wider gap) and by what the texts share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pipeline.segment.headings import Heading, is_place

if TYPE_CHECKING:
    from pipeline.segment.bodies import Page

_LOOK: Final = 3
"""Paragraphs compared on either side of a possible boundary."""
_SPLIT_GAIN: Final = 0.5
"""How much the headings of two parts must lean to them, taken together, cohesion taken off."""
_LEAST_LEAN: Final = 0.15
_HIDDEN_SIGNED: Final = -0.1
_HIDDEN_UNSIGNED: Final = 0.6
"""Evidence needed to split for a headline without a body: less where a byline shows that it heads an article without a dateline."""
_LONGEST_RUN: Final = 80
"""Paragraphs; longer runs are left whole, which keeps the cost linear in the issue."""
_MOST_HIDDEN: Final = 12
_GOES_ON: Final = re.compile(
    r"^(?:[“‘]|他|她|它|这|那|其|该|据|目前|同时|此外|另外|随后|接着|如今|而|但|不过|然而|因此|于是|最后|最终|下一步|与此)"
)


def split_by_headings(page: Page, starts: list[int], headings: Sequence[Heading]) -> None:
    """Insert further starts of bodies where headings that stand apart ask for them."""
    loose = [h for h in headings if h.collected and not h.labelled and not all(is_place(e.text) for e in h.lines)]
    if not loose:
        return
    spans = list(pairwise(starts))
    wholes = [page.union(a, b) for a, b in spans]
    cover = [[page.weights.coverage(h.grams, whole) for whole in wholes] for h in loose]
    for k, (start, end) in enumerate(spans):
        if end - start > _LONGEST_RUN:
            continue
        # A heading that another body answers better is no reason to split this one.
        mine = [h for h, row in zip(loose, cover, strict=True) if row[k] == max(row)]
        starts += _leaning(page, start, end, mine)
    starts.sort()
    _reveal(page, starts, loose)


def _leaning(page: Page, start: int, end: int, headings: Sequence[Heading]) -> list[int]:
    if end - start < 2 or len(headings) < 2:
        return []
    weights = page.weights
    best, cut = 0.0, 0
    for i in range(start + 1, end):
        if page.joints[i].display:
            continue
        left, right = page.union(start, i), page.union(i, end)
        # Each part must answer best to a heading of its own, and that heading must lean to it.
        of_left = [weights.coverage(h.grams, left) for h in headings]
        of_right = [weights.coverage(h.grams, right) for h in headings]
        one, other = of_left.index(max(of_left)), of_right.index(max(of_right))
        leans = of_left[one] - 2 * of_right[one], of_right[other] - 2 * of_left[other]
        gain = sum(leans) - 3.0 * page.cohesion(i, start, end)
        if min(leans) > _LEAST_LEAN and gain > best:
            best, cut = gain, i
    if best < _SPLIT_GAIN:
        return []
    return [*_leaning(page, start, cut, headings), cut, *_leaning(page, cut, end, headings)]


def _reveal(page: Page, starts: list[int], loose: Sequence[Heading]) -> None:
    """Split for headings that no body answers, the surest first."""
    weights = page.weights
    placed: set[int] = set()
    for _ in range(_MOST_HIDDEN):
        spans = list(pairwise(starts))
        wholes = [page.union(a, b) for a, b in spans]
        cover = [[weights.coverage(h.grams, whole) for whole in wholes] for h in loose]
        taken = _greedy(cover)
        missing = [k for k in range(len(loose)) if k not in taken.values() and k not in placed]
        best, cut, found = 0.0, -1, -1
        for row, (start, end) in enumerate(spans):
            if not 2 <= end - start <= _LONGEST_RUN:
                continue
            kept = taken.get(row)
            for i in range(start + 1, end):
                if page.joints[i].display:
                    continue
                evidence = _evidence(page, i, start, end)
                right, left = page.union(i, end), page.union(start, i)
                lost = max(0.0, cover[kept][row] - weights.coverage(loose[kept].grams, left)) if kept is not None else 0.0
                for k in missing:
                    lean = weights.coverage(loose[k].grams, right) - 1.5 * weights.coverage(loose[k].grams, left)
                    gain = max(-0.2, lean) - lost + evidence
                    need = _HIDDEN_SIGNED if loose[k].bylines else _HIDDEN_UNSIGNED
                    if gain - need > best:
                        best, cut, found = gain - need, i, k
        if cut < 0:
            return
        placed.add(found)
        starts.append(cut)
        starts.sort()


def _greedy(cover: Sequence[Sequence[float]]) -> dict[int, int]:
    """Bodies and the headings they answer, best pairs first."""
    pairs = sorted(((score, -k, -row) for k, scores in enumerate(cover) for row, score in enumerate(scores) if score >= 0.2), reverse=True)
    taken: dict[int, int] = {}
    for _, k, row in pairs:
        if -row not in taken and -k not in taken.values():
            taken[-row] = -k
    return taken


def _evidence(page: Page, i: int, start: int, end: int) -> float:
    """What layout and wording say for a new item at paragraph ``i``, about -1 to 1."""
    before, here = page.paragraphs[i - 1], page.paragraphs[i]
    score = 0.0
    if before.cells and here.cells:
        change = abs(before.cells - here.cells)
        score += 0.45 if change >= 4 else 0.1 if change >= 3 else -0.15
    if here.gap > page.usual_gap:
        score += 0.5
    elif here.gap < page.usual_gap:
        score -= 0.3
    if _GOES_ON.match(here.text):
        score -= 0.3
    return score + 0.15 - 2.5 * min(0.3, page.cohesion(i, start, end))
