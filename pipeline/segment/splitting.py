"""Runs of paragraphs divided where only the headlines, which stand apart, tell that a new item begins.

A headline that stands apart and that no body answers means that a body is hidden in some run.  Every
place in every run is weighed by what the page shows there (``evidence.py``) and by how well the two
parts answer to the headlines that would head them; the best place is taken, then the next, and at
the end every place found is moved to where it fits best between its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.segment import people
from pipeline.segment.evidence import Evidence
from pipeline.segment.forms import is_caption, is_place, may_label
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
_STUMPS: Final = (0.0, 1.0, 0.4)
_STUMPS_DATED: Final = (0.0, 0.5)
"""Nats against a body of so many paragraphs: reports with a dateline may be short, essays and comments seldom are."""
_TOLD: Final = 1.5
"""Nats against a paragraph whose author says I, outside quotations, in a report with a dateline."""
_NARRATOR: Final = re.compile(r"我(?!们?[国省市县州区军党])")
_QUOTED: Final = re.compile(r"“[^”]*”")
_SIGN_OFF: Final = frozenset({"issuer", "issued"})
_ROUNDS: Final = 3


@dataclass(slots=True)
class _Cut:
    """A place where a hidden body begins, or an earlier one ends."""

    at: int
    left: int | None
    right: int | None
    """Indices of the headlines that the parts answer."""


class _Place(NamedTuple):
    """A cut that would be worth so many nats, the prior aside."""

    worth: float
    at: int
    left: int | None
    right: int | None


def split_by_headings(page: Page, starts: list[int], headings: Sequence[Heading]) -> None:
    """Insert further starts of bodies where headings that stand apart ask for them."""
    loose = [h for h in headings if h.collected and h.jump is None and not h.labelled and not all(is_place(e.text) for e in h.lines)]
    if loose and len(page.paragraphs) > 1:
        _Search(page, starts, loose).run()


class _Search:
    def __init__(self, page: Page, starts: list[int], loose: Sequence[Heading]) -> None:
        self.page = page
        self.starts = starts
        self.loose = loose
        self._evidence: Evidence | None = None
        self._at_first = tuple(starts)
        ends = [people.dateline(p.text) for p in page.paragraphs]
        self.dated = [end is not None for end in ends]
        self.told = [0, *accumulate(_NARRATOR.search(_QUOTED.sub("", p.text)) is not None for p in page.paragraphs)]
        # A dateline that names its reporter leaves no room for another byline.
        self.named = [e is not None and people.dateline_byline(p.text, e) is not None for e, p in zip(ends, page.paragraphs, strict=True)]
        # Where every report with a dateline has an unsigned headline of its own, no signed one heads a report.
        unsigned = sum(not h.bylines and h.headline_like for h in loose)
        self.barred = [dated and (named or unsigned >= sum(self.dated)) for dated, named in zip(self.dated, self.named, strict=True)]
        self.answers = [page.answers(h) for h in loose]
        self.signed = [bool(h.bylines) for h in loose]
        self.opens_caption = [is_caption(p.text) for p in page.paragraphs]
        self.photo = [any(e.kind == "photo" for e in joint.closers) for joint in page.joints]
        self.sums: dict[int, list[float]] = {}
        self.ranked: dict[tuple[int, int], list[tuple[float, int]]] = {}
        self.whole: dict[tuple[int, int, int], float] = {}
        self.places: dict[tuple[int, int, int | None, int], _Place | None] = {}

    @property
    def evidence(self) -> Evidence:
        """What the page shows; gathered only where a headline misses its body."""
        if self._evidence is None:
            self._evidence = Evidence(self.page, self._at_first)
        return self._evidence

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
            known = self.answers[k].of(start, end)
            signed = self.signed[k]
            if signed and self.dated[start]:
                known -= 0.5 if self.named[start] else 0.3
            elif signed or self.dated[start]:
                known += 0.05
            if self.opens_caption[start] or self.photo[end]:
                known -= 0.3
            self.whole[key] = known
        return known

    def lean(self, k: int | None, start: int, end: int) -> float:
        """How well the paragraphs of ``[start, end)`` answer a headline each for itself, added up."""
        if k is None:
            return 0.0
        sums = self.sums.get(k)
        if sums is None:
            of = self.answers[k].of
            sums = self.sums[k] = [0.0, *accumulate([of(i, i + 1) for i in range(len(self.page.paragraphs))])]
        return sums[end] - sums[start]

    def _taken(self) -> dict[int, int]:
        """Spans and the headlines they answer, the best pairs first."""
        pairs = [(score, k, -row) for row, span in enumerate(pairwise(self.starts)) for score, k in self._ranked(span)]
        taken: dict[int, int] = {}
        heads: set[int] = set()
        for _, k, row in sorted(pairs, reverse=True):
            if -row not in taken and -k not in heads:
                taken[-row] = -k
                heads.add(-k)
        # A body that answers nothing and has no dateline is rather that of a signed headline left over than none at all.
        spans = list(pairwise(self.starts))
        rest = [
            (self.answer(k, *span), -k, -row)
            for row, span in enumerate(spans)
            if row not in taken and not self.dated[span[0]] and not (self.opens_caption[span[0]] or self.photo[span[1]])
            for k in range(len(self.loose))
            if self.signed[k] and k not in heads
        ]
        for _, k, row in sorted(rest, reverse=True):
            if -row not in taken and -k not in heads:
                taken[-row] = -k
                heads.add(-k)
        return taken

    def _ranked(self, span: tuple[int, int]) -> list[tuple[float, int]]:
        """The headlines that a span answers, by score and negative index."""
        known = self.ranked.get(span)
        if known is None:
            start, end = span
            known = self.ranked[span] = [
                (score, -k)
                for k in range(len(self.loose))
                if not (self.signed[k] and self.barred[start]) and (score := self.answer(k, start, end)) >= _LEAST
            ]
        return known

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
        best: tuple[float, _Place] | None = None
        for row, (start, end) in enumerate(spans):
            if not 2 <= end - start <= _LONGEST_RUN:
                continue
            for k in missing:
                prior = _prior(self.loose[k]) - log(places / len(missing))
                found = self._place(start, end, taken.get(row), k)
                if found is not None and (gain := prior + found.worth) > 0 and (best is None or gain > best[0]):
                    best = gain, found
        return _Cut(best[1].at, best[1].left, best[1].right) if best else None

    def _place(self, start: int, end: int, kept: int | None, k: int) -> _Place | None:
        """The best place in a span to begin a body for headline ``k``, and its worth in nats without the prior."""
        key = (start, end, kept, k)
        if key in self.places:
            return self.places[key]
        best: _Place | None = None
        whole = self.answer(kept, start, end) if kept is not None else 0.0
        signed, pairs = self.signed[k], self.answers[k].pairs
        for i in range(start + 1, end):
            if self.page.joints[i].display or self.page.paragraphs[i].kind in _SIGN_OFF:
                continue
            layout = self.evidence.at(i, start, end)
            for left, right in ((kept, k), (k, kept)):
                if right is None or (left is None and kept is not None):
                    continue
                if not signed and (pairs(i, end) if right == k else pairs(start, i)) < _SHARED:
                    continue
                worth = layout + self._gain(start, i, end, (left, right)) - _ANSWERS * whole
                if best is None or worth > best.worth:
                    best = _Place(worth, i, left, right)
        self.places[key] = best
        return best

    def _gain(self, start: int, i: int, end: int, heads: tuple[int | None, int | None]) -> float:
        """Nats that the parts before and after ``i`` earn by how they answer their headlines."""
        left, right = heads
        answers = (self.answer(left, start, i) if left is not None else 0.0) + (self.answer(right, i, end) if right is not None else 0.0)
        sides = self.lean(left, start, i) - self.lean(right, start, i) + self.lean(right, i, end) - self.lean(left, i, end)
        return _ANSWERS * answers + _SIDE * sides - self._odd(start, i) - self._odd(i, end)

    def _odd(self, start: int, end: int) -> float:
        """Nats against a body: few paragraphs, the fewer the odder where no dateline opens it; an author who says I under a dateline."""
        if self.dated[start]:
            told = min(2, self.told[end] - self.told[start])
            return _TOLD * told + (_STUMPS_DATED[end - start] if end - start < len(_STUMPS_DATED) else 0.0)
        return _STUMPS[end - start] if end - start < len(_STUMPS) else 0.0

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
