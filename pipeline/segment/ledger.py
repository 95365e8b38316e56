"""The character ledger: who owns every character of the issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from pipeline.records import LedgerEntry, Owner, Span
from pipeline.segment.lines import LAYOUT


class Claim(NamedTuple):
    """One owner's hold on one range."""

    start: int
    end: int
    owner: Owner
    unit: str | None
    role: str


def balance(text: str, claims: Iterable[Claim]) -> tuple[LedgerEntry, ...]:
    """Cover ``[0, len(text))`` exactly: the claims, layout between them, and residue for the rest.

    Of several claims on one and the same range the first counts: a column label belongs to the first unit under it.

    Raises:
        ValueError: two claims overlap or one lies outside the text (a defect of the segmentation).
    """
    out: list[LedgerEntry] = []
    position = 0
    before = (-1, -1)
    for claim in sorted(claims, key=itemgetter(0, 1)):
        if claim[:2] == before:
            continue
        before = claim[:2]
        if claim.start < position or claim.end > len(text):
            raise ValueError(f"overlapping claims on the source at {claim.start}")
        if claim.start > position:
            if text[position : claim.start].isspace():
                between = [LedgerEntry(span=Span(position, claim.start), owner=Owner.LAYOUT)]
            else:
                between = list(_unclaimed(text, position, claim.start))
            out += _hyphen(text, between) if out and (out[-1].unit, out[-1].role) == (claim.unit, claim.role) else between
        out.append(LedgerEntry(span=Span(claim.start, claim.end), owner=claim.owner, unit=claim.unit, role=claim.role))
        position = claim.end
    if position < len(text):
        out += _unclaimed(text, position, len(text))
    return tuple(out)


def _unclaimed(text: str, start: int, end: int) -> Iterator[LedgerEntry]:
    position = start
    while position < end:
        hit = LAYOUT.match(text, position, end)
        if hit is not None:
            stop, owner = hit.end(), Owner.LAYOUT
        else:
            found = LAYOUT.search(text, position, end)
            stop, owner = (found.start() if found else end), Owner.RESIDUE
        yield LedgerEntry(span=Span(position, stop), owner=owner)
        position = stop


def _hyphen(text: str, between: list[LedgerEntry]) -> list[LedgerEntry]:
    """A hyphen alone before a line end inside one paragraph only divided a word there: it is layout."""
    if between and between[0].owner is Owner.RESIDUE and text[between[0].span.start : between[0].span.end] == "-":
        between[0] = LedgerEntry(span=between[0].span, owner=Owner.LAYOUT, role="hyphen")
    return between
