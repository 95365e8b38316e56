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
from pipeline.terms.counts_zh import cardinal, vague
from pipeline.terms.dates_zh import clock, date, decade, duration, generation, metres
from pipeline.terms.numerals import Value
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.readers_zh import mark_after, mark_before, quantity, value_of
from pipeline.terms.units import ZH_UNITS

_Reader = Callable[[str, int, int], Quantity | None]
_NOON: Final = 12 * 60
_AFTERNOON: Final = 13 * 60
"""Minutes after midnight."""


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
    anchors = [m.start() for m in pat.ANCHOR.finditer(flat)]
    if not anchors:
        return ()
    # No numeral is as long as some; reading one would take time that grows with the cube of its length.
    masked = bytearray(len(flat))
    for start, end in (*(m.span() for pattern in (pat.IDIOM, pat.TOO_LONG) for m in pattern.finditer(flat)), *skip):
        masked[start:end] = b"\1" * (end - start)
    found: list[Quantity] = []
    done = 0
    for at in anchors:
        if at < done or masked[at]:
            continue
        q = _read_at(flat, at, done)
        if q is None:
            # The rest of an Arabic number cannot begin another one.
            done = _end_of_digits(flat, at)
            continue
        found.append(_trimmed(q, text))
        done = q.end
    return _by_the_day(found)


def _by_the_day(found: list[Quantity]) -> tuple[Quantity, ...]:
    """Where one time is past 12 the clock counts 24 hours, and 8时 is in the morning: 8时至20时."""
    if not any(q.kind is Kind.TIME and q.value >= _AFTERNOON and q.text[0] in pat.DIGITS for q in found):
        return tuple(found)
    return tuple(replace(q, part="am" if q.value < _NOON else "pm") if q.kind is Kind.TIME and not q.part else q for q in found)


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
        return (_code, *by_next, cardinal)
    if end == at + 1 and after not in pat.AFTER_ONE:
        return ()  # 统一, 一些
    return (*by_next, vague, cardinal)


def _code(text: str, at: int, _floor: int) -> Quantity | None:
    if not text[at].isdigit():
        return None
    m = pat.CODE.match(text, at)
    if m:
        return quantity(text, at, m.end(), Kind.CODE, 0)
    end = _end_of_digits(text, at)
    if pat.LABELLED.match(text, at, end + 4) and pat.LABEL.search(text[max(0, at - 8) : at]):
        return quantity(text, at, end, Kind.CODE, 0)
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


_BY_SIGN: Final[dict[str, tuple[_Reader, ...]]] = {
    "第": (_ordinal,),
    "翻": (_share,),
    "元": (date,),
    **dict.fromkeys("半几数上成", (vague,)),
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
