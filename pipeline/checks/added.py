"""Facts the English has and the Chinese has not: figures, people, places.

Invention is the fault a reader can least see.  Figures are compared by value.  People and places
are looked for by form: two words built like a Chinese name, a pinyin word after a preposition or
before "County", that no characters of the source read as; and well-known places
(``data/places.tsv``) whose Chinese is not in the source (海口 turned into "Hohhot").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from pipeline.checks import pinyin
from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.quantities import is_year
from pipeline.checks.text import word_table, words
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.numbers import Approx, Kind, Quantity, matches, read_zh
from pipeline.terms.units import dimension

NAME = "added"

_CAPITAL = re.compile(r"[A-Z](?<!\w.)")
_PERSON = re.compile(r"([A-Z](?<![A-Za-z'-].)[a-zü]{1,5}) ([A-Z][a-zü]+(?:[-'][A-Za-z]?[a-z]+)?)(?![A-Za-z])")
_RUN = re.compile(r"[A-Z][a-zü']{3,}")
_PREPOSITION = re.compile(r"\b(?:in|at|from|to|of|near|through|via|around|visited|the)\s+\Z")
_PLACED = re.compile(r"([A-Z][a-zü']{3,})\b(?!\s+[A-Z](?!ity|ounty))")
_KIND_OF_PLACE = re.compile(
    r"([A-Z][a-zü']{3,})(?:\s+(?:City|County|Town|Township|Village|District|Province|Prefecture)\b"
    r"|(?: [A-Z][a-z]+){0,3} (?:Co\.|Company|Group|Store|Shop|Hotel|Restaurant|Supermarket|"
    r"School|Hospital|Road|Street|River|Lake|Mountain|Reservoir|Bridge|Cooperative|Farm|Factory|Community|Subdistrict)(?!\w))"
)
_INSIDE = re.compile(r"[.!?\"] \Z|\w\Z")
"""What stands before the first word of a sentence, which has its capital from that, and before the rest of a word."""
# Built like pinyin, yet English or settled in English whatever the source says.
_ENGLISH = word_table("""
    canada cuba panama bali mali samoa tonga manila lima dubai sudan haiti oman milan pisa osaka nara kenya angola asia
    macao macau taipei malawi sahara uganda kong
    china chinese women changer danger manager orange time home life lake like name pure sure range gene menu guide
    line wine shine male page game huge rate date gate base case zone tone june tune bike ride side size site lane
    wave cave race rice dance chance change beijing shanghai tibet yangtze xinjiang hainan taiwan hunan heaven here
    pipe tape tale made make take same some come done more sunday lunar luna nature rural minute machine canal panda
    tide hope fire house jade rose silver winter water human power paper media leader center single zero nine wide late fine
    future remote curve mouse notice camera decade license licence figure face note rule route wake wise lime pale manner silence
    sentence wire reading leading ending meaning beginning during before mining renting code fine benefit
    banana tea sea union huanghe guangdong tianshan change'e chang'e asian
""")
_CALLED = frozenset(
    ["Old", "Lao", "Little", "Xiao", "Mr", "Mrs", "Ms", "Miss", "Uncle", "Aunt", "Auntie", "Grandpa", "Grandma", "Teacher", "Master"]
)
_TITLED = re.compile(rf"\b(?:{'|'.join(sorted(_CALLED))})\.? [A-Z][a-zü]+\b")
_SMALL_WORD = 12
_MANY = re.compile("[百千万亿]|无数")
"""Chinese with which a vague English multitude is no invention: set phrases like 千家万户 give no figure."""
_ONE = {unit: read_zh(f"1{unit}")[0] for unit in ("亩", "斤", "里")}


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report figures, people and places of the English that the Chinese has not."""
    yield from _numbers(reading)
    yield from _names(reading)


