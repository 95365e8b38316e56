"""Which line of a headline block is what: the likeliest of all ways to read it.

A block reads, from above, as kicker (引题), headline (主题) and subtitle (副题).  Every way to divide its lines so is
weighed by what each line says and by how long neighbours are; the weights, in nats, are set by hand from the rules by which
papers set headlines: two lines of one headline are about as long as each other, a kicker leads on to what follows it, a
subtitle says who, where or how much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.segment.forms import is_place

_LEADS_ON: Final = re.compile(
    r"(?:召开|举行|强调|指出|要求|负责人|发言人|主持会议|[文书]章|报道|第[一二三四五六七八九十\d]{1,3}[轮届场站期]|[首次两][回轮]合?|[决预复]赛)$|^(?:对话|专访|独家专访|访)[\u3400-\u9fff]|[：:—─]$"
)
"""How kickers end, or open, that lead on to the headline."""
_ANSWERS: Final = re.compile(r"^就.+答.{0,6}记者问$")
_CLAUSES: Final = re.compile(r"[\u3400-\u9fff”’》]{2}[\s\u3000]{1,3}[\u3400-\u9fff“‘《]{2}")
BRACKETED: Final = re.compile(r"^[(（〔][^()（）〔〕]+[)）〕]$")
"""A whole line in brackets, which adds to what stands above it."""
_OFFICIALS: Final = re.compile(r"(?:出席|主持|讲话|致辞|作报告|作出批示|会见|宣布|陪同)[^，。]{0,8}$|(?:出席|主持|讲话|致辞)\s")
"""Who took part in a meeting, as subtitles tell."""
_RECORDS: Final = re.compile(r"^(?:记|访|写在|来自|写给)[\u3400-\u9fff“]|(?:纪实|侧记|综述|纪事|掠影|扫描)$")
_SCENE: Final = re.compile(
    r"^(?:我[国省市县区州]|全[国省市县区州]|今年|去年|上半年|前[一二三四五六七八九十\d]|“?十[一二三四五六]五)"
    r"|的(?:清晨|凌晨|早晨|傍晚|深夜|夜晚|雨夜|那[天年晚]|[一这]天|时候|日子)$|(?:[过之]后|之?前夕|之际|期间|以来|前后|背后)$"
)
"""How kickers open, or end, that set the scene."""
_EVENT: Final = re.compile(
    r"(?:逼近|升级|来袭|临近|来临|将至|在即|开[幕启播售赛市园学]|闭幕|落幕|收官|揭晓|出台|落地|启动|重启|发布|公布|实施|施行|上线|出炉|提速|过半|火爆|升温|遇冷|走红)$"
)
"""What has happened, which the headline below goes on from."""
_TITLE: Final = re.compile(r"的[\u3400-\u9fff“”]{1,6}$")
"""``深山里的“马背医生”``: a title of a feature, which tells no news."""
_PROSE: Final = re.compile(r"，|[：:].{8}")
_ASKS: Final = re.compile(r"为何|为啥|怎么|如何|谁|[？?]|还是")
"""Questions, which headlines ask and subtitles seldom do."""
_SILENT: Final = re.compile(r"[“”‘’《》\s]")
"""What takes no room to speak of in a headline."""
_OPEN: Final = (("“", "”"), ("（", "）"), ("《", "》"), ("‘", "’"))
_RUNS_ON: Final = re.compile(r"[的和与及或把被对将向从让使为在，、]$")

_KICKER, _SUBTITLE = 0.0, -0.2
"""How usual a kicker is, and a subtitle that no dash opens."""
_MORE_KICKERS, _MORE_SUBTITLES, _MORE_HEADLINES = -1.5, -0.5, -4.0
_ALIKE: Final = (1.5, 1.5, 0.8, 0.2)
"""Two lines of one headline that differ in length by 0, 1, 2, 3 characters."""
_UNLIKE: Final = -2.0
_LONG, _LONGER = 4, 3
"""Characters by which a kicker is plainly longer than its headline, and a subtitle than its own."""
_SHORT: Final = 10
_MOST: Final = 8
"""Lines of a block that are read so; longer ones are no headlines."""


def divide(texts: Sequence[str]) -> tuple[int, int]:
    """How many lines from above are kicker, and where the headline ends, in a block of one line or more."""
    count = len(texts)
    if count == 1:
        return 0, 1
    if count > _MOST:
        return 1, 2
    sizes = [len(_SILENT.sub("", text)) for text in texts]
    ways = [(k, end) for k in range(count) for end in range(k + 1, min(count, k + 3) + 1)]
    return max(ways, key=lambda way: (_worth(texts, sizes, *way), -way[0], way[1]))


def leads_on(text: str, head: str) -> bool:
    """Whether a line plainly leads on to the one below it, as kickers do and column labels do not."""
    return any(p.search(text) for p in (_LEADS_ON, _SCENE, _EVENT)) or _ANSWERS.search(head) is not None


def is_report_head(texts: Sequence[str]) -> bool:
    """Whether lines read as the headline block of a report: a kicker that leads on, or who took part."""
    return _LEADS_ON.search(texts[0]) is not None or _OFFICIALS.search(texts[-1]) is not None


def split_quote(text: str) -> bool:
    """Whether a quotation, a title or a bracket is open where the line ends, or shut without being opened."""
    return any(text.count(a) != text.count(b) for a, b in _OPEN)


def _worth(texts: Sequence[str], sizes: Sequence[int], k: int, end: int) -> float:
    worth = 0.0
    if k:
        worth += _KICKER + _MORE_KICKERS * (k - 1) + _leads(texts, sizes, k)
    if end < len(texts):
        worth += _SUBTITLE + _MORE_SUBTITLES * (len(texts) - end - 1) + _follows(texts, sizes, k, end)
    for i in range(k, end - 1):
        worth += _joins(texts, sizes, i)
    worth += _MORE_HEADLINES * max(0, end - k - 2)
    for text in texts[k:end]:
        if is_place(text) or BRACKETED.match(text):
            worth -= 3.0
    # No division falls inside a quotation.
    for i in (k - 1, end - 1):
        if 0 <= i < len(texts) - 1 and split_quote(texts[i]):
            worth -= 5.0
    return worth


def _leads(texts: Sequence[str], sizes: Sequence[int], k: int) -> float:
    """How well the lines above ``k`` read as the kicker of the headline that begins there."""
    text, head = texts[k - 1], texts[k]
    worth = 0.0
    if _LEADS_ON.search(text) or _ANSWERS.search(head):
        worth += 3.0
    if is_place(text):
        worth += 2.5
    if _SCENE.search(text) and not _SCENE.search(head):
        worth += 0.8
    if _EVENT.search(text) and sizes[k] > sizes[k - 1]:
        worth += 1.0
    if BRACKETED.match(text):
        worth -= 3.0
    if _CLAUSES.search(head) and not _CLAUSES.search(text):
        # A headline of two clauses is long enough; what is much shorter above it is rather a headline with its subtitle.
        worth += 1.0 if sizes[k - 1] > _SHORT else 0.2
    if _TITLE.search(text) and not _TITLE.search(head) and not _SCENE.search(text):
        worth -= 1.0
    longer = sizes[k] - sizes[k - 1]
    return worth + (0.3 if longer >= 1 else 2.0 if longer <= -_LONG else -0.5 if longer < 0 else 0.0)


def _follows(texts: Sequence[str], sizes: Sequence[int], k: int, end: int) -> float:
    """How well the lines from ``end`` on read as the subtitle of the headline that ends there."""
    text = texts[end]
    worth = 0.0
    if BRACKETED.match(text) or _RECORDS.search(text):
        worth += 3.0
    elif _OFFICIALS.search(text):
        worth += 2.5
    elif is_place(text):
        worth += 2.0
    if _PROSE.search(text):
        worth += 0.6
    if _CLAUSES.search(text) and not any(_CLAUSES.search(t) for t in texts[k:end]):
        worth += 0.8
    if _TITLE.search(texts[end - 1]) and not _SCENE.search(texts[end - 1]):
        worth += 1.2
    if _ASKS.search(text):
        worth -= 0.6
    longer = sizes[end] - sizes[end - 1]
    return worth + (0.6 if longer >= _LONGER else 0.0 if longer >= 0 else -0.6)


def _joins(texts: Sequence[str], sizes: Sequence[int], i: int) -> float:
    """How well two neighbours read as two lines of one headline."""
    one, other = texts[i], texts[i + 1]
    apart = abs(sizes[i] - sizes[i + 1])
    worth = _ALIKE[apart] if apart < len(_ALIKE) else _UNLIKE
    if split_quote(one) and split_quote(other):
        worth += 5.0
    elif _RUNS_ON.search(one):
        worth += 2.0
    if bool(_CLAUSES.search(one)) != bool(_CLAUSES.search(other)):
        worth -= 1.6
    return worth
