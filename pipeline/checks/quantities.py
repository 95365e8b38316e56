"""The numbers of both sides, paired by value.

``pipeline.terms.numbers`` reads them; here are the ways in which an English text may say a Chinese
number without writing one ("around the clock", "a century"), and the numbers that English writes
where Chinese has none of its own (the 14th Five-Year Plan for 十四五).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from pipeline.terms.anchors_en import anchors
from pipeline.terms.numbers import Approx, Kind, Quantity, matches, read_en, read_zh, ymd
from pipeline.terms.numerals import Value, parse_zh
from pipeline.terms.units import dimension

if TYPE_CHECKING:
    from pipeline.checks.base import Reading

_MAY_COUNT_ZH: Final = re.compile(r"[\d〇零一二三四五六七八九十百千万亿两半几数双倍]|[０-９]")

_FIVE_YEAR_ZH: Final = re.compile('[“"]?([一二三四五六七八九十]{1,3})五[”"]?(?:规划|时期|期间|末|开局|收官|以来|计划)')
_FIVE_YEAR_EN: Final = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:teen)?th) five[- ]year plan(?:(?: period)?,? ?\(?\d{4}\s?(?:-|to)\s?\d{2,4}\)?)?", re.IGNORECASE
)
_HALF_PAST: Final = re.compile(
    r"\b(half|quarter|(?:ten|twenty|\d+) minutes?) past (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE
)
_HOURS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# 一号文件 is the No. 1 document; （二） and 三、 number a paragraph.
_CODE_NUMBER: Final = re.compile(
    r"([一二三四五六七八九十\d]{1,9})号|[（(]([一二三四五六七八九十\d]{1,9})[）)]|\A\s*([一二三四五六七八九十\d]{1,9})[、.．]"
)
_LONG_CODE: Final = re.compile(r"\d{5}|\d{3,4}-\d{4}")
_FESTIVAL: Final = re.compile("节|双十|五一|六一|七一|八一|十一|国庆|元旦|三八|五四|九一八")

# A Chinese value with its units, and words that say it without a number.
_WORDED: Final[tuple[tuple[Value, str, str], ...]] = (
    (24, "hour", r"around[- ]the[- ]clock|round[- ]the[- ]clock|day and night|all day|all hours"),
    (7, "day", r"week|seven-day"),
    (100, "year year_old anniversary", r"centur|centen"),
    (1000, "year", r"millenni"),
    (10, "year", r"decade"),
    (100, "percent", r"full|all\b|every|entire|whole|complete|universal"),
    (Fraction(1, 2), "-", r"half\b|halv|majority|most\b|50\b|fifty"),
    (2, "- one person year day", r"both|pair|couple|twin|two|double|dual|either|second"),
    (12, "- one month person", r"dozen|year\b"),
    (0, "- one person percent", r"no\b|none|zero|without|nil|not\b|free"),
)
_WORDS: Final = tuple((value, frozenset(units.split()), re.compile(rf"\b(?:{words})", re.IGNORECASE)) for value, units, words in _WORDED)


class Pairing(NamedTuple):
    """What became of the numbers."""

    changed: tuple[tuple[Quantity, Quantity], ...]
    """Chinese numbers without a partner, each with the unpaired English number that seems to stand for it."""
    lost: tuple[Quantity, ...]
    """Chinese numbers the English does not give."""
    added: tuple[Quantity, ...]
    """English numbers the Chinese does not give."""
    converted: tuple[tuple[Quantity, Quantity], ...]
    """Pairs that agree in value but not in unit."""
    softened: tuple[tuple[Quantity, Quantity], ...]
    """Pairs where 余, 近 and their like have been dropped or turned round."""


def chinese(reading: Reading) -> tuple[Quantity, ...]:
    """Numbers of the Chinese; a numeral inside a settled name or term (三工镇) is none."""
    source = reading.source
    if not _MAY_COUNT_ZH.search(source):
        return ()
    skip = []
    for known in reading.known:
        if _MAY_COUNT_ZH.search(known.source):
            skip += [(m.start(), m.end()) for m in re.finditer(re.escape(known.source), source)]
    return read_zh(source, skip)


def english(reading: Reading) -> tuple[Quantity, ...]:
    """Numbers of the English, settled terms and names left out."""
    text = reading.plain
    for known in reading.known:
        # "the two sessions", "No. 1 central document": the number belongs to the term.
        for rendering in known.renderings:
            if _may_count(rendering):
                text = re.sub(re.escape(rendering), lambda m: "_" * len(m[0]), text, flags=re.IGNORECASE)
    if "五" in reading.source and _FIVE_YEAR_ZH.search(reading.source):
        text = _FIVE_YEAR_EN.sub(lambda m: "_" * len(m[0]), text)
    if "past" in reading.word_set:
        text = _HALF_PAST.sub(_clock, text)
    return read_en(text)


@lru_cache(maxsize=50_000)  # asked for the tables' and the name sheet's renderings
def _may_count(english: str) -> bool:
    """Something in a settled rendering can begin a number."""
    return bool(anchors(english))


def _clock(match: re.Match[str]) -> str:
    minutes = {"half": "30", "quarter": "15"}.get(match[1].lower(), "")
    return f"{_HOURS.index(match[2].lower()) + 1}:{minutes}" if minutes else match[0]


def pair(reading: Reading) -> Pairing:
    """Compare the numbers of both sides; each needs at least one partner of its value."""
    # Equal numbers have equal partners: each is compared once, however often it stands there.
    zh, en = map(_distinct, reading.figures)
    if not zh and not en:
        return Pairing((), (), (), (), ())
    zh_parts, en_parts = ([p for q in side if q.upper is not None for p in _ends(q)] for side in (zh, en))
    lost: list[Quantity] = []
    converted, softened = [], []
    answered: set[int] = set()
    for q in zh:
        partners = []
        for number, e in enumerate(en):
            if agree(q, e) and not (q.kind is Kind.DATE and e.kind is Kind.ORDINAL and _counts_a_thing(e, reading.plain)):
                partners.append(e)
                answered.add(number)
        if not partners and q.kind is Kind.PERCENT and "指数" in reading.source:
            # An index is a figure of its own, with its percent or without.
            partners = [e for e in en if e.kind is Kind.CARDINAL and not e.unit and e.value == q.value]
            answered.update(number for number, e in enumerate(en) if e in partners)
        if not partners:
            split = q.upper is not None and all(any(agree(p, e) for e in (*en, *en_parts)) for p in _ends(q))
            if not split and not any(agree(q, e) for e in en_parts) and not _worded(q, reading.plain):
                lost.append(q)
            continue
        same_unit = [e for e in partners if not q.unit or not e.unit or q.unit == e.unit]
        if not same_unit and q.kind is Kind.CARDINAL and partners[0].kind is Kind.CARDINAL and partners[0].value != q.value:
            converted.append((q, partners[0]))
        elif q.approx and all(_softened(q, e) for e in partners):
            softened.append((q, partners[0]))
    added: list[Quantity] = []
    left: frozenset[Value] | None = None
    for number, e in enumerate(en):
        if number in answered or (zh_parts and any(agree(q, e) for q in zh_parts)):
            continue
        if (
            e.upper is None
            and e.kind in _COUNTS
            and e.value in (left := _left_over(reading.source, reading.figures[0]) if left is None else left)
        ):
            continue  # the Chinese has the numeral, before a counter that the tables do not know
        if e.upper is not None and all(any(agree(q, p) for q in (*zh, *zh_parts)) for p in _ends(e)):
            continue
        if e.kind is Kind.CODE and not _LONG_CODE.search(e.text):
            continue  # COVID-19 for 新冠, G20 for 二十国集团: a name, not a figure
        if e.kind is Kind.DATE and ymd(e.value)[2] and _FESTIVAL.search(reading.source):
            continue  # "the Nov 11 shopping festival"
        if e.unit == "" and e.value <= 99 and any(_digits(m[m.lastindex or 0]) == e.value for m in _CODE_NUMBER.finditer(reading.source)):
            continue
        added.append(e)
    changed = []
    for q in tuple(lost):
        rival = _rival(q, added)
        if rival is not None:
            changed.append((q, rival))
            lost.remove(q)
            added.remove(rival)
    return Pairing(tuple(changed), tuple(lost), tuple(added), tuple(converted), tuple(softened))


_THING: Final = re.compile(r" (?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\b)[A-Z][a-z]+")


def _counts_a_thing(e: Quantity, plain: str) -> bool:
    """Of an ordinal: it counts what a capital names ("the 18th Munich Security Conference"), and is no day of a month."""
    return plain[e.start : e.end] == e.text and _THING.match(plain, e.end) is not None


_NUMERAL: Final = re.compile("[0-9][0-9,.]*[百千万亿]*|[〇零一二三四五六七八九十百千万亿两有]{2,}|[二三四五六七八九十百千万两]")


def _left_over(source: str, read: Sequence[Quantity]) -> frozenset[Value]:
    """Values of numerals in the Chinese that were not read as numbers."""
    taken = bytearray(len(source))
    for q in read:
        taken[q.start : q.end] = b"\1" * (q.end - q.start)
    free = {m[0] for m in _NUMERAL.finditer(source) if not any(taken[m.start() : m.end()])}
    return frozenset(value for numeral in free if (value := parse_zh(numeral.rstrip(",.").replace("有", ""))) is not None)


_COUNTS: Final = frozenset({Kind.CARDINAL, Kind.PERCENT, Kind.FRACTION, Kind.MULTIPLE, Kind.ORDINAL})


def trifling(q: Quantity) -> bool:
    """One to three of a mere counter, in characters: English often does without (两个项目: "the events")."""
    return q.value <= 3 and q.kind in {Kind.CARDINAL, Kind.ORDINAL} and not any(c.isdigit() for c in q.text) and not dimension(q.unit)


def _rival(q: Quantity, free: list[Quantity]) -> Quantity | None:
    """The unpaired English number that most likely stands for ``q``: same unit, then same kind."""
    if q.weak:
        return None
    # "both strong and able" counts nothing.
    fitting = [e for e in free if not e.weak and (e.kind is q.kind or {e.kind, q.kind} <= _COUNTS)]
    if q.unit == "occasion":
        fitting += [e for e in free if e.weak and e.kind is Kind.MULTIPLE and e.text.endswith("times")]
    if trifling(q):
        fitting = [e for e in fitting if e.value < 100 and not dimension(e.unit)]
    return min(fitting, key=lambda e: (e.unit != q.unit, e.kind is not q.kind, e.start), default=None)


def _distinct(quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    if len(quantities) < 2 or len({q.text for q in quantities}) == len(quantities):
        return tuple(quantities)  # hashing an exact fraction is dear
    return tuple({(q.kind, q.value, q.upper, q.unit, q.per, q.approx, q.part, q.text): q for q in reversed(quantities)}.values())[::-1]


def _ends(q: Quantity) -> tuple[Quantity, ...]:
    if q.upper is None:
        return ()
    bare = msgspec.structs.replace(q, upper=None, approx=Approx.NONE)
    return bare, msgspec.structs.replace(bare, value=q.upper)


_GLUED: Final = {"m": ("m", 10**6), "km": ("k", 1000)}
"""Letters after a figure that are a unit as well as a scale."""
_SAID_OTHERWISE: Final = frozenset({*_GLUED, "month", "quarter"})
"""Units of a count for which English may have other words or another unit."""
_CARDINAL: Final = Kind.CARDINAL


def agree(q: Quantity, e: Quantity) -> bool:
    """A Chinese and an English number state the same value, in one of the ways in which English may put it."""
    if matches(q, e):
        return True
    if q.kind is _CARDINAL is e.kind and q.unit not in _SAID_OTHERWISE:  # nearly all pairs
        return False
    if q.kind is Kind.PERCENT:
        return False
    if e.kind is Kind.PERCENT and q.kind is Kind.CARDINAL and not q.unit:  # “1时代”: rates of one percent
        return q.value == e.value and q.upper == e.upper
    if q.kind is Kind.DATE and q.part:
        # "born after 2000" for 00后; "the 23rd year of Qianlong" for a year of a reign
        return q.weak and ((e.kind is Kind.DATE and e.value == q.value) or (e.kind is Kind.ORDINAL and q.part == f"reign {e.value}"))
    if q.kind is Kind.ORDINAL and e.kind is Kind.FRACTION:  # "a sixth straight week"
        return q.value * e.value == 1
    if q.unit in _GLUED and e.text.endswith(_GLUED[q.unit][0]) and not e.unit:  # "the 100m final", "a 10k run"
        return q.value * _GLUED[q.unit][1] == e.value
    if q.kind is Kind.TIME and e.kind is Kind.CARDINAL and not e.unit:  # "at four in the afternoon"
        return int(q.value) % 60 == 0 and e.value in (int(q.value) // 60, int(q.value) // 60 % 12 or 12)
    months = _first_months(q)
    return months > 0 and months == _first_months(e)


def _first_months(q: Quantity) -> int:
    """How many months of a year from January on: 1至9月, 前三季度, "the first nine months"; 0 for anything else."""
    if q.kind is Kind.DATE and q.upper is not None:
        start, end = ymd(q.value), ymd(q.upper)
        return end[1] if start[1] == 1 and not start[2] and not end[2] and end[1] else 0
    if q.kind is Kind.CARDINAL and q.upper is None and q.unit in {"month", "quarter"}:
        return int(q.value) * (3 if q.unit == "quarter" else 1)
    return 0


def _worded(q: Quantity, target: str) -> bool:
    unit = "percent" if q.kind is Kind.PERCENT else q.unit or "-"
    return q.upper is None and any(q.value == value and unit in units and pattern.search(target) for value, units, pattern in _WORDS)


_UP: Final = frozenset({Approx.MORE, Approx.AT_LEAST})
_DOWN: Final = frozenset({Approx.NEARLY, Approx.LESS, Approx.AT_MOST})


def _softened(q: Quantity, e: Quantity) -> bool:
    """余 lost entirely, or "more than" become "nearly"."""
    if q.approx in _UP:
        return e.approx not in _UP and e.approx is not Approx.SEVERAL and e.upper is None
    if q.approx in _DOWN:
        return e.approx in _UP
    return False


def _digits(written: str) -> int:
    if written.isdigit():
        return int(written)
    quantities = read_zh(f"{written}个")
    return int(quantities[0].value) if quantities else -1


def is_year(e: Quantity) -> bool:
    """A bare year, which a translator may add from what the issue's date is."""
    year, month, _ = ymd(e.value) if e.kind is Kind.DATE else (0, 0, 0)
    return bool(year) and not month
