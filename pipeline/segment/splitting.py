"""Runs of paragraphs divided where only the headlines, which stand apart, tell that a new item begins.

A headline that stands apart and that no body answers means that a body is hidden in some run.  Every
place in every run is weighed by what the page shows there (``evidence.py``) and by how well the two
parts answer to the headlines that would head them; the best place is taken, then the next, and at
the end every place found is moved to where it fits best between its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Final

from pipeline.segment import people
from pipeline.segment.evidence import Evidence
from pipeline.segment.forms import is_place, may_label
from pipeline.segment.headings import Heading

if TYPE_CHECKING:
    from pipeline.segment.bodies import Page

_LONGEST_RUN: Final = 80
"""Paragraphs; longer runs are left whole, which keeps the cost linear in the issue."""
_MOST_HIDDEN: Final = 16
_ANSWERS: Final = 6.0
"""Nats that full coverage of a headline by a body is worth."""
_SIDE: Final = 2.0
"""Nats that full coverage of a headline by one paragraph is worth."""
_SIGNED: Final = 2.0
"""Prior log-odds that a headline with a byline has a body on the page, and what a byline says against a dateline."""
_UNSIGNED: Final = -1.0
"""The same for a headline without a byline, which may head a report with a dateline."""
_MAY_LABEL: Final = -3.0
"""The same for a single line that may be the label of the heading that follows it in the list."""
_SHARED: Final = 0.15
"""Least coverage of a headline without a byline by the body split off for it."""
_LEAST: Final = 0.12
"""Coverage from which a headline counts as answered."""
_STUMP: Final = 0.7
"""Nats against a part of a single paragraph."""
_ROUNDS: Final = 3


@dataclass(slots=True)
class _Cut:
    """A place where a hidden body begins, or an earlier one ends."""

    at: int
    left: int | None
    right: int | None
    """Indices of the headlines that the parts answer."""


def split_by_headings(page: Page, starts: list[int], headings: Sequence[Heading]) -> None:
    """Insert further starts of bodies where headings that stand apart ask for them."""
    loose = [h for h in headings if h.collected and not h.labelled and not all(is_place(e.text) for e in h.lines)]
    if loose and len(page.paragraphs) > 1:
        _Search(page, starts, loose).run()


class _Search:
    def __init__(self, page: Page, starts: list[int], loose: Sequence[Heading]) -> None:
        self.page = page
        self.starts = starts
        self.loose = loose
        self.evidence = Evidence(page, starts)
        ends = [people.dateline(p.text) for p in page.paragraphs]
        self.dated = [end is not None for end in ends]
        # A dateline that names its reporter leaves no room for another byline.
        self.named = [e is not None and people.dateline_byline(p.text, e) is not None for e, p in zip(ends, page.paragraphs, strict=True)]
        # Where every report with a dateline has an unsigned headline of its own, no signed one heads a report.
        unsigned = sum(not h.bylines and h.headline_like for h in loose)
        self.barred = [dated and (named or unsigned >= sum(self.dated)) for dated, named in zip(self.dated, self.named, strict=True)]
        self.single: dict[tuple[int, int], float] = {}
        self.whole: dict[tuple[int, int, int], float] = {}

    def run(self) -> None:
        cuts: list[_Cut] = []
        for _ in range(_MOST_HIDDEN):
            cut = self._best(cuts)
            if cut is None:
                break
            cuts.append(cut)
            self.starts.append(cut.at)
            self.starts.sort()
        for _ in range(_ROUNDS):
            moved = [self._settle(cut) for cut in cuts]
            if not any(moved):
                break

    def answer(self, k: int, start: int, end: int) -> float:
        """How well a span answers a headline, 0 to 1, less where a byline and a dateline contradict each other."""
        key = (k, start, end)
        known = self.whole.get(key)
        if known is None:
            known = self.page.answer(self.loose[k], start, end)
            signed = bool(self.loose[k].bylines)
            if signed and self.dated[start]:
                known -= 0.5 if self.named[start] else 0.3
            elif signed or self.dated[start]:
                known += 0.05
            if self.page.captioned(start, end):
                known -= 0.3
            self.whole[key] = known
        return known

    def _shared(self, k: int, start: int, end: int) -> float:
        return self.page.weights.coverage(self.loose[k].grams, self.page.union(start, end))

    def lean(self, k: int | None, i: int) -> float:
        if k is None:
            return 0.0
        known = self.single.get((k, i))
        if known is None:
            known = self.single[k, i] = self.page.answer(self.loose[k], i, i + 1)
        return known

    def _taken(self) -> dict[int, int]:
        """Spans and the headlines they answer, the best pairs first."""
        spans = list(pairwise(self.starts))
        pairs = [
            (self.answer(k, a, b), -k, -row)
            for row, (a, b) in enumerate(spans)
            for k in range(len(self.loose))
            if not (self.barred[a] and self.loose[k].bylines)
        ]
        taken: dict[int, int] = {}
        heads: set[int] = set()
        for score, k, row in sorted(pairs, reverse=True):
            if score < _LEAST:
                break
            if -row not in taken and -k not in heads:
                taken[-row] = -k
                heads.add(-k)
        return taken

    def _best(self, cuts: Sequence[_Cut]) -> _Cut | None:
        taken = self._taken()
        placed = {c.right for c in cuts} | {c.left for c in cuts}
        missing = [k for k in range(len(self.loose)) if k not in taken.values() and k not in placed]
        if not missing:
            return None
        spans = list(pairwise(self.starts))
        places = sum(1 for a, b in spans for i in range(a + 1, b) if not self.page.joints[i].display)
        if not places:
            return None
        best: tuple[float, _Cut] | None = None
        for row, (start, end) in enumerate(spans):
            if not 2 <= end - start <= _LONGEST_RUN:
                continue
            kept = taken.get(row)
            whole = self.answer(kept, start, end) if kept is not None else 0.0
            for i in range(start + 1, end):
                if self.page.joints[i].display:
                    continue
                layout = self.evidence.at(i, start, end)
                for k in missing:
                    prior = _prior(self.loose[k]) - log(places / len(missing))
                    for left, right in ((kept, k), (k, kept)):
                        if right is None or (left is None and kept is not None):
                            continue
                        if not self.loose[k].bylines and self._shared(k, *((i, end) if right == k else (start, i))) < _SHARED:
                            continue
                        gain = prior + layout + self._gain(start, i, end, (left, right)) - _ANSWERS * whole
                        if gain > 0 and (best is None or gain > best[0]):
                            best = gain, _Cut(i, left, right)
        return best[1] if best else None

    def _gain(self, start: int, i: int, end: int, heads: tuple[int | None, int | None]) -> float:
        """Nats that the parts before and after ``i`` earn by how they answer their headlines."""
        left, right = heads
        answers = (self.answer(left, start, i) if left is not None else 0.0) + (self.answer(right, i, end) if right is not None else 0.0)
        sides = sum(self.lean(left, j) - self.lean(right, j) for j in range(start, i))
        sides += sum(self.lean(right, j) - self.lean(left, j) for j in range(i, end))
        # Items of one short paragraph are rarer than places inside longer ones.
        stumps = (i - start == 1) + (end - i == 1)
        return _ANSWERS * answers + _SIDE * sides - _STUMP * stumps

    def _settle(self, cut: _Cut) -> bool:
        """Move a place to where it fits best between its neighbours; tell whether it moved."""
        at = self.starts.index(cut.at)
        start, end = self.starts[at - 1], self.starts[at + 1]
        best: tuple[float, int] | None = None
        for i in range(start + 1, end):
            if not self.page.joints[i].display:
                score = self.evidence.at(i, start, end) + self._gain(start, i, end, (cut.left, cut.right))
                if best is None or score > best[0] + 1e-9:
                    best = score, i
        if best is None or best[1] == cut.at:
            return False
        cut.at = self.starts[at] = best[1]
        return True


def _prior(heading: Heading) -> float:
    if heading.bylines:
        return _SIGNED
    return _MAY_LABEL if heading.followed and len(heading.lines) == 1 and may_label(heading.text) else _UNSIGNED
