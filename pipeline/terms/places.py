"""Places the tables do not hold, by their endings: 东沟村 is Donggou Village wherever it lies.

A stem that a page gives to several things (东岭港, 东岭大剧院, 东岭经开区) is a place as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pipeline.terms.lexicon import Lexicon
from pipeline.terms.romanise import division_en, place_pinyin
from pipeline.terms.words_zh import in_dictionary, tagged

_HAN: Final = r"[\u3400-\u9fff]"
_LEVELS: Final = "街道|社区|片区|中心村|乡|镇|村|县"
_LEVEL: Final = re.compile(_LEVELS)
# First characters of words that only look like a place's name.
_NOT_FIRST: Final = frozenset("全各该本每我你他她这那某两三四五六七八九十几多一农乡城集小老家邻外同其整个进出返回下此为在是的和与让")
# What may stand before a place that no table anchors.
_LEAD: Final = r"(?:^|[，。；：！？、“”（）,;:!?()\s—]|米的|走进|来到|位于|前往|赶到|抵达|在|到|从|至|是|以及|和|与|由|向|让|为)"
_FREE: Final = re.compile(
    rf"{_LEAD}(?![{''.join(sorted(_NOT_FIRST))}])(?P<name>{_HAN}{{2,3}}?(?:街道|乡|镇|县|村))(?![委政级域区民干部里庄落外内城街镇村振])"
)
_AFTER_PLACE: Final = re.compile(rf"(?P<name>{_HAN}{{2,4}}?(?:{_LEVELS}))(?!委会|级|民|干部|两委)")
_NUMERALS: Final = frozenset("两三四五六七八九十一")
_NOT_IN: Final = re.compile(
    r"[的了在是和与及个们到从向为被把各全该每这那将已也都]|牧场|农牧|新增|位于|人民|改造|流经|优秀|进村|建成|市县|三县|里镇|^[记叫由]|新农|美丽|幸福|示范|贫困|试点|重点|乡村|农村|城乡|建制|特色|乡镇|中心(?=镇|乡)|(?:^|[共拥现所还只没设])有"
)
_STEM_MIN: Final = 2
_DISTRICT: Final = re.compile(rf"{_LEAD}(?P<name>{_HAN}{{2}}[区市])(?=[、，。；：]|人民|法院|公安|检察|政府|委|$)")
"""Districts and cities, where a list or a clause ends with them: 云湖区、东岭经开区."""
_NO_DISTRICT: Final = re.compile(
    "[小园社山景城地灾牧林校辖新老旧厂库特郊片战专华街矿营禁盲误雷军边疫汛赛场全我本各外][区]|[城全我本各县夜超股楼门菜上集早都街车花债期汇开罢][市]"
)
_OF_A_STEM: Final = re.compile(
    rf"(?P<stem>{_HAN}{{2}})(?P<thing>大剧院|经开区|高新区|开发区|工业园|产业园|火车站|高铁站|站|机场|港|日报|晚报|新闻网|人民医院|中医院|中心医院|一中|二中|"
    r"大桥|古城|老街|水库|景区|湿地公园|公园|电视台|博物馆|图书馆|体育馆|体育中心|公安局|法院|检察院|海关|学院|大学|中学|小学|市|县|区|镇|乡|籍|人民)"
)
_PROVINCE: Final = re.compile(
    "(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省?|(?:内蒙古|广西|西藏|宁夏|新疆)(?:自治区)?"
)
_RUNS_ON: Final = frozenset("河江湖山路街城口港岸沿海")
"""Beginnings that belong to the place before: 特克斯河畔."""
_TWICE: Final = 2
_THINGS: Final = 2
"""Different things a stem must be given to."""


def found_places(texts: Sequence[str], lexicon: Lexicon) -> dict[str, str]:
    """Places by rule, Chinese to English, in order of appearance."""
    out: dict[str, str] = {}
    _find(texts, lexicon, out)
    # What was found anchors more: 大坪乡, known from a signature, in 大坪乡塘口村.
    _find(texts, lexicon, out)
    for stem in _stems(texts, out, lexicon):
        out.setdefault(stem, place_pinyin(stem))
    return out


def _find(texts: Sequence[str], lexicon: Lexicon, out: dict[str, str]) -> None:
    for text in texts:
        hits = [h for h in lexicon.find(text) if h.term.kind == "place"]
        # 玛纳斯 inside 玛纳斯县 anchors nothing.
        anchors = [h.end for h in hits if not any(o.start <= h.start and h.end < o.end for o in hits)]
        anchors += [m.end() for name in out if name in text for m in re.finditer(name, text)]
        for end in sorted(set(anchors)):
            at = end
            # 阜康市 甘河子镇 东沟村: each anchors the next.
            while (hit := _AFTER_PLACE.match(text, at)) and _fits(hit["name"], lexicon, anchored=True):
                _add(out, hit["name"])
                at = hit.end()
        provinces = {m.end() for m in _PROVINCE.finditer(text)}
        for start, word in _dictionary_places(text) if provinces else ():
            # 四川汶川: a place in the segmenter's dictionary, right after a province.
            if start in provinces and lexicon.get(word) is None and not any(word in name for name in out):
                out.setdefault(word, place_pinyin(word))
        for hit in _FREE.finditer(text):
            name = hit["name"]
            if _fits(name, lexicon):
                _add(out, name)
                at = hit.end("name")
                while (after := _AFTER_PLACE.match(text, at)) and _fits(after["name"], lexicon, anchored=True):
                    _add(out, after["name"])
                    at = after.end()
        for hit in _DISTRICT.finditer(text):
            if _fits(hit["name"], lexicon) and not _NO_DISTRICT.search(hit["name"]):
                _add(out, hit["name"])


def _stems(texts: Sequence[str], places: Mapping[str, str], lexicon: Lexicon) -> Iterator[str]:
    """Bare names of places: of those found, where they stand without their ending, and of what a page gives to several things."""
    things: dict[str, set[str]] = {}
    for text in texts:
        longer = [(h.start, h.end) for h in lexicon.find(text)]
        longer += [m.span() for name in places if name in text for m in re.finditer(name, text)]
        for hit in _OF_A_STEM.finditer(text):
            if any(start < hit.start() < end for start, end in longer):
                continue  # 纳斯县 in 玛纳斯县
            things.setdefault(hit["stem"], set()).add(hit["thing"])
    named = {p[:-1] for p in places if len(p) == _STEM_MIN + 1}
    seats = {p[:-1] for p in places if p.endswith(("县", "市"))}
    for stem, given in things.items():
        if (
            (stem in named or len(given) >= _THINGS or not given.isdisjoint("市县"))
            and stem[0] not in _NOT_FIRST
            and not _NOT_IN.search(stem)
            and lexicon.get(stem) is None
        ):
            # A word of the language is no name; a place in the segmenter's dictionary, or what it does not know, may be one.
            tags = [tag for _, _, tag in tagged(stem)]
            unknown = len(tags) > 1 or tags[0] in {"ns", "nz", "nr", "x"}
            if stem not in named and len(given) < _THINGS:
                unknown = tags == ["ns"]  # a city or county alone must be one to the segmenter too
            if unknown or (stem in seats and _opens(stem, texts) >= _TWICE):
                yield stem


def _opens(stem: str, texts: Sequence[str]) -> int:
    """How often the stem opens a clause without its ending: 桃源两支龙舟队."""
    bare = re.compile(rf"{_LEAD}{stem}(?![县市])")
    return sum(len(bare.findall(text)) for text in texts)


def _fits(name: str, lexicon: Lexicon, *, anchored: bool = False) -> bool:
    # Right after a place a numeral belongs to the name (五星社区); elsewhere it counts.
    first = _NOT_FIRST - _NUMERALS if anchored else _NOT_FIRST
    stem = re.sub(rf"(?:{_LEVELS})$", "", name)
    if _is_time(stem) or _LEVEL.match(name):
        return False
    return len(stem) >= _STEM_MIN and name[0] not in first and not _NOT_IN.search(name) and lexicon.get(name) is None


def _dictionary_places(text: str) -> Iterator[tuple[int, str]]:
    """Places of two or three characters that the segmenter's dictionary has, and where they begin."""
    for at, word, tag in tagged(text):
        if (
            tag == "ns"
            and _STEM_MIN <= len(word) <= _STEM_MIN + 1
            and in_dictionary(word)
            and word[-1] not in "省市区县州乡镇村"
            and word[0] not in _RUNS_ON
        ):
            yield at, word


def _is_time(stem: str) -> bool:
    """今年县 is no county: 今年 | 县医保局."""
    tags = [tag for _, _, tag in tagged(stem)]
    return len(tags) == 1 and tags[0] in {"t", "d", "p", "c", "r"}


def _add(out: dict[str, str], name: str) -> None:
    out.setdefault(name, division_en(name, {}, {}, bare_city=False))
