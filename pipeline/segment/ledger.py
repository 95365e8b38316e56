"""The character ledger: who owns every character of the issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.records import LedgerEntry, Owner, Span
from pipeline.segment.lines import LAYOUT


def balance(text: str, claims: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Cover ``[0, len(text))`` exactly: the claims of units and furniture, layout between them, and residue for the rest.

    Of several claims on one and the same range the first counts: a column label belongs to the first unit under it.

    Raises:
        ValueError: two claims overlap or one lies outside the text (a defect of the segmentation).
    """
    out: list[LedgerEntry] = []
    position = 0
    before: Span | None = None
    layout = Owner.LAYOUT
    for claim in sorted(claims, key=_place):
        span = claim.span
        start, end = span.start, span.end
        if start < position and span == before:
            continue
        before = span
        if start < position or end > len(text):
            raise ValueError(f"overlapping claims on the source at {start}")
        if start > position:
            if text[position:start].isspace():
                out.append(LedgerEntry(span=Span(position, start), owner=layout))
            else:
                between = list(_unclaimed(text, position, start))
                out += _hyphen(text, between) if out and (out[-1].unit, out[-1].role) == (claim.unit, claim.role) else between
        out.append(claim)
        position = end
    if position < len(text):
        out += _unclaimed(text, position, len(text))
    return tuple(out)


def _place(claim: LedgerEntry) -> tuple[int, int]:
    span = claim.span
    return span.start, span.end


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
