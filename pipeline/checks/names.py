"""Names the desk knows: each must be in the English, in its agreed form and order.

What counts as present is an editor's view, not string equality: a person may appear by family name
alone after the Chinese named them in full, a place without its "County" or "City", a hyphen or an
apostrophe may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

from pipeline.checks.base import Known, Reading, finding, shorten
from pipeline.checks.text import word_table
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.called import TITLES
from pipeline.terms.people import dotted

NAME = "names"

_BODIES = frozenset({"organisation", "org", "media"})
KINDS = _BODIES | {"person", "place"}

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_JOIN = re.compile(r"['.]")
_GENERIC = word_table("""
    city county town township village district prefecture province autonomous region subdistrict street road community
    banner league state municipality area mountain mountains mount river lake reservoir valley basin of the and hui
    kazakh kazak uygur mongolian tibetan
""")
_GENERIC_ZH = {
    "县": "county",
    "市": "city",
    "镇": "town",
    "乡": "township",
    "村": "village",
    "州": "prefecture",
    "区": "district",
    "省": "province",
}
_ORGANS = word_table("department bureau commission office committee congress court procuratorate administration ministry academy institute")
_TITLES = "Mr|Mrs|Ms|Miss|Xiao|Lao|Uncle|Aunt|Grandpa|Grandma|Secretary|Director|Teacher|Dr|Professor|Doctor|Captain|Mayor"


class Presence(IntEnum):
    """How much of a name the English shows."""

    ABSENT = 0
    GENERIC = 1
    """Only the kind of place: "the county"."""
    REVERSED = 2
    """A person's given name before the family name."""
    PARENT = 3
    """The body it belongs to, without what it is itself: a Party committee for its Organization Department."""
    PARTIAL = 4
    """Part of it, enough to tell who or what is meant."""
    FULL = 5


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report known names that are missing from the English or stand in another form."""
    yield from _not_listed(reading)
    entries = [k for k in reading.known if k.kind in KINDS]
    flat = ""
    covered: list[str] = []
    for entry in sorted(entries, key=lambda n: (-len(n.source), n.source)):
        # 昌吉 inside 昌吉市 is the same mention, not a second one.
        if any(entry.source in longer for longer in covered) and reading.source.count(entry.source) <= sum(
            reading.source.count(longer) * longer.count(entry.source) for longer in covered if entry.source in longer
        ):
            continue
        covered.append(entry.source)
        if _stands(entry.target, reading.plain):
            continue
        flat = flat or flatten(reading.plain)
        found = presence(entry, flat)
        if found in {Presence.FULL, Presence.PARTIAL}:
            continue
        if found is Presence.PARENT:
            message = f"{entry.source} is {entry.target}; the English names only what it is a part of."
        elif found is Presence.REVERSED:
            message = f"{entry.source} is {entry.target}, family name first; the English turns the name round."
        else:
            message = f"{entry.source} should be {entry.target}; the English does not have that name."
        yield finding(
            reading,
            NAME,
            Severity.INFO if found is Presence.GENERIC else Severity.WARNING,
            message,
            source=entry.source,
            target=shorten(reading.target),
        )


def _stands(name: str, plain: str) -> bool:
    """The name stands in the English letter for letter, which spares most of them a closer look."""
    at = plain.find(name)
    if at < 0 or "'" in name or not name[:1].isalnum():
        return False
    end = at + len(name)
    return (not at or plain[at - 1] in _EDGES) and (end == len(plain) or plain[end] in _EDGES)


_EDGES = frozenset(' ,;:()"')


def _not_listed(reading: Reading) -> Iterator[Finding]:
    """Names with a dot that neither tables nor name sheet have: the model spelled them."""
    for name in dotted([reading.source]) if "·" in reading.source else ():
        if not any(name in known.source for known in reading.known):
            message = f"{name} is in no table: its English spelling is the model's own; look it up."
            yield finding(reading, NAME, Severity.INFO, message, source=name, target=shorten(reading.target))


def flatten(plain: str) -> str:
    """Words separated by single spaces, apostrophes and hyphens removed, a space at either end; case is kept."""
    word = _ASCII_WORD if plain.isascii() else _WORD
    return " " + " ".join(word.findall(_JOIN.sub("", plain.replace("-", " ").replace("'s ", " ")))) + " "


@lru_cache(maxsize=50_000)
def _flat_name(target: str) -> str:
    return flatten(target).lower()


def presence(entry: Known, flat: str) -> Presence:
    """Tell how much of ``entry`` the flattened English shows, in the rendering of which it shows most."""
    lower = flat.lower()
    return max(_presence(rendering, entry, flat, lower) for rendering in entry.renderings)


def _presence(rendering: str, entry: Known, flat: str, lower: str) -> Presence:
    name = _flat_name(rendering)
    if name in lower or f"{name.rstrip()}s " in lower:
        return Presence.FULL
    parts = name.split()
    if entry.kind == "person":
        if parts[0] in TITLES:
            # 邬老师 is Mr. Wu as well as Teacher Wu.
            return Presence.PARTIAL if f" {' '.join(parts[1:]).title()} " in flat else Presence.ABSENT
        if len(parts) > 1 and f" {' '.join([*parts[1:], parts[0]])} " in lower:
            return Presence.REVERSED
        return Presence.PARTIAL if _alone(parts, flat) else Presence.ABSENT
    own = [p for p in parts if p not in _GENERIC]
    missing = [p for p in own if f" {p} " not in lower]
    if own and (not missing or (entry.kind in _BODIES and len(missing) * 3 <= len(own))):
        # Where the name holds two bodies and the English one, it names another body.
        one_of_two = sum(p in _ORGANS for p in own) > 1 and not _ORGANS.isdisjoint(missing)
        return Presence.PARENT if one_of_two else Presence.PARTIAL
    generic = _GENERIC_ZH.get(entry.source[-1:])
    return Presence.GENERIC if generic and re.search(rf" (?:the|this|our|whole|entire|its) (?:\w+ )?{generic} ", lower) else Presence.ABSENT


def _alone(parts: list[str], flat: str) -> bool:
    """The family name, or the given name, stands by itself: not beside another capitalised word that changes the name."""
    family, given = parts[0].capitalize(), " ".join(parts[1:]).capitalize()
    if len(given) > 3 and re.search(rf"(?: (?:{_TITLES})| [a-z]+|\A) {given} ", flat):
        return True
    return len(parts) > 1 and bool(re.search(rf" {family} (?![A-Z])", flat))
