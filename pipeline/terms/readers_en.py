"""What the readers of English numbers share: their results, units, and the marks of approximation."""

from __future__ import annotations

import string
from typing import Final

from pipeline.terms import patterns_en as pat
from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.units import EN_UNITS

_MARK_LENGTH: Final = 24
"""Code points of the longest mark, with what may stand after it."""
_LAST: Final = pat.PRE_ENDS | {"a", "an", "rmb"}
"""What may stand right before a number that has a mark."""
_NONE: Final = Approx.NONE
_LAST_ENDS: Final = ("$", "¥", *string.ascii_lowercase)
"""How the same may end where it is glued to a mark of punctuation or a currency."""


def quantity(text: str, start: int, end: int, kind: Kind, value: Value, **more: object) -> Quantity:
    """What was read in ``text[start:end]``."""
    return Quantity(start=start, end=end, text=text[start:end], kind=kind, value=value, **more)  # type: ignore[arg-type]


def mark_before(text: str, at: int) -> tuple[int, Approx]:
    """Find an approximation mark that ends at ``at``, an article or a currency after it or not."""
    floor = max(0, at - _MARK_LENGTH)
    before = text[floor:at].lower()
    last = before.split()[-1:]
    if not last or not (last[0] in _LAST or (not last[0].isalpha() and last[0].endswith(_LAST_ENDS))):
        return at, _NONE  # most numbers have none
    words = pat.LETTERS.findall(before)[-3:]  # the mark, an article, a currency
    m = pat.PRE.search(text, floor, at) if not pat.PRE_ENDS.isdisjoint(words) else None
    if not m:
        return at, Approx.NONE
    return m.start(), next(pat.PRE_KIND[k] for k, v in m.groupdict().items() if v)


def unit_of(written: str | None) -> str:
    """Normalised name of a unit as it is written; empty for none."""
    return EN_UNITS.get(" ".join(written.lower().split()).strip("- "), "") if written else ""
