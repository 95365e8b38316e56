"""Composes newspaper pages of a county that does not exist, any number of them, each different.

The text is our own: sentence patterns filled by a seeded generator, laid out as a page is, in lines
of one width, bodies first and headlines after.  Equal seeds give equal bytes.
"""

from __future__ import annotations

import gzip
import random
import zipfile
from pathlib import Path

_TOWNS = ("柳河镇", "东坪乡", "石桥镇", "白杨镇", "青禾镇", "北山乡", "沙湾镇", "红柳镇")
_VILLAGES = ("东坪村", "上湾村", "二道沟村", "新渠村", "黄土梁村", "榆树村", "大泉村", "幸福村")
_CROPS = ("苹果", "小麦", "番茄", "棉花", "玉米", "葡萄", "辣椒", "马铃薯")
_THINGS = ("冷库", "水渠", "老年食堂", "图书室", "文化广场", "蔬菜大棚", "充电站", "卫生室")
_SURNAMES = "陈周王赵孙李刘张马杨"
_GIVEN = ("立明", "海峰", "桂兰", "一鸣", "国强", "晓红", "建国", "秀英", "志远", "春梅")
_OPENINGS = (
    "{month}月{day}日，青禾县{town}举办{crop}采摘节，全镇{n}个果园同时开园，吸引游客{m}人次。",
    "近日，青禾县{town}{village}的{thing}正式投入使用，{n}户村民从中受益。",
    "今年以来，青禾县{town}投入资金{m}万元，新建{thing}{n}座。",
    "入秋以来，{town}{village}的{crop}迎来丰收，种植面积达到{m}亩。",
)
_MIDDLES = (
    "{person}介绍，今年{crop}总产量达到{m}吨，比去年增加{n}%。",
    "“日子一天比一天好，明年还要再种{n}亩{crop}。”村民{person}高兴地说。",
    "为了方便群众，{town}还把{thing}建在了村民的家门口。",
    "据了解，该项目总投资{m}万元，预计{month}月底全部完工。",
    "下一步，{town}计划再建{n}座{thing}，让更多群众受益。",
    "目前，已有{n}名工作人员到{village}开展技术指导。",
)
_HEADLINES = (
    "{town}：{crop}丰收 村民增收",
    "{village}{thing}投入使用",
    "青禾县{town}{m}亩{crop}喜获丰收",
    "{thing}建到家门口 {town}群众笑开颜",
)


class _Page:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def _fill(self, pattern: str, fixed: dict[str, str]) -> str:
        pick = self._random
        person = pick.choice(_SURNAMES) + pick.choice(_GIVEN)
        numbers = {"n": str(pick.randint(2, 99)), "m": str(pick.randint(100, 9999))}
        dates = {"month": str(pick.randint(1, 12)), "day": str(pick.randint(1, 28))}
        return pattern.format(person=person, **numbers, **dates, **fixed)

    def text(self, articles: int) -> str:
        pick = self._random
        bodies: list[str] = []
        headlines: list[str] = []
        for _ in range(articles):
            fixed = {
                "town": pick.choice(_TOWNS),
                "village": pick.choice(_VILLAGES),
                "crop": pick.choice(_CROPS),
                "thing": pick.choice(_THINGS),
            }
            reporter = pick.choice(_SURNAMES) + pick.choice(_GIVEN)
            width = pick.randint(14, 20)
            paragraphs = ["".join(self._fill(pick.choice(_MIDDLES), fixed) for _ in range(pick.randint(2, 4))) for _ in range(2)]
            paragraphs[0] = f"本报讯 记者{reporter}报道：{self._fill(pick.choice(_OPENINGS), fixed)}{paragraphs[0]}"
            bodies += [_wrapped(p, width) for p in paragraphs]
            headlines.append(self._fill(pick.choice(_HEADLINES), fixed))
        pick.shuffle(headlines)
        return "\n\n".join([*bodies, *headlines]) + "\n"


def _wrapped(text: str, width: int) -> str:
    first = width - 2  # the indent is lost, as in a page taken from print
    lines = [text[:first], *(text[i : i + width] for i in range(first, len(text), width))]
    return "\n".join(lines)


def page(seed: int, articles: int = 3) -> str:
    """Text of the page with this number."""
    return _Page(seed).text(articles)


def write_archive(folder: Path, count: int, *, articles: int = 3, packed: bool = True) -> None:
    """Write ``count`` pages, thirty to a folder; one in ten gzipped, one folder in ten a zip file."""
    for start in range(0, count, 30):
        month = folder / f"{start // 360:04}" / f"{start // 30 % 12 + 1:02}"
        numbers = range(start, min(start + 30, count))
        texts = {f"{n:06}.txt": page(n, articles).encode() for n in numbers}
        if packed and start // 30 % 10 == 9:
            month.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(month.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in texts.items():
                    archive.writestr(name, data)
            continue
        month.mkdir(parents=True, exist_ok=True)
        for index, (name, data) in enumerate(texts.items()):
            if packed and index % 10 == 9:
                (month / f"{name}.gz").write_bytes(gzip.compress(data, mtime=0))
            else:
                (month / name).write_bytes(data)
