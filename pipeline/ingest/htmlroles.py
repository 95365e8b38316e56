"""What an epaper page's elements say of their text: names of classes and ids, headings, microdata, publishing comments.

The names are those that the common publishing systems of Chinese dailies write (Founder's
``founder-content``, ``#ozoom``, ``enpproperty`` and ``enpcontent`` comments, ``main-article-title``,
``.article h1``), the plain English and pinyin words that other layouts use for the same things, and
schema.org's.  What a page does not say stays open, and the segmenter decides it from the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEAD: Final = r"(?:(?:main|article|arti?|news|text|post|entry|content|con|detail|page|big|founder|p|m)[-_]?)*"
_NAMES: Final = tuple(
    (role, re.compile(rf"^{_LEAD}(?:{names})$", re.I))
    for role, names in (
        (
            "furniture",
            r"nav\w*|.*[-_]nav|menu\w*|foot(?:er)?|bottom|copy(?:right)?|bread-?crumbs?|crumbs?|share\w*|bshare\w*|bdshare\w*|toolbars?|tools?"
            r"|pag(?:er|ing|ination)|page-?nav|side-?bar|adv?(?:ert\w*)?|gg|banner|related\w*|recommend\w*|hot\w*|search\w*|login|qr-?code|ewm"
            r"|comments?|print|calendar|title-?list|list-?title|new-?slist|news-?list|edition-?list|date|(?:pub(?:lish)?-?)?time|riqi|ban(?:ci|mian)?"
            r"|page-?(?:info|date|num)|logo|head-?bar|top-?bar|font-?size|counter|source-?link|editors?|zebian",
        ),
        (
            "kicker",
            r"pre-?title|intro-?title|lead-?title|super-?title|up-?title|shoulder-?title|yin-?ti|jian-?ti|kicker|eyebrow|title-?(?:pre|up|intro)",
        ),
        ("subtitle", r"sub-?title|sub-?head(?:line)?|fu-?(?:biao-?)?ti|deck|bt2|(?:second|down|vice|small)-?title|title-?(?:2|sub|down)"),
        ("headline", r"title|h(?:ead)?line|headline|tit|biao-?ti|bt1?|title-?1|font01|alternative-?headline"),
        ("deck", r"font02"),
        ("byline", r"author\w*|by-?line|writer|zuo-?zhe|reporters?|sec"),
        ("credit", r"source|lai-?yuan|from|origin"),
        ("column", r"column(?:-?name)?|lan-?mu|special-?column"),
        ("caption", r"(?:fig-?)?caption|(?:pic(?:ture)?|img|image|photo)[-_]?(?:desc\w*|text|note|title|info|alt)|tu-?(?:shuo|zhu)"),
        ("paragraph", r"o?zoom|content|body|zheng-?wen|trs_editor|con-?text|text|detail|con"),
    )
)
_ARTICLE: Final = re.compile(rf"^{_LEAD}(?:article|story|item|news)$", re.I)
_ITEMPROP: Final = {
    "headline": "headline",
    "alternativeheadline": "subtitle",
    "author": "byline",
    "articlebody": "paragraph",
    "caption": "caption",
}
_TAGS: Final = {
    "founder-title": "headline",
    "founder-content": "paragraph",
    "founder-author": "byline",
    "nav": "furniture",
    "footer": "furniture",
    "figcaption": "caption",
}
_NOT_IN_BODY: Final = frozenset({"headline", "subtitle", "kicker", "column", "deck"})
_COMMENT_FIELD: Final = re.compile(r"<(title|subtitle|introtitle|author)>(.*?)</\1>", re.I | re.S)
_COMMENT_ROLES: Final = {"title": "headline", "subtitle": "subtitle", "introtitle": "kicker", "author": "byline"}
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_CHROME: Final = re.compile(
    r"^[\s|｜\[\]【】()（）<>《》«»‹›↑↓+\-:：]*(?:(?:上|下|前|后)一?[篇版期页条]|返回(?:目录|首页|顶部|本版)?|放大|缩小|默认|打印|关闭|收藏|分享\S{0,6}|复制链接|字[号体]\S{0,8}|大|中|小"
    r"|版面(?:导航|概览|目录)|标题(?:导航|目录)|本版(?:新闻|导航)|往期回顾|首页|朗读|\s)+[\s|｜\[\]【】()（）<>《》«»‹›↑↓+\-:：]*$"
)
_PAGE_NAME: Final = re.compile(r"^第?\s?[A-D]?\d{1,3}\s?版\b")
_PAPER: Final = re.compile(r"(?:日报|晚报|晨报|早报|时报|周报|都市报|电子报|数字报)(?:社|电子版|数字报)?$")


class TextLine(NamedTuple):
    """A visible line and what its elements say."""

    text: str
    blank: bool
    """An empty line stands before it."""
    role: str | None
    level: int
    container: int
    """Number of the article element it stands in; 0 outside any."""
    element: int
    """Number of the element that gave it its role."""
    linked: bool
    bold: bool


def element_role(element: _Element, tag: str) -> str | None:
    """The role that an element's name, microdata, id or class states."""
    if tag in _TAGS:
        return _TAGS[tag]
    prop = (element.get("itemprop") or "").lower()
    if prop in _ITEMPROP:
        return _ITEMPROP[prop]
    if tag in {"html", "body", "a", "img", "em", "i", "u", "font"}:
        return None
    for token in f"{element.get('id') or ''} {element.get('class') or ''}".split():
        for role, pattern in _NAMES:
            if pattern.match(token):
                return role
    return None


