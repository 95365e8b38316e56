"""Dates, clock times and spans of time in English newspaper text.

Each reader is given a text and the place of an anchor, and returns what it reads there or ``None``.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.terms import patterns_en as pat
from pipeline.terms.numerals import Value, exact, parse_en
from pipeline.terms.quantity import Kind, Quantity
from pipeline.terms.readers_en import mark_before, quantity


def date(text: str, at: int) -> Quantity | None:
    if m := pat.ISO.match(text, at):
        return quantity(text, at, m.end(), Kind.DATE, int(m[1]) * 10000 + int(m[2]) * 100 + int(m[3]))
    if m := pat.DECADE.match(text, at):
        return quantity(text, at, m.end(), Kind.DATE, int(m[1]) * 10000, part="decade")
    if m := pat.DATE.match(text, at):
        start, approx = mark_before(text, at)
        month, day, year = _month(m["m"] or m["mb"]), _day(m["d"] or m["db"]), int(m["y"] or 0)
        if not day and not year and not m["part"] and not m["m2"] and (m["m"] or "") in ("May", "March") and not _month_context(text, at):
            return None
        upper: Value | None = None
        end = m.end()
        if m["db2"]:
            upper = year * 10000 + month * 100 + _day(m["db2"])
        elif m["m2"] or m["mb3"] or (m["d3"] and day):
            year2 = int(m["y2"] or 0)
            upper = (year2 or year) * 10000 + (_month(m["m2"] or m["mb3"]) or month) * 100 + _day(m["d2"] or m["db3"] or m["d3"])
            year = year or year2
        elif m["d3"]:
            end = m.start("d3")
            end = at + len(re.sub(rf"{pat.TO}$", "", text[at:end]))
        return quantity(
            text,
            start,
            end,
            Kind.DATE,
            year * 10000 + month * 100 + day,
            upper=upper,
            approx=approx,
            part=(m["part"] or "").lower(),
        )
    if (m := pat.YEARS.match(text, at)) and text[max(0, at - 1) : at] not in ("$", "¥", ","):
        said = (m["part"] or "").lower()
        part = {"end of": "late", "beginning of": "early"}.get(said, said)
        upper = int(m["y2"]) * 10000 if m["y2"] else None
        start, approx = mark_before(text, at)
        return quantity(text, start, m.end(), Kind.DATE, int(m["y"]) * 10000, upper=upper, approx=approx, part=part)
    return None


def _month(written: str | None) -> int:
    return pat.MONTHS[written.lower().rstrip(".")] if written else 0


def _day(written: str | None) -> int:
    return int(re.sub(r"\D", "", written)) if written else 0


def _month_context(text: str, at: int) -> bool:
    return bool(
        re.search(
            r"(?:in|since|until|till|by|from|to|last|this|next|of|early|mid|late|and|through|around|between)[\s-]+$",
            text[max(0, at - 24) : at],
            re.IGNORECASE,
        )
    )


def time(text: str, at: int) -> Quantity | None:
    if m := pat.NOON.match(text, at):
        return quantity(text, at, m.end(), Kind.TIME, 720 if m[0].lower() == "noon" else 0, unit="clock", weak=True)
    if m := pat.RACE.match(text, at):
        minutes = int(m["h"] or 0) * 60 + int(m["m"] or m["m2"])
        return quantity(text, at, m.end(), Kind.CARDINAL, minutes * 60 + exact(m["s"] or m["s2"]), unit="second")
    m = pat.TIME.match(text, at)
    if not m:
        return None
    hour, minute = int(m["h"] or m["h2"] or m["h3"]), int(m["m"] or m["m2"] or 0)
    part = (m["ap"] or "")[:1].lower()
    if part:
        hour = hour % 12 + (12 if part == "p" else 0)
    elif hour > 12:
        part = "p"
    return quantity(text, at, m.end(), Kind.TIME, hour * 60 + minute, unit="clock", part=f"{part}m" if part else "")


def duration(text: str, at: int) -> Quantity | None:
    """Time in two units or more, in the smallest: "two hours and five minutes" is 125 minutes."""
    near = text[at : at + _SPAN_LENGTH].lower()
    if "month" not in near and "min" not in near:
        return None
    if m := pat.YEARS_MONTHS.match(text, at):
        start, approx = mark_before(text, at)
        return quantity(text, start, m.end(), Kind.CARDINAL, _amount(m["y"]) * 12 + _amount(m["m"]), unit="month", approx=approx)
    m = pat.DURATION.match(text, at)
    if not m or not (m["h"] or m["s"]):
        return None
    hours, minutes, seconds = (_amount(m[part]) for part in "hms")
    start, approx = mark_before(text, at)
    whole = hours * 60 + minutes
    if m["s"]:
        return quantity(text, start, m.end(), Kind.CARDINAL, whole * 60 + seconds, unit="second", approx=approx)
    return quantity(text, start, m.end(), Kind.CARDINAL, whole, unit="minute", approx=approx)


_SPAN_LENGTH: Final = 60
"""Code points within which the last unit of a span of time is named."""


def _amount(written: str | None) -> Value:
    if not written:
        return 0
    return exact(written) if written[0].isdigit() else parse_en(written) or 0
