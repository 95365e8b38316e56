"""Figures and people that have changed places: wheat's yield given to maize, one town's mayor to another.

Every figure and name is there, so nothing is missing and nothing added.  What tells is the company
they keep: two clauses of the Chinese hold one of a kind each, and words that only one of the clauses
has come out beside the other's figure, on both sides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.dropped import anchors
from pipeline.checks.quantities import agree
from pipeline.checks.text import CLAUSE_END, content_stems, words
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.numbers import Kind, Quantity
from pipeline.terms.numbers_render import ordinal
from pipeline.terms.units import dimension

NAME = "order"

_PARTS: Final = re.compile(r"[,;:.\s](?:(?<=\S)\s+|(?<=\s)(?:and|while|whereas|but|against|versus|compared (?:with|to))\s)")
"""Where one statement of an English sentence ends and the next begins.  One class of characters first: so the engine skips the rest."""
_KINDS: Final = frozenset({Kind.CARDINAL, Kind.PERCENT, Kind.FRACTION, Kind.MULTIPLE})


_MOST: Final = 60
"""Figures in one passage; more make a table, whose statements are not told apart by clauses."""


class _Placed(NamedTuple):
    """A figure or a person, where each language has it."""

    kind: tuple[str, str]
    source: str
    clause: int
    part: int


class _Cut(NamedTuple):
    """A text in pieces."""

    spans: list[tuple[int, int]]
    ends: list[int]

    def piece(self, at: int) -> int:
        """Which piece the code point at ``at`` is in, or the next one."""
        return min(bisect_right(self.ends, at), len(self.ends) - 1)


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report two of a kind that have changed places."""
    people = [k for k in reading.known if k.kind == "person"]
    pairs = _pairs(*reading.figures)
    if len(people) < 2 and len(pairs) < 2:
        return
    clauses, parts = _cut(CLAUSE_END, reading.source), _cut(_PARTS, reading.plain)
    if len(clauses.spans) < 2 or len(parts.spans) < 2:
        return
    placed = [*_figures(pairs, *reading.figures, clauses, parts)]
    for person in people:
        at = max(reading.lower.find(r.lower()) for r in person.renderings)
        if at >= 0 and reading.source.count(person.source) == 1:
            placed.append(_Placed(("person", ""), person.source, clauses.piece(reading.source.index(person.source)), parts.piece(at)))
    for one, other in combinations(placed, 2):
        if (
            one.kind == other.kind
            and one.clause != other.clause
            and one.part != other.part
            and _crossed(reading, clauses, parts, one, other)
        ):
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                f"{one.source} and {other.source} seem to have changed places in the English.",
                source=f"{one.source}, {other.source}",
                target=shorten(reading.target),
            )
            return


def _pairs(zh: Sequence[Quantity], en: Sequence[Quantity]) -> list[tuple[Quantity, Quantity]]:
    """Figures that another could be taken for, each with its one partner; most sentences have none."""
    if not (2 <= len(zh) <= _MOST and 2 <= len(en) <= _MOST):
        return []
    counted = [(q, _class(q)) for q in zh if _counts(q)]
    kinds = [kind for _, kind in counted]
    found = []
    for q, kind in counted:
        if kinds.count(kind) > 1:
            partners = [e for e in en if agree(q, e)]
            if len(partners) == 1:
                found.append((q, partners[0]))
    return found


def _counts(q: Quantity) -> bool:
    return not q.weak and q.kind in _KINDS


def _figures(
    pairs: Sequence[tuple[Quantity, Quantity]], zh: Sequence[Quantity], en: Sequence[Quantity], clauses: _Cut, parts: _Cut
) -> Iterator[_Placed]:
    """Figures with one partner each, alone of their kind in their clause and in their part of the English."""
    if len(pairs) < 2:
        return
    in_clause = Counter((_class(o), clauses.piece(o.start)) for o in zh if _counts(o))
    in_part = Counter((_class(e), parts.piece(e.start)) for e in en)
    for q, e in pairs:
        kind, clause, part = _class(q), clauses.piece(q.start), parts.piece(e.start)
        if in_clause[kind, clause] == 1 and in_part[_class(e), part] == 1:
            yield _Placed(kind, q.text.strip(), clause, part)


def _class(q: Quantity) -> tuple[str, str]:
    return q.kind, dimension(q.unit) or q.unit


def _cut(ends: re.Pattern[str], text: str) -> _Cut:
    edges = [0, *(edge for m in ends.finditer(text) for edge in m.span()), len(text)]
    spans = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return _Cut(spans, [end for _, end in spans])


def _crossed(reading: Reading, clauses: _Cut, parts: _Cut, one: _Placed, other: _Placed) -> bool:
    """Words of either clause alone stand beside the other's figure, and none beside its own."""
    mine, theirs = _labels(reading, clauses.spans[one.clause]), _labels(reading, clauses.spans[other.clause])
    near, far = (f" {' '.join(words(reading.plain[slice(*parts.spans[item.part])]))} " for item in (one, other))
    return _strayed(mine - theirs, near, far) and _strayed(theirs - mine, far, near)


def _strayed(labels: set[tuple[str, ...]], near: str, far: str) -> bool:
    strayed = False
    for label in labels:
        here, there = any(map(near.__contains__, label)), any(map(far.__contains__, label))
        if here and not there:
            return False
        strayed = strayed or (there and not here)
    return strayed


def _labels(reading: Reading, clause: tuple[int, int]) -> set[tuple[str, ...]]:
    """English beginnings of the words of a clause that the table knows, and of its names and terms, save people's."""
    text = reading.source[slice(*clause)]
    found = {label for _, _, label in anchors().find(text)}
    for q in reading.figures[0]:
        if q.kind is Kind.ORDINAL and clause[0] <= q.start < clause[1]:
            found.add((f" {ordinal(int(q.value))} ", f" {int(q.value)}"))
    for known in reading.known:
        if known.source in text and known.kind != "person":
            found |= {(f" {stem}",) for stem in content_stems(known.target)}
    return found
