"""Reading numbers in Chinese newspaper text.

Arabic, Chinese and mixed numerals are read with their approximation marks and units.  A Chinese
numeral counts only where what follows makes it one (a unit, 倍, 分之 …): the same characters stand
in place names (三工镇), set phrases (千方百计) and plain words (十分, 万一).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from pipeline.terms import patterns_zh as pat
from pipeline.terms.dates_zh import clock, date, decade, duration, generation, metres
from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.readers_zh import mark_after, mark_before, quantity, value_of
from pipeline.terms.units import ZH_UNITS

_Reader = Callable[[str, int, int], Quantity | None]


def read_zh(text: str, skip: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Read every number in Chinese ``text``, in order, without overlaps.

    Args:
        text: any Chinese text.
        skip: ranges ``(start, end)`` whose characters are names (三工镇, 十四五规划): nothing that
            begins inside one is a number.

    Returns:
        Quantities with offsets into ``text``.
    """
    flat = text.translate(pat.FULL_WIDTH) if pat.WIDE.search(text) else text
    masked = [m.span() for m in pat.IDIOM.finditer(flat)]
    # No numeral is that long; reading one would take time that grows with the cube of its length.
    masked += [m.span() for m in pat.TOO_LONG.finditer(flat)]
    masked += skip
    found: list[Quantity] = []
    done = 0
    for anchor in pat.ANCHOR.finditer(flat):
        at = anchor.start()
        if at < done or any(s <= at < e for s, e in masked):
            continue
        q = _read_at(flat, at, done)
        if q is None:
            # The rest of an Arabic number cannot begin another one.
            done = _end_of_digits(flat, at)
            continue
        found.append(_trimmed(q, text))
        done = q.end
    return tuple(found)


def _end_of_digits(text: str, at: int) -> int:
    while at < len(text) and (text[at].isdigit() and text[at].isascii()):
        at += 1
    return at


def _trimmed(q: Quantity, text: str) -> Quantity:
    written = text[q.start : q.end].rstrip(" \u3000\xa0")
    if written == q.text:
        return q
    return replace(q, text=written, end=q.start + len(written))


def _read_at(text: str, at: int, floor: int) -> Quantity | None:
    readers = _BY_SIGN.get(text[at]) or _readers(text, at)
    for reader in readers:
        q = reader(text, at, floor)
        if q is not None:
            return q
    return None


def _readers(text: str, at: int) -> tuple[_Reader, ...]:
    """Who may read the numeral at ``at``, by what stands after it and the numerals it is joined with."""
    run = pat.RUN.match(text, at)
    end = run.end() if run else at
    after = text[end : end + 1]
    by_next = _BY_NEXT.get(after, ())
    if "点" in text[at:end]:
        by_next = (clock, *by_next)
    if text[at] in pat.DIGITS:
        return (_code, *by_next, _cardinal)
    if end == at + 1 and after not in pat.AFTER_ONE:
        return ()  # 统一, 一些
    return (*by_next, _vague, _cardinal)


def _code(text: str, at: int, _floor: int) -> Quantity | None:
    if not text[at].isdigit():
        return None
    m = pat.CODE.match(text, at)
    if m:
        return quantity(text, at, m.end(), Kind.CODE, 0)
    end = _end_of_digits(text, at)
    before = at and pat.LATIN.match(text[at - 1])
    after = end < len(text) and pat.LATIN.match(text[end]) and not re.match(r"(?:km|cm|mm|kg|kW|MW|m[²³])(?![A-Za-z])", text[end:])
    if not (before or after):
        return None
    while at and text[at - 1].isascii() and (text[at - 1].isalnum() or text[at - 1] == "-"):
        at -= 1
    while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "-"):
        end += 1
    return quantity(text, at, end, Kind.CODE, 0)


def _share(text: str, at: int, floor: int) -> Quantity | None:
    start, approx = mark_before(text, at, floor)
    if (m := pat.PER_MILLE.match(text, at)) and (v := value_of(m["c"] or m["b"])) is not None:
        return quantity(text, start, m.end(), Kind.PERCENT, Fraction(v, 10), approx=approx)
    if m := pat.PERCENT.match(text, at):
        upper: Value | None = None
        if m["d"]:
            value = (value_of(m["d"][0]) or 0) * 10
            upper = (value_of(m["d2"]) or 0) * 10 if m["d2"] else None
            approx = Approx.MORE if m["mid"] else approx
        else:
            value = value_of(m["b"] or m["c"]) or 0
            low = value_of(m["a"])
            if low is not None:
                value, upper = low, value
        end, approx = mark_after(text, m.end(), approx)
        return quantity(text, start, end, Kind.PERCENT, value, upper=upper, approx=approx)
    if m := pat.FRACTION.match(text, at):
        den, num = value_of(m["den"]), value_of(m["num"])
        if den and num is not None:
            return quantity(text, start, m.end(), Kind.FRACTION, Fraction(num, den), approx=approx)
    if m := pat.TIMES.match(text, at):
        return quantity(text, at, m.end(), Kind.MULTIPLE, 2 ** int(value_of(m[1]) or 1))
    return None


