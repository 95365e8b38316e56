"""Numbers by value: 20亿元 is 2 billion yuan, and nothing else will do.

A figure that became another figure is an error; one that is simply not there is a warning, because
what the English does say may still be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.quantities import trifling
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.numbers import render_en
from pipeline.terms.units import dimension

NAME = "numbers"


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report numbers of the Chinese whose value the English changed, lost, converted or made exact."""
    pairing = reading.numbers
    for q, e in pairing.changed:
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            f"The source says {q.text.strip()} ({render_en(q)}); the English has {e.text.strip()}.",
            source=q.text.strip(),
            target=e.text.strip(),
        )
    yield from _per(reading)
    yield from _below_zero(reading)
    yield from _made_up_unit(reading)
    yield from _made_up_minus(reading)
    for q in pairing.lost:
        if q.weak:
            continue
        yield finding(
            reading,
            NAME,
            Severity.INFO if trifling(q) else Severity.WARNING,
            f"The source says {q.text.strip()} ({render_en(q)}); the English does not give it.",
            source=q.text.strip(),
            target=shorten(reading.target),
        )
    for q, e in pairing.converted:
        yield finding(
            reading,
            NAME,
            Severity.INFO,
            f"{q.text.strip()} ({render_en(q)}) has been converted to {e.text.strip()}: right, to within rounding.",
            source=q.text.strip(),
            target=e.text.strip(),
        )
    for q, e in pairing.softened:
        yield finding(
            reading,
            NAME,
            Severity.INFO,
            f"The source says {q.text.strip()} ({render_en(q)}), not exactly {e.text.strip()}.",
            source=q.text.strip(),
            target=e.text.strip(),
        )


_FROST = re.compile(r"零下\s*[\d一二三四五六七八九十]+(?:[.点][\d一二三四五六七八九]+)?")
_FROST_EN = re.compile(r"minus|negative|below|sub-?zero|freez|frost|(?<![\w\d])[-−–]\d")


def _below_zero(reading: Reading) -> Iterator[Finding]:
    """零下12 is twelve below zero; the value alone does not tell."""
    found = _FROST.search(reading.source) if "零下" in reading.source else None
    if found and not _FROST_EN.search(reading.lower):
        shown = found.group()
        message = f"The source says {shown}, below zero; the English temperature is above."
        yield finding(reading, NAME, Severity.ERROR, message, source=shown, target=shorten(reading.target))


_MINUS_ZH = re.compile("(?<![0-9A-Za-z])[-－−–—]\\s*[0-9]|负|零下|亏|赤字|逆差|净流出|倒挂|减少|下降|下滑|下跌|跌")
_MINUS_EN = re.compile(r"(?<![\w)\]])[-−](?=[$€£]?\d)|\b(?:minus|negative) (?=\d)", re.IGNORECASE)


def _made_up_minus(reading: Reading) -> Iterator[Finding]:
    """More minus signs than the Chinese has: -1.16亿元 beside 0.43亿元 is not -43 million."""
    if "-" not in reading.plain and "minus " not in reading.lower and "negative " not in reading.lower:
        return
    found = [*_MINUS_EN.finditer(reading.plain)]
    if len(found) > len(_MINUS_ZH.findall(reading.source)):
        at = found[-1].start()
        shown = reading.plain[at : at + 24].split(",")[0]
        message = f"The English has a minus, {shown}, that the Chinese has not."
        yield finding(reading, NAME, Severity.ERROR, message, source=shorten(reading.source), target=shown)


_SAYS_ZH = {
    "mass": re.compile("[吨斤克]|重"),
    "length": re.compile("[米里尺寸丈]|km|长|高|宽|深|远|厚"),
    "area": re.compile("[亩顷]|平方|平米|面积|㎡"),
    "volume": re.compile("升|立方|方(?!面|式|案|便|向|法)|m³"),
    "energy": re.compile("度|瓦|kW"),
    "power": re.compile("瓦|[kM]W"),
}
"""What a source says in some way where it gives a quantity of that dimension."""


def _made_up_unit(reading: Reading) -> Iterator[Finding]:
    """300万棒 is no 3 million tons: the figure is right, and what it counts is not."""
    zh, en = reading.figures
    for e in en:
        says = _SAYS_ZH.get(dimension(e.unit)) if e.unit else None
        if says is None or says.search(reading.source):
            continue
        counted = next((q for q in zh if not q.unit and q.value == e.value and q.kind is e.kind), None)
        if counted is not None:
            shown = reading.source[counted.start : counted.end + 1]
            message = f"The Chinese counts something else with {shown}; the English makes it {e.text.strip()}."
            yield finding(reading, NAME, Severity.WARNING, message, source=shown, target=e.text.strip())


_PER_ZH = re.compile("每(公斤|千克|斤|吨|亩|公顷|天|日|周|月|年)")
_PER_EN = re.compile(r"\b(?:per|an?|each|every)[ -](kilogram|kg|kilo|jin|ton|tonne|mu|hectare|acre|day|week|month|year)\b")
_PER_GROUPS = (
    {"斤": "jin", "公斤": "kilogram kg kilo", "千克": "kilogram kg kilo", "吨": "ton tonne"},
    {"亩": "mu", "公顷": "hectare"},
    {"天": "day", "日": "day", "周": "week", "月": "month", "年": "year"},
)
_PER_WORDS = {zh: frozenset(words.split()) for group in _PER_GROUPS for zh, words in group.items()}
_PER_RIVALS = {zh: frozenset(" ".join([*group.values(), "acre" if "亩" in group else ""]).split()) for group in _PER_GROUPS for zh in group}
_YEARLY = re.compile(r"annual|yearly|monthly|weekly|daily")


def _per(reading: Reading) -> Iterator[Finding]:
    """每斤 is per jin: a price per kilogram is half or double the truth."""
    asked = tuple(dict.fromkeys(_PER_ZH.findall(reading.source)))
    given = {m[1] for m in _PER_EN.finditer(reading.lower)} if asked else set()
    for unit in asked:
        rivals = given & _PER_RIVALS[unit]
        wanted = {w for zh in asked for w in _PER_WORDS[zh]}
        if (
            rivals
            and not rivals & wanted
            and not any(re.search(rf"\b{w}s?\b", reading.lower) for w in _PER_WORDS[unit])
            and not _YEARLY.search(reading.lower)
        ):
            yield finding(
                reading,
                NAME,
                Severity.ERROR,
                f"The source counts per {min(_PER_WORDS[unit], key=len)} (每{unit}); the English per {min(rivals)}.",
                source=f"每{unit}",
                target=min(rivals),
            )
            return
