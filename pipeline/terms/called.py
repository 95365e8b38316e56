"""People who are called by less than their names: 褚某 in a court report, 邬老师, 老万."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from pipeline.terms.romanise import COMPOUND_SURNAMES, SINGLE_SURNAMES, person_pinyin

_HONORIFICS: Final = {
    "先生": "Mr.",
    "女士": "Ms.",
    "老师": "Teacher",
    "教授": "Professor",
    "医生": "Dr.",
    "师傅": "Master",
    "大爷": "Grandpa",
    "爷爷": "Grandpa",
    "奶奶": "Grandma",
    "大妈": "Auntie",
    "大娘": "Auntie",
    "阿姨": "Auntie",
    "大叔": "Uncle",
    "叔叔": "Uncle",
    "婆婆": "Granny",
    "阿婆": "Granny",
    "大姐": "Sister",
    "大哥": "Brother",
    "大嫂": "Sister",
    "老汉": "Uncle",
}
HONORIFICS: Final = frozenset(_HONORIFICS)
"""What people are called by after their family names."""
_FAMILIAR: Final = {"老": "Lao", "小": "Xiao"}
TITLES: Final = frozenset(title.rstrip(".").lower() for title in (*_HONORIFICS.values(), *_FAMILIAR.values(), "Mrs.", "Old", "Little"))
"""Words before a family name, in lower case, without their points."""

# Family names that are words as well, or stand in words (时老师, 高教授, 由于老师), prove nothing before an honorific.
_WORDS: Final = frozenset("和与及都有能过从应来时向后高常方全成安关平明喜车马白黄金相齐盛惠解施计于由农党干女男新老小名班路年家经")
_SURNAME: Final = "(?:" + "|".join([*sorted(COMPOUND_SURNAMES), "[" + "".join(sorted(SINGLE_SURNAMES - _WORDS)) + "]"]) + ")"
_COMMON: Final = "王李张刘陈杨赵周吴徐孙胡朱林何郭罗郑梁谢宋唐许邓冯韩曹彭曾肖董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖贾韦夏邹熊孟秦邱侯尹薛闫段雷黎史陶贺顾郝龚邵万钱严覃戴莫孔汤"
"""Family names that are common beside 老 and 小; others must come more often."""
_BEFORE: Final = r"(?:^|(?<=[，。；：！？、“”‘’（）《》,;:!?()\s—…的是和对给叫找让跟向请被由与员户])|(?<=村民|居民|牧民|农民|市民|客户|读者|网友|业主|学学))"
# 李某军 is another form, which stays as it is.
_ANONYMOUS: Final = re.compile(
    rf"(?P<family>{_SURNAME})某某?(?![\u3400-\u9fff]?[说某])|(?P<other>{_SURNAME})某(?=[说称将与和在因为向把被对的])"
)
_CALLED: Final = re.compile(rf"{_BEFORE}(?P<family>{_SURNAME})(?P<title>{'|'.join(_HONORIFICS)})(?!们)")
_OTHER_WORDS: Final = frozenset("康时米麦白满花龙车路牛党边房石金年毛苗班包管水田高明巧农区城师")
"""With these 老 and 小 make words: 小康, 小麦, 老路."""
_KNOWN_AS: Final = re.compile(
    rf"{_BEFORE}(?P<how>[老小])(?P<family>[{''.join(sorted(SINGLE_SURNAMES - _OTHER_WORDS))}])(?![\u3400-\u9fff]?[师乡家])"
)
_TWICE: Final = 2
_OFTEN: Final = 3


def called(texts: Sequence[str], families: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """People so called in ``texts``, Chinese and English.

    老万 and 小李 count where they come again, 老茅 with its rarer family name where it comes three times, or where somebody of that family name, one of ``families``, is named in full.
    """
    whole = "\n".join(texts)
    for text in texts:
        for hit in _ANONYMOUS.finditer(text):
            yield hit[0], _family(hit["family"] or hit["other"])
        for hit in _CALLED.finditer(text):
            yield hit[0], f"{_HONORIFICS[hit['title']]} {_family(hit['family'])}"
        for hit in _KNOWN_AS.finditer(text):
            enough = _TWICE if hit["family"] in _COMMON else _OFTEN
            if hit["family"] in families or whole.count(hit[0]) >= enough:
                yield hit[0], f"{_FAMILIAR[hit['how']]} {_family(hit['family'])}"


def _family(surname: str) -> str:
    return person_pinyin(surname + "某").split()[0]