def _numbers(reading: Reading) -> Iterator[Finding]:
    for e in reading.numbers.added:
        shown = e.text.strip()
        if (e.approx is Approx.SEVERAL or _in_round_words(e)) and _MANY.search(reading.source):
            continue  # "thousands of homes" for 千家万户, "a thousand years" for 千年
        if e.weak or (_in_words(e) and not dimension(e.unit) and (_counted(e, reading.source))):
            continue
        if is_year(e) and re.search("[今去明前后本]年", reading.source):
            severity, message = (
                Severity.WARNING,
                f"The English names a year ({shown}); the Chinese says only “this year”, “last year” or the like.",
            )
        elif _defines(e, reading.source):
            continue
        elif _restates(e, reading.source):
            severity, message = Severity.WARNING, f"The English gives {shown}, which is not what the Chinese figure amounts to."
        else:
            severity = Severity.WARNING if _in_words(e) else Severity.ERROR
            message = f"The English gives a figure, {shown}, that the Chinese does not."
        yield finding(reading, NAME, severity, message, source=shorten(reading.source), target=shown)


def _in_round_words(e: Quantity) -> bool:
    """A hundred, a thousand, a million, and no more of them than one."""
    return e.value in (100, 1000, 10_000, 10**6) and not any(c.isdigit() for c in e.text)


def _in_words(e: Quantity) -> bool:
    return e.value <= _SMALL_WORD and not any(c.isdigit() for c in e.text)


_NUMERALS = {
    0: "零〇无",
    1: "一单独首同",
    2: "二两双对俩半副再又夫",
    3: "三叁",
    4: "四季肆",
    5: "五伍",
    6: "六",
    7: "七周",
    8: "八",
    9: "九",
    10: "十旬",
    12: "打年",
}


def _counted(e: Quantity, source: str) -> bool:
    """A small number in words for which the source has a numeral somewhere inside a word (四季, 三农, 夫妻)."""
    return any(c in source for c in _NUMERALS.get(int(e.value), ""))


def _defines(e: Quantity, source: str) -> bool:
    """A unit explained: "per jin (500 grams)", "one mu (0.067 hectares)"."""
    return any(unit in source and matches(one, e) for unit, one in _ONE.items())


def _restates(e: Quantity, source: str) -> bool:
    return (
        e.kind is Kind.CARDINAL and bool(dimension(e.unit)) and ("亩" in source or "斤" in source) and e.unit not in {"yuan", "mu", "jin"}
    )


def _names(reading: Reading) -> Iterator[Finding]:
    people, known, strange = _may_name(reading)
    called = () if _CALLED.isdisjoint(reading.capitalised) else tuple(_strangers_called(reading))
    if not (people or known or strange or called) or len(_CAPITAL.findall(reading.plain)) < 2:
        return
    seen = tuple(_invented_people(reading)) if people else ()
    seen += tuple(c for c in called if not any(c.split()[-1] == name.split()[0] for name in seen))
    for name in seen:
        yield _named(name, reading)
    for name in dict.fromkeys((*_wrong_places(reading, known), *(_strange_places(reading) if strange else ()))):
        if not any(name in other.split() for other in seen):
            yield _named(name, reading)


def _may_name(reading: Reading) -> tuple[bool, tuple[str, ...], bool]:
    """Whether people, which well-known places, and whether other places can be in the English: most sentences have none."""
    capitalised = reading.capitalised
    people = any(_named_after(family, reading.plain) for family in _families() & capitalised)
    begun = reading.word_set & _first_words().keys()
    known = tuple(n for word in sorted(begun) for n in _first_words()[word] if n in reading.plain) if begun else ()
    # Title Case makes every word look like a name.
    strange = not reading.display and any(not _settled(run, reading) for run in filter(_holds_place, capitalised))
    return people, known, strange


def _named_after(family: str, plain: str) -> bool:
    """A word with a capital follows the family name somewhere: "He Ping", not "He went"."""
    at = plain.find(f"{family} ")
    while at >= 0:
        if plain[at + len(family) + 1 : at + len(family) + 2].isupper():
            return True
        at = plain.find(f"{family} ", at + 1)
    return False


