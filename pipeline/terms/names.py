"""The name sheet: every person and place of an issue, with one English form each and how it was decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.records import NameEntry, Segmentation, Unit
from pipeline.terms.called import called
from pipeline.terms.companies import found_companies
from pipeline.terms.lexicon import Lexicon
from pipeline.terms.people import PersonFinder, dotted
from pipeline.terms.places import found_places
from pipeline.terms.romanise import dotted_name, person_pinyin, split_person

_PERSON_KINDS = ("person",)
_CALLED = 3
"""Characters from which a part of a dotted name is taken for the whole name; shorter ones may be any word."""
_COUNTRY: Final = re.compile(
    "(?:美|英|法|德|韩|泰|俄)国|日本|朝鲜(?!族)|越南|老挝|缅甸|印度(?!尼)|伊朗|约旦|也门|阿曼|埃及|苏丹|南非|加纳|巴西|智利|秘鲁|古巴|波兰|捷克|瑞士|瑞典|挪威|芬兰|丹麦|冰岛|希腊|荷兰|蒙古国|欧盟|北约"
)
"""Countries of two characters, which the tables leave to the model."""
_AT_HOME: Final = frozenset({"divisions.tsv", "changji.tsv", "corps.tsv", "xinjiang.tsv"})
_SHEET_KINDS: Final = ("person", "place", "org")


def collect(segmentation: Segmentation, lexicon: Lexicon, decided: Lexicon | None = None) -> tuple[NameEntry, ...]:
    """Names of an issue in order of first appearance.

    A row of kind ``person`` in the tables decides a name; else Chinese names are written in pinyin,
    family name first, and names with a middle dot part by part, flagged, because the bearer's own
    spelling is not known.

    A name with a dot that stands only in news from abroad is left to the model, which has read such news: pinyin
    would be no name at all (加布里埃尔·阿塔尔).

    Args:
        segmentation: the issue, cut.
        lexicon: all term tables.
        decided: what editors set in earlier issues; all of it that occurs is on the sheet.
    """
    placed = list(_placed(segmentation))
    texts = [text for _, text in placed]
    entries: dict[str, tuple[str, str, str, bool]] = {}
    for term in decided or ():
        if term.kind in _SHEET_KINDS:
            entries[term.zh] = (term.preferred, term.kind, "human", False)
    dots = dotted(texts)
    units = [_unit_text(unit) for unit in segmentation.units] if dots else []
    abroad = {text: _abroad(text, lexicon) for text in units if "·" in text}
    for name in dots:
        where = [text for text in units if name in text]
        if where and lexicon.get(name) is None and all(abroad[text] for text in where):
            continue
        entries.setdefault(name, _dotted(name, lexicon))
    for unit in segmentation.units:
        for author in unit.authors:
            entries.setdefault(author, _dotted(author, lexicon) if "·" in author else _person(author, lexicon))
    parts = {part for name in entries if "·" in name for part in name.split("·")}
    for name in PersonFinder(lexicon).find(texts):
        if name in parts:
            continue
        entries.setdefault(name, _person(name, lexicon))
    for part in sorted(parts):
        # The bearer is called by one part of the name: 保力江·哈德尔 as 保力江.
        if len(part) >= _CALLED and any(_alone(part, text) for text in texts):
            entries.setdefault(part, (dotted_name(part), "person", "transliteration", True))
    families = {split_person(name)[0] for name, (_, kind, _, _) in entries.items() if kind == "person"}
    for source, target in called(texts, families):
        entries.setdefault(source, (target, "person", "rule", False))
    for source, target in found_companies(texts, lexicon).items():
        entries.setdefault(source, (target, "org", "pinyin", True))
    for source, target in found_places(texts, lexicon).items():
        entries.setdefault(source, (target, "place", "rule", False))
    first, count = _occurrences(list(entries), placed)
    out = [
        NameEntry(
            source=source, target=target, kind=kind, decided_by=how, first_segment=first[source], count=count[source], flagged=flagged
        )
        for source, (target, kind, how, flagged) in entries.items()
        if source in first
    ]
    order = {key: n for n, (key, _) in enumerate(placed)}
    return tuple(sorted(out, key=lambda e: (order[e.first_segment], e.source)))


def _unit_text(unit: Unit) -> str:
    """All of a unit's text, as it is translated."""
    return "\n".join(text for _, text in _texts(unit))


def _abroad(text: str, lexicon: Lexicon) -> bool:
    """Countries other than China are named more often than places in China."""
    hits = [h.term for h in lexicon.find(text) if h.term.kind == "place"]
    foreign = len(_COUNTRY.findall(text)) + sum(t.file == "world.tsv" for t in hits)
    return foreign > sum(t.file in _AT_HOME for t in hits)


def _alone(part: str, text: str) -> bool:
    """The part stands in the text without the rest of its name."""
    return re.search(rf"(?<![·•‧・]){part}(?![·•‧・])", text) is not None


def _person(name: str, lexicon: Lexicon) -> tuple[str, str, str, bool]:
    term = lexicon.get(name)
    if term is not None and term.kind in _PERSON_KINDS:
        return term.preferred, "person", f"table:{term.file}", False
    # A name whose family name is not known may be a pen name, split by guess.
    return person_pinyin(name), "person", "pinyin", not split_person(name)[0]


def _dotted(name: str, lexicon: Lexicon) -> tuple[str, str, str, bool]:
    term = lexicon.get(name)
    if term is not None:
        return term.preferred, "person", f"table:{term.file}", False
    return dotted_name(name), "person", "transliteration", True


def _occurrences(names: Sequence[str], placed: Sequence[tuple[str, str]]) -> tuple[dict[str, str], Counter[str]]:
    """Where each name is first met, and how often it stands by itself: 柳湾 is not met in 柳湾村, if that is a name too."""
    first: dict[str, str] = {}
    count: Counter[str] = Counter()
    if names:
        longest_first = re.compile("|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n)))))
        for key, text in placed:
            for hit in longest_first.finditer(text):
                first.setdefault(hit.group(), key)
                count[hit.group()] += 1
    return first, count


def _placed(segmentation: Segmentation) -> Iterator[tuple[str, str]]:
    """Segment ids and texts of an issue; a column label that heads several units is taken once."""
    labels = set()
    for unit in segmentation.units:
        for key, text in _texts(unit):
            if unit.column is not None and key == f"{unit.id}.column.0.0":
                if unit.column.spans in labels:
                    continue
                labels.add(unit.column.spans)
            yield key, text


def _texts(unit: Unit) -> Iterator[tuple[str, str]]:
    """Segment ids and texts, as they are translated."""
    display = (
        ("column", unit.column),
        ("kicker", unit.kicker),
        ("headline", unit.headline),
        ("subtitle", unit.subtitle),
        ("byline", unit.byline),
        ("credit", unit.credit),
    )
    for field, passage in display:
        if passage is not None:
            yield f"{unit.id}.{field}.0.0", passage.text
    for number, block in enumerate(unit.blocks):
        for index, sentence in enumerate(block.sentences):
            kind = "sentence" if block.kind == "paragraph" else "subhead"
            yield f"{unit.id}.{kind}.{number}.{index}", sentence.text
