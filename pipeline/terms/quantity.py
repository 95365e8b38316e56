"""The value of a written number, whichever language it was written in, and when two of them agree."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Final

from pipeline.records import Record
from pipeline.terms.numerals import Value
from pipeline.terms.units import dimension, factor

CONVERSION_TOLERANCE: Final = Fraction(3, 200)
"""Relative difference allowed between values in different units: 3.5万亩 as "about 2,330 hectares"."""


class Kind(StrEnum):
    CARDINAL = "cardinal"
    ORDINAL = "ordinal"
    PERCENT = "percent"
    """``value`` is in percent: 三成 is 30."""
    FRACTION = "fraction"
    MULTIPLE = "multiple"
    """Times as much: 2倍, 翻一番 (2), threefold (3)."""
    DATE = "date"
    """``value`` is year * 10000 + month * 100 + day; a part that is not stated is 0."""
    TIME = "time"
    """``value`` is minutes since midnight; ``part`` is ``am``, ``pm`` or empty where the clock is not stated."""
    CODE = "code"
    """A telephone number, a road, a model: compared as ``text``, digits and letters only."""


class Approx(StrEnum):
    NONE = ""
    ABOUT = "about"
    MORE = "more"
    NEARLY = "nearly"
    LESS = "less"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    SEVERAL = "several"
    """A whole order of magnitude: 数百, "hundreds of"; ``value`` is that order."""


class Quantity(Record, frozen=True, gc=False):
    """One number as read, in Chinese or English."""

    start: int
    end: int
    """Code points in the text that was read; covers approximation marks and the unit."""
    text: str
    """The text at that place."""
    kind: Kind
    value: Value
    """Exact; see ``Kind`` for dates and times."""
    upper: Value | None = None
    """Upper end of a range."""
    unit: str = ""
    """Normalised name (see ``pipeline.terms.units``); empty where none is written."""
    per: str = ""
    """Unit after a slash: 元/公斤 is ``yuan`` per ``kg``."""
    approx: Approx = Approx.NONE
    part: str = ""
    """Of a date: ``early``, ``mid``, ``late``, ``decade``, ``quarter``; of a span of time: ``past``, ``first``."""
    weak: bool = False
    """The other language may well say this without a number: 一个, 第一, "one of", "both"."""


def ymd(value: Value) -> tuple[int, int, int]:
    """Split a date's value into year, month, day (0 where not stated)."""
    whole = int(value)
    return whole // 10000, whole // 100 % 100, whole % 100


def matches(a: Quantity, b: Quantity) -> bool:
    """Tell whether two quantities state the same value, units converted.

    Approximation marks are not compared (that is a difference of wording, see ``approx``).  A count
    and a bare number of the same value agree; two units of one dimension are converted, within 1.5 %;
    units of different dimensions disagree.
    """
    kind = a.kind
    if kind is not b.kind:
        kind = min(kind, b.kind, key=_RANK.__getitem__)
        if kind is _PERCENT:
            return _as_share(a) == _as_share(b)
        if kind is _ORDINAL and not (a.weak or b.weak):
            # 第3期 may become "issue 3"; a plain count never becomes an ordinal of itself.
            return a.value == b.value and not (dimension(a.unit) or dimension(b.unit))
    elif (
        kind is _CARDINAL and (a.upper is None) == (b.upper is None) and (a.unit == b.unit or not a.unit or not b.unit)
    ):  # nearly all pairs
        return a.value == b.value and a.upper == b.upper
    compare = _BY_KIND.get(kind, _same_amount)
    return compare(a, b)


def _same_code(a: Quantity, b: Quantity) -> bool:
    return _letters(a.text) == _letters(b.text)


def _letters(text: str) -> str:
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def _as_share(q: Quantity) -> tuple[Value, Value | None]:
    scale: Value = Fraction(1, 100) if q.kind is Kind.PERCENT else 1
    return q.value * scale, None if q.upper is None else q.upper * scale


def _same_amount(a: Quantity, b: Quantity) -> bool:
    da, db = dimension(a.unit), dimension(b.unit)
    if da and db and da != db:
        return False
    if (a.upper is None) != (b.upper is None):
        return _range_as_one(a, b)
    if a.unit == b.unit or not (da and db) or factor(a.unit) == factor(b.unit):
        return a.value == b.value and a.upper == b.upper
    fa, fb = Fraction(factor(a.unit)), Fraction(factor(b.unit))
    pairs = [(a.value * fa, b.value * fb)]
    if a.upper is not None and b.upper is not None:
        pairs.append((a.upper * fa, b.upper * fb))
    return all(abs(x - y) <= CONVERSION_TOLERANCE * max(abs(x), abs(y)) for x, y in pairs)


def _range_as_one(a: Quantity, b: Quantity) -> bool:
    """十几 (10 to 20) reads as "a dozen or so" or "more than ten"; a stated range never loses an end."""
    span, one = (a, b) if a.upper is not None else (b, a)
    if span.approx is Approx.NONE or span.upper is None:
        return False
    return span.value <= one.value < span.upper


def _same_date(a: Quantity, b: Quantity) -> bool:
    if a.kind is not b.kind:
        date, other = (a, b) if a.kind is Kind.DATE else (b, a)
        year, month, day = ymd(date.value)
        # A bare year may be read as a count in English, a bare day as an ordinal.
        return not month and not other.unit and other.value == (year or day)
    ends_a, ends_b = (a.value, a.upper), (b.value, b.upper)
    if (a.upper is None) != (b.upper is None) or (a.part != b.part and "decade" in (a.part, b.part)):
        return False
    return all(_date_fits(x, y) for x, y in zip(ends_a, ends_b, strict=True) if x is not None and y is not None)


def _date_fits(x: Value, y: Value) -> bool:
    """Parts that only one side states do not disagree, as long as one stated part is shared."""
    both = [(p, q) for p, q in zip(ymd(x), ymd(y), strict=True) if p and q]
    return bool(both) and all(p == q for p, q in both)


def _same_time(a: Quantity, b: Quantity) -> bool:
    if a.kind is not b.kind or (a.upper is None) != (b.upper is None):
        return False
    clock = 1440 if a.part and b.part else 720
    ends = [(a.value, b.value)]
    if a.upper is not None and b.upper is not None:
        ends.append((a.upper, b.upper))
    return all(x % clock == y % clock for x, y in ends)


def _same_multiple(a: Quantity, b: Quantity) -> bool:
    if a.kind is b.kind:
        # 增长2倍 is "tripled", 是…的2倍 is "twice": both readings of one written number are met.
        return abs(a.value - b.value) in (0, 1)
    times, other = (a, b) if a.kind is Kind.MULTIPLE else (b, a)
    if other.kind is Kind.PERCENT:
        return other.value in (times.value * 100, times.value * 100 - 100)
    return other.value == times.value and not dimension(other.unit)


_CARDINAL: Final = Kind.CARDINAL
_PERCENT: Final = Kind.PERCENT
_ORDINAL: Final = Kind.ORDINAL
_RANK: Final = {
    kind: rank
    for rank, kind in enumerate((Kind.CODE, Kind.DATE, Kind.TIME, Kind.MULTIPLE, Kind.PERCENT, Kind.ORDINAL, Kind.FRACTION, Kind.CARDINAL))
}
"""Of two different kinds, the first of these decides how they are compared."""
_BY_KIND: Final = {Kind.CODE: _same_code, Kind.DATE: _same_date, Kind.TIME: _same_time, Kind.MULTIPLE: _same_multiple}
