"""Which headline heads which body: one assignment over the whole issue.

The score of a pair is the share of the heading's rare n-grams, names and numbers that the body
covers, plus a bonus where the heading stands right above the body.  The assignment with the highest
total is found by the Hungarian algorithm (Kuhn 1955, Munkres 1957; the ``munkres`` package), run on
each connected component of the graph of plausible pairs, so that the cost stays linear in the issue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Final

import numpy as np

from pipeline.segment.grams import Bools, Floats
from pipeline.segment.headings import Heading
from pipeline.segment.page import Body, Page

_LEAST: Final = 0.10
"""Pairs below this share nothing worth the name."""
_ABOVE: Final = 0.45
"""Bonus of a heading right above its body, with nothing else in between."""
_ELIMINATED: Final = 0.4
"""Most confidence in a heading of a list that shares next to nothing with its body: an editor looks at it."""
_ELSEWHERE: Final = 0.30
"""Taken off for an item begun on another page, whose headline stands there too, unless one stands right above."""
_TAKEN: Final = 0.3
"""Taken off a heading that stands right above another body."""
_LAST_OF_LIST: Final = 0.04
"""Bonus where the heading is merely the last of a list."""
_LABEL: Final = 0.25
"""Taken off a heading that has the form of a column label."""
_LISTED_LABEL: Final = 0.4
"""The same in a list, where labels stand apart from what they head."""
_HEADED: Final = 0.3
"""Score of the next heading of a list from which the one before it, that looks like a label, is left out."""
_CLEARLY: Final = 0.1
"""Coverage by which headlines answer the bodies above them better than those below, each."""
_CAPTION: Final = 0.30
"""Taken off a caption, which seldom has a headline, unless one stands right above it."""
_LEAD: Final = 0.30
"""Weight of the first paragraph, which a headline sums up."""
_SIGNED: Final = 0.1
_AGAINST: Final = 0.2
_TEMPERATURE: Final = 0.08
_WINDOW: Final = 60
"""Bodies on either side of a heading that it may belong to."""
_LARGEST: Final = 60
"""Rows of the largest assignment solved as a whole."""


@dataclass(slots=True, frozen=True)
class Match:
    """A heading found for a body."""

    heading: Heading
    confidence: float
    runner_up: Heading | None
    margin: float
    how: str = ""
    """``override`` where an editor decided; else empty."""


def pair(
    page: Page, bodies: Sequence[Body], starts: Sequence[int], headings: Sequence[Heading], decided: Mapping[int, int] | None = None
) -> list[Match | None]:
    """Find the best heading for each body; ``starts`` are the bodies' first paragraphs, ``decided`` pairs that are given."""
    if not bodies or not headings:
        return [None] * len(bodies)
    shared = page.answers.of(np.array(starts), np.array(starts) + [len(b.paragraphs) for b in bodies])[0]
    likely = _scores(page, bodies, starts, headings, shared)
    scores: list[dict[int, float]] = [{} for _ in bodies]
    at, of = np.nonzero((likely >= _LEAST) & _near(starts, headings))
    for index, column, score in zip(at.tolist(), of.tolist(), likely[at, of].tolist(), strict=True):
        scores[index][column] = score
    for column, heading in enumerate(headings[:-1]):
        if heading.labelled and heading.followed:
            # A label is about what its items are about: the headline below it tells the item.
            for row in scores:
                if row.get(column + 1, 0.0) >= _HEADED:
                    row.pop(column, None)
    for index, column in (decided or {}).items():
        for row in scores:
            row.pop(column, None)
        scores[index] = {column: 2.0}
    chosen: dict[int, int] = {}
    for rows in _components(scores):
        chosen.update(_assign(rows, scores))
    for index, column in _left_over(bodies, headings, chosen).items():
        chosen[index] = column
        scores[index][column] = float(likely[index, column])
    by_column: dict[int, list[tuple[int, float]]] = {}
    for index, row in enumerate(scores):
        for column, score in row.items():
            by_column.setdefault(column, []).append((index, score))
    found = [_match(index, chosen.get(index), scores, by_column, headings) for index in range(len(bodies))]
    return [
        replace(match, confidence=min(match.confidence, _ELIMINATED))
        if match is not None and match.heading.collected and shared[index, match.heading.at] < _LEAST
        else match
        for index, match in enumerate(found)
    ]


def _near(starts: Sequence[int], headings: Sequence[Heading]) -> Bools:
    """Which headings (columns) are near enough to each body (rows) to be its own."""
    count = len(starts)
    low = np.array([starts[max(0, i - _WINDOW)] for i in range(count)])[:, None]
    high = np.array([starts[min(count - 1, i + _WINDOW)] for i in range(count)])[:, None]
    place, here = np.array([h.place for h in headings]), np.array([h.jump is None for h in headings])
    near: Bools = here & (((low <= place) & (place <= high + 1)) | ((place >= starts[-1]) & (high == starts[-1])))
    return near


