"""Furniture that its place tells: what stands beside a masthead, and dated lines at a page's edge.

A section or a paper that no list knows (``体育 T12``, ``国防军事报``) reads like a headline.  Where it adjoins
a line that is plainly a masthead, or stands above one at the top of the page, it belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.segment.lines import Line

_TOP: Final = 5
"""Lines at the top of a page among which its masthead stands."""
_BOTTOM: Final = 3
_LONGEST: Final = 64
_DATED: Final = re.compile(
    r"(?:[12]\d{3}|[二一][〇○零一二三四五六七八九]{3}|(?:中华)?民国[\d一二三四五六七八九十百]{2,5})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日"
    r"|(?<!\d)[12]\d{3}([-./])(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])(?!\d)"
)
_EDITION: Final = re.compile(
    r"(?:星期|周|礼拜)[一二三四五六日天]|第?\s?[\dA-Z一二三四五六七八九十]{1,4}\s?版|第\s?\d+\s?期|版次|(?<![A-Za-z])[A-Z]\d{1,2}(?!\d)"
)
_SENTENCE: Final = re.compile(r"[。，；！？“”]")
_ADDRESS: Final = re.compile(r"[A-Za-z][\w.@/:-]{5,}")
_REST: Final = 24
"""Characters that a dated line at the edge of a page may hold besides its date."""
_CODED: Final = re.compile(
    r"^[\u4e00-\u9fff·/、|]{2,8}(?:\s[\u4e00-\u9fff·/、]{2,4})?\s*(?:\s\d{1,2}|[A-Z]\s?\d{1,2})\s?版?$"
    r"|^(?:\d{1,2}\s|[A-Z]\s?\d{1,2}\s?版?\s?|\d{1,2}\s?版\s?)\s*[\u4e00-\u9fff·/、|]{2,8}(?:\s[\u4e00-\u9fff·/、]{2,4})?$"
)
"""A section and the number of its page: ``体育 T12``, ``3 焦点``."""
_RIGHTS: Final = re.compile(r"版权所有|未经\S{0,10}(?:许可|授权)|Copyright|ICP备", re.I)
_NAME: Final = re.compile(r"^[《]?[\u4e00-\u9fff·\s]{2,12}[报刊][》]?(?:数字报|电子版|电子报|\s+[A-Z][A-Za-z .&]{3,30})?$")
_ROMAN: Final = re.compile(r"^[A-Z][A-Za-z .&'’-]{3,38}[A-Za-z]$")
"""A paper's name in Latin letters, below the one in Chinese."""
_ABOVE_CODED: Final = 24
_ABOVE: Final = 12
"""Characters of a line above the dated one at the top of a page: a paper's or a section's name."""


def is_dated(text: str) -> bool:
    """Whether a line at a page's edge is a masthead by its date."""
    if len(text) > _LONGEST or text[0] in "(（—─" or _SENTENCE.search(text) is not None:
        return False
    hit = _DATED.search(text)
    return hit is not None and len(_ADDRESS.sub("", text)) - len(hit.group()) <= _REST


def mastheads(lines: Sequence[Line], furniture: Sequence[bool], of_site: Sequence[bool]) -> list[int]:
    """Indices of further lines that are furniture by where they stand.

    ``furniture`` tells those that are known, ``of_site`` what a site sets about an article, whose date says nothing about a page.
    """
    known = list(furniture)
    out: list[int] = []
    pages = [line.page for line in lines]
    tops = [i for i, page in enumerate(pages) if not i or page != pages[i - 1]]
    for start, after in zip(tops, [*tops[1:], len(lines)], strict=False):
        end = min(after, start + _TOP)
        last = -1
        for i in range(start, end):
            if known[i] or (is_dated(lines[i].text) and not of_site[i]):
                last = i
        for i in range(start, last + 1):
            if known[i]:
                continue
            text = lines[i].text
            beside = all(line.gap == 0 for line in lines[i + 1 : last + 1])
            short = (
                len(text) <= (_ABOVE_CODED if _EDITION.search(text) else _ABOVE)
                or _ROMAN.match(text) is not None
                or _NAME.match(text) is not None
            )
            if is_dated(text) or (beside and short and _SENTENCE.search(text) is None):
                known[i] = True
                out.append(i)
        for i in range(max(end, after - _BOTTOM), after):
            text = lines[i].text
            if not known[i] and (_RIGHTS.search(text) or (is_dated(text) and _EDITION.search(text))) and len(text) <= _LONGEST:
                known[i] = True
                out.append(i)
    # What adjoins a known line, down and then up.
    for step in (1, -1):
        for j in [j for j, is_known in enumerate(known) if is_known]:
            i = j + step
            while 0 <= i < len(lines) and not known[i] and lines[i].page == lines[j].page and lines[max(i, i - step)].gap == 0:
                if not _adjoins(lines[i].text):
                    break
                known[i] = True
                out.append(i)
                i += step
    return sorted(out)


def _adjoins(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    if len(text) <= 20 and (_CODED.match(text) or _NAME.match(text)):
        return True
    return is_dated(text) and _EDITION.search(text) is not None
