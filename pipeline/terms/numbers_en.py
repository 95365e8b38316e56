"""Reading numbers in English newspaper text, into the same values as ``numbers_zh``."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pipeline.terms import patterns_en as pat
from pipeline.terms.anchors_en import Sort, anchors
from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, Value, exact, parse_en
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.units import EN_UNITS


def read_en(text: str) -> tuple[Quantity, ...]:
    """Read every number in English ``text``, in order, without overlaps; offsets are into ``text``."""
    found: list[Quantity] = []
    done = 0
    for at, sort in anchors(text):
        if at < done:
            continue
        q = _read_at(text, at, sort)
        if q is None or q.end <= done:
            continue  # a reader may look back and find what stands before once more
        found.append(q)
        done = q.end
    return tuple(found)


def _read_at(text: str, at: int, sort: Sort) -> Quantity | None:
    for reader in _READERS[sort]:
        q = reader(text, at)
        if q is not None:
            return q
    return None


def _q(text: str, start: int, end: int, kind: Kind, value: Value, **more: object) -> Quantity:
    return Quantity(start=start, end=end, text=text[start:end], kind=kind, value=value, **more)  # type: ignore[arg-type]


def _approx(text: str, at: int) -> tuple[int, Approx]:
    floor = max(0, at - 24)
    before = pat.LETTERS.findall(text[floor:at].lower())[-3:]  # the mark, an article, a currency
    m = pat.PRE.search(text, floor, at) if not pat.PRE_ENDS.isdisjoint(before) else None
    if not m:
        return at, Approx.NONE
    return m.start(), next(pat.PRE_KIND[k] for k, v in m.groupdict().items() if v)


def _unit(written: str | None) -> str:
    return EN_UNITS.get(" ".join(written.lower().split()).strip("- "), "") if written else ""


def _code(text: str, at: int) -> Quantity | None:
    if at and text[at - 1].isalnum():
        while at and (text[at - 1].isalnum() or text[at - 1] == "-"):
            at -= 1
    m = pat.CODE.match(text, at)
    if not m or m[0].upper().startswith(("RMB", "CNY")) or re.fullmatch(r"\d+[KM]", m[0]):
        return None
    return _q(text, at, m.end(), Kind.CODE, 0)


def _month(written: str | None) -> int:
    return pat.MONTHS[written.lower().rstrip(".")] if written else 0


def _day(written: str | None) -> int:
    return int(re.sub(r"\D", "", written)) if written else 0


def _date(text: str, at: int) -> Quantity | None:
    if m := pat.ISO.match(text, at):
        return _q(text, at, m.end(), Kind.DATE, int(m[1]) * 10000 + int(m[2]) * 100 + int(m[3]))
    if m := pat.DECADE.match(text, at):
        return _q(text, at, m.end(), Kind.DATE, int(m[1]) * 10000, part="decade")
    if m := pat.DATE.match(text, at):
        start, approx = _approx(text, at)
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
        return _q(
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
        start, approx = _approx(text, at)
        return _q(text, start, m.end(), Kind.DATE, int(m["y"]) * 10000, upper=upper, approx=approx, part=part)
    return None


def _month_context(text: str, at: int) -> bool:
    return bool(
        re.search(
            r"(?:in|since|until|till|by|from|to|last|this|next|of|early|mid|late|and|through|around|between)[\s-]+$",
            text[:at],
            re.IGNORECASE,
        )
    )


def _time(text: str, at: int) -> Quantity | None:
    if m := pat.NOON.match(text, at):
        return _q(text, at, m.end(), Kind.TIME, 720 if m[0].lower() == "noon" else 0, unit="clock", weak=True)
    if m := pat.RACE.match(text, at):
        minutes = int(m["h"] or 0) * 60 + int(m["m"] or m["m2"])
        return _q(text, at, m.end(), Kind.CARDINAL, minutes * 60 + exact(m["s"] or m["s2"]), unit="second")
    m = pat.TIME.match(text, at)
    if not m:
        return None
    hour, minute = int(m["h"] or m["h2"] or m["h3"]), int(m["m"] or m["m2"] or 0)
    part = (m["ap"] or "")[:1].lower()
    if part:
        hour = hour % 12 + (12 if part == "p" else 0)
    elif hour > 12:
        part = "p"
    return _q(text, at, m.end(), Kind.TIME, hour * 60 + minute, unit="clock", part=f"{part}m" if part else "")


def _duration(text: str, at: int) -> Quantity | None:
    """Time in two units or more, in the smallest: "two hours and five minutes" is 125 minutes."""
    near = text[at : at + _SPAN_LENGTH].lower()
    if "month" not in near and "min" not in near:
        return None
    if m := pat.YEARS_MONTHS.match(text, at):
        start, approx = _approx(text, at)
        return _q(text, start, m.end(), Kind.CARDINAL, _amount(m["y"]) * 12 + _amount(m["m"]), unit="month", approx=approx)
    m = pat.DURATION.match(text, at)
    if not m or not (m["h"] or m["s"]):
        return None
    hours, minutes, seconds = (_amount(m[part]) for part in "hms")
    start, approx = _approx(text, at)
    whole = hours * 60 + minutes
    if m["s"]:
        return _q(text, start, m.end(), Kind.CARDINAL, whole * 60 + seconds, unit="second", approx=approx)
    return _q(text, start, m.end(), Kind.CARDINAL, whole, unit="minute", approx=approx)


_SPAN_LENGTH: Final = 60
"""Code points within which the last unit of a span of time is named."""


def _amount(written: str | None) -> Value:
    if not written:
        return 0
    return exact(written) if written[0].isdigit() else parse_en(written) or 0


def _roman(text: str, at: int) -> Quantity | None:
    """Grade IV, Phase II: weak, for letters may stand for much."""
    m = pat.ROMAN.match(text, at)
    if not m or not pat.BEFORE_ROMAN.search(text, max(0, at - 12), at):
        return None
    value = 0
    for digit, following in zip(m[0], [*m[0][1:], ""], strict=True):
        value += -_ROMAN[digit] if following and _ROMAN[following] > _ROMAN[digit] else _ROMAN[digit]
    return _q(text, at, m.end(), Kind.CARDINAL, value, weak=True)


_ROMAN: Final = {"I": 1, "V": 5, "X": 10}


def _several(text: str, at: int) -> Quantity | None:
    m = pat.SEVERAL.match(text, at)
    if not m:
        return None
    order = 1
    for word in re.findall(r"[a-z]+", m[0].lower()):
        base = word.rstrip("s")
        order *= EN_SCALES.get(base, 10 if base in ("ten", "dozen") else 1)
    end = m.end() - (len(m[0]) - len(m[0].rstrip()))
    return _q(text, at, end, Kind.CARDINAL, order, unit=_unit(m["u"]), approx=Approx.SEVERAL)


def _half_unit(text: str, at: int) -> Quantity | None:
    value: Value
    if m := pat.AND_HALF.match(text, at):
        value, unit = Fraction(3, 2), _unit(m["u"] or m["u2"])
    elif m := pat.HALF_UNIT.match(text, at):
        value, unit = (6, "month") if m["six"] else (Fraction(1, 2), _unit(m["u"]))
    else:
        return None
    start, approx = _approx(text, at)
    return _q(text, start, m.end(), Kind.CARDINAL, value, unit=unit, approx=approx)


def _multiple(text: str, at: int) -> Quantity | None:
    if m := pat.TIMES.match(text, at):
        value = parse_en(m["n"]) or exact(m["n"])
        weak = value <= 3
    elif m := pat.TIMES_RE.match(text, at):
        value, weak = pat.TIMES_WORD[m[0].lower()], True
    else:
        return None
    start, approx = _approx(text, at)
    return _q(text, start, m.end(), Kind.MULTIPLE, value, approx=approx, weak=weak)


def _range_words(text: str, at: int) -> Quantity | None:
    m = pat.RANGE_WORDS.match(text, at)
    if not m:
        return None
    low, high = parse_en(m["a"]), parse_en(m["b"])
    if low is None or high is None or low >= high or (not m["between"] and "and" in text[m.end("a") : m.start("b")]):
        return None
    scale = next((s for w, s in EN_SCALES.items() if m["b"].lower().endswith(w)), 1)
    if low < scale:
        low *= scale
    return _q(text, at, m.end(), Kind.CARDINAL, low, upper=high, unit=_unit(m["unit"]))


def _fraction(text: str, at: int) -> Quantity | None:
    m = pat.FRACTION.match(text, at)
    if not m:
        return None
    start, approx = _approx(text, at)
    if m["rd"]:
        return _q(text, start, m.end(), Kind.FRACTION, Fraction(int(m["rn"]), int(m["rd"]) or 1), approx=approx)
    if not m["d"]:
        return _q(text, start, m.end(), Kind.FRACTION, Fraction(1, 2), approx=approx, weak=True)
    word = m["d"].lower().removesuffix("s").replace("halve", "half")
    den = {"half": 2, "quarter": 4}.get(word) or EN_ORDINALS[word]
    num = 1 if m["n"].lower() in ("a", "an") else int(parse_en(m["n"]) or 1)
    weak = (num == 1 and den in (2, 3, 4)) or num > den
    if den == 3 and m["n"].lower() == "a" and not re.match(r"\s+of\b", text[m.end() :]):
        return _q(text, at, m.end(), Kind.ORDINAL, 3, weak=True)  # "a third village"
    return _q(text, start, m.end(), Kind.FRACTION, Fraction(num, den), approx=approx, weak=weak)


def _quarter(text: str, at: int) -> Quantity | None:
    m = pat.QUARTER.match(text, at)
    return _q(text, at, m.end(), Kind.ORDINAL, int(m["n"]), unit="quarter") if m else None


def _ordinal(text: str, at: int) -> Quantity | None:
    if m := pat.QUARTERS.match(text, at):
        return _q(text, at, m.end(), Kind.CARDINAL, parse_en(m["n"]) or exact(m["n"]), unit="quarter", part="first")
    m = pat.ORD_WORD.match(text, at)
    if not m:
        return None
    value = EN_ORDINALS[m["w"].lower()] + (int(parse_en(m["tens"]) or 0) if m["tens"] else 0)
    return _q(text, at, m.end(), Kind.ORDINAL, value, unit=_ordinal_unit(text, m.end()), weak=value <= 3)


def _ordinal_unit(text: str, end: int) -> str:
    m = re.match(r"\s+(century|session|quarter|prize)\b", text[end:], re.IGNORECASE)
    return m[1].lower() if m else ""


def _number(text: str, at: int) -> Quantity | None:
    if at and (text[at - 1].isalnum() or (text[at - 1] in ".," and at > 1 and text[at - 2].isdigit() and text[at].isdigit())):
        return None
    m = (pat.NUMBER_RANGE if pat.RANGED.match(text, at) else pat.NUMBER).match(text, at)
    if not m:
        return None
    written = m["ar"] or m["ar2"]
    value = exact(written) if written else parse_en(m["words"])
    if value is None:
        return None
    if m["ord"]:
        return _q(text, at, m.end("ord"), Kind.ORDINAL, value, unit=_ordinal_unit(text, m.end("ord")))
    glued = (m["glued"] or "").lower()
    scale = EN_SCALES.get((m["scale"] or glued).lower(), {"m": 10**6, "k": 1000}.get(glued, 1))
    value *= scale
    if m["half"] or m["half2"]:
        value += Fraction(scale, 2)
    unit = _unit(m["unit"]) or _unit(m["unit2"]) or (_unit(glued) if glued not in ("m", "k") else "")
    if m["money"]:
        unit = pat.MONEY_UNIT[m["money"].strip().lower()]
    start, approx = _approx(text, at)
    if m["odd"]:
        approx = approx or (Approx.ABOUT if "so" in m["odd"] else Approx.MORE)
    upper: Value | None = None
    kind = Kind.PERCENT if m["pct"] else Kind.CARDINAL
    if m["lo"]:
        low = exact(m["lo"]) * EN_SCALES.get((m["loscale"] or "").strip().lower(), 1)
        if not m["loscale"] and not m["lounit"] and not m["lopct"] and low * scale < value:
            low *= scale
        if low < value:
            value, upper = low, value
        else:
            return _q(text, at, m.end("lo"), Kind.CARDINAL, low)
    past = "past" if at and text[at - 1].isspace() and text[max(0, at - 12) : at].rstrip().lower().endswith(pat.PAST) else ""
    weak = value == 1 and not written and upper is None
    if weak and m["words"].lower() != "one" and unit == "":
        weak = False
    if pat.YEAR_OLD.match(text, m.start("unit") if m["unit"] else m.end()):
        unit = "year_old"
    return _q(text, start, m.end(), kind, value, upper=upper, unit=unit, approx=approx, part=past, weak=weak)


def _dozen(text: str, at: int) -> Quantity | None:
    if text[at : at + 4].lower() == "both":
        return _q(text, at, at + 4, Kind.CARDINAL, 2, weak=True)
    m = pat.DOZEN.match(text, at)
    if not m:
        return None
    start, approx = _approx(text, at)
    value = 6 if (m["n"] or "").lower().startswith("half") else 12 * (parse_en(m["n"]) or 1 if m["n"] else 1)
    return _q(text, start, m.end(), Kind.CARDINAL, value, approx=approx or Approx.ABOUT)


_Reader = Callable[[str, int], Quantity | None]
_READERS: Final[dict[Sort, tuple[_Reader, ...]]] = {
    Sort.DIGIT: (_code, _date, _time, _duration, _multiple, _fraction, _number),
    Sort.CODE: (_quarter, _code, _multiple, _range_words, _fraction, _ordinal, _number),
    Sort.MONEY: (_code, _number),
    Sort.COUNT: (_code, _duration, _half_unit, _multiple, _range_words, _fraction, _ordinal, _number, _dozen),
    Sort.ORDINAL: (_code, _ordinal),
    Sort.TIMES: (_code, _multiple),
    Sort.MONTH: (_code, _date),
    Sort.PART: (_code, _date),
    Sort.ARTICLE: (_several, _half_unit, _range_words, _fraction, _number, _dozen),
    Sort.HALF: (_code, _half_unit, _fraction, _dozen),
    Sort.BETWEEN: (_range_words,),
    Sort.SEVERAL: (_several,),
    Sort.CLOCK: (_time,),
    Sort.DOZEN: (_dozen,),
    Sort.ROMAN: (_roman,),
}
"""Who reads what begins in which way, in the order they are asked."""