def _scores(page: Page, bodies: Sequence[Body], starts: Sequence[int], headings: Sequence[Heading], shared: Floats) -> Floats:
    """How likely each heading (columns) is each body's own (rows)."""
    first = np.array(starts)
    score = (1 - _LEAD) * shared + _LEAD * page.answers.of(first, first + 1)[1]
    dated, caption, continued = np.array([(b.dated, b.caption, b.continued) for b in bodies]).T[:, :, None]
    labelled, collected, signed = np.array([(h.labelled, h.collected, bool(h.bylines)) for h in headings]).T
    above = first[:, None] == [-1 if h.above is None else h.above for h in headings]
    bonus = np.where(collected, _LAST_OF_LIST, _ABOVE)
    below = _stand_below(page, bodies, starts, headings)
    if below:
        above = first[:, None] + [[len(b.paragraphs)] for b in bodies] == [h.place for h in headings]
        bonus = np.full(len(headings), _ABOVE)
    score += np.where(above, bonus, np.where(continued, -_ELSEWHERE, 0.0))
    if not below:
        # What stands right above one body seldom heads another; a caption may have none.
        owned = (above & ~caption).any(axis=0)
        rivals = ~above & ~collected & owned & (score > _LEAST)
        score = np.where(rivals, np.maximum(_LEAST, score - _TAKEN), score)
    # A heading with its own byline heads an article without a dateline, and the other way round.
    fits = np.where(signed & collected & ~caption, np.where(dated, -_AGAINST, _SIGNED), 0.0)
    score += np.where(labelled, np.where(collected, -_LISTED_LABEL, -_LABEL), fits)
    return score - np.where(caption & ~(above & ~collected), _CAPTION, 0.0)


def _stand_below(page: Page, bodies: Sequence[Body], starts: Sequence[int], headings: Sequence[Heading]) -> bool:
    """Whether each headline stands below its body: none above the first, one below each, and the texts say so."""
    if len(bodies) < 2 or len(headings) > len(bodies) + 1 or headings[0].place == 0:
        return False
    ends = [start + len(body.paragraphs) for body, start in zip(bodies, starts, strict=True)]
    places = [h.place for h in headings]
    if places[-1] != ends[-1] or len(set(places)) < len(bodies) - 1:
        return False
    answers = page.answers.of(np.array(starts), np.array(ends))[0]
    below, above = (float(answers[np.array(edge)[:, None] == places].sum()) for edge in (ends, starts))
    return below > above + _CLEARLY * len(headings)


def _components(scores: Sequence[dict[int, float]]) -> list[list[int]]:
    """Rows that share candidate columns, directly or through others."""
    parent = list(range(len(scores)))

    def find(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    owner: dict[int, int] = {}
    for row, columns in enumerate(scores):
        for column in columns:
            if column in owner:
                parent[find(row)] = find(owner[column])
            else:
                owner[column] = row
    groups: dict[int, list[int]] = {}
    for row in range(len(scores)):
        groups.setdefault(find(row), []).append(row)
    out: list[list[int]] = []
    for rows in groups.values():
        out += [rows[i : i + _LARGEST] for i in range(0, len(rows), _LARGEST)]
    return out


def _assign(rows: Sequence[int], scores: Sequence[dict[int, float]]) -> dict[int, int]:
    if len(rows) == 1:
        return {r: _best(scores[r]) for r in rows if scores[r]}
    chosen: dict[int, int] = {}
    wanted = Counter(c for r in rows for c in scores[r])
    best = {r: _best(scores[r]) for r in rows if scores[r]}
    rows = list(best)
    while free := [r for r in rows if wanted[best[r]] == 1]:
        # Nothing else can have a body's own best heading: the pair is in every assignment worth most.
        for r in free:
            chosen[r] = best[r]
            wanted.subtract(scores[r].keys())
        rows = [r for r in rows if r not in chosen]
    if not rows:
        return chosen
    columns = sorted({c for r in rows for c in scores[r]})
    # Imported here: a page whose headings are all plain needs no solver.
    from munkres import Munkres

    # Every row may stay without a heading, at a cost just below that of the weakest pair.
    costs = [[2.0 - scores[r].get(c, 0.0) for c in columns] + [2.0] * len(rows) for r in rows]
    found = Munkres().compute(costs)
    return chosen | {rows[i]: columns[j] for i, j in found if j < len(columns) and columns[j] in scores[rows[i]]}


def _best(row: Mapping[int, float]) -> int:
    """The column that a row scores most in, the first of several."""
    return max(row, key=lambda c: (row[c], -c))


def _left_over(bodies: Sequence[Body], headings: Sequence[Heading], chosen: dict[int, int]) -> dict[int, int]:
    """Pairs by elimination: the one body and the one headline of a kind (signed or with a dateline) that share too little to tell."""
    out: dict[int, int] = {}
    taken = set(chosen.values())
    for dated in (True, False):
        rows = [i for i, b in enumerate(bodies) if i not in chosen and b.dated is dated and not b.caption]
        columns = [
            c
            for c, h in enumerate(headings)
            if c not in taken and h.collected and h.jump is None and h.headline_like and bool(h.bylines) is not dated
        ]
        if len(rows) == len(columns) == 1:
            out[rows[0]] = columns[0]
    return out


def _match(
    row: int,
    column: int | None,
    scores: Sequence[dict[int, float]],
    by_column: dict[int, list[tuple[int, float]]],
    headings: Sequence[Heading],
) -> Match | None:
    if column is None:
        return None
    candidates = scores[row]
    mine = candidates[column]
    rivals = sorted(((s, -c) for c, s in candidates.items() if c != column), reverse=True)
    claims = [s for r, s in by_column[column] if r != row]
    weights = [exp(s / _TEMPERATURE) for s in [mine, _LEAST, *(s for s, _ in rivals)]]
    against = [exp(s / _TEMPERATURE) for s in [mine, *claims]]
    confidence = min(weights[0] / sum(weights), against[0] / sum(against))
    second = rivals[0] if rivals else None
    best_other = max([second[0] if second else 0.0, *claims])
    return Match(
        headings[column], round(confidence, 3), headings[-second[1]] if second else None, round(min(1.0, max(0.0, mine - best_other)), 3)
    )
