"""Quantities in the English of Chinese newspapers: 20亿元 as "2 billion yuan", 3.5万亩 as "35,000 mu"."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Approx, Kind, Quantity, ymd
from pipeline.terms.units import BY_NAME

_MONTHS: Final = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SMALL: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_MARKS: Final = {
    Approx.ABOUT: "about ", Approx.MORE: "more than ", Approx.NEARLY: "nearly ", Approx.LESS: "less than ", Approx.AT_LEAST: "at least ",
    Approx.AT_MOST: "up to ",
}  # fmt: skip
_ORDERS: Final = {
    10: "dozens of", 100: "hundreds of", 1000: "thousands of", 10_000: "tens of thousands of", 100_000: "hundreds of thousands of",
    10**6: "millions of", 10**7: "tens of millions of", 10**8: "hundreds of millions of", 10**9: "billions of",
}  # fmt: skip
_FRACTIONS: Final[dict[Value, str]] = {
    Fraction(1, 2): "half", Fraction(1, 3): "one-third", Fraction(2, 3): "two-thirds", Fraction(1, 4): "one-quarter",
    Fraction(3, 4): "three-quarters",
}  # fmt: skip
_TENTHS: Final = ("", "", "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MULTIPLES: Final = {2: "double", 4: "quadruple", 8: "eight times"}


def render_en(q: Quantity, *, noun_follows: bool = False) -> str:
    """Write a quantity as an English newspaper would.

    Args:
        q: the quantity, read from either language.
        noun_follows: a noun stands right after it, so a counter is left out (5名代表 -> "five").
    """
    if q.kind is Kind.DATE:
        return _date(q)
    if q.kind is Kind.TIME:
        return _clock(int(q.value), q.part)
    if q.kind is Kind.CODE:
        return q.text
    if q.kind is Kind.ORDINAL:
        return _ordinal(q)
    if q.approx is Approx.SEVERAL:
        return _several(q, noun_follows)
    mark = _MARKS.get(q.approx, "")
    if q.approx is Approx.LESS and (not q.unit or (q.unit in BY_NAME and BY_NAME[q.unit].counter) or q.unit in ("person", "household")):
        mark = "fewer than " if q.kind is Kind.CARDINAL else mark
    if q.kind is Kind.PERCENT:
        return f"{mark}{_span(q, plain=True)} percent"
    if q.kind is Kind.FRACTION:
        return mark + _fraction(q.value)
    if q.kind is Kind.MULTIPLE:
        if q.text.startswith("翻"):
            return _MULTIPLES.get(int(q.value), f"{q.value} times")
        return f"{mark}{_span(q, plain=True)} times"
    return mark + _amount(q, noun_follows)


def _amount(q: Quantity, noun_follows: bool) -> str:
    if q.part in ("past", "first"):
        return f"the {q.part} {_span(q, plain=False)} {_unit_word(q)}"
    if q.value == Fraction(1, 2) and q.upper is None and q.unit in BY_NAME:
        one = BY_NAME[q.unit].one
        return f"half {'an' if one[0] in 'aeiou' or one.startswith('hour') else 'a'} {one}"
    unit = BY_NAME.get(q.unit)
    spelled = unit is None or unit.counter or not unit.measure or unit.name in ("month", "year", "week", "day", "hour", "minute")
    if q.unit == "year_old":
        return f"{_span(q, plain=True)} years old"
    number = _span(q, plain=not spelled)
    if unit is None or (unit.counter and (noun_follows or unit.name == "one")):
        return number
    word = _unit_word(q)
    per = f" per {BY_NAME[q.per].one}" if q.per in BY_NAME else ""
    return f"{number} {word}{per}"


def _unit_word(q: Quantity) -> str:
    if q.unit == "quarter":
        return "quarters" if q.value > 1 else "quarter"
    unit = BY_NAME[q.unit]
    single = q.value == 1 and q.upper is None and q.approx in (Approx.NONE, Approx.MORE, Approx.NEARLY, Approx.LESS)
    return unit.one if single else unit.many


def _span(q: Quantity, *, plain: bool) -> str:
    if q.upper is None or q.approx is Approx.MORE:
        return _figure(q.value, plain=plain)
    low, high = _figure(q.value, plain=plain), _figure(q.upper, plain=plain)
    for _, name in _SCALES:
        if low.endswith(f" {name}") and high.endswith(f" {name}"):
            low = low.removesuffix(f" {name}")
    return f"{low} to {high}"


def _figure(value: Value, *, plain: bool) -> str:
    """Write a value exactly: words below ten unless ``plain``, commas, millions and up by name."""
    if not plain and value.denominator == 1 and 0 <= value < 10:
        return _SMALL[int(value)]
    for scale, name in _SCALES:
        if value >= scale and _short(scaled := Fraction(value) / scale):
            return f"{_decimal(scaled)} {name}"
    return _decimal(value)


def _short(value: Fraction) -> bool:
    return (value * 1000).denominator == 1


def _decimal(value: Value) -> str:
    if value.denominator == 1:
        return f"{int(value):,}"
    den = value.denominator
    digits = 0
    while den > 1 and digits < 12:
        digits += 1
        den = (value * 10**digits).denominator
    if den > 1:
        return f"{value.numerator}/{value.denominator}"
    shifted = f"{int(value * 10**digits):0{digits + 1}d}"
    return f"{int(shifted[:-digits]):,}.{shifted[-digits:]}"


def _several(q: Quantity, noun_follows: bool) -> str:
    order = _ORDERS.get(int(q.value), "many")
    unit = BY_NAME.get(q.unit)
    if unit is None or (unit.counter and (noun_follows or unit.name == "one")):
        return order
    return f"{order} {unit.many}"


def _fraction(value: Value) -> str:
    if value in _FRACTIONS:
        return _FRACTIONS[value]
    if value.denominator <= 10 and value.numerator < 10:
        return f"{_SMALL[value.numerator]}-{_TENTHS[value.denominator]}{'s' if value.numerator > 1 else ''}"
    return f"{value.numerator}/{value.denominator}"


def ordinal(n: int) -> str:
    """Write 1 as ``first``, 10 as ``10th``."""
    if 0 < n < 10:
        return _ORDINALS[n]
    suffix = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def _ordinal(q: Quantity) -> str:
    word = ordinal(int(q.value))
    if q.unit in ("century", "quarter", "session", "prize"):
        return f"{'the ' if q.unit == 'century' else ''}{word} {q.unit}"
    return word


def _date(q: Quantity) -> str:
    mark = "around " if q.approx is Approx.ABOUT else _MARKS.get(q.approx, "")
    if q.part == "decade":
        return f"the {ymd(q.value)[0]}s"
    if q.upper is None:
        return mark + _one_date(q.value, q.part)
    (y1, m1, d1), (y2, m2, d2) = ymd(q.value), ymd(q.upper)
    if not m1 and not m2 and d1 and d2:
        return f"from the {d1}{_suffix(d1)} to the {d2}{_suffix(d2)}"
    if (y1, m1) == (y2, m2) and d1 and d2:
        year = f", {y1}" if y1 else ""
        return f"from {_MONTHS[m1]} {d1} to {d2}{year}"
    first = _one_date(m1 * 100 + d1, "") if y1 == y2 and m1 else _one_date(q.value, "")
    return f"{mark}from {first} to {_one_date(q.upper, q.part)}"


def _suffix(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _one_date(value: Value, part: str) -> str:
    year, month, day = ymd(value)
    lead = {"early": "early ", "mid": "mid-", "late": "late "}.get(part, "") if not day else ""
    if lead == "late " and not month:
        lead = "the end of "
    if not month:
        return f"{lead}{year}" if year else f"the {day}{_suffix(day)}"
    if day:
        return f"{_MONTHS[month]} {day}" + (f", {year}" if year else "")
    return f"{lead}{_MONTHS[month]}" + (f" {year}" if year else "")


def _clock(minutes: int, part: str) -> str:
    hour, minute = divmod(minutes, 60)
    if not part:
        return f"{hour}:{minute:02d}" if minute or hour > 12 else f"{hour} o'clock"
    half = "a.m." if hour % 24 < 12 else "p.m."
    shown = hour % 12 or 12
    return f"{shown}:{minute:02d} {half}" if minute else f"{shown} {half}"
