"""The composer's articles: templates read from ``items.txt`` and filled under a seed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

COUNTIES = ("清河县", "云岭县", "白杨市", "沙泉县", "临川县", "雁门县")
TOWNS = ("石桥镇", "柳林镇", "红柳沟镇", "大泉乡", "东岭乡", "杏花镇", "马家铺镇", "双塔乡")
VILLAGES = ("柳湾村", "上河村", "榆树庄村", "金沙窝村", "南梁村", "小水泉村", "向阳村", "北斗村")
SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹苏潘葛范彭鲁韦马苗方袁柳唐薛雷贺罗毕郝安常乐于时傅齐康伍余顾孟黄"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英文华玉建国春梅志远雨桐晓云立新家旺思源海燕佳怡天宇"
MINORITY = ("阿依古丽·买买提", "木拉提·哈德尔", "巴哈提·叶尔江", "古丽娜尔·沙依拉", "叶尔肯·托合塔尔")


@dataclass(slots=True)
class Article:
    """A filled item: what a reference would say of it."""

    kind: str
    headline: list[str]
    """One or two lines; empty for a caption."""
    subtitle: str | None
    kicker: str | None
    groups: list[str]
    """Sentence groups; ``## `` opens a subhead, an empty string a new stanza."""
    place: str
    byline: str | None = None
    authors: list[str] = field(default_factory=list)
    credit: str | None = None
    column: str | None = None
    brief: bool = False
    """One of several short items under one label."""
    tail: list[str] = field(default_factory=list)
    """Who signs a notice, and the date: paragraphs set to the right."""
    jump_on: str = ""
    """Where the item goes on, or stands."""
    jump_back: str = ""


@cache
def templates() -> tuple[tuple[str, tuple[str, ...]], ...]:
    out: list[tuple[str, tuple[str, ...]]] = []
    text = Path(__file__).with_name("items.txt").read_text(encoding="utf-8")
    for block in re.split(r"^= ", text, flags=re.M)[1:]:
        lines = block.rstrip("\n").split("\n")
        while lines and not lines[-1]:
            lines.pop()
        out.append((lines[0], tuple(lines[1:])))
    return tuple(out)


def person(rnd: random.Random) -> str:
    if rnd.random() < 0.08:
        return rnd.choice(MINORITY)
    return rnd.choice(SURNAMES) + "".join(rnd.sample(GIVEN, rnd.choice((1, 2, 2))))


def fill(template: tuple[str, tuple[str, ...]], rnd: random.Random) -> Article:
    slots = {
        "县": rnd.choice(COUNTIES),
        "镇": rnd.choice(TOWNS),
        "村": rnd.choice(VILLAGES),
        "人": person(rnd),
        "人2": person(rnd),
        "官": person(rnd),
        "n": str(rnd.choice((rnd.randint(11, 99), rnd.randint(100, 999), rnd.randint(1000, 9800)))),
        "m": str(rnd.randint(101, 6000)),
        "k": str(rnd.randint(2, 9)),
    }
    # A man called 巴图尔·李明 is nobody; the template's dot wants a plain given name.
    if "·{人}" in "".join(template[1]):
        slots["人"] = "吐尔逊"

    def put(text: str) -> str:
        return re.sub(r"\{(.+?)\}", lambda m: slots[m.group(1)], text)

    kind, one, two, subtitle, kicker = (None if part.strip() == "-" else put(part.strip()) for part in template[0].split("|"))
    return Article(kind or "", [t for t in (one, two) if t], subtitle, kicker, [put(g) for g in template[1]], slots["县"])
