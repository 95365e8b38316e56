"""Figures and people that have changed places: wheat's yield given to maize, one town's mayor to another.

Every figure and name is there, so nothing is missing and nothing added.  What tells is the company
they keep: two clauses of the Chinese hold one of a kind each, and words that only one of the clauses
has come out beside the other's figure, on both sides.
"""

from __future__ import annotations

import re
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

_PARTS: Final = re.compile(r"[,;:.]\s+|\s(?:and|while|whereas|but|against|versus|compared (?:with|to))\s")
"""Where one statement of an English sentence ends and the next begins."""
_KINDS: Final = frozenset({Kind.CARDINAL, Kind.PERCENT, Kind.FRACTION, Kind.MULTIPLE})


class _Placed(NamedTuple):
    """A figure or a person, where each language has it."""

    kind: tuple[str, str]
    source: str
    clause: int
    part: int


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report two of a kind that have changed places."""
    people = [k for k in reading.known if k.kind == "person"]
    zh, en = _several_of_a_kind(reading.figures[0]), reading.figures[1]
    if len(people) < 2 and (len(zh) < 2 or len(en) < 2):
        return
    clauses, parts = _cut(CLAUSE_END, reading.source), _cut(_PARTS, reading.plain)
    if len(clauses) < 2 or len(parts) < 2:
        return
    placed = [*_figures(zh, en, clauses, parts)]
    for person in people:
        at = max(reading.lower.find(r.lower()) for r in person.renderings)
        if at >= 0 and reading.source.count(person.source) == 1:
            placed.append(_Placed(("person", ""), person.source, _index(clauses, reading.source.index(person.source)), _index(parts, at)))
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


def _several_of_a_kind(figures: Sequence[Quantity]) -> Sequence[Quantity]:
    """Figures that another could be taken for; most sentences have none."""
    if len(figures) < 2:
        return ()
    counted = [q for q in figures if q.kind in _KINDS and not q.weak]
    kinds = Counter(map(_class, counted))
    return [q for q in counted if kinds[_class(q)] > 1]


def _figures(
    zh: Sequence[Quantity], en: Sequence[Quantity], clauses: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]]
) -> Iterator[_Placed]:
    """Figures with one partner each, alone of their kind in their clause and in their part of the English."""
    for q in zh:
        clause = _index(clauses, q.start)
        if sum(_class(q) == _class(o) and _index(clauses, o.start) == clause for o in zh) > 1:
            continue
        partners = [e for e in en if agree(q, e)]
        if len(partners) != 1:
            continue
        part = _index(parts, partners[0].start)
        if sum(_class(e) == _class(partners[0]) and _index(parts, e.start) == part for e in en) == 1:
            yield _Placed(_class(q), q.text.strip(), clause, part)


def _class(q: Quantity) -> tuple[str, str]:
    return q.kind, dimension(q.unit) or q.unit


def _cut(ends: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    edges = [0, *(edge for m in ends.finditer(text) for edge in m.span()), len(text)]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _index(spans: Sequence[tuple[int, int]], at: int) -> int:
    return next((i for i, (_, end) in enumerate(spans) if at < end), len(spans) - 1)


def _crossed(reading: Reading, clauses: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]], one: _Placed, other: _Placed) -> bool:
    """Words of either clause alone stand beside the other's figure, and none beside its own."""
    mine, theirs = _labels(reading, clauses[one.clause]), _labels(reading, clauses[other.clause])
    near, far = (f" {' '.join(words(reading.plain[slice(*parts[item.part])]))} " for item in (one, other))
    return _strayed(mine - theirs, near, far) and _strayed(theirs - mine, far, near)


def _strayed(labels: set[tuple[str, ...]], near: str, far: str) -> bool:
    where = {(any(b in near for b in label), any(b in far for b in label)) for label in labels}
    return (False, True) in where and (True, False) not in where


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
