"""Levels of government counted up: 省市县三级 is "three-level (province, city and county)".

Models read the single characters as they like (州 becomes a "state").  Only lists whose length agrees
with the number after them are believed; what stands in brackets is another name for the level before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_LEVELS: Final = {
    "国": "nation", "省": "province", "自治区": "region", "市": "city", "州": "prefecture", "地": "prefecture", "区": "district",
    "县": "county", "旗": "banner", "乡镇": "township", "乡": "township", "镇": "town", "街道": "subdistrict", "社区": "community",
    "村": "village", "组": "group", "兵团": "corps", "师": "division", "团": "regiment", "连": "company",
}  # fmt: skip
_COUNTS: Final = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_NUMBERS: Final = ("", "", "two", "three", "four", "five", "six")
_ONE: Final = "|".join(sorted(_LEVELS, key=lambda level: (-len(level), level)))
_LIST: Final = re.compile(rf"(?P<levels>(?:(?:{_ONE})(?:（(?:{_ONE})）)?、?){{2,6}})(?P<count>[{''.join(_COUNTS)}])级")
_LEVEL: Final = re.compile(rf"(?P<level>{_ONE})(?:（(?P<other>{_ONE})）)?")


class Levels(NamedTuple):
    """A list of levels in a text."""

    start: int
    end: int
    """Code points."""
    english: str


def find(text: str) -> Iterator[Levels]:
    """Every list of levels that is followed by its number, as an English adjective."""
    if "级" not in text:
        return
    for hit in _LIST.finditer(text):
        levels = list(_LEVEL.finditer(hit["levels"]))
        count = _COUNTS[hit["count"]]
        if len(levels) < count:
            continue
        # 自治区区市县三级: what comes before the last so many belongs to another word.
        levels = levels[-count:]
        names = [_name(level, number, levels) for number, level in enumerate(levels)]
        listed = ", ".join(names[:-1]) + " and " + names[-1]
        yield Levels(hit.start("levels") + levels[0].start(), hit.end(), f"{_NUMBERS[count]}-level ({listed})")


def _name(level: re.Match[str], number: int, levels: list[re.Match[str]]) -> str:
    # 区 over prefectures is an autonomous region, under cities a district.
    above = level["level"] == "区" and not number and levels[1]["level"] in ("州", "地")
    name = "region" if above else _LEVELS[level["level"]]
    return f"{name}/{_LEVELS[level['other']]}" if level["other"] else name
