"""Dates, clock times and spans of time in Chinese newspaper text.

Each reader is given a text, the place of a numeral and the end of the number before it, and returns
what it reads there or ``None``.
"""

from __future__ import annotations

import re
from fractions import Fraction

from pipeline.terms import patterns_zh as pat
from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Kind, Quantity
from pipeline.terms.readers_zh import mark_after, mark_before, quantity, value_of, whole


def decade(text: str, at: int, _floor: int) -> Quantity | None:
    if (era := pat.ERA_YEAR.match(text, at)) and (year := whole(era["n"])):
        first = pat.REIGNS[text[at - 2 : at]]
        return quantity(text, at, era.end(), Kind.DATE, (first + year - 1) * 10000, part=f"reign {year}", weak=text[at - 2] != "民")
    if m := pat.DECADE.match(text, at):
        tens = value_of(m["n"])
        century = int(m["c"] or 20)
        if tens is not None:
            return quantity(text, at, m.end(), Kind.DATE, ((century - 1) * 100 + int(tens)) * 10000, part="decade")
    if (m := pat.CENTURY.match(text, at)) and (n := value_of(m["c"])) is not None:
        return quantity(text, at, m.end(), Kind.ORDINAL, n, unit="century")
    if m := pat.QUARTER.match(text, at):
        n = value_of(m["n"]) or 0
        if m["ge"]:
            first = bool(at) and text[at - 1] == "前"
            return quantity(text, at - first, m.end(), Kind.CARDINAL, n, unit="quarter", part="first" if first else "")
        if at and text[at - 1] == "前":
            return quantity(text, at - 1, m.end(), Kind.CARDINAL, n, unit="quarter", part="first")
        return quantity(text, at, m.end(), Kind.ORDINAL, n, unit="quarter")
    return None


def date(text: str, at: int, floor: int) -> Quantity | None:
    if text[at] not in "0123456789一二三四五六七八九十元":
        return None
    if m := pat.DAY_RANGE.match(text, at):
        month = whole(m["m"]) * 100
        return quantity(text, at, m.end(), Kind.DATE, month + whole(m["d"]), upper=month + whole(m["d2"]))
    if (m := pat.DAY_ONLY.match(text, at)) and 1 <= int(m["d"]) <= 31:
        if text[at - 1 : at] in pat.BEFORE_DAYS and not m["d2"]:
            return quantity(text, at, m.end(), Kind.CARDINAL, int(m["d"]), unit="day")
        upper = int(m["d2"]) if m["d2"] else None
        return quantity(text, at, m.end(), Kind.DATE, int(m["d"]), upper=upper)
    m = pat.DATE.match(text, at)
    if not m or (m["yy"] is None and m["mm"] is None and m["y1"] is None and m["M1"] is None):
        return None
    if m["M1"] and re.match(r"初[一二三四五六七八九十]|十五|[一二三]?十|大", text[m.end("M1") + 1 :]) and not m["D1"]:
        return None  # the lunar calendar (八月十五), which no English date renders
    y, mo, d = (whole(m["yy"] or m["y1"]), whole(m["mm"] or m["m1"] or m["M1"]), whole(m["d1"] or m["D1"]))
    if m["y1"] and not mo and re.match(r"前|来|内|间|(?:的)?(?:时间|历史)", text[m.end() :]) and int(y) < 1900:
        return None
    last: Value | None = None
    if m["y2"] or m["M2"] or m["d3"]:
        y2, m2, d2 = whole(m["y2"]), whole(m["m2"] or m["M2"]), whole(m["d2"] or m["D2"] or m["d3"])
        last = (y2 or (y if m2 or d2 else 0)) * 10000 + (m2 or mo) * 100 + d2
    end = m.end()
    part = pat.PARTS.get(m["part2"] or m["part1"] or "", "")
    if (m["part1"] == "中" or m["part2"] == "中") and not re.match(r"[，。、；期]|$", text[end:]):
        end, part = end - 1, ""
    value = y * 10000 + mo * 100 + d
    start, approx = mark_before(text, at, floor)
    end, approx = mark_after(text, end, approx)
    return quantity(text, start, end, Kind.DATE, value, upper=last, approx=approx, part=part)


def clock(text: str, at: int, floor: int) -> Quantity | None:
    m = pat.CLOCK.match(text, at)
    if not m:
        return None
    colon = m["m"] is not None
    marked = next((w for w in sorted(pat.DAYTIME, key=len, reverse=True) if text.endswith(w, floor, at)), "")
    if not colon and not marked and not (m["m2"] or m["half"] or m[0].endswith(("整", "许"))) and not _hour_context(text, at, m.end()):
        return None
    hour = whole(m["h"])
    minute = 30 if m["half"] else whole(m["m"] or m["m2"])
    part = pat.DAYTIME.get(marked, "")
    if part == "pm" and hour < 12 and marked != "中午":
        hour += 12
    if hour > 12 or (colon and hour == 0):
        part = "pm" if 12 < hour < 24 else "am"
    return quantity(text, at - len(marked), m.end(), Kind.TIME, hour * 60 + minute, unit="clock", part=part)


def _hour_context(text: str, at: int, end: int) -> bool:
    """10时 after a date, or 10时至: a clock; 点 alone counts points as often as hours."""
    if text[end - 1] == "点" and text[at - 1 : at] in ("到", "至"):
        return "点" in text[:at]  # 三点半到六点
    return text[end - 1] == "时" and (at == 0 or text[at - 1] in "日号天晨午晚至到，—-" or text[end : end + 1] in "至到—-，")


def duration(text: str, at: int, floor: int) -> Quantity | None:
    """A span of time in more than one unit, in the smallest of them: 三年六个月 is 42 months, 2分01秒38 is 121.38 seconds."""
    m = pat.DURATION.match(text, at)
    if not m:
        return None
    if m["y"]:
        years = whole(m["y"])
        start, approx = mark_before(text, at, floor)
        return (
            quantity(text, start, m.end(), Kind.CARDINAL, years * 12 + whole(m["mo"]), unit="month", approx=approx)
            if years < 1000
            else None
        )
    minutes = whole(m["h"]) * 60 + whole(m["m"] or m["m2"])
    written, decimals = m["s"] or m["s2"] or m["s3"], m["f"] or m["f2"] or m["f3"]
    start, approx = mark_before(text, at, floor)
    if not written:
        return quantity(text, start, m.end(), Kind.CARDINAL, minutes, unit="minute", approx=approx)
    seconds = minutes * 60 + (value_of(written) or 0)
    if decimals:
        seconds += Fraction(int(decimals), 10 ** len(decimals))
    return quantity(text, start, m.end(), Kind.CARDINAL, seconds, unit="second", approx=approx)


def generation(text: str, at: int, _floor: int) -> Quantity | None:
    """The years in which a generation was born: 90后, 95后."""
    m = pat.GENERATION.match(text, at)
    if not m:
        return None
    year = int(m["n"]) + (1900 if int(m["n"]) >= 50 else 2000)
    return quantity(text, at, m.end(), Kind.DATE, year * 10000, part="" if year % 10 else "decade", weak=True)


def metres(text: str, at: int, _floor: int) -> Quantity | None:
    """A height or a length as it is said, the last figures tenths or hundredths: 6米02, 一米八."""
    m = pat.METRES.match(text, at)
    if not m:
        return None
    decimals = "".join(str(whole(c)) for c in m["f"])
    value = (value_of(m["m"]) or 0) + Fraction(int(decimals), 10 ** len(decimals))
    return quantity(text, at, m.end(), Kind.CARDINAL, value, unit="m")
