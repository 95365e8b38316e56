"""Pages from articles: a layout, its habits and its noise, all drawn from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from tests.composer import noise
from tests.composer.items import SURNAMES, Article, fill, person, templates
from tests.composer.wrapping import loosen, wrap

LABELS = (
    "乡村振兴进行时",
    "民生一线",
    "清河时评",
    "奋进新征程 建功新时代",
    "非遗传承人",
    "我们的节日",
    "河畔絮语",
    "法治在身边",
    "文明花开",
    "记者走基层",
)
OPINION_LABELS = ("清河时评", "河畔小言", "云岭快评", "一家之言", "今日谈")
SHARED_LABELS = ("全力以赴拼经济 凝心聚力促发展", "丰收时节看乡村", "喜看家乡新变化", "千村万户奔小康")
PAPERS = ("清河日报", "云岭晚报", "白杨时报")
SOURCES = ("云岭日报", "新华社", "清河县融媒体中心", "人民日报")


@dataclass(slots=True)
class Page:
    text: str
    units: list[dict[str, Any]]
    style: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Style:
    where: str
    wrapped: bool
    indent: str
    blank: float
    lies: float
    stray: bool
    double: bool
    mark: str


def compose(seed: int, *, every_noise: bool = False) -> Page:
    """Make one page; equal seeds give equal pages.

    ``every_noise`` adds what ``noise`` has; without it the pages stay what they were.
    """
    rnd = random.Random(seed)
    more = random.Random(f"noise {seed}") if every_noise else None
    style = _Style(
        where=rnd.choice(("above", "above", "end", "end", "start")),
        wrapped=rnd.random() < 0.8,
        indent=rnd.choice(("lost", "lost", "lost", "kept", "none")),
        blank=rnd.choice((1.0, 0.95, 0.85)),
        lies=rnd.choice((0.0, 0.05, 0.12)),
        stray=rnd.random() < 0.4,
        double=rnd.random() < 0.3,
        mark=rnd.choice("□□□■◎"),
    )
    if not style.wrapped:
        style.indent = rnd.choice(("kept", "none"))
        style.lies = 0.0
    elif style.indent == "none":
        style.blank, style.lies = 1.0, 0.0
    elif style.indent == "kept":
        style.blank = rnd.choice((0.0, 1.0))
    articles = _choose(rnd, style)
    if more is not None:
        noise.enlist(articles, more)
    for article in articles:
        sign(article, rnd, style.mark)
    labelled = _label(articles, rnd, style)
    lines = _lay_out(articles, labelled, rnd, style, more)
    if more is not None:
        lines = noise.sprinkle(lines, more)
    text = "\n".join(_furnish(lines, rnd)) + "\n"
    units = [answer(a) for a in articles]
    return Page(
        *_recode(text, units, rnd), style={"where": style.where, "wrapped": style.wrapped, "indent": style.indent, "lies": style.lies}
    )


def _choose(rnd: random.Random, style: _Style) -> list[Article]:
    picked = rnd.sample(templates(), rnd.randint(4, 8))
    articles = [fill(t, rnd) for t in picked]
    if style.where != "above":
        # Verse and notices bring their titles along wherever the other headlines stand.
        articles = [a for a in articles if a.kind not in ("verse", "notice")]
    return articles or [fill(templates()[0], rnd)]


def sign(article: Article, rnd: random.Random, mark: str) -> None:
    """Draw how the author is named, and put a dateline in front where the item has one."""
    one, two = person(rnd), person(rnd)
    if article.kind == "news":
        form = rnd.randrange(6)
        article.authors = [one] if form in (0, 2, 4) else [one, two] if form in (1, 3) else []
        openings = (
            (f"记者{one}", f"本报讯 记者{one}报道："),
            (f"记者 {one} 通讯员 {two}", f"本报讯（记者 {one} 通讯员 {two}）"),
            (f"通讯员 {one}", f"本报讯（通讯员 {one}）"),
            (f"通讯员{one}、{two}", f"本报讯 通讯员{one}、{two}报道："),
            (f"记者{one}", f"新华社北京11月{rnd.randint(1, 28)}日电（记者{one}）"),
            (None, "本报讯 "),
        )
        article.byline, opening = openings[form]
        article.groups[0] = opening + article.groups[0]
    elif article.kind in ("feature", "opinion"):
        forms = (f"{mark}{one}", f"{mark}本报记者 {one}", f"本报记者 {one} 通讯员 {two}", f"本报记者 {one} 文/图")
        form = rnd.choice(forms[: 1 if article.kind == "opinion" else 4])
        article.byline = form.lstrip("□■◎")
        article.authors = [one, two] if "通讯员" in form else [one]
        article.place = form
        if rnd.random() < 0.15:
            article.credit = rnd.choice(SOURCES)
    elif article.kind == "verse":
        name = rnd.choice(SURNAMES) + rnd.choice(("晓舟", "一帆", "明"))
        article.byline, article.authors, article.place = name, [name], rnd.choice((name, f"□{name}"))
    elif article.kind == "caption":
        form = rnd.choice((f"本报记者 {one} 摄", f"{mark}通讯员 {one} 摄", f"{one} 摄", f"{mark}本报记者 {one}摄"))
        article.byline, article.authors, article.place = form.lstrip("□■◎"), [one], form


def _label(articles: list[Article], rnd: random.Random, style: _Style) -> dict[int, str]:
    """Draw column labels; the result maps an article's index to the label printed before its headline."""
    out: dict[int, str] = {}
    free = list(LABELS)
    for i, article in enumerate(articles):
        if article.brief or not article.headline:
            if article.brief and (i == 0 or not articles[i - 1].brief) and article.column:
                out[i] = article.column
            continue
        if article.kind == "opinion":
            out[i] = article.column = rnd.choice([x for x in OPINION_LABELS if x not in out.values()])
        elif article.kind == "news" and rnd.random() < 0.2:
            out[i] = article.column = free.pop(rnd.randrange(3, len(free)))
    return out


