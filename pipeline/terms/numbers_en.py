"""Reading numbers in English newspaper text, into the same values as ``numbers_zh``."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from pipeline.terms import patterns_en as pat
from pipeline.terms.anchors_en import Sort, anchors
from pipeline.terms.dates_en import date, duration, time
from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, Value, exact, parse_en
from pipeline.terms.quantity import Approx, Kind, Quantity
from pipeline.terms.readers_en import mark_before, quantity, unit_of


def read_en(text: str) -> tuple[Quantity, ...]:
    """Read every number in English ``text``, in order, without overlaps; offsets are into ``text``."""
    found: list[Quantity] = []
    done = 0
    places = anchors(text)
    # No figure is that long; a run of them is an engine gone wild, and more than an integer can be made of.
    masked = [m.span() for m in pat.TOO_LONG.finditer(text)] if len(places) > pat.MANY else ()
    for at, sort in places:
        if at < done or (masked and any(start <= at < end for start, end in masked)):
            continue
        q = _read_at(text, at, sort)
        if q is None or q.end <= done:
            continue  # a reader may look back and find what stands before once more
        found.append(q)
        done = q.end
    return tuple(found)


def _read_at(text: str, at: int, sort: Sort) -> Quantity | None:
    for reader in _readers(text, at, sort):
        q = reader(text, at)
        if q is not None:
            return q
    return None


def _readers(text: str, at: int, sort: Sort) -> tuple[_Reader, ...]:
    """Who may read what begins at ``at``, by what follows its first figure or word."""
    by_next = _BY_NEXT.get(sort)
    if by_next is None:
        return _READERS[sort]
    head = _HEAD.match(text, at)
    if head is None:
        return _READERS[sort]
    if sort is _DIGIT:
        size = head.end(1) - at
        if size == 4 or size >= 10 or (at and text[at - 1].isalnum()):  # a year, a telephone number, the rest of a code
            return _READERS[sort]
    return by_next.get(head[2], _READERS[sort])


_LONGEST_CODE: Final = 40
"""Code points."""


def _code(text: str, at: int) -> Quantity | None:
    if at and text[at - 1].isalnum():
        floor = max(0, at - _LONGEST_CODE)
        while at > floor and (text[at - 1].isalnum() or text[at - 1] == "-"):
            at -= 1
    m = pat.CODE.match(text, at)
    if not m or m[0].upper().startswith(("RMB", "CNY")) or re.fullmatch(r"\d+[KM]", m[0]):
        return None
    return quantity(text, at, m.end(), Kind.CODE, 0)


def _roman(text: str, at: int) -> Quantity | None:
    """Grade IV, Phase II: weak, for letters may stand for much."""
    m = pat.ROMAN.match(text, at)
    if not m or not pat.BEFORE_ROMAN.search(text, max(0, at - 12), at):
        return None
    value = 0
    for digit, following in zip(m[0], [*m[0][1:], ""], strict=True):
        value += -_ROMAN[digit] if following and _ROMAN[following] > _ROMAN[digit] else _ROMAN[digit]
    return quantity(text, at, m.end(), Kind.CARDINAL, value, weak=True)


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
    return quantity(text, at, end, Kind.CARDINAL, order, unit=unit_of(m["u"]), approx=Approx.SEVERAL)


def _half_unit(text: str, at: int) -> Quantity | None:
    value: Value
    if m := pat.AND_HALF.match(text, at):
        value, unit = Fraction(3, 2), unit_of(m["u"] or m["u2"])
    elif m := pat.HALF_UNIT.match(text, at):
        value, unit = (6, "month") if m["six"] else (Fraction(1, 2), unit_of(m["u"]))
    else:
        return None
    start, approx = mark_before(text, at)
    return quantity(text, start, m.end(), Kind.CARDINAL, value, unit=unit, approx=approx)


def _multiple(text: str, at: int) -> Quantity | None:
    if m := pat.TIMES.match(text, at):
        value = parse_en(m["n"]) or exact(m["n"])
        weak = value <= 3
    elif m := pat.TIMES_RE.match(text, at):
        value, weak = pat.TIMES_WORD[m[0].lower()], True
    else:
        return None
    start, approx = mark_before(text, at)
    return quantity(text, start, m.end(), Kind.MULTIPLE, value, approx=approx, weak=weak)


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
    return quantity(text, at, m.end(), Kind.CARDINAL, low, upper=high, unit=unit_of(m["unit"]))


def _fraction(text: str, at: int) -> Quantity | None:
    m = pat.FRACTION.match(text, at)
    if not m:
        return None
    start, approx = mark_before(text, at)
    if m["rd"]:
        return quantity(text, start, m.end(), Kind.FRACTION, Fraction(int(m["rn"]), int(m["rd"]) or 1), approx=approx)
    if not m["d"]:
        return quantity(text, start, m.end(), Kind.FRACTION, Fraction(1, 2), approx=approx, weak=True)
    word = m["d"].lower().removesuffix("s").replace("halve", "half")
    den = {"half": 2, "quarter": 4}.get(word) or EN_ORDINALS[word]
    num = 1 if m["n"].lower() in ("a", "an") else int(parse_en(m["n"]) or 1)
    weak = (num == 1 and den in (2, 3, 4)) or num > den
    if den == 3 and m["n"].lower() == "a" and not re.match(r"\s+of\b", text[m.end() :]):
        return quantity(text, at, m.end(), Kind.ORDINAL, 3, weak=True)  # "a third village"
    return quantity(text, start, m.end(), Kind.FRACTION, Fraction(num, den), approx=approx, weak=weak)


def _quarter(text: str, at: int) -> Quantity | None:
    m = pat.QUARTER.match(text, at)
    return quantity(text, at, m.end(), Kind.ORDINAL, int(m["n"]), unit="quarter") if m else None


def _ordinal(text: str, at: int) -> Quantity | None:
    if m := pat.QUARTERS.match(text, at):
        return quantity(text, at, m.end(), Kind.CARDINAL, parse_en(m["n"]) or exact(m["n"]), unit="quarter", part="first")
    m = pat.ORD_WORD.match(text, at)
    if not m:
        return None
    value = EN_ORDINALS[m["w"].lower()] + (int(parse_en(m["tens"]) or 0) if m["tens"] else 0)
    return quantity(text, at, m.end(), Kind.ORDINAL, value, unit=_ordinal_unit(text, m.end()), weak=value <= 3)


def _ordinal_unit(text: str, end: int) -> str:
    m = re.match(r"\s+(century|session|quarter|prize)\b", text[end:], re.IGNORECASE)
    return m[1].lower() if m else ""


def _number(text: str, at: int) -> Quantity | None:
    if at and (text[at - 1].isalnum() or (text[at - 1] in ".," and at > 1 and text[at - 2].isdigit() and text[at].isdigit())):
        return None
    m = (pat.NUMBER_RANGE if _may_range(text, at) else pat.NUMBER).match(text, at)
    if not m:
        return None
    figures, figures2, words, order, money, odd = m.group("ar", "ar2", "words", "ord", "money", "odd")
    written = figures or figures2
    value: Value | None = exact(written) if written else parse_en(words)
    if value is None:
        return None
    if order:
        return quantity(text, at, m.end("ord"), Kind.ORDINAL, value, unit=_ordinal_unit(text, m.end("ord")))
    scaled, glued, half, half2, pct, named, degrees = m.group("scale", "glued", "half", "half2", "pct", "unit", "unit2")
    scale = 1
    if scaled or glued:
        glued = (glued or "").lower()
        scale = EN_SCALES.get((scaled or glued).lower(), _GLUED_SCALES.get(glued, 1))
        value = exact(written, scale) if written else value * scale
    if half or half2:
        value += Fraction(scale, 2)
    unit = unit_of(named or degrees)
    if money:
        unit = pat.MONEY_UNIT[money.strip().lower()]
    elif not unit and glued and glued not in _GLUED_SCALES:
        unit = unit_of(glued)
    start, approx = mark_before(text, at)
    if odd:
        approx = approx or (Approx.ABOUT if "so" in odd else Approx.MORE)
    upper: Value | None = None
    kind = _PERCENT if pct else _CARDINAL
    if m["lo"]:
        low = exact(m["lo"]) * EN_SCALES.get((m["loscale"] or "").strip().lower(), 1)
        if not m["loscale"] and not m["lounit"] and not m["lopct"] and low * scale < value:
            low *= scale
        if low < value:
            value, upper = low, value
        else:
            return quantity(text, at, m.end("lo"), Kind.CARDINAL, low)
    past = "past" if at and text[at - 1].isspace() and text[max(0, at - 12) : at].rstrip().lower().endswith(pat.PAST) else ""
    weak = value == 1 and not written and upper is None
    if weak and words.lower() != "one" and unit == "":
        weak = False
    if unit in _MAY_BE_AGE and pat.YEAR_OLD.match(text, m.start("unit") if named else m.end()):
        unit = "year_old"
    return quantity(text, start, m.end(), kind, value, upper=upper, unit=unit, approx=approx, part=past, weak=weak)


_GLUED_SCALES: Final = {"m": 10**6, "k": 1000}
_MAY_BE_AGE: Final = frozenset({"", "year", "year_old"})


def _may_range(text: str, at: int) -> bool:
    """The figure at ``at`` may begin a range: before the next one stand a dash or "to"."""
    if text[at].isdigit():
        gap = _TO_NEXT_FIGURE.match(text, at)
        if gap is None or not _TO.search(gap[1]):
            return False
    return pat.RANGED.match(text, at) is not None


_TO_NEXT_FIGURE: Final = re.compile(r"[\d,.]+(\D+)\d")
_TO: Final = re.compile("[-–—~tT]")


def _dozen(text: str, at: int) -> Quantity | None:
    if text[at : at + 4].lower() == "both":
        return quantity(text, at, at + 4, Kind.CARDINAL, 2, weak=True)
    m = pat.DOZEN.match(text, at)
    if not m:
        return None
    start, approx = mark_before(text, at)
    value = 6 if (m["n"] or "").lower().startswith("half") else 12 * (parse_en(m["n"]) or 1 if m["n"] else 1)
    return quantity(text, start, m.end(), Kind.CARDINAL, value, approx=approx or Approx.ABOUT)


_Reader = Callable[[str, int], Quantity | None]
_READERS: Final[dict[Sort, tuple[_Reader, ...]]] = {
    Sort.DIGIT: (_code, date, time, duration, _multiple, _fraction, _number),
    Sort.CODE: (_quarter, _code, _multiple, _range_words, _fraction, _ordinal, _number),
    Sort.MONEY: (_code, _number),
    Sort.COUNT: (_code, duration, _half_unit, _multiple, _range_words, _fraction, _ordinal, _number, _dozen),
    Sort.ORDINAL: (_code, _ordinal),
    Sort.TIMES: (_code, _multiple),
    Sort.MONTH: (_code, date),
    Sort.PART: (_code, date),
    Sort.ARTICLE: (_several, _half_unit, _range_words, _fraction, _number, _dozen),
    Sort.HALF: (_code, _half_unit, _fraction, _dozen),
    Sort.BETWEEN: (_range_words,),
    Sort.SEVERAL: (_several,),
    Sort.CLOCK: (time,),
    Sort.DOZEN: (_dozen,),
    Sort.ROMAN: (_roman,),
}
"""Who reads what begins in which way, in the order they are asked."""
_LETTERS_AFTER: Final[dict[_Reader, str]] = {
    _code: "",
    date: "osnrtua",  # of, st, nd, rd, th, to, through, until, and; a month has a capital
    time: ":apo",
    duration: "hmyzotfsenba",
    _multiple: "tf",
    _range_words: "zotfsenhmba",
    _fraction: "/htqfsen",
    _ordinal: "",
    _dozen: "d",
}
"""With which small letter or mark may go on, after a figure or a number word, what a reader reads; the others read before anything."""
_BY_NEXT: Final = {
    sort: {
        following: tuple(r for r in _READERS[sort] if r not in _LETTERS_AFTER or following in _LETTERS_AFTER[r])
        for following in string.ascii_lowercase + ":/%,.;)"
    }
    for sort in (Sort.DIGIT, Sort.COUNT)
}
"""Readers by what follows the first figure or word; before anything else, a capital and a hyphen among it, all are asked."""
_DIGIT: Final = Sort.DIGIT
_PERCENT: Final = Kind.PERCENT
_CARDINAL: Final = Kind.CARDINAL
_HEAD: Final = re.compile(r"(\d+(?:[.,]\d+)*|[A-Za-z]+)\s*(.?)", re.DOTALL)
