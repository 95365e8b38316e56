"""Lists: numbered points keep their number and order, and people keep theirs.

In political reporting the order in which people are named is itself news, so a list of names set
off by 、 must come out in the same order.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "order"

_CN = "一二三四五六七八九十"
_LEAD = re.compile(rf"\A\s*(?:[（(]?([{_CN}]|\d{{1,2}})[）)、.．](?!\d)|第([{_CN}])[，、：是条点项]|([●•·◆■▲★○①②③④⑤⑥⑦⑧⑨-])\s*(?=\D))")
_POINTS = re.compile(rf"(?<![第\d{_CN}])([{_CN}])(?:是|要|方面)|[（(]([{_CN}]|\d)[）)]|([①②③④⑤⑥⑦⑧⑨])|第([{_CN}])[，、：是]")
_FIRST_POINT = re.compile(r"一是|一要|一方面|（一|（1|\(一|\(1|①|第一")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_ORDINALS = (
    ("first", "firstly", "1", "one"),
    ("second", "secondly", "2", "two"),
    ("third", "thirdly", "3", "three"),
    ("fourth", "fourthly", "4", "four"),
    ("fifth", "fifthly", "5", "five"),
    ("sixth", "6", "six"),
    ("seventh", "7", "seven"),
    ("eighth", "8", "eight"),
    ("ninth", "9", "nine"),
    ("tenth", "10", "ten"),
)
_BULLET = re.compile(r"\A\s*(?:[-*•●◆■▲★]\s+|\d{1,2}[.)]\s+|\([a-z\d]{1,2}\)\s*|[IVX]+\.\s+|[A-Z][.)]\s+)")
_MAY_MARK = re.compile(r"\s*[-*•●◆■▲★\d(A-Z][^a-z]")
"""A cheap test that spares most sentences the full one."""
_SEQUENCE_WORDS = re.compile(r"\b(?:then|next|also|another|finally|last(?:ly)?|other|in addition|on the other|moreover|furthermore)\b")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report lost or reordered points, an invented bullet, and people named in another order."""
    yield from _points(reading)
    yield from _people(reading)
    bullet = _BULLET.match(reading.target) if _MAY_MARK.match(reading.target) else None
    if bullet and not _LEAD.match(reading.source) and not reading.source.lstrip()[:1].isdigit():
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"The English begins with a list mark ({bullet.group(0).strip()}) that the Chinese does not have.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )


def _rank_of(mark: str) -> int:
    if mark in _CIRCLED:
        return _CIRCLED.index(mark)
    return int(mark) - 1 if mark.isdigit() else _CN.index(mark)


def _points(reading: Reading) -> Iterator[Finding]:
    if not _FIRST_POINT.search(reading.source):
        return
    ranks = [_rank_of(next(g for g in m.groups() if g)) for m in _POINTS.finditer(reading.source)]
    # Only a run that counts up from one is a numbered list; 一方面…一方面 and 一要 alone are not.
    if len(ranks) < 2 or ranks != list(range(len(ranks))):
        return
    places = []
    missing = []
    for rank in ranks:
        names = _ORDINALS[rank]
        at = next((i for i, word in enumerate(reading.words) if word in names), None)
        if at is None:
            missing.append(names[0])
        else:
            places.append(at)
    counted = {_ORDINALS[len(ranks) - 1][-1], str(len(ranks))} & reading.word_set
    if counted and not any({_ORDINALS[rank][0], f"{_ORDINALS[rank][0]}ly"} & reading.word_set for rank in ranks):
        return  # "Three things matter: …" counts the points without numbering them
    if missing and (len(missing) < len(ranks) or not _SEQUENCE_WORDS.search(reading.lower)):
        # "First … also … finally …" keeps the points without counting them.
        if len(missing) < len(ranks) and len(_SEQUENCE_WORDS.findall(reading.lower)) >= len(missing):
            return
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"The Chinese counts {len(ranks)} points; the English lacks: {', '.join(missing)}.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )
    elif places != sorted(places):
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            "The numbered points stand in another order in the English.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )


def _people(reading: Reading) -> Iterator[Finding]:
    people = [n for n in reading.item.names if n.kind == "person" and n.source in reading.source] if len(reading.item.names) > 1 else []
    if len(people) < 2:
        return
    people.sort(key=lambda n: reading.source.index(n.source))
    listed = [people[0]]
    for before, after in itertools.pairwise(people):
        gap = reading.source[reading.source.index(before.source) + len(before.source) : reading.source.index(after.source)]
        if gap.strip() in {"、", "和", "与", "及", "以及", "，"}:
            listed.append(after)
    if len(listed) < 2:
        return
    places = [(reading.lower.find(n.target.lower()), n) for n in listed]
    found = [(at, n) for at, n in places if at >= 0]
    if [at for at, _ in found] != sorted(at for at, _ in found):
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"People are named in another order; the Chinese has {', '.join(n.target for _, n in found)}.",
            source="、".join(n.source for _, n in found),
            target=shorten(reading.target),
        )