def is_article(element: _Element, tag: str) -> bool:
    """Whether an element holds one article."""
    return tag == "article" or any(_ARTICLE.match(t) for t in f"{element.get('id') or ''} {element.get('class') or ''}".split())


def wrappers(root: _Element) -> set[_Element]:
    """Elements named like a headline or a body that hold a headline block or a body of their own: they only wrap."""
    out: set[_Element] = set()
    for element in root.iter("*"):
        tag = str(element.tag).lower()
        role = element_role(element, tag)
        own = role in {"headline", "kicker", "subtitle", "paragraph"}
        if not own and not (len(tag) == 2 and tag[0] == "h" and tag[1] in "12"):
            continue
        for ancestor in element.iterancestors():
            if ancestor in out:
                break
            if own or element_role(ancestor, str(ancestor.tag).lower()) != "headline":
                out.add(ancestor)
    return out


def inside(outer: str | None, own: str | None) -> str | None:
    """The role of text in an element with role ``own`` inside one with role ``outer``."""
    if own is None or outer == "furniture":
        return outer
    if outer == "paragraph" and own in _NOT_IN_BODY:
        return "subhead"
    if outer in {"headline", "kicker", "subtitle"} and own == "paragraph":
        return outer
    return own


def publishing_comment(text: str) -> dict[str, str]:
    """Texts and their roles from an ``enpproperty`` comment."""
    out: dict[str, str] = {}
    for name, value in _COMMENT_FIELD.findall(text):
        for part in re.split(r"<(?:br|/?p)\b[^>]*>", value, flags=re.I):
            if key := squeeze(re.sub(r"<[^>]*>", "", part)):
                out.setdefault(key, _COMMENT_ROLES[name.lower()])
    return out


def page_metadata(root: _Element) -> dict[str, str]:
    """Texts and their roles from the page's head: its title, and what ``meta`` elements say."""
    out: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in {"og:title", "twitter:title", "articletitle", "dc.title"}:
            out.setdefault(squeeze(meta.get("content") or ""), "headline")
        elif name in {"author", "article:author", "dc.creator"}:
            out.setdefault(squeeze(meta.get("content") or ""), "byline")
    title = squeeze(root.findtext(".//title") or "")
    for part in (title, *re.split(r"[-_—|–]+", title)):
        if len(part) >= 4 and not _PAPER.search(part):
            out.setdefault(part, "headline")
    out.pop("", None)
    return out


def squeeze(text: str) -> str:
    """``text`` without white space."""
    return re.sub(r"\s+", "", text)


@dataclass(slots=True)
class _Group:
    number: int
    container: int
    element: int = 0
    headline: bool = False
    body: bool = False


def settle(lines: Sequence[TextLine], said: dict[str, str]) -> list[tuple[str, int]]:
    """Each line's role and the number of its article (0 for none); an empty role leaves it to the segmenter.

    Args:
        lines: the page's lines in order.
        said: what the page's metadata say, by text without white space.
    """
    roles = [_line_role(line, said) for line in lines]
    _doubles(lines, roles)
    _headings(lines, roles)
    _decks(roles)
    _unnamed(lines, roles)
    running = any(not role and "。" in line.text for line, role in zip(lines, roles, strict=True))
    if "paragraph" not in roles and not running:
        _index(lines, roles)
    numbers = _groups(lines, roles)
    headed = {n for n, role in zip(numbers, roles, strict=True) if role == "headline"}
    bodied = {n for n, role in zip(numbers, roles, strict=True) if role == "paragraph" and n in headed}
    out: list[tuple[str, int]] = []
    for line, role, number in zip(lines, roles, numbers, strict=True):
        if role == "furniture" or number in (bodied if running else headed):
            out.append((role, 0 if role == "furniture" else number))
        elif number in headed and role in _NOT_IN_BODY:
            # Its body may be among the text that no element names.
            out.append(("display", 0))
        else:
            # A body without a headline of its own, or a stray label: the text decides.
            out.append(("furniture" if bodied and not role and _is_chrome(line) else "", 0))
    return out


