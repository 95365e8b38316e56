"""What the words of the lines say of them, whatever their widths: costs of their readings."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import numpy as np

from pipeline.segment import flow as kinds
from pipeline.segment import people
from pipeline.segment.flow import Flow
from pipeline.segment.forms import is_notice, is_salutation
from pipeline.segment.grams import Bools, Floats

_CLAUSE_SPACE: Final = re.compile(r"\s(?<=[\u3400-\u9fff”’》]{2}\s)\s{0,2}[\u3400-\u9fff“‘《]{2}")
_DIGIT_SPACE: Final = re.compile(r"\d\s|\s\d|\s[，。、]")
_CAPTION_START: Final = re.compile(r"图为|[上下左右]图|▲")
_SAID: Final = re.compile(r"^[^，。：:；！？“”]{1,24}(?:说|道|表示|介绍|回忆|感慨|感叹|坦言|告诉\S{1,4}|笑言)[。！]")
_ITEM: Final = re.compile(
    r"特此(?:公告|通告|通知|声明|公示|说明|致歉)|[●◆■▲○★◇▪•◎][\u3400-\u9fff“\d]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}条|\d{1,2}[、．]|\d{1,2}\.(?!\d)"
)
"""What opens an item of a list, an article of a rule, or the closing formula of a notice."""
_BEGINS: Final = re.compile(
    r"(?:会议|大会|全会|通知|意见|方案)(?:指出|强调|要求|认为|决定|明确|提出|听取|审议)|据(?:介绍|了解|悉|统计|记者了解)|记者(?:从|在|了解到|看到|采访|注意到)"
    r"|(?:今年|去年|入[春夏秋冬])以来|近[年日]来?，|日前，|连日来|下一步，|截至(?:目前|\d)|[\u3400-\u9fff]{2,4}(?:强调|指出)[，：]"
)
"""Words that open paragraphs far more often than sentences within them."""
_BEGINNING: Final = 1.6
_SPOKEN: Final = re.compile(r"(?:问|答|记者|主持人)\s?[:：]")
"""Who speaks in an interview."""
_SPEAKER: Final = re.compile(r"([\u3400-\u9fff·]{1,8})\s?[:：]")
_ARTICLE: Final = re.compile(r"第[一二三四五六七八九十百]{1,4}条\s")
_PHONE_END: Final = re.compile(r"(?:\d[\d\-—*]{6,}|[\w.]+@[\w.]+\w)$")
"""A telephone number or an address, with which notices end."""
_NUMBER_OPEN: Final = re.compile(r"\d[.,]$")
_DASH: Final = ("——", "──", "－－", "--")
_SHORT_CALL: Final = 8
"""Characters of a line that heads a part of a list (``任命：``)."""
_INSIDE_QUOTE: Final = 3.0
UNFINISHED: Final = 7.0
_LISTED: Final = 4.5
"""A paragraph that ends with a colon or a semicolon, as items of a list and what announces them do."""


class Wording:
    """Costs of readings, an entry for each line, and what else its words say."""

    def __init__(self, flow: Flow) -> None:
        texts, first, last, held = flow.texts, flow.first, flow.last, flow.held
        count = len(flow)
        self.final = flow.final
        """It ends a sentence."""
        self.end: Floats = np.where(flow.final, 0.0, UNFINISHED)
        """As a last or only line: how open its end is."""
        self.end[~flow.final & (last & kinds.COLON != 0)] = _LISTED
        self.listed = listed = _listed(flow)
        """It is a line of a list, or announces one."""
        self.end[listed] = 1.0
        self.opens = np.where(first & kinds.NO_START, 8.0, 0.0)
        """As a first or only line."""
        self.goes_on = np.zeros(count)
        """As a middle or last line."""
        self.continues = np.zeros(count)
        """As a first or only line, because the line above plainly goes on in it."""
        self.spaced: Bools = np.zeros(count, np.bool_)
        """Spaces part its clauses, as in a headline."""
        self.dated: Bools = np.zeros(count, np.bool_)
        """It opens with a dateline."""
        self.item: Bools = np.zeros(count, np.bool_)
        """It opens as an item of a list does."""
        self.quotes: Bools = first & kinds.QUOTES != 0
        """It opens with a quotation mark or a bracket."""
        for i in np.flatnonzero(held & kinds.SPACE).tolist():
            self.spaced[i] = _CLAUSE_SPACE.search(texts[i]) is not None and _DIGIT_SPACE.search(texts[i]) is None
        self.display = _display(flow, self.spaced) + self.opens
        """As a display line."""
        self.display[listed] += 4.0
        for i in np.flatnonzero(first & kinds.CAPTION).tolist():
            if _CAPTION_START.match(texts[i]):
                self.goes_on[i] += 5.0
                self.display[i] += 5.0
        self._find_datelines(flow)
        before = np.roll(last, 1)
        before[:1] = 0
        items = [i for i in np.flatnonzero(first & kinds.ITEM).tolist() if _ITEM.match(texts[i])]
        self.item[items] = True
        above = np.flatnonzero(self.item[1:] & (last[:-1] & kinds.COLON != 0))
        self.end[above] = np.minimum(self.end[above], 1.0)
        self.item[1:] &= before[1:] & kinds.PAUSE != 0
        for i in np.flatnonzero(last & kinds.CALLS).tolist():
            if is_salutation(texts[i]):
                self.end[i] = 0.0
                self.display[i] += 6.0
                self.opens[i] -= 1.0
                self.goes_on[i] += 6.0
        for i in _spoken(flow):
            self.goes_on[i] += 6.0
            self.display[i] += 6.0
        for i in np.flatnonzero(last[1:] & kinds.PAUSE).tolist():
            # A closing remark in brackets.
            if texts[i + 1][0] in "(（" and texts[i + 1][-1] in ")）" and flow.final[i]:
                self.display[i + 1] += 4.0
                self.end[i + 1] = min(self.end[i + 1], 1.0)
        for i in np.flatnonzero(first & kinds.ITEM).tolist():
            if texts[i][0] == "第" and _ARTICLE.match(texts[i]):
                self.display[i] += 6.0
        follows = np.zeros(count, np.bool_)
        for i in np.flatnonzero((last & kinds.NUMBER_END) | (held & kinds.AT)).tolist():
            if _PHONE_END.search(texts[i]):
                self.end[i] = min(self.end[i], 1.5)
                follows[i] = i > 0 and texts[i - 1][-1] in "：:" and not flow.gap[i]
        self._go_on(follows)
        for i in np.flatnonzero(last[:-1] & kinds.CALLS).tolist():
            # A number is what the line above was about to give.
            if texts[i][-1] in "：:" and texts[i + 1][0].isdigit() and not flow.gap[i + 1]:
                self.display[i] += 4.0
                self.spaced[i] = False
        number = np.flatnonzero((first & kinds.DIGIT != 0) & (before & kinds.NUMBER_DOT != 0))
        self._go_on([i for i in number.tolist() if texts[i][0].isdigit() and _NUMBER_OPEN.search(texts[i - 1])])
        for i in np.flatnonzero(flow.final[:-1] & (flow.size[1:] > 4)).tolist():
            if _BEGINS.match(texts[i + 1]):
                self.opens[i + 1] -= _BEGINNING
                self.goes_on[i + 1] += _BEGINNING
        # Who said the quotation above: never a paragraph of its own.
        self._go_on([i for i in np.flatnonzero(before & kinds.QUOTE_SHUT).tolist() if _SAID.match(texts[i])])

    def _find_datelines(self, flow: Flow) -> None:
        texts = flow.texts
        may = (flow.held & kinds.DATES) | (flow.first & kinds.FILED)
        # A dateline may run over the end of a short line.
        may[:-1] |= np.where(flow.size[:-1] < 24, may[1:], 0) * (flow.first[:-1] & kinds.REPORTS != 0)
        for i in np.flatnonzero(may).tolist():
            text = texts[i]
            head = text[0]
            if head in "本【[（(〔新据中又" or "讯" in text or "电" in text or "报道" in text:
                opening = people.dateline(text)
                if opening is None and i + 1 < len(texts) and len(text) < 24 and head in "本记通":
                    opening = people.dateline(f"{text} {texts[i + 1]}")
                if opening is not None:
                    self.dated[i] = True
                    self.goes_on[i] += 6.0
                    self.display[i] += 7.0

    def _go_on(self, which: Bools | list[int]) -> None:
        self.continues[which] += 4.0
        self.display[which] += 4.0


def _listed(flow: Flow) -> Bools:
    """Lines of a list set line by line: what ends in a colon above a semicolon, and those that end in semicolons below."""
    out = np.zeros(len(flow), np.bool_)
    told = False
    for i in np.flatnonzero(flow.last & kinds.COLON).tolist():
        above, below = flow.texts[i - 1][-1] if i else " ", flow.texts[i + 1] if i + 1 < len(flow) else " "
        if flow.texts[i][-1] in ":：":
            told = below[-1] in ";；" or (below[-1] in ":：" and len(below) <= _SHORT_CALL) or (told and above in ";；")
        else:
            told = above in ";；" or (told and above in ":：")
        out[i] = told
    return out


def _spoken(flow: Flow) -> list[int]:
    """Lines that open with who speaks in an interview: roles, and names that open several lines."""
    texts = flow.texts
    hits = ((i, _SPEAKER.match(texts[i])) for i in np.flatnonzero(flow.held & kinds.COLON).tolist())
    names = [(i, hit[1]) for i, hit in hits if hit is not None]
    often = Counter(name for _, name in names)
    return [
        i for i, name in names if _SPOKEN.match(texts[i]) or (often[name] > 1 and people.is_person(name) and i > 0 and flow.final[i - 1])
    ]


def _display(flow: Flow, spaced: Bools) -> Floats:
    """Cost of the words of each line as those of a display line."""
    last, held, size, final = flow.last, flow.held, flow.size, flow.final
    cost = np.where(spaced, 1.0, 2.0)
    cost += np.where(final, np.where(last & kinds.EXCLAIM, 2.0, 7.0), np.where(last & kinds.RUNS_ON, 4.0, 0.0))
    stops = flow.count(kinds.FULL_STOP) > (last & kinds.FULL_STOP != 0)
    comma = np.where((size <= 14) & (flow.count(kinds.COMMA) == 1), 1.2, 3.0)
    cost += np.where(stops | (held & kinds.SEMICOLON != 0), 5.0, np.where(held & kinds.COMMA, comma, 0.0))
    for i in np.flatnonzero(last & kinds.NOTICE).tolist():
        if is_notice(flow.texts[i]):
            cost[i] -= 2.0
    uneven = flow.count(kinds.QUOTE_OPEN) != flow.count(kinds.QUOTE_SHUT)
    uneven |= flow.count(kinds.BRACKET_OPEN) != flow.count(kinds.BRACKET_SHUT)
    cost += np.where(uneven, 3.0, 0.0)
    cost += np.where(flow.cells > 64, np.where(flow.cells <= 100, 1.0, 8.0), 0.0)
    for i in np.flatnonzero(flow.first & kinds.DASH).tolist():
        if flow.texts[i].startswith(_DASH):
            cost[i] -= 1.0
    return cost


def inside_quotes(flow: Flow) -> Floats:
    """Cost of breaking before each line: a quotation or bracket that is open there and closed soon after.

    A quotation that opens again before it closes is one of several paragraphs, and costs nothing.
    """
    out = np.zeros(len(flow))
    open_at: dict[int, int] = {}
    shut = {kinds.QUOTE_SHUT: kinds.QUOTE_OPEN, kinds.BRACKET_SHUT: kinds.BRACKET_OPEN}
    marks = sum(shut) | sum(shut.values())
    at = np.flatnonzero(flow.kinds & marks)
    for i, mark in zip(flow.lines_at(at).tolist(), (flow.kinds[at] & marks).tolist(), strict=True):
        opening = shut.get(mark)
        if opening is None:
            open_at[mark] = i
            continue
        opened = open_at.pop(opening, None)
        if opened is not None and i - opened <= 40:
            out[opened + 1 : i + 1] = _INSIDE_QUOTE
    return out
