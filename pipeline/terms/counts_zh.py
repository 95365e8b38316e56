"""Counts in Chinese newspaper text: plain ones, ranges, halves and round numbers.

Each reader is given a text, the place of a numeral and the end of the number before it, and returns
what it reads there or ``None``.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from pipeline.terms import patterns_zh as pat
from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.readers_zh import mark_after, mark_before, quantity, value_of
from pipeline.terms.units import ZH_UNITS


def vague(text: str, at: int, floor: int) -> Quantity | None:
    """A half, a whole order of magnitude (数百), ten and some (十几), or one of two neighbours (三五个)."""
    if text[at] not in "半几数上成" and text[at + 1 : at + 2] not in _IN_VAGUE:
        return None
    start, approx = mark_before(text, at, floor)
    if m := pat.HALVES.match(text, at):
        end, approx = mark_after(text, m.end(), approx)
        weak = m[0] == "一半" and approx is Approx.NONE  # "halfway", "the other one"
        return quantity(text, start, end, Kind.FRACTION, Fraction(1, 2), approx=approx, weak=weak)
    if text[at] in "几数上成":
        m = pat.VAGUE.match(text, at)
        if not m or (m["h"] is None and text[at] != "成"):
            return None
        if m["h"] == "上" and not m["unit"]:
            return None
        order = value_of(m["m"]) if m["m"] else 100 if text.startswith("成百", at) else 1000
        if order is None:
            return None
        unit = ZH_UNITS[m["unit"]].name if m["unit"] else ""
        return quantity(text, at, m.end(), Kind.CARDINAL, order, unit=unit, approx=Approx.SEVERAL)
    if (m := pat.SOME.match(text, at)) and (m["unit"] or m["mul"]):
        scale = value_of(m["mul"]) or 1
        low = ((value_of(m["lead"]) or 1) * 10) * scale
        return quantity(text, start, m.end(), Kind.CARDINAL, low, upper=low + 10 * scale, unit=_name(m["unit"]), approx=Approx.MORE)
    if m := pat.PAIR.match(text, at):
        return _pair(text, start, m, approx)
    if m := pat.HALF.match(text, at):
        unit = {"月": "month", "钟头": "hour"}.get(m["unit"]) or ZH_UNITS[m["unit"]].name
        end = m.end()
        more = text.startswith("多", end)
        return quantity(text, start, end + more, Kind.CARDINAL, Fraction(1, 2), unit=unit, approx=Approx.MORE if more else approx)
    return None


_IN_VAGUE: Final = frozenset(pat.CNC + "几半")


def _pair(text: str, start: int, m: re.Match[str], approx: Approx) -> Quantity | None:
    """三五个, 七八十万人, 十七八岁: two neighbouring digits are a range."""
    low, high = value_of(m["a"]), value_of(m["b"])
    if low is None or high is None or not (high - low == 1 or (int(low), int(high)) == (3, 5)):
        return None
    written = m["mul"]
    base: Value = 0
    if m["ten"]:
        lead = value_of(m["ten"])
        if lead is None:
            return None
        step = {"十": 1, "百": 10, "千": 100}[m["ten"][-1]]
        if written[:1] in _SMALL:  # 一千五六百: the place of the pair is written
            step, written = _SMALL[written[:1]], written[1:]
        base, low, high = lead, low * step, high * step
    scale = value_of(written) or 1
    return quantity(
        text,
        start,
        m.end(),
        Kind.CARDINAL,
        (base + low) * scale,
        upper=(base + high) * scale,
        unit=_name(m["unit"]),
        approx=approx or Approx.ABOUT,
    )


_SMALL: Final = {"十": 10, "百": 100, "千": 1000}


def _name(written: str | None) -> str:
    return ZH_UNITS[written.strip()].name if written and written.strip() in ZH_UNITS else ""


def cardinal(text: str, at: int, floor: int) -> Quantity | None:
    """A plain count with its unit, or a range of them: 3.5万亩, 20余人, 5至8个."""
    m = (pat.CARDINAL_RANGE if pat.DASHED.match(text, at) else pat.CARDINAL).match(text, at)
    if not m:
        return None
    if m["aunit"] and m["a"] and not m["unit"]:
        m = pat.CARDINAL_RANGE.match(text, at, m.end("aunit")) or m
    numeral, multiplier, written, before_unit, gem, tail, half, lower = m.group("n", "mul", "unit", "mid", "gem", "tail", "half1", "a")
    number = value_of(numeral)
    if number is None:
        return None
    scale = value_of(multiplier) if multiplier else 1
    if scale is None:
        return None
    value = number * scale
    unit = _name(written) or _SPANS.get(m["hunit"] or m["gunit"] or "", "")
    chinese = not numeral[0].isdigit()
    if chinese and not _counts(m, value, unit):
        return None
    start, approx = mark_before(text, at, floor)
    if before_unit or gem or tail in ("多", "有余"):
        approx = Approx.MORE
    if half or tail == "半":
        value += Fraction(1, 2)
    end, approx = mark_after(text, m.end(), approx)
    upper: Value | None = None
    if lower:
        low = value_of(lower + (m["amul"] or "").strip())
        if low is None:
            return None
        if low <= number and not re.search("[万亿]", lower + (m["amul"] or "")) and not m["aunit"]:
            low *= scale * (value_of(numeral[n_big.start() :]) or 1) if (n_big := re.search("[百千]?[万亿]+$", numeral)) else scale
        if low < value:
            value, upper = low, value
        else:  # 从5到3, a score, a code: not a range; read its first number alone
            return _first_alone(text, at, floor, m)
    part = ""
    if approx is _NEARLY and text[start] == "近" and unit in _CALENDAR and not before_unit and _past(text, end):
        approx, part = Approx.NONE, "past"
    weak = chinese and value == 1 and not approx and upper is None and not multiplier
    weak = weak or (chinese and value == 2 and text[max(0, at - 2) : at] in _BOTH)  # 今明两天: today and tomorrow
    if unit == "times":
        return quantity(text, start, end, Kind.MULTIPLE, value, upper=upper, per=_name(m["per"]), approx=approx, part=part, weak=weak)
    return quantity(text, start, end, _CARDINAL, value, upper=upper, unit=unit, per=_name(m["per"]), approx=approx, part=part, weak=weak)


_CARDINAL: Final = Kind.CARDINAL
_NEARLY: Final = Approx.NEARLY
_SPANS: Final = {"小时": "hour", "钟头": "hour", "月": "month", "星期": "week"}
_CALENDAR: Final = frozenset({"year", "month", "day", "week"})
_BOTH: Final = frozenset(
    {"今明", "昨今", "明后", "前昨", "中美", "中俄", "中日", "中法", "中欧", "父子", "母女", "夫妻", "姐妹", "兄弟", "城乡"}
)
"""Two named one by one, whom 两 only counts."""


def _past(text: str, end: int) -> bool:
    """近三年来 is "the past three years"; 近三年的时间 is "nearly three years"."""
    return not re.match(r"的?(?:时间|历史|努力|工作|发展|建设|后|前)", text[end:])


def _first_alone(text: str, at: int, floor: int, m: re.Match[str]) -> Quantity | None:
    return cardinal(text[: m.end("a")], at, floor)


def _counts(m: re.Match[str], value: Value, unit: str) -> bool:
    """Tell whether a numeral in Chinese characters is a number here."""
    written = m["n"]
    if m["half1"] or m["gem"] or m.string.endswith("零下", 0, m.start("n")):
        return True
    if set(written) <= pat.BIG_ALONE:
        # 万亩 and 百公里 are counts; 万家, 千户 and 百年 are figures of speech.
        return unit in pat.ALONE_UNITS or (m["mid"] in ("多", "余") and bool(unit))
    if unit or m["mid"] in ("多", "余"):
        return bool(unit) or value >= 10
    return len(written) >= 2 and value >= 100 and any(c in written for c in "百千万亿")
