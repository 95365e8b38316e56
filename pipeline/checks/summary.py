"""Checks of a Chinese summary against its article.

A summary may leave out, shorten and join; it may not add.  Every number must be in the article by
value, every name, place, quotation and Latin word in so many characters, and every sentence must be
covered by sentences of the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.checks.base import shorten
from pipeline.checks.support import Support, find, support
from pipeline.checks.text import HAN_CLASS, han_count
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity, Unit
from pipeline.terms.numbers import Quantity, matches, read_zh, render_en

__all__ = ["run", "sentences", "support"]

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)]*|[^。！？!?；;\n]+")
_PLACE = re.compile(
    f"([{HAN_CLASS}]{{1,8}}?)(自治区|自治州|自治县|街道|社区|省(?![心力钱时事])|市(?![场民值])|州|县(?![城域级乡])|区(?![域别分间])|旗(?![下舰帜手袍号])|"
    "镇(?![街定静])|乡(?![村镇亲情间])|村(?![民庄里落]))(?![长委])"
)
_COMMON_BEFORE = frozenset("全该各本我两一每多农山新乡贫富城社小大边牧地景园灾街老整此同外内别何几名某示防矿校战辖产片战")
_TITLE = (
    "书记|主任|局长|县长|市长|镇长|乡长|村长|州长|厅长|处长|科长|部长|主席|经理|董事长|院长|校长|馆长|站长|队长|"
    "村民|居民|牧民|农民|教师|记者|通讯员|负责人"
)
_PERSON = re.compile(f"(?:{_TITLE})([{HAN_CLASS}]{{2,4}}?)(?=说|表示|介绍|告诉|认为|称|在|[，。、：])")
_QUOTED = re.compile("[“「‘『]([^”」’』]{2,})[”」’』]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
_CHATTER = re.compile(r"\A\W*(?:以下是|摘要[:：]|总结[:：]|好的|当然|根据(?:您|你)|(?:本文|该文|文章)?摘要如下|抱歉|对不起|作为一个)|<\|")
_SPACE = re.compile(r"\s+")


def sentences(text: str) -> tuple[str, ...]:
    """Sentences of a Chinese summary, stops and closing marks kept."""
    return tuple(s for s in (m.group(0).strip() for m in _SENTENCE.finditer(text)) if any(c.isalnum() for c in s))


def run(text: str, unit: Unit, config: ChecksConfig) -> tuple[Finding, ...]:
    """Return all findings about a summary of ``unit``; ``text`` is the whole summary."""
    if not han_count(text):
        return (_finding(unit, "empty", Severity.ERROR, "There is no Chinese summary; write one by hand."),)
    article = _article(unit)
    parts = sentences(text)
    out = [
        *_form(text, parts, unit),
        *_numbers(text, article, unit),
        *_names(text, article, unit),
        *_unsupported(parts, find(parts, unit), unit, config),
    ]
    return tuple(out)


def _article(unit: Unit) -> str:
    fields = (unit.headline, unit.kicker, unit.subtitle, unit.column, unit.byline, unit.credit)
    return "\n".join([*(f.text for f in fields if f is not None), *(b.text for b in unit.blocks)])


def _finding(unit: Unit, check: str, severity: Severity, message: str, source: str = "") -> Finding:
    return Finding(check=f"summary_{check}", severity=severity, message=message, unit=unit.id, source=source)


def _form(text: str, parts: Sequence[str], unit: Unit) -> Iterator[Finding]:
    chatter = _CHATTER.search(text)
    if chatter:
        yield _finding(unit, "chatter", Severity.ERROR, f"The summary talks about its task: “{shorten(chatter.group(0))}”.", shorten(text))
    letters = sum(c.isalpha() for c in text)
    if han_count(text) * 2 < letters:
        yield _finding(unit, "language", Severity.ERROR, "The summary is not in Chinese.", shorten(text))
    twice = [part for part, times in Counter(parts).items() if times > 1 and len(part) > 4]
    if twice:
        yield _finding(unit, "repetition", Severity.ERROR, "The summary repeats a sentence.", shorten(twice[0]))
    if not text.rstrip().endswith(("。", "！", "？", "”", "…", "）", "」")):
        yield _finding(unit, "cut_off", Severity.WARNING, "The summary stops in mid-sentence.", shorten(text[-30:]))


def _numbers(text: str, article: str, unit: Unit) -> Iterator[Finding]:
    known = read_zh(article)
    for q in read_zh(text):
        if q.weak or any(matches(q, k) for k in known) or _SPACE.sub("", q.text) in _SPACE.sub("", article) or _is_end(q, known):
            continue
        shown = q.text.strip()
        yield _finding(
            unit, "numbers", Severity.ERROR, f"The summary says {shown} ({render_en(q)}); the article has no such figure.", shown
        )


def _is_end(q: Quantity, known: Sequence[Quantity]) -> bool:
    """One end of a range the article gives."""
    return any(k.upper is not None and k.kind is q.kind and q.value in (k.value, k.upper) for k in known)


def _names(text: str, article: str, unit: Unit) -> Iterator[Finding]:
    for match in _PLACE.finditer(text):
        name, kind = match.groups()
        # The run before 县 may start with any verb; its last character with 县 must be in the article,
        # or the name without it.
        if name[-1] in _COMMON_BEFORE or name[-1] + kind in article or (len(name) > 1 and name[-2:] in article):
            continue
        shown = name[-3:] + kind
        yield _finding(unit, "names", Severity.ERROR, f"The summary names a place, {shown}, that the article does not.", shown)
    for match in _PERSON.finditer(text):
        name = match.group(1)
        if name not in article and name[:3] not in article and name[:2] not in article:
            yield _finding(unit, "names", Severity.ERROR, f"The summary names {name}, whom the article does not.", name)
    for match in _QUOTED.finditer(text):
        quoted = _SPACE.sub("", match.group(1)).rstrip("，。！？、")
        if quoted not in _SPACE.sub("", article):
            yield _finding(unit, "quotes", Severity.ERROR, f"The summary quotes “{shorten(quoted)}”, which is not in the article.", quoted)
    lower = article.lower()
    for word in dict.fromkeys(_LATIN.findall(text)):
        if word.lower() not in lower:
            yield _finding(unit, "names", Severity.WARNING, f"The summary has “{word}”, which is not in the article.", word)


def _unsupported(parts: Sequence[str], found: Sequence[Support], unit: Unit, config: ChecksConfig) -> Iterator[Finding]:
    for part, support_ in zip(parts, found, strict=True):
        if support_.coverage < config.summary_support:
            yield _finding(
                unit,
                "support",
                Severity.WARNING,
                f"Only {support_.coverage:.0%} of this summary sentence is in the article's own words: check what it says.",
                part,
            )
