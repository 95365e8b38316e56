"""Patterns of numbers in English newspaper text, read by ``numbers_en``."""

from __future__ import annotations

import re
from typing import Final

from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, EN_WORDS
from pipeline.terms.quantity import Approx
from pipeline.terms.units import EN_UNITS, alternation

MONTHS: Final = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6, "july": 7,
    "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10, "oct": 10, "november": 11, "nov": 11,
    "december": 12, "dec": 12,
}  # fmt: skip
_FULL: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT: Final = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
MONTH: Final = rf"(?:{_FULL}|(?:{_SHORT})\b\.?)"
DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
YEAR: Final = r"(?:1[89]|20|21)\d{2}\b"
TO: Final = r"\s*(?:-|–|—|~|to|through|until|till|and)\s*"

WORD: Final = "|".join(sorted((*EN_WORDS, "hundred", "thousand"), key=len, reverse=True))
SCALE: Final = "|".join(sorted(EN_SCALES, key=len, reverse=True))
UNIT: Final = alternation(((unit, "") for unit in EN_UNITS), first="ypkmhdt")
AR: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_ANY: Final = rf"(?:{WORD}|{SCALE})\b"
WORDS: Final = rf"(?:an?\s+(?=(?:hundred|thousand|million|billion|trillion)\b))?{_ANY}(?:[\s-]+(?:and\s+)?{_ANY})*"
MONEY: Final = r"(?:RMB|CNY|US\$|HK\$|\$|¥|￥|€|£)\s?"
_PERCENT: Final = r"%|percent(?!age)\b|pct\b|per\s+cent\b"
_LOW: Final = rf"(?P<lo>{AR})(?P<loscale>\s*(?:{SCALE})\b)?(?P<lopct>\s*(?:{_PERCENT}))?(?P<lounit>\s*(?:{UNIT})\b)?"
_GLUED: Final = r"bn|mn|m|k|km|kg|mm|cm|kW|MW|kWh|ha"
_LOWER_END: Final = rf"(?:{_LOW}\s*(?:-|–|—|~|\bto\b)\s*(?:{MONEY})?(?={AR}))?"
_NO_LOWER_END: Final = "(?:(?!)(?P<lo>)(?P<loscale>)(?P<lopct>)(?P<lounit>))?"
RANGED: Final = re.compile(rf"(?:{MONEY})?[\d,.]+[^\d]{{0,45}}?(?:[-–—~]|\bto\b)\s*(?:{MONEY})?\d", re.IGNORECASE)
"""What may be a range: near to the figure stand a dash or "to" and another figure."""
_NUMBER: Final = (
    rf"(?:(?P<ar>{AR})(?P<ord>st|nd|rd|th)?(?![A-Za-z\d])(?:[\s-]*(?P<scale>{SCALE})s?\b)?"
    rf"|(?P<ar2>{AR})(?P<glued>{_GLUED})\b|(?P<words>{WORDS}))"
    rf"(?P<half>\s+and\s+a\s+half)?"
    rf"(?:\s*(?P<pct>{_PERCENT})|[\s-]+(?P<unit>{UNIT})(?![a-z])|\s*(?P<unit2>°[Cc]|℃))?"
    rf"(?P<half2>\s+and\s+a\s+half)?(?P<odd>-odd|-plus|\+|\s+or\s+so|\s+or\s+more|\s+odd)?"
)
NUMBER: Final = re.compile(rf"(?P<money>{MONEY})?{_NO_LOWER_END}{_NUMBER}", re.IGNORECASE)
NUMBER_RANGE: Final = re.compile(rf"(?P<money>{MONEY})?{_LOWER_END}{_NUMBER}", re.IGNORECASE)
DURATION: Final = re.compile(
    rf"(?:(?P<h>{AR}|{WORDS})[\s-]+h(?:ou)?rs?,?\s+(?:and\s+)?)?(?P<m>{AR}|{WORDS})[\s-]+min(?:ute)?s?\b"
    rf"(?:,?\s+(?:and\s+)?(?P<s>{AR}|{WORDS})[\s-]+sec(?:ond)?s?\b)?",
    re.IGNORECASE,
)
"""A span of time in minutes with hours before them or seconds after."""
YEARS_MONTHS: Final = re.compile(rf"(?P<y>{AR}|{WORDS})[\s-]+years?,?\s+(?:and\s+)?(?P<m>{AR}|{WORDS})[\s-]+months?\b", re.IGNORECASE)
TOO_LONG: Final = re.compile(r"\d[\d,.]{79,}")
MANY: Final = 20
"""Fewer places at which a number can begin have no figure as long as that among them."""
ROMAN: Final = re.compile(r"[IVX]+\b")
NUMBERED: Final = ("grade", "level", "phase", "class", "stage", "category", "type", "tier", "part", "volume", "chapter", "war", "group")
"""What is numbered with Roman numerals."""
BEFORE_ROMAN: Final = re.compile(rf"\b(?:{'|'.join(NUMBERED)}) \Z", re.IGNORECASE)
RANGE_WORDS: Final = re.compile(
    rf"(?:(?P<between>between)\s+)?(?P<a>{WORDS})\s*(?:-|–|to|or|and)\s*(?P<b>{WORDS})(?:[\s-]+(?P<unit>{UNIT})(?![a-z]))?",
    re.IGNORECASE,
)
DATE: Final = re.compile(
    rf"(?:(?P<part>early|mid|late)[\s-]+)?"
    rf"(?:(?P<m>{MONTH})(?:\s+(?P<d>{DAY}))?|(?P<db>{DAY})(?:{TO}(?P<db2>{DAY}))?\s+(?:of\s+)?(?P<mb>{MONTH}))"
    rf"(?:,?\s+(?:of\s+)?(?P<y>{YEAR}))?"
    rf"(?:{TO}(?:(?P<m2>{MONTH})(?:\s+(?P<d2>{DAY}))?|(?P<db3>{DAY})\s+(?P<mb3>{MONTH})|(?P<d3>{DAY})(?!\s*(?:people|percent|%|yuan|mu|[ap]\.?m\b|o'clock|:\d)))"
    rf"(?:,?\s+(?P<y2>{YEAR}))?)?"
)
DECADE: Final = re.compile(r"(?:the\s+)?((?:1[89]|20)\d0)s\b", re.IGNORECASE)
ISO: Final = re.compile(r"((?:1[89]|20|21)\d{2})-(\d\d)-(\d\d)\b")
YEARS: Final = re.compile(
    rf"(?:(?P<part>early|mid|late|end of|beginning of)[\s-]+)?(?P<y>{YEAR})"
    rf"(?:\s*(?:-|–|—|to|through|until|and)\s*(?P<y2>{YEAR}))?(?![,.]\d|\s*(?:{UNIT}|%|percent|million|billion)\b)",
    re.IGNORECASE,
)
TIME: Final = re.compile(
    r"(?P<h>[01]?\d|2[0-4])(?::(?P<m>[0-5]\d))?\s*(?P<ap>[ap]\.?m\b\.?)|(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?!\d)"
    r"|(?P<h3>\d{1,2})\s+o'clock",
    re.IGNORECASE,
)
RACE: Final = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d(?:\.\d{1,3})?)(?![\d:])|(?P<m2>\d{1,2}):(?P<s2>[0-5]\d\.\d{1,3})(?!\d)"
)
"""A racing time: 2:11:05, 2:01.38."""
NOON: Final = re.compile(r"\b(?:noon|midnight)\b", re.IGNORECASE)
ORD_WORD: Final = re.compile(
    rf"(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?P<w>{'|'.join(EN_ORDINALS)})\b(?!-(?:hand|rate|class))",
    re.IGNORECASE,
)
_PARTS: Final = "half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
FRACTION: Final = re.compile(
    rf"(?P<n>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]+(?P<d>{_PARTS})\b(?!\s+of\s+(?:the\s+)?(?:year|20))"
    r"|half\b|(?P<rn>\d{1,15})/(?P<rd>\d{1,15})(?!\d|/)",
    re.IGNORECASE,
)
HALF_UNIT: Final = re.compile(
    r"(?:half\s+an?|a\s+half|half-|one\s+half)\s*(?P<u>hour|year|month|kilogram|day|mu|ton|meter|kilometer)\b|(?P<six>six months)\b",
    re.IGNORECASE,
)
AND_HALF: Final = re.compile(
    rf"(?:an?|one)\s+(?P<u>{UNIT})\s+and\s+a\s+half\b|(?:an?|one)\s+and\s+a\s+half\s+(?P<u2>{UNIT})\b", re.IGNORECASE
)
SEVERAL: Final = re.compile(
    rf"(?:(?:tens|dozens|hundreds|thousands|millions|billions)\s+of\s+(?:(?:thousands|millions|billions)\s+of\s+)?"
    rf"|(?:several|a\s+few|some\s+few)\s+(?:dozen|hundred|thousand|million|billion)\s+)(?P<u>{UNIT})?\b|\bdozens\b",
    re.IGNORECASE,
)
TIMES: Final = re.compile(
    r"(?:more\s+than\s+)?(?P<n>\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten)(?:[\s-]+(?:times|fold)\b|fold\b)",
    re.IGNORECASE,
)
TIMES_WORD: Final = {
    **dict.fromkeys(("twice", "double", "doubled", "doubling", "doubles", "twofold"), 2),
    **dict.fromkeys(("triple", "tripled", "tripling", "triples", "threefold"), 3),
    **dict.fromkeys(("quadruple", "quadrupled"), 4),
}
TIMES_RE: Final = re.compile(r"\b(?:" + "|".join(sorted(TIMES_WORD, key=len, reverse=True)) + r")\b", re.IGNORECASE)
CODE: Final = re.compile(r"\d{3,4}[-–]\d{7,8}\b|\b1[3-9]\d{9}\b|400-?\d{3}-?\d{4}\b|[A-Z]+-?\d+[A-Z]?\b|\b\d+[A-Z]\b(?!\.)")
QUARTER: Final = re.compile(r"Q(?P<n>[1-4])\b(?![.\d])")
QUARTERS: Final = re.compile(r"first\s+(?P<n>two|three|2|3)\s+quarters\b", re.IGNORECASE)
DOZEN: Final = re.compile(r"(?:a|one|(?P<n>two|three|half\s+a))\s+dozen\b|\bdozen\b", re.IGNORECASE)