def _ordinal(text: str, at: int, _floor: int) -> Quantity | None:
    m = pat.ORDINAL.match(text, at)
    if not m:
        return None
    value = value_of(m["n"] or m["n2"])
    if value is None:
        return None
    written = (m["unit"] or m["unit2"] or "").strip()
    unit = {"届": "session", "等奖": "prize"}.get(written) or (ZH_UNITS[written].name if written in ZH_UNITS else "")
    end = m.end()
    return quantity(text, at, end, Kind.ORDINAL, value, unit=unit, weak=value <= 3)


def _formation(text: str, at: int, _floor: int) -> Quantity | None:
    m = pat.FORMATION.match(text, at)
    return quantity(text, at, m.end(), Kind.ORDINAL, value_of(m[0]) or 0, weak=True) if m else None


def _vague(text: str, at: int, floor: int) -> Quantity | None:
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


def _cardinal(text: str, at: int, floor: int) -> Quantity | None:
    m = (pat.CARDINAL_RANGE if pat.DASHED.match(text, at) else pat.CARDINAL).match(text, at)
    if not m:
        return None
    if m["a"] and m["aunit"] and not m["unit"]:
        m = pat.CARDINAL_RANGE.match(text, at, m.end("aunit")) or m
    number = value_of(m["n"])
    if number is None:
        return None
    scale = value_of(m["mul"]) if m["mul"] else 1
    if scale is None:
        return None
    value = number * scale
    unit = _name(m["unit"]) or {"小时": "hour", "钟头": "hour", "月": "month", "星期": "week"}.get(m["hunit"] or m["gunit"] or "", "")
    chinese = not m["n"][0].isdigit()
    if chinese and not _counts(m, value, unit):
        return None
    start, approx = mark_before(text, at, floor)
    if m["mid"] or m["gem"] or m["tail"] in ("多", "有余"):
        approx = Approx.MORE
    if m["half1"] or m["tail"] == "半":
        value += Fraction(1, 2)
    end = m.end()
    end, approx = mark_after(text, end, approx)
    upper: Value | None = None
    if m["a"]:
        low = value_of(m["a"] + (m["amul"] or "").strip())
        if low is None:
            return None
        if low <= number and not re.search("[万亿]", m["a"] + (m["amul"] or "")) and not m["aunit"]:
            low *= scale * (value_of(m["n"][n_big.start() :]) or 1) if (n_big := re.search("[百千]?[万亿]+$", m["n"])) else scale
        if low < value:
            value, upper = low, value
        else:  # 从5到3, a score, a code: not a range; read its first number alone
            return _first_alone(text, at, floor, m)
    part = ""
    if approx is Approx.NEARLY and text[start] == "近" and unit in ("year", "month", "day", "week") and not m["mid"] and _past(text, end):
        approx, part = Approx.NONE, "past"
    kind = Kind.MULTIPLE if unit == "times" else Kind.CARDINAL
    weak = chinese and value == 1 and not approx and upper is None and not m["mul"]
    weak = weak or (chinese and value == 2 and text[max(0, at - 2) : at] in _BOTH)  # 今明两天: today and tomorrow
    return quantity(
        text,
        start,
        end,
        kind,
        value,
        upper=upper,
        unit="" if kind is Kind.MULTIPLE else unit,
        per=_name(m["per"]),
        approx=approx,
        part=part,
        weak=weak,
    )


_BOTH: Final = frozenset(
    {"今明", "昨今", "明后", "前昨", "中美", "中俄", "中日", "中法", "中欧", "父子", "母女", "夫妻", "姐妹", "兄弟", "城乡"}
)
"""Two named one by one, whom 两 only counts."""


def _past(text: str, end: int) -> bool:
    """近三年来 is "the past three years"; 近三年的时间 is "nearly three years"."""
    return not re.match(r"的?(?:时间|历史|努力|工作|发展|建设|后|前)", text[end:])


def _first_alone(text: str, at: int, floor: int, m: re.Match[str]) -> Quantity | None:
    return _cardinal(text[: m.end("a")], at, floor)


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


_BY_SIGN: Final[dict[str, tuple[_Reader, ...]]] = {
    "第": (_ordinal,),
    "翻": (_share,),
    "元": (date,),
    **dict.fromkeys("半几数上成", (_vague,)),
}
"""Readers of what no numeral begins."""
_BY_NEXT: Final[dict[str, tuple[_Reader, ...]]] = {
    "年": (duration, decade, date),
    **dict.fromkeys("月日号", (date,)),
    **dict.fromkeys("世季", (decade,)),
    "个": (duration, decade),
    **dict.fromkeys(":时", (clock,)),
    "分": (duration, _share),
    **dict.fromkeys("小秒", (duration,)),
    **dict.fromkeys("%‰成", (_share,)),
    **dict.fromkeys("届等", (_ordinal,)),
    **dict.fromkeys("师旅团军医厂工所", (_formation,)),
    "后": (generation,),
    "米": (metres,),
}
"""Readers by what stands after a numeral, before the readers of plain counts are asked."""