def _named(name: str, reading: Reading) -> Finding:
    message = f"The English names {name}; nothing in the Chinese reads like that."
    return finding(reading, NAME, Severity.WARNING, message, source=shorten(reading.source), target=name)


def _invented_people(reading: Reading) -> Iterator[str]:
    for family, given in dict.fromkeys(_PERSON.findall(reading.plain)):
        if family.lower() not in pinyin.SURNAMES or not 1 <= pinyin.syllables(given.replace("-", "")) <= 2 or given.lower() in _ENGLISH:
            continue
        name = f"{family} {given}"
        if name not in places() and not _settled(name, reading) and not pinyin.readable(name, reading.source):
            yield name


def _strangers_called(reading: Reading) -> Iterator[str]:
    """A Chinese family name behind a title, which nothing in the source reads as: "Old Wang" for 老韩."""
    for called in dict.fromkeys(m[0] for m in _TITLED.finditer(reading.plain)):
        family = called.split()[-1]
        if family.lower() in pinyin.SURNAMES and not _settled(family, reading) and not pinyin.readable(family, reading.source):
            yield called


def _wrong_places(reading: Reading, known: tuple[str, ...]) -> Iterator[str]:
    """Well-known places whose Chinese is not in the source."""
    for match in _any_of(known).finditer(reading.plain) if known else ():
        name = match.group(0)
        if not any(zh in reading.source for zh in places()[name]) and not _settled(name, reading):
            yield name


def _strange_places(reading: Reading) -> Iterator[str]:
    """Pinyin where a place would stand, which nothing in the source reads as."""
    text = reading.plain
    judged: set[str] = set()
    for run in _RUN.finditer(text):
        if not _holds_place(run.group()):
            continue
        at = run.start()
        found = _PLACED.match(text, at) if _PREPOSITION.search(text, max(0, at - 12), at) else None
        if found is None and not _INSIDE.search(text, max(0, at - 2), at):
            found = _KIND_OF_PLACE.match(text, at)
        if found is None:
            continue
        name = found.group(1)
        if name in judged:
            continue
        judged.add(name)
        if _like_place(name) and not _settled(name, reading) and not pinyin.readable(name, reading.source):
            yield name


@lru_cache(maxsize=50_000)  # a language has few words
def _like_place(name: str) -> bool:
    """Pinyin of two syllables or more, and neither English nor a well-known place."""
    return name not in places() and name.lower() not in _ENGLISH and pinyin.syllables(name) > 1


@lru_cache(maxsize=50_000)
def _holds_place(run: str) -> bool:
    """A run of letters and apostrophes is like a place, or its part before or after an apostrophe is: ``Yunxi's``."""
    return any(_like_place(run[:end]) for end in range(4, len(run) + 1) if end == len(run) or "'" in run[end - 1 : end + 1])


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[str, ...]]:
    """English place names with the Chinese that deserves them."""
    raw = resources.files("pipeline.checks").joinpath("data/places.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in raw.splitlines()[2:])
    return {en: tuple(zh.split("|")) for en, zh in rows}


@lru_cache(maxsize=1)
def _first_words() -> dict[str, tuple[str, ...]]:
    """Well-known places by their first word, in lower case, as it stands in a text."""
    out: dict[str, tuple[str, ...]] = {}
    for name in places():
        first = words(name)[0]
        for form in (first, f"{first}'s"):
            out[form] = (*out.get(form, ()), name)
    return out


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(name.capitalize() for name in pinyin.SURNAMES)


@lru_cache(maxsize=1000)  # places that stand in one sentence together
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(sorted(names, key=len, reverse=True)) + r")(?![\w-])")


def _settled(name: str, reading: Reading) -> bool:
    """The name is part of settled English, or stands in the source in Latin letters."""
    low = name.lower()
    return low in reading.source_lower or low in reading.settled