def _heading(article: Article, label: str | None, rnd: random.Random, more: random.Random | None, *, apart: bool) -> list[str]:
    out: list[str] = []
    if label:
        out += [label] + ([""] if apart or rnd.random() < 0.5 else [])
    if article.kicker:
        out.append(article.kicker)
    if len(article.headline) == 2 and rnd.random() < 0.5:
        article.headline = [" ".join(article.headline)]
    out += article.headline if more is None else [noise.spread(line, more) for line in article.headline]
    if article.subtitle:
        out.append(rnd.choice(("——", "——", "—")) + article.subtitle)
    if article.kind in ("feature", "opinion", "verse"):
        out.append(article.place)
    if article.kind == "brief":
        out.append(article.jump_on)
    return out


def paragraphs(article: Article, rnd: random.Random) -> list[str]:
    """Gather sentence groups into paragraphs (in place: the article then holds its paragraphs and subheads)."""
    out: list[str] = []
    if article.kind == "verse":
        stanza: list[str] = []
        for line in [*article.groups, ""]:
            if line:
                stanza.append(line)
            elif stanza:
                out.append("\n".join(stanza))
                stanza = []
        return out
    for group in article.groups:
        join = out and not group.startswith("## ") and not out[-1].startswith("## ") and article.kind == "news" and rnd.random() < 0.3
        if join:
            out[-1] += group
        else:
            out.append(group)
    return out


def _body(article: Article, rnd: random.Random, style: _Style, more: random.Random | None) -> list[str]:
    article.groups = paragraphs(article, rnd)
    width = rnd.randint(13, 22)
    lines: list[str] = []
    since = 0
    inline = article.kind == "caption" and rnd.random() < 0.4
    for number, paragraph in enumerate(article.groups):
        if article.kind == "verse":
            lines += ([""] if lines else []) + paragraph.split("\n")
            continue
        if paragraph.startswith("## "):
            lines += ["", paragraph[3:], ""]
            continue
        text = loosen(paragraph, rnd) if style.stray else paragraph
        if inline:
            text += article.place.lstrip("□■◎")
        if more is not None:
            text, own = _jumps(article, number, text, more)
            lines += own
        kept = "　　" if style.indent == "kept" else ""
        if not style.wrapped:
            broken = [kept + text]
        else:
            broken = wrap(text, width, indent=0 if style.indent == "none" else 4, cut=more)
            broken[0] = kept + broken[0]
        if lines and lines[-1] and rnd.random() < (1.0 if paragraph[0] == "“" else style.blank):
            lines.append("")
        for k, line in enumerate(broken):
            since += 1
            if k and style.lies and (line[0] in "“‘" or rnd.random() < style.lies):
                lines.append("")
                since = 0
            lines.append(line)
        if style.wrapped and number + 1 < len(article.groups) and rnd.random() < 0.15:
            width = max(12, width + rnd.choice((-2, -1, 1, 2)))
    if article.kind != "brief" and article.jump_on and (not lines or article.jump_on[-4:] not in lines[-1]):
        lines.append(article.jump_on)
    if article.tail and more is not None:
        lines += ["　" * more.choice((0, 4, 8)) + line for line in article.tail]
    if article.credit:
        lines += ["", f"来源：{article.credit}" if rnd.random() < 0.6 else f"（来源：{article.credit}）"]
    if article.kind == "caption" and not inline:
        lines += ["", article.place]
    return lines


