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
from typing import Final

import numpy as np

from pipeline.segment import people
from pipeline.segment.evidence import Evidence
from pipeline.segment.forms import is_place, may_label
from pipeline.segment.grams import Bools, Floats, Ints
from pipeline.segment.headings import Heading
from pipeline.segment.page import Page

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
_FITS: Final = ((0.05, 0.0), (-0.3, 0.05), (-0.5, 0.05))
"""What a headline with and without a byline gains where the paragraph below has no dateline, has one, has one that names its reporter."""
_SHARED: Final = 0.15
"""Least coverage of a headline without a byline by the body split off for it."""
_LEAST: Final = 0.12
"""Coverage from which a headline counts as answered."""
_STUMPS: Final = np.array([0.0, 1.0, 0.4, 0.0])
_STUMPS_DATED: Final = np.array([0.0, 0.5, 0.0])
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
    right: int
    """Indices of the headlines that the parts answer."""


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
        ends = [p.dateline for p in page.paragraphs]
        dated = [end is not None for end in ends]
        told = [0, *accumulate(_tells(p.text) for p in page.paragraphs)]
        # A dateline that names its reporter leaves no room for another byline.
        named = [e is not None and people.dateline_byline(p.text, e) is not None for e, p in zip(ends, page.paragraphs, strict=True)]
        # Where every report with a dateline has an unsigned headline of its own, no signed one heads a report.
        unsigned = sum(not h.bylines and h.headline_like for h in loose)
        full = unsigned >= sum(dated)
        self.dated, self.told, self.named = np.array(dated), np.array(told), np.array(named)
        self.barred = [d and (n or full) for d, n in zip(dated, named, strict=True)]
        self.signed = np.array([bool(h.bylines) for h in loose])
        self.opening = self.dated.astype(np.int64) + (self.dated & self.named)
        """How each paragraph opens: 0 without a dateline, 1 with one, 2 with one that names its reporter."""
        self.fits = np.array([np.where(self.signed, signed, unsigned) for signed, unsigned in _FITS])
        """What each way of opening says for each headline."""
        self.opens_caption = np.array(page.captions)
        self.photo = np.array([any(e.kind == "photo" for e in joint.closers) for joint in page.joints])
        self.answers = page.answers.only(np.array([h.at for h in loose]))
        self.prior = np.array([_prior(h) for h in loose])
        self.open = np.array([not joint.display for joint in page.joints])
        signs_off = np.array([p.kind in _SIGN_OFF for p in page.paragraphs])
        self.may_open = self.open[:-1] & ~signs_off
        every = np.arange(len(page.paragraphs))
        self.leaning = np.zeros((len(every) + 1, len(loose)))
        """How well the paragraphs before each one answer each headline, each for itself, added up."""
        np.cumsum(self.answers.of(every, every + 1)[0], axis=0, out=self.leaning[1:])
        self.answered: dict[tuple[int, int], Floats] = {}
        self.worths: dict[tuple[int, int, int], tuple[Floats, Ints]] = {}

    @property
    def evidence(self) -> Evidence:
        """What the page shows; gathered only where a headline misses its body."""
        if self._evidence is None:
            self._evidence = Evidence(self.page, self._at_first, self.open.tolist())
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

    def answer(self, starts: Ints, ends: Ints) -> tuple[Floats, Floats]:
        """How well spans answer the headlines, 0 to 1, less where a byline and a dateline contradict each other.

        The second array is the share of each headline's pairs of characters that they hold.
        """
        found, pairs = self.answers.of(starts, ends)
        found += self.fits[self.opening[starts]]
        found -= np.where(self.opens_caption[starts] | self.photo[ends], 0.3, 0.0)[:, None]
        return found, pairs

    def _sides(self, starts: Ints, at: Ints, ends: Ints) -> tuple[Floats, Floats]:
        """The same of the parts of spans on either side of a place in each: arrays of two by places by headlines."""
        found, pairs = self.answer(np.concatenate((starts, at)), np.concatenate((at, ends)))
        return found.reshape(2, len(at), -1), pairs.reshape(2, len(at), -1)

    def _spans(self, spans: Sequence[tuple[int, int]]) -> list[Floats]:
        """How well each of the spans answers each headline."""
        new = [s for s in spans if s not in self.answered]
        if new:
            starts, ends = np.array(new).T
            self.answered.update(zip(new, self.answer(starts, ends)[0], strict=True))
        return [self.answered[s] for s in spans]

    def _taken(self) -> dict[int, int]:
        """Spans and the headlines they answer, the best pairs first."""
        spans = list(pairwise(self.starts))
        scores = np.array(self._spans(spans))
        barred = np.array([self.barred[start] for start, _ in spans])[:, None] & self.signed
        taken: dict[int, int] = {}
        heads: set[int] = set()
        _take(scores, (scores >= _LEAST) & ~barred, taken, heads)
        # A body that answers nothing and has no dateline is rather that of a signed headline left over than none at all.
        starts, ends = np.array(spans).T
        free = ~(self.dated[starts] | self.opens_caption[starts] | self.photo[ends])
        _take(scores, free[:, None] & self.signed, taken, heads)
        return taken

    def _best(self, cuts: Sequence[_Cut]) -> _Cut | None:
        taken = self._taken()
        placed = {c.right for c in cuts} | {c.left for c in cuts} | set(taken.values())
        missing = [k for k in range(len(self.loose)) if k not in placed]
        if not missing:
            return None
        spans = list(pairwise(self.starts))
        places = int(self.open[1:-1].sum()) - sum(self.open[start].item() for start, _ in spans[1:])
        if not places:
            return None
        asked = [(a, b, taken.get(row, -1)) for row, (a, b) in enumerate(spans) if 2 <= b - a <= _LONGEST_RUN]
        self._weigh([span for span in asked if span not in self.worths])
        asked = [span for span in asked if len(self.worths[span][1])]
        if not asked:
            return None
        prior = self.prior[missing] - log(places / len(missing))
        gains = np.array([self.worths[span][0].max(axis=0)[missing] for span in asked]) + prior
        row, column = np.unravel_index(int(gains.argmax()), gains.shape)
        if not gains[row, column] > 0:
            return None
        span, k = asked[row], missing[column]
        worths, at = self.worths[span]
        place, side = divmod(int(worths[:, k].argmax()), 2)
        if side:
            return _Cut(int(at[place]), k, span[2])
        return _Cut(int(at[place]), span[2] if span[2] >= 0 else None, k)

    def _weigh(self, spans: Sequence[tuple[int, int, int]]) -> None:
        """What beginning a body for each headline at each place of some spans is worth in nats, the prior aside.

        A span's third entry is the headline that it answers, or -1.  Kept are, for each span, an array of twice its places by the
        headlines (at each place the new body first follows, then precedes the one that is kept), and the places.
        """
        own = [np.flatnonzero(self.may_open[start + 1 : end]) + start + 1 for start, end, _ in spans]
        sizes = [len(at) for at in own]
        if not sum(sizes):
            self.worths.update({span: (np.zeros((0, 0)), at) for span, at in zip(spans, own, strict=True)})
            return
        at = np.concatenate(own)
        starts, ends, kept = np.repeat(np.array(spans), sizes, axis=0).T
        whole = np.repeat(
            np.array(
                [found[kept] if kept >= 0 else 0.0 for found, (_, _, kept) in zip(self._spans([s[:2] for s in spans]), spans, strict=True)]
            ),
            sizes,
        )
        (left, right), (left_pairs, right_pairs) = self._sides(starts, at, ends)
        leaning = self.leaning
        lean_left, lean_right = leaning[at] - leaning[starts], leaning[ends] - leaning[at]
        row, none = np.arange(len(at)), kept < 0

        def of_kept(values: Floats) -> Floats:
            return np.where(none, 0.0, values[row, kept]).reshape(-1, 1)

        layout = self.evidence.at(at, starts, ends)[:, None]
        odd = self._odd(starts, at)[:, None], self._odd(at, ends)[:, None]
        less = (_ANSWERS * whole)[:, None]
        after = _ANSWERS * (of_kept(left) + right) + _SIDE * (of_kept(lean_left) - lean_left + lean_right - of_kept(lean_right))
        before = _ANSWERS * (left + of_kept(right)) + _SIDE * (lean_left - of_kept(lean_left) + of_kept(lean_right) - lean_right)
        worth = np.empty((len(at), 2, len(self.loose)))
        for side, gain, pairs in ((0, after, right_pairs), (1, before, left_pairs)):
            worth[:, side] = layout + (gain - odd[0] - odd[1]) - less
            worth[:, side][~self.signed & (pairs < _SHARED)] = -np.inf
        worth[none, 1] = -np.inf
        bounds = np.cumsum([0, *sizes]).tolist()
        for span, at_span, (low, high) in zip(spans, own, pairwise(bounds), strict=True):
            self.worths[span] = worth[low:high].reshape(-1, len(self.loose)), at_span

    def _odd(self, starts: Ints, ends: Ints) -> Floats:
        """Nats against bodies: few paragraphs, the fewer the odder where no dateline opens them; an author who says I under a dateline."""
        size = ends - starts
        told = _TOLD * np.minimum(2, self.told[ends] - self.told[starts])
        odd: Floats = np.where(self.dated[starts], told + _STUMPS_DATED[np.minimum(size, 2)], _STUMPS[np.minimum(size, 3)])
        return odd

    def _settle(self, cut: _Cut) -> bool:
        """Move a place to where it fits best between its neighbours; tell whether it moved."""
        index = self.starts.index(cut.at)
        start, end = self.starts[index - 1], self.starts[index + 1]
        at = np.flatnonzero(self.open[start + 1 : end]) + start + 1
        if not len(at):
            return False
        starts, ends = np.full(len(at), start), np.full(len(at), end)
        leaning = self.leaning
        lean = 2 * leaning[at] - leaning[start] - leaning[end]
        """How much more the paragraphs before each place answer a headline than those after it."""
        (left, right), _ = self._sides(starts, at, ends)
        answers, sides = right[:, cut.right], -lean[:, cut.right]
        if cut.left is not None:
            answers = answers + left[:, cut.left]
            sides = sides + lean[:, cut.left]
        gain = _ANSWERS * answers + _SIDE * sides - self._odd(starts, at) - self._odd(at, ends)
        best = _first_best((self.evidence.at(at, starts, ends) + gain).tolist())
        if at[best] == cut.at:
            return False
        cut.at = self.starts[index] = int(at[best])
        return True


def _tells(text: str) -> bool:
    """Whether the author says I, outside quotations."""
    return "我" in text and _NARRATOR.search(_QUOTED.sub("", text)) is not None


def _take(scores: Floats, wanted: Bools, taken: dict[int, int], heads: set[int]) -> None:
    """Give headlines (columns) to spans (rows), the highest score first."""
    rows, columns = np.nonzero(wanted)
    pairs = zip((-scores[rows, columns]).tolist(), columns.tolist(), rows.tolist(), strict=True)
    for _, k, row in sorted(pairs):
        if row not in taken and k not in heads:
            taken[row] = k
            heads.add(k)


def _first_best(scores: Sequence[float]) -> int:
    """Index of the first score that no later one beats by more than a rounding error."""
    best = 0
    for i, score in enumerate(scores):
        if score > scores[best] + 1e-9:
            best = i
    return best


def _prior(heading: Heading) -> float:
    if heading.bylines:
        return _SIGNED
    return _MAY_LABEL if heading.followed and len(heading.lines) == 1 and may_label(heading.text) else _UNSIGNED