def _unnamed(lines: Sequence[TextLine], roles: list[str]) -> None:
    """Text below the headline of an article element is its body, whatever its elements are called."""
    headed: set[int] = set()
    for i, line in enumerate(lines):
        if roles[i] == "headline":
            headed.add(line.container)
        elif not roles[i] and line.container and line.container in headed and not _is_chrome(line):
            roles[i] = "paragraph"


def _line_role(line: TextLine, said: dict[str, str]) -> str:
    text = line.text
    if line.role == "furniture" or _CHROME.match(text):
        return "furniture"
    known = said.get(squeeze(text))
    if known is not None and not line.linked and line.role != "paragraph":
        return known
    if line.role == "paragraph":
        if line.level or (line.bold and len(text) <= 30 and text[-1] not in "。！？”：:，"):
            return "subhead"
        return "paragraph"
    if line.role is not None and not (line.linked and line.role == "headline"):
        return line.role
    return ""


def _doubles(lines: Sequence[TextLine], roles: list[str]) -> None:
    """A headline repeated in a path of links or a window title is one headline: the one that an element names, or the last."""
    seen: dict[str, int] = {}
    for i, role in enumerate(roles):
        if role != "headline":
            continue
        key = squeeze(lines[i].text)
        before = seen.get(key)
        if before is None:
            seen[key] = i
            continue
        named = bool(lines[before].role or lines[before].level) and not (lines[i].role or lines[i].level)
        roles[i if named else before] = "furniture"
        seen[key] = before if named else i


def _headings(lines: Sequence[TextLine], roles: list[str]) -> None:
    """Heading elements without a name: the highest level of each article is its headline, others lead it or follow it."""
    top: dict[int, int] = {}
    for line, role in zip(lines, roles, strict=True):
        if line.level and (not role or role == "headline") and not _PAPER.search(line.text) and not _PAGE_NAME.match(line.text):
            top[line.container] = min(line.level, top.get(line.container, 9))
    for i, line in enumerate(lines):
        if not line.level or roles[i] or line.container not in top or _PAPER.search(line.text) or _PAGE_NAME.match(line.text):
            continue
        if line.level == top[line.container]:
            roles[i] = "headline"
    for i, line in enumerate(lines):
        if line.level and not roles[i] and line.container in top:
            roles[i] = "deck"


def _decks(roles: list[str]) -> None:
    """Small display lines around a headline: a kicker before it, a subtitle after it, a subhead in the body."""
    for i, role in enumerate(roles):
        if role != "deck":
            continue
        following = next((r for r in roles[i + 1 :] if r not in {"deck", ""}), "")
        before = next((r for r in reversed(roles[:i]) if r not in {"deck", ""}), "")
        if before in {"headline", "subtitle"}:
            roles[i] = "subtitle"
        elif following == "headline":
            roles[i] = "kicker"
        else:
            roles[i] = "subhead" if before in {"paragraph", "subhead"} else ""


def _index(lines: Sequence[TextLine], roles: list[str]) -> None:
    """A page of links and no article: every link that reads as a title is one."""
    titles = [
        i for i, line in enumerate(lines) if line.linked and not roles[i] and len(_HAN.findall(line.text)) >= 4 and not _is_page(line.text)
    ]
    if len(titles) >= 3 and not any(role == "headline" for role in roles):
        for i in titles:
            roles[i] = "headline"


def _is_page(text: str) -> bool:
    return bool(_PAGE_NAME.match(text) or _PAPER.search(text) or _CHROME.match(text))


def _is_chrome(line: TextLine) -> bool:
    return line.linked or len(_HAN.findall(line.text)) < 6


def _groups(lines: Sequence[TextLine], roles: Sequence[str]) -> list[int]:
    out: list[int] = []
    group: _Group | None = None
    made = 0
    for line, role in zip(lines, roles, strict=True):
        if not role or role == "furniture":
            out.append(0)
            continue
        elsewhere = group is not None and group.container not in (0, line.container)
        if role in {"kicker", "column"}:
            new = group is None or group.body or group.headline
        elif role == "headline":
            new = group is None or group.body or (group.headline and line.element != group.element)
        else:
            new = group is None or (elsewhere and group.body)
        if new or group is None:
            made += 1
            group = _Group(made, line.container)
        if role == "headline":
            group.headline, group.element = True, line.element
        group.body = group.body or role in {"paragraph", "subhead"}
        group.container = group.container or line.container
        out.append(group.number)
    return out