def _jumps(article: Article, number: int, text: str, more: random.Random) -> tuple[str, list[str]]:
    """The paragraph with the jump that stands in it, and the lines before it: half the jumps have a line of their own."""
    own: list[str] = []
    if article.jump_back and number == 0:
        if more.random() < 0.5:
            own.append(article.jump_back)
        else:
            text = article.jump_back + text
    if article.jump_on and number + 1 == len(article.groups) and more.random() < 0.5:
        text += article.jump_on
    return text, own


def _lay_out(
    articles: list[Article], labelled: dict[int, str], rnd: random.Random, style: _Style, more: random.Random | None = None
) -> list[str]:
    gap = ["", ""] if style.double else [""]
    bodies = [_body(a, rnd, style, more) for a in articles]
    apart = style.where != "above"
    heads = [_heading(a, labelled.get(i), rnd, more, apart=apart) for i, a in enumerate(articles)]
    if not apart:
        lines: list[str] = []
        for head, body in zip(heads, bodies, strict=True):
            lines += [*head, *([""] if rnd.random() < 0.7 or not head else []), *body, *gap]
        return lines
    order = [i for i in range(len(articles)) if heads[i]]
    rnd.shuffle(order)
    briefs = [i for i in range(len(articles)) if articles[i].brief]
    if briefs:
        # The items of one label stay together.
        order = [i for i in order if i not in briefs[1:]]
        order[order.index(briefs[0]) + 1 : order.index(briefs[0]) + 1] = briefs[1:]
    collected: list[str] = []
    for one, other in pairwise(order):
        # A label above an item with a kicker also stands for the items with kickers that follow it.
        first, second = articles[one], articles[other]
        if first.column and not first.brief and first.kicker and second.kicker and not second.column:
            second.column = first.column
    for i in order:
        collected += [*heads[i], *gap]
    running = [line for body in bodies for line in [*body, *gap]]
    return running + collected if style.where == "end" else collected + running


def _furnish(lines: list[str], rnd: random.Random) -> list[str]:
    """Put page furniture where pages have it: at the top and at the bottom."""
    paper = rnd.choice(PAPERS)
    number = rnd.randint(1, 8)
    date = f"2026年{rnd.randint(1, 12)}月{rnd.randint(1, 28)}日 星期{rnd.choice('一二三四五六日')}"
    tops = (
        [],
        [paper, "", f"{date} 第{number}版", ""],
        [f"{date}　责任编辑：{person(rnd)[:3]}　校对：王小芳", ""],
        [f"0{number}", "", "综合新闻", ""],
        [f"第{number}版　要闻", date, ""],
        [f"国内统一刊号：CN65-{rnd.randint(1000, 9999)}　邮发代号：57-{rnd.randint(10, 99)}", ""],
    )
    ends = (
        [],
        ["", f"责编：陈晓燕　美编：李强　电话：0900-{rnd.randint(1000000, 9999999)}"],
        ["", f"- {number} -"],
        ["", f"地址：清河县人民路{number}号　邮编：83{number}100　印刷：清河日报印务中心"],
        ["", "天气预报", "今天白天到夜间：晴转多云，西北风3—4级，最高气温18℃，最低气温6℃。"],
        ["", "广告", "旺铺招租，黄金地段，联系电话：13900000000"],
    )
    return [*rnd.choice(tops), *lines, *rnd.choice(ends)]


def answer(article: Article) -> dict[str, Any]:
    """What a reference says of an item."""
    body = [*(g for g in article.groups if not g.startswith("## ")), *article.tail]
    return {
        "kind": {"news": "article", "feature": "article", "opinion": "article"}.get(article.kind, article.kind),
        "headline": " ".join(article.headline) or None,
        "kicker": article.kicker,
        "subtitle": article.subtitle,
        "column": article.column,
        "byline": article.byline,
        "authors": article.authors,
        "credit": article.credit,
        "subheads": [g[3:] for g in article.groups if g.startswith("## ")],
        "paragraphs": body,
    }


def _recode(text: str, units: list[dict[str, Any]], rnd: random.Random) -> tuple[str, list[dict[str, Any]]]:
    """Line ends, traditional characters, full-width digits."""
    draw = rnd.random()
    if draw < 0.12:
        # Character by character, so that the page, whose lines cut phrases, and the answer agree.
        table = _traditional()
        text, units = text.translate(table), _map(units, lambda s: s.translate(table))
    elif draw < 0.22:
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        text, units = text.translate(wide), _map(units, lambda s: s.translate(wide))
    if rnd.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return text, units


@cache
def _traditional() -> dict[int, str]:
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    return {c: convert(chr(c)) for c in range(0x4E00, 0xA000)}


def _map(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map(v, change) for v in value]
    if isinstance(value, dict):
        return {k: (v if k == "kind" else _map(v, change)) for k, v in value.items()}
    return value


__all__ = ["Page", "answer", "compose", "paragraphs", "sign"]
