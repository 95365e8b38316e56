"""Words whose exchange or loss turns a report round: last year for this year, imports for exports, a suspect for a culprit.

A sentence can be fluent, whole and right in every figure, and still say the opposite in one word.  The
table (``data/sense.tsv``) names such words in groups.  One is reported when the Chinese says it, the
English has none of its renderings, and another of the group, which nothing in the Chinese explains,
stands in its place; the groups marked ``!`` (a deputy, a death, a suspicion, a forecast) also when it
is merely lost.  Both lists of a row are wide on purpose: the check speaks seldom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.wordfinder import WordFinder

NAME = "sense"

_ENGLISH_ONLY: Final = "!"
"""In the column of what must be said: the row only holds English that may wrongly stand for another row's word."""


class _Word(NamedTuple):
    group: str
    says: tuple[str, ...]
    allows: tuple[str, ...]
    english: re.Pattern[str]
    gloss: str


class _Table(NamedTuple):
    said: dict[str, _Word | None]
    """From what must be said to its row; ``None`` for a longer word that says something else."""
    finder: WordFinder[tuple[str, _Word | None]]
    """The same, found in a text; the longest match wins."""
    groups: dict[str, tuple[_Word, ...]]


_DEATHS = frozenset(["killed", "died", "dies", "fatal", "fatally", "fatality", "fatalities", "murdered", "murder", "corpse"])
_DEATH_ZH = re.compile(
    "[死亡殒毙杀丧逝殁殉葬墓坟祭尸命灭夭]|遇难|遇害|牺牲|去世|病故|身故|已故|辞世|离世|过世|走了|烈士|没了|不在了|离开|永别|凶手|凶案|先烈|忌日|讣|遗体|圆寂|枯|谢世|断气"
)
"""Chinese in which somebody dies, or something does."""


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report words of the table that the English exchanges for others of their group, or loses."""
    table = _table()
    seen: set[str] = set()
    for start, end, (zh, word) in table.finder.find(reading.source):
        if word is None or word.group in seen or word.english.search(reading.lower) or _named(zh, start, end, reading):
            continue
        instead = _instead(word, table, reading)
        if instead is None and not word.group.startswith("!"):
            continue
        seen.add(word.group)
        message = (
            f"The Chinese says {zh}; the English says “{instead}”, which the Chinese does not."
            if instead
            else f"The Chinese says {zh}; nothing in the English does."
        )
        yield finding(reading, NAME, Severity.WARNING, message, source=zh, target=instead or shorten(reading.target))
    yield from _made_up_death(reading)


def _made_up_death(reading: Reading) -> Iterator[Finding]:
    """Nobody dies in the English who does not in the Chinese: 砸中行人 killed no one."""
    words = reading.word_set & _DEATHS
    if words and not _DEATH_ZH.search(reading.source):
        word = min(words)
        message = f"The English says “{word}”; nobody dies in the Chinese."
        yield finding(reading, NAME, Severity.ERROR, message, source=shorten(reading.source), target=word)


def gloss(zh: str) -> str | None:
    """English for a word of the table, for a model that gets it wrong; ``None`` where it depends on the sentence."""
    word = _table().said.get(zh)
    return word.gloss or None if word is not None else None


def _instead(word: _Word, table: _Table, reading: Reading) -> str | None:
    """What another word of the group puts in this one's place."""
    for other in table.groups[word.group]:
        if other is word or any(zh in reading.source for zh in (*other.says, *other.allows)):
            continue
        if hit := other.english.search(reading.lower):
            return hit[0].strip()
    return None


def _named(zh: str, start: int, end: int, reading: Reading) -> bool:
    """True inside a name or term whose English is settled: the checks of names and terms see to those."""
    for known in reading.known:
        if len(known.source) > len(zh) and zh in known.source:
            at = reading.source.find(known.source, max(0, end - len(known.source)))
            if 0 <= at <= start:
                return True
    return False


@lru_cache(maxsize=1)
def _table() -> _Table:
    said: dict[str, _Word | None] = {}
    groups: dict[str, list[_Word]] = {}
    raw = resources.files("pipeline.checks").joinpath("data/sense.tsv").read_text(encoding="utf-8")
    for line in raw.splitlines():
        if line.startswith("#"):
            continue
        cells = [*line.split("\t"), ""]
        says = tuple(cells[1].split("|"))
        if cells[0] == "-":
            said |= dict.fromkeys(says, None)
            continue
        allows = tuple(zh for zh in cells[2].split("|") if zh)
        word = _Word(cells[0], () if says == (_ENGLISH_ONLY,) else says, allows, _english(cells[3]), cells[4])
        groups.setdefault(word.group, []).append(word)
        said |= dict.fromkeys(word.says, word)
    finder = WordFinder({zh: (zh, word) for zh, word in said.items()}, longest=True)
    return _Table(said, finder, {group: tuple(words) for group, words in groups.items()})


def _english(cell: str) -> re.Pattern[str]:
    """Beginnings of words, or whole words where the cell ends one with a full stop."""
    parts = ((re.escape(part.removesuffix(".")), r"\b" * part.endswith(".")) for part in cell.split("|"))
    # What may not stand before a word is asked after it: so the engine skips what cannot begin one.
    return re.compile(f"(?:{'|'.join(f'{part}(?<![a-z]{part}){end}' for part, end in parts)})[a-z]*")
