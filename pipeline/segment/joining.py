"""Lines to paragraphs: the likeliest reading of all lines at once.

Every line is the first, a middle or the last line of a paragraph, a paragraph of its own, or a
display line (headline, label, subhead).  Each reading has a cost, a negative log-probability, given
by the line's width against its column, its last and first characters, empty lines and indents; the
cheapest sequence of readings is found by the Viterbi algorithm (Viterbi 1967) in linear time.  The
costs are set by hand from typesetting rules, and the page's own habits (``Style``) enter as numbers
estimated from the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from math import exp, log
from typing import Final, NamedTuple

from pipeline.segment import people
from pipeline.segment.columns import INDENT, NARROWEST, NO_LINE_START, QUOTE_START, Columns, Edge, Style, is_final, short_by
from pipeline.segment.forms import is_notice, is_salutation
from pipeline.segment.lines import Line


class Reading(IntEnum):
    FIRST = 0
    MIDDLE = 1
    LAST = 2
    SINGLE = 3
    DISPLAY = 4


class Seam(IntEnum):
    """What lies between a line and the one before it."""

    NONE = 0
    FURNITURE = 1
    """Page furniture, which may stand in the middle of a sentence."""
    WALL = 2
    """A byline, a credit or a jump: no paragraph runs on."""


_RUNS_ON: Final = frozenset("，、；,;(（《“‘【和与及或的地得是在把被将对向从")
_CLAUSE_SPACE: Final = re.compile(r"[\u3400-\u9fff”’》]{2}\s{1,3}[\u3400-\u9fff“‘《]{2}")
_DIGIT_SPACE: Final = re.compile(r"\d\s|\s\d|\s[，。、]")
_CAPTION_START: Final = re.compile(r"图为|[上下左右]图|▲")
_SAID: Final = re.compile(r"^[^，。：:；！？“”]{1,24}(?:说|道|表示|介绍|回忆|感慨|感叹|坦言|告诉\S{1,4}|笑言)[。！]")
_ITEM: Final = re.compile(
    r"特此(?:公告|通告|通知|声明|公示|说明|致歉)|[●◆■▲○★◇▪•◎][\u3400-\u9fff“\d]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}条|\d{1,2}[、．]|\d{1,2}\.(?!\d)"
)
"""What opens an item of a list, an article of a rule, or the closing formula of a notice."""
_PHONE_END: Final = re.compile(r"(?:\d[\d\-—*]{6,}|[\w.]+@[\w.]+\w)$")
"""A telephone number or an address, with which notices end."""
_NUMBER_OPEN: Final = re.compile(r"\d[.,]$")
_DASH: Final = ("——", "──", "－－", "--")
_NEVER: Final = 1e6

_HEADING: Final = 1.5
"""Display lines come together; the first of them is rarer."""
_FINAL_BY_CHANCE: Final = 3.2
"""A full line ends a sentence by chance about once in twenty-five."""
_UNFINISHED: Final = 7.0
_LAST_WIDTH: Final = 2.8
"""A last line may end anywhere in its column."""
_BRIDGE: Final = 2.0
"""Text running on past page furniture."""
_SHORT_MIDDLE: Final = (0.1, 0.1, 0.3, 2.2, 3.7, 4.3, 4.8, 5.2, 5.5, 5.8)
_SLIP: Final = 0.8
_MISFIT: Final = 2.5
"""Neighbouring lines of one paragraph whose widths differ: by a character more than they should, by more."""
_NO_COLUMN: Final = 3.5
_INSIDE_QUOTE: Final = 3.0


class Reader:
    """Reads the lines of a page, as often as its columns and habits are estimated anew.

    Args:
        lines: running text and display lines, in order.
        edges: how each meets the edges of its column.
        seams: what lies before each.
    """

    def __init__(self, lines: Sequence[Line], edges: Sequence[Edge], seams: Sequence[Seam]) -> None:
        self._lines, self._edges = lines, edges
        self._walls = [_NEVER if s == Seam.WALL else _BRIDGE if s else 0.0 for s in seams]
        self._inside = _inside_quotes(lines)
        self._words = [_wording(lines, i) for i in range(len(lines))]
        self._wider = [_wider(lines, edges, i) if i else (0, 0) for i in range(len(lines))]

    def read(self, columns: Columns, style: Style) -> list[Reading]:
        """Return the likeliest reading of each line."""
        first_open, middle_open, closed = _NEVER, _NEVER, 0.0
        closed_from = Reading.SINGLE
        back: list[tuple[Reading, Reading, Reading]] = []
        inside, walls, words = self._inside, self._walls, self._words
        same_after_first = min(_MISFIT, -0.7 * log(max(0.02, 1 - style.lost_indent)))
        for i, line in enumerate(self._lines):
            first, middle, last, single = self._emissions(i, columns, style)
            word = words[i]
            if line.gap:
                start = style.blank_at_break + inside[i]
                wrap = (style.blank_at_quote if word.quotes else style.blank_at_wrap) + style.wraps + walls[i]
            else:
                start = style.no_blank_at_break + inside[i]
                wrap = style.no_blank_at_wrap + style.wraps + walls[i]
            low, high = self._wider[i]
            from_first, from_middle = first_open, middle_open
            last_after_first, last_after_middle = first_open, middle_open
            if i:
                # A full line after a first line is wider by the lost indent, or as wide; after another, as wide.
                if low <= 5 and high >= 3:
                    from_first += 0.1
                elif low <= 1 and high >= -2:
                    from_first += same_after_first
                else:
                    from_first += _SLIP if low <= 7 and high >= -4 else _MISFIT
                from_middle += 0.0 if low <= 2 and high >= -2 else _SLIP if low <= 4 and high >= -4 else _MISFIT
                # A last line is no wider than the line before it allows.
                last_after_first += _MISFIT if low > INDENT + 3 else 0.0
                last_after_middle += _MISFIT if low > 3 else 0.0
            middle_from = Reading.FIRST if from_first <= from_middle else Reading.MIDDLE
            last_from = Reading.FIRST if last_after_first <= last_after_middle else Reading.MIDDLE
            back.append((middle_from, last_from, closed_from))
            clustered = closed_from is Reading.DISPLAY
            shown = closed + inside[i] + word.display + (0.3 if line.gap else 0.6 if clustered else 2.0) + (0.0 if clustered else _HEADING)
            alone = closed + start + style.breaks + single
            ended = min(last_after_first, last_after_middle) + wrap + last
            first_open, middle_open = closed + start + style.breaks + first, min(from_first, from_middle) + wrap + middle
            if ended <= alone and ended <= shown:
                closed, closed_from = ended, Reading.LAST
            elif alone <= shown:
                closed, closed_from = alone, Reading.SINGLE
            else:
                closed, closed_from = shown, Reading.DISPLAY
        best_open = (first_open, Reading.FIRST) if first_open <= middle_open else (middle_open, Reading.MIDDLE)
        return _trace(back, best_open[1] if best_open[0] + _UNFINISHED < closed else closed_from)

    def _emissions(self, i: int, columns: Columns, style: Style) -> tuple[float, float, float, float]:
        """Cost of a line as a first, middle, last and only line of a paragraph."""
        line, word, edges = self._lines[i], self._words[i], self._edges
        cells, hang = line.cells, edges[i].hanging
        before, after = columns.before[i], columns.after[i]
        widest = max(before, after)
        above = self._lines[i - 1] if i else None
        # What opens the next line may have been too wide for the room that was left.
        room = edges[i + 1].opening if i + 1 < len(edges) else 0

        short = short_by(cells, before, after)
        if short is None or cells - hang > widest + 5:
            middle = _NO_COLUMN
        else:
            middle = _SHORT_MIDDLE[short] if short < len(_SHORT_MIDDLE) else 6.0
            if short and room > short:
                middle = min(middle, 0.6)
        if above is not None and not word.final and not self._words[i - 1].final and cells >= NARROWEST:
            # A line as wide as the one above, or wider than it by an indent, keeps to a column of its own.
            wider = cells - above.cells
            if -2 <= wider <= 2:
                middle = min(middle, 0.5)
            elif 3 <= wider <= 5 and above.gap >= line.gap:
                middle = min(middle, 0.5 - log(style.lost_indent))
        width = after or before
        first = self._first(i, (before, after), room, middle, style) if width else _NO_COLUMN
        last = _LAST_WIDTH if short is not None else 4.0
        if width and cells - hang > max(widest, above.cells + 4 if above is not None else 0) + 5:
            last += 3.0
        single = (_LAST_WIDTH + 1.5) if width and cells <= widest + 4 else 1.0

        first, single, middle, last = first + word.opens, single + word.opens, middle + word.goes_on, last + word.goes_on
        if word.item and not (style.indented and line.indent < 2):
            middle, last = middle + 8.0, last + 8.0
        if line.indent >= 2:
            if style.indented:
                middle, last = middle + 7.0, last + 7.0
        elif style.indented:
            first, single = first + 4.0, single + 4.0
        if word.dated:
            first = min(first, 1.0)
        if word.spaced:
            first, middle = first + 2.0, middle + 2.0
        first, single = first + word.continues, single + word.continues
        chance = _FINAL_BY_CHANCE if word.final else 0.07
        return first + chance, middle + chance, last + word.end, single + word.end

    def _first(self, i: int, around: tuple[int, int], room: int, middle: float, style: Style) -> float:
        """Cost of the width of a first line: shorter than its column by the lost indent, or as a middle line is."""
        lines = self._lines
        cells, hang = lines[i].cells, self._edges[i].hanging
        before, after = around
        width = after or before
        # Which width the paragraph has is not settled yet: the one that fits best counts.
        widths = {before or width, width, lines[i + 1].cells if i + 1 < len(lines) else width}
        if i and -2 <= lines[i - 1].cells - width <= 4:
            widths.add(lines[i - 1].cells)
        deficit, off = 0, 10_000
        for wide in widths:
            for told in range(cells - hang, cells + 1, 2):
                miss = abs(wide - told - 4)
                if miss < off:
                    deficit, off = wide - told, miss
        if deficit > 5 and i + 1 < len(lines):
            deficit = max(5, deficit - room + 2)
        # A mixture of the two habits, by how likely each is on this page.
        lost = 0.8 if 3 <= deficit <= 5 else 0.3 if deficit in (2, 6) else 0.02 if deficit < 8 else 0.004
        return -log(style.lost_indent * lost + (1 - style.lost_indent) * exp(-middle))


def _trace(back: list[tuple[Reading, Reading, Reading]], state: Reading) -> list[Reading]:
    out: list[Reading] = []
    for middle_from, last_from, closed_from in reversed(back):
        out.append(state)
        state = middle_from if state is Reading.MIDDLE else last_from if state is Reading.LAST else closed_from
    out.reverse()
    return out


def _wider(lines: Sequence[Line], edges: Sequence[Edge], i: int) -> tuple[int, int]:
    """By how many half cells a line is wider than the one before, at least and at most.

    Marks may hang over the edge of either, and the one before may lack what would not fit.
    """
    before, here = lines[i - 1], lines[i]
    grown = here.cells - before.cells
    return grown - edges[i].hanging - max(0, edges[i].opening - 2), grown + edges[i - 1].hanging


class _Wording(NamedTuple):
    """What the words of a line say of it, whatever its width: costs of its readings."""

    final: bool
    """It ends a sentence."""
    end: float
    """As a last or only line: how open its end is."""
    display: float
    """As a display line."""
    opens: float
    """As a first or only line."""
    goes_on: float
    """As a middle or last line."""
    continues: float
    """As a first or only line, because the line above plainly goes on in it."""
    dated: bool
    """It opens with a dateline."""
    spaced: bool
    """Spaces part its clauses, as in a headline."""
    quotes: bool
    """It opens with a quotation mark or a bracket."""
    item: bool
    """It opens as an item of a list does."""


def _wording(lines: Sequence[Line], i: int) -> _Wording:
    line = lines[i]
    text = line.text
    head = text[0]
    final = is_final(text)
    spaced = _CLAUSE_SPACE.search(text) is not None and _DIGIT_SPACE.search(text) is None
    display = _display_cost(line, final, spaced)
    opens = goes_on = continues = 0.0
    if head in "图上下左右▲" and _CAPTION_START.match(text):
        goes_on, display = goes_on + 5.0, display + 5.0
    if head in NO_LINE_START:
        opens, display = opens + 8.0, display + 8.0
    dated = False
    if head in "本【[（(〔新据中又" or "讯" in text or "电" in text or "报道" in text:
        opening = people.dateline(text)
        if opening is None and i + 1 < len(lines) and len(text) < 24 and head in "本记通":
            opening = people.dateline(text + " " + lines[i + 1].text)
        dated = opening is not None
        if dated:
            goes_on, display = goes_on + 6.0, display + 7.0
    item = _ITEM.match(text) is not None and (not i or lines[i - 1].text[-1] in "。：:；;！？)）”")
    end = 0.0 if final else _UNFINISHED
    if text[-1] in "：:；;" and i + 1 < len(lines) and _ITEM.match(lines[i + 1].text):
        end = min(end, 1.0)
    if is_salutation(text):
        end, display, opens, goes_on = 0.0, display + 6.0, opens - 1.0, goes_on + 6.0
    if _PHONE_END.search(text):
        end = min(end, 1.5)
        if i and lines[i - 1].text[-1] in "：:" and not line.gap:
            continues, display = continues + 4.0, display + 4.0
    if text[-1] in "：:" and i + 1 < len(lines) and lines[i + 1].text[0].isdigit() and not lines[i + 1].gap:
        display, spaced = display + 4.0, False
    if i and head.isdigit() and _NUMBER_OPEN.search(lines[i - 1].text):
        continues, display = continues + 4.0, display + 4.0
    if i and lines[i - 1].text[-1] == "”" and _SAID.match(text):
        # Who said the quotation above: never a paragraph of its own.
        continues, display = continues + 4.0, display + 4.0
    return _Wording(final, end, display, opens, goes_on, continues, dated, spaced, head in QUOTE_START, item)


def _display_cost(line: Line, final: bool, spaced: bool) -> float:
    text = line.text
    cost = 2.0
    if spaced:
        cost -= 1.0
    if final:
        cost += 2.0 if text[-1] in "！？!?”’" else 7.0
    elif text[-1] in _RUNS_ON:
        cost += 4.0
    if "。" in text[:-1] or "；" in text:
        cost += 5.0
    elif "，" in text:
        cost += 1.2 if len(text) <= 14 and text.count("，") == 1 else 3.0
    if is_notice(text):
        cost -= 2.0
    if text.count("“") != text.count("”") or text.count("（") != text.count("）"):
        cost += 3.0
    if line.cells > 64:
        cost += 1.0 if line.cells <= 100 else 8.0
    if text.startswith(_DASH):
        cost -= 1.0
    return cost


_MARK: Final = re.compile(r"[“”（）]")


def _inside_quotes(lines: Sequence[Line]) -> list[float]:
    """Cost of breaking before each line: a quotation or bracket that is open there and closed soon after.

    A quotation that opens again before it closes is one of several paragraphs, and costs nothing.
    """
    out = [0.0] * len(lines)
    open_at: dict[str, int] = {}
    for i, line in enumerate(lines):
        for mark in _MARK.findall(line.text):
            if mark in "“（":
                open_at[mark] = i
                continue
            opened = open_at.pop("“" if mark == "”" else "（", None)
            if opened is not None and i - opened <= 40:
                for j in range(opened + 1, i + 1):
                    out[j] = _INSIDE_QUOTE
    return out