PRE: Final = re.compile(
    r"(?:(?P<more>more\s+than|over|above|exceeding|exceeded|upwards\s+of|at\s+over)"
    r"|(?P<near>nearly|almost|close\s+to|approaching)"
    r"|(?P<about>about|around|approximately|roughly|some|circa|an\s+estimated)"
    r"|(?P<less>less\s+than|fewer\s+than|under|below|within)"
    r"|(?P<least>at\s+least|no\s+less\s+than|no\s+fewer\s+than)"
    r"|(?P<most>up\s+to|at\s+most|no\s+more\s+than|as\s+many\s+as|as\s+much\s+as|as\s+high\s+as))"
    r"\s+(?:an?\s+)?(?:US\$|RMB|\$|¥)?\s*$",
    re.IGNORECASE,
)
PRE_KIND: Final = {
    "more": Approx.MORE,
    "near": Approx.NEARLY,
    "about": Approx.ABOUT,
    "less": Approx.LESS,
    "least": Approx.AT_LEAST,
    "most": Approx.AT_MOST,
}
PRE_ENDS: Final = frozenset(
    (
        *("than", "over", "above", "exceeding", "exceeded", "of", "nearly", "almost", "to", "approaching", "about", "around"),
        *("approximately", "roughly", "some", "circa", "estimated", "under", "below", "within", "least", "most", "as"),
    )
)
"""The last words of ``PRE``, before an article and a currency."""
LETTERS: Final = re.compile("[a-z]+")
PAST: Final = ("past", "last", "previous", "recent")
YEAR_OLD: Final = re.compile(r"\s*-?year-olds?\b|\s+years?\s+(?:old|of\s+age)\b", re.IGNORECASE)
MONEY_UNIT: Final = {
    "rmb": "yuan", "cny": "yuan", "¥": "yuan", "￥": "yuan", "us$": "usd", "$": "usd", "hk$": "hkd", "€": "eur", "£": "gbp",
}  # fmt: skip

AFTER_ARTICLE: Final = re.compile(rf"[\s-]+(?:{_PARTS}|{WORD}|{SCALE}|dozen|few|and\s+a\s+half|(?:{UNIT})\s+and\s+a\s+half)\b")
"""What can follow "a" or "an", in lower case, where it begins a number: "a third", "a hundred", "an hour and a half"."""
