"""Places the tables do not hold, by their endings: 东沟村 is Donggou Village wherever it lies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.terms.lexicon import Lexicon
from pipeline.terms.romanise import division_en

_HAN: Final = r"[\u3400-\u9fff]"
_LEVELS: Final = "街道|社区|片区|中心村|乡|镇|村|县"
# What may stand before a place that no table anchors.
_LEAD: Final = r"(?:^|[，。；：！？、“”（）\s—]|走进|来到|位于|前往|赶到|抵达|在|到|从|至|以及|和|与|由|向|让|为)"
_FREE: Final = re.compile(rf"{_LEAD}(?P<name>{_HAN}{{2,3}}?(?:乡|镇|县|村))(?![委政级域区民干部里庄落外内城街镇村振])")
_AFTER_PLACE: Final = re.compile(rf"(?P<name>{_HAN}{{2,4}}?(?:{_LEVELS}))(?!委会|级|民|干部|两委)")
# First characters of words that only look like a place's name.
_NOT_FIRST: Final = frozenset("全各该本每我你他她这那某两三四五六七八九十几多一农乡城集小老家邻外同其整个进出返回下此为在是的和与让")
_NUMERALS: Final = frozenset("两三四五六七八九十一")
_NOT_IN: Final = re.compile(
    r"[的了在是和与及个们到从向为被把各全该每这那将已也都]|牧场|农牧|新农|美丽|幸福|示范|贫困|试点|重点|乡村|农村|城乡|建制|特色|乡镇|中心(?=镇|乡)|(?:^|[共拥现所还只没设])有"
)
_STEM_MIN: Final = 2


def found_places(texts: Sequence[str], lexicon: Lexicon) -> dict[str, str]:
    """Places by rule, Chinese to English, in order of appearance."""
    out: dict[str, str] = {}
    for text in texts:
        hits = [h for h in lexicon.find(text) if h.term.kind == "place"]
        # 玛纳斯 inside 玛纳斯县 anchors nothing.
        anchors = [h.end for h in hits if not any(o.start <= h.start and h.end < o.end for o in hits)]
        for end in sorted(set(anchors)):
            at = end
            # 阜康市 甘河子镇 东沟村: each anchors the next.
            while (hit := _AFTER_PLACE.match(text, at)) and _fits(hit["name"], lexicon, anchored=True):
                _add(out, hit["name"])
                at = hit.end()
        for hit in _FREE.finditer(text):
            name = hit["name"]
            if _fits(name, lexicon):
                _add(out, name)
                at = hit.end("name")
                while (after := _AFTER_PLACE.match(text, at)) and _fits(after["name"], lexicon, anchored=True):
                    _add(out, after["name"])
                    at = after.end()
    return out


def _fits(name: str, lexicon: Lexicon, *, anchored: bool = False) -> bool:
    # Right after a place a numeral belongs to the name (五星社区); elsewhere it counts.
    first = _NOT_FIRST - _NUMERALS if anchored else _NOT_FIRST
    stem = re.sub(rf"(?:{_LEVELS})$", "", name)
    return len(stem) >= _STEM_MIN and name[0] not in first and not _NOT_IN.search(name) and lexicon.get(name) is None


def _add(out: dict[str, str], name: str) -> None:
    out.setdefault(name, division_en(name, {}, {}, bare_city=False))
