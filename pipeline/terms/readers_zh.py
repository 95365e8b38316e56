"""What the readers of Chinese numbers share: their results, the values of numerals, and the marks of approximation."""

from __future__ import annotations

from typing import Final

from pipeline.terms import patterns_zh as pat
from pipeline.terms.numerals import Value, parse_zh
from pipeline.terms.quantity import Approx, Kind, Quantity

_NONE: Final = Approx.NONE


def quantity(text: str, start: int, end: int, kind: Kind, value: Value, **more: object) -> Quantity:
    """What was read in ``text[start:end]``."""
    return Quantity(start=start, end=end, text=text[start:end], kind=kind, value=value, **more)  # type: ignore[arg-type]


def value_of(text: str | None) -> Value | None:
    """The value of a numeral as it is written, spaces inside it or not; ``None`` where there is none."""
    if not text:
        return None
    return parse_zh(text if text.isascii() else text.replace("\u3000", "").replace("\xa0", ""))


def whole(text: str | None) -> int:
    """The value of a part of a date or a clock time, 0 where it is not stated; 元月 is the first month."""
    if text == "元":
        return 1
    value = value_of(text)
    return int(value) if value is not None else 0


def mark_before(text: str, at: int, floor: int) -> tuple[int, Approx]:
    """Find an approximation mark that ends at ``at``."""
    stop = at
    while stop > floor and text[stop - 1] in " \u3000\xa0" and at - stop < 2:
        stop -= 1
    if stop <= floor or text[stop - 1] not in pat.PRE_LAST:
        return at, _NONE
    for word, approx in pat.PRE:
        start = stop - len(word)
        if start >= floor and text.startswith(word, start):
            if start and text[start - 1] in pat.NOT_BEFORE.get(word, ""):
                return at, _NONE
            return start, approx
    return at, _NONE


def mark_after(text: str, end: int, approx: Approx) -> tuple[int, Approx]:
    """Find an approximation mark that begins at ``end``; one found before the number counts for more."""
    if text[end : end + 1] not in pat.AFTER_STARTS:
        return end, approx
    m = pat.AFTER_RE.match(text, end)
    if not m:
        return end, approx
    return m.end(), approx or pat.AFTER_MARK[m[1]]
