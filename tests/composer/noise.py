"""More of what pages carry, each drawn under the seed: the second half of the composer's noise.

Jumps to other pages, sign-offs under notices, teasers (a headline and where to read on), items
without a headline, several briefs under one label, letter-spaced headlines, zero-width characters
that exporters leave behind, and Latin words cut at the end of a line.
"""

from __future__ import annotations

import random

from tests.composer.items import COUNTIES, Article, fill, templates

BRIEF_LABELS = ("简讯", "民生快讯", "县域短波", "一周速览", "乡镇简讯")
_OFFICES = ("自来水公司", "交通运输局", "人民医院", "公共资源交易中心", "城市管理局")
_LATIN = (
    "项目引进的Controlled Atmosphere气调保鲜技术已经投用。",
    "大棚里的传感器通过Internet把温度和湿度传到手机上。",
    "这套名为Smart Greenhouse的系统由县里的技术员自己调试。",
    "包装箱上印着Produce of China的字样，准备发往口岸。",
    "展厅里循环播放着英文短片Harvest Season，吸引了不少游客。",
)
_INVISIBLE = "\u200b\ufeff\u2060\u00ad"
_HAN_NUMBERS = "一二三四五六七八"


def enlist(articles: list[Article], rnd: random.Random) -> None:
    """Add items and change some of those there are; in place."""
    taken = {tuple(a.headline) for a in articles}
    free = [t for t in templates() if t[0].startswith("news") and tuple(fill(t, random.Random(0)).headline) not in taken]
    rnd.shuffle(free)
    for article in articles:
        if article.kind == "notice" and rnd.random() < 0.6:
            date = f"2026年{rnd.randint(1, 12)}月{rnd.randint(1, 28)}日"
            article.tail = [rnd.choice(COUNTIES) + rnd.choice(_OFFICES), date]
        if article.kind in ("news", "feature") and rnd.random() < 0.2:
            page = rnd.choice((str(rnd.randint(2, 8)), rnd.choice(_HAN_NUMBERS)))
            article.jump_on = f"（下转第{page}版）"
        if article.kind == "feature" and rnd.random() < 0.25:
            article.jump_back = rnd.choice(("（上接第1版）", "（上接第一版）"))
        if article.kind in ("news", "feature") and rnd.random() < 0.3:
            at = rnd.randrange(len(article.groups))
            if not article.groups[at].startswith("## "):
                article.groups[at] += rnd.choice(_LATIN)
    if rnd.random() < 0.35:
        news = [a for a in articles if a.kind == "news"]
        if len(news) > 1:
            bare = rnd.choice(news)
            bare.headline, bare.kicker, bare.subtitle = [], None, None
    if rnd.random() < 0.35:
        label = rnd.choice(BRIEF_LABELS)
        at = rnd.randrange(len(articles) + 1)
        for _ in range(rnd.randint(2, 4)):
            brief = fill(free.pop(), rnd)
            brief.headline, brief.kicker, brief.subtitle, brief.groups = brief.headline[:1], None, None, brief.groups[: rnd.randint(1, 2)]
            brief.column, brief.brief = label, True
            articles.insert(at, brief)
            at += 1
    if rnd.random() < 0.3:
        teaser = fill(free.pop(), rnd)
        made = Article("brief", teaser.headline[:1], None, None, [], teaser.place)
        made.jump_on = rnd.choice(("（详见第{}版）", "▶详见{}版", "（报道见第{}版）")).format(rnd.randint(2, 8))
        articles.insert(rnd.randrange(len(articles) + 1), made)


def spread(line: str, rnd: random.Random) -> str:
    """A short headline set with spaces between its characters, as narrow headlines are."""
    if len(line) > 6 or not all("\u4e00" <= c <= "\u9fff" for c in line) or rnd.random() < 0.5:
        return line
    return rnd.choice((" ", " ", "　")).join(line)


def sprinkle(lines: list[str], rnd: random.Random) -> list[str]:
    """Zero-width characters in some lines of some pages."""
    if rnd.random() < 0.6:
        return lines
    out: list[str] = []
    for line in lines:
        if line and rnd.random() < 0.08:
            at = rnd.randrange(len(line) + 1)
            line = line[:at] + rnd.choice(_INVISIBLE) + line[at:]
        out.append(line)
    return out
