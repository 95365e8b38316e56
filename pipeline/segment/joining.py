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
from typing import Final

from pipeline.segment import people
from pipeline.segment.columns import INDENT, NARROWEST, NO_LINE_START, QUOTE_START, Columns, Edge, Style, is_final, short_by
from pipeline.segment.forms import is_notice
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
_QUOTE_START: Final = frozenset('“‘"《（(【')
_CLAUSE_SPACE: Final = re.compile(r"[\u3400-\u9fff”’》]{2}\s{1,3}[\u3400-\u9fff“‘《]{2}")
_DIGIT_SPACE: Final = re.compile(r"\d\s|\s\d|\s[，。、]")
_CAPTION_START: Final = re.compile(r"图为|[上下左右]图|▲")
_SAID: Final = re.compile(r"^[^，。：:；！？“”]{1,24}(?:说|道|表示|介绍|回忆|感慨|感叹|坦言|告诉\S{1,4}|笑言)[。！]")
_ITEM: Final = re.compile(
    r"特此(?:公告|通告|通知|声明|公示|说明|致歉)|[●◆■▲○★◇▪•◎][\u3400-\u9fff“\d]|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十]{1,3}条|\d{1,2}[、．]|\d{1,2}\.(?!\d)"
)
"""What opens an item of a list, an article of a rule, or the closing formula of a notice."""
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


def read(lines: Sequence[Line], edges: Sequence[Edge], seams: Sequence[Seam], columns: Columns, style: Style) -> list[Reading]:
    """Return the likeliest reading of each line; ``seams[i]`` tells what lies before line ``i``."""
    inside = _inside_quotes(lines)
    first_open, middle_open, closed = _NEVER, _NEVER, 0.0
    closed_from = Reading.SINGLE
    back: list[tuple[Reading, Reading, Reading]] = []
    for i, line in enumerate(lines):
        first, middle, last, single, display = _emissions(lines, edges, i, columns, style)
        gap = line.gap > 0
        at_wrap = style.blank_at_quote if line.text[0] in QUOTE_START else style.blank_at_wrap
        wrap = at_wrap if gap else style.no_blank_at_wrap
        wrap += style.wraps + (_NEVER if seams[i] == Seam.WALL else _BRIDGE if seams[i] else 0.0)
        start = style.blank_at_break if gap else style.no_blank_at_break
        start += inside[i]
        from_first, from_middle = first_open + _after_first(lines, edges, i, style), middle_open + _after_middle(lines, edges, i)
        to_last = first_open + _ends(lines, edges, i, INDENT), middle_open + _ends(lines, edges, i, 0)
        middle_from = Reading.FIRST if from_first <= from_middle else Reading.MIDDLE
        last_from = Reading.FIRST if to_last[0] <= to_last[1] else Reading.MIDDLE
        back.append((middle_from, last_from, closed_from))
        clustered = closed_from is Reading.DISPLAY
        d = closed + inside[i] + display + (0.3 if gap else 0.6 if clustered else 2.0) + (0.0 if clustered else _HEADING)
        s, la = closed + start + style.breaks + single, min(to_last) + wrap + last
        first_open, middle_open = closed + start + style.breaks + first, min(from_first, from_middle) + wrap + middle
        closed, closed_from = min((s, Reading.SINGLE), (la, Reading.LAST), (d, Reading.DISPLAY))
    best_open = (first_open, Reading.FIRST) if first_open <= middle_open else (middle_open, Reading.MIDDLE)
    return _trace(back, best_open[1] if best_open[0] + _UNFINISHED < closed else closed_from)


def _trace(back: list[tuple[Reading, Reading, Reading]], state: Reading) -> list[Reading]:
    out: list[Reading] = []
    for middle_from, last_from, closed_from in reversed(back):
        out.append(state)
        state = middle_from if state is Reading.MIDDLE else last_from if state is Reading.LAST else closed_from
    out.reverse()
    return out


def _after_first(lines: Sequence[Line], edges: Sequence[Edge], i: int, style: Style) -> float:
    """Cost of a full line after a first line: wider by the lost indent, or as wide."""
    if not i:
        return 0.0
    low, high = _wider(lines, edges, i)
    if low <= 5 and high >= 3:
        return 0.1
    if low <= 1 and high >= -2:
        return min(_MISFIT, -0.7 * log(max(0.02, 1 - style.lost_indent)))
    return _SLIP if low <= 7 and high >= -4 else _MISFIT


def _after_middle(lines: Sequence[Line], edges: Sequence[Edge], i: int) -> float:
    """Cost of a full line after another: as wide."""
    if not i:
        return 0.0
    low, high = _wider(lines, edges, i)
    return 0.0 if low <= 2 and high >= -2 else _SLIP if low <= 4 and high >= -4 else _MISFIT


def _ends(lines: Sequence[Line], edges: Sequence[Edge], i: int, more: int) -> float:
    """Cost of a last line wider than the line before it allows."""
    return _MISFIT if i and _wider(lines, edges, i)[0] > more + 3 else 0.0


def _wider(lines: Sequence[Line], edges: Sequence[Edge], i: int) -> tuple[int, int]:
    """By how many half cells a line is wider than the one before, at least and at most.

    Marks may hang over the edge of either, and the one before may lack what would not fit.
    """
    before, here = lines[i - 1], lines[i]
    grown = here.cells - before.cells
    return grown - edges[i].hanging - max(0, edges[i].opening - 2), grown + edges[i - 1].hanging


def _emissions(
    lines: Sequence[Line], edges: Sequence[Edge], i: int, columns: Columns, style: Style
) -> tuple[float, float, float, float, float]:
    line = lines[i]
    text, cells = line.text, line.cells
    before, after = columns.before[i], columns.after[i]
    final = is_final(text)
    chance = _FINAL_BY_CHANCE if final else 0.07
    end = 0.0 if final else _UNFINISHED

    # Marks that may not open a line hang over the edge of the column.
    hang = edges[i].hanging
    short = short_by(cells, before, after)
    if short is None:
        middle = _NO_COLUMN
    else:
        middle = _SHORT_MIDDLE[short] if short < len(_SHORT_MIDDLE) else 6.0
        if cells - hang > max(before, after) + 5:
            middle = _NO_COLUMN
        elif short and i + 1 < len(lines):
            # What opens the next line may have been too wide for the room that was left.
            room = edges[i + 1].opening
            if room > short:
                middle = min(middle, 0.6)
    if i and not final and not is_final(lines[i - 1].text) and cells >= NARROWEST:
        # A line as wide as the one above, or wider than it by an indent, keeps to a column of its own.
        wider = cells - lines[i - 1].cells
        if -2 <= wider <= 2:
            middle = min(middle, 0.5)
        elif 3 <= wider <= 5 and lines[i - 1].gap >= line.gap:
            middle = min(middle, 0.5 - log(style.lost_indent))
    width = after or before
    if not width:
        first = _NO_COLUMN
    else:
        # Which width the paragraph has is not settled yet: the one that fits best counts.
        widths = {before or width, after or width, lines[i + 1].cells if i + 1 < len(lines) else width}
        if i and -2 <= lines[i - 1].cells - width <= 4:
            widths.add(lines[i - 1].cells)
        deficit = min((w - c for w in widths for c in range(cells - hang, cells + 1, 2)), key=lambda d: abs(d - 4))
        # A mixture of the two habits, by how likely each is on this page.
        if deficit > 5 and i + 1 < len(lines):
            # What opens the next line may have been too wide for the room that was left.
            deficit = max(5, deficit - edges[i + 1].opening + 2)
        lost = 0.8 if 3 <= deficit <= 5 else 0.3 if deficit in (2, 6) else 0.02 if deficit < 8 else 0.004
        kept = exp(-middle)
        first = -log(style.lost_indent * lost + (1 - style.lost_indent) * kept)
    last = _LAST_WIDTH if short is not None else 4.0
    if width and cells - hang > max(before, after, lines[i - 1].cells + 4 if i else 0) + 5:
        last += 3.0
    single = (_LAST_WIDTH + 1.5) if width and cells <= max(before, after) + 4 else 1.0
    spaced = _CLAUSE_SPACE.search(text) is not None and _DIGIT_SPACE.search(text) is None
    display = _display_cost(line, final, spaced)

    if text[0] in "图上下左右▲" and _CAPTION_START.match(text):
        middle, last, display = middle + 5.0, last + 5.0, display + 5.0
    if text[0] in NO_LINE_START:
        first, single, display = first + 8.0, single + 8.0, display + 8.0
    if line.indent >= 2:
        if style.indented:
            middle, last = middle + 7.0, last + 7.0
    elif style.indented:
        first, single = first + 4.0, single + 4.0
    if text[0] in "本【[（(新据中又" or "讯" in text or "电" in text or "报道" in text:
        opening = people.dateline(text)
        if opening is None and i + 1 < len(lines) and len(text) < 24 and text[0] in "本记通":
            opening = people.dateline(text + " " + lines[i + 1].text)
        if opening is not None:
            middle, last, display = middle + 6.0, last + 6.0, display + 7.0
            first = min(first, 1.0)
    if spaced:
        first, middle = first + 2.0, middle + 2.0
    if _ITEM.match(text) and (not i or lines[i - 1].text[-1] in "。：:；;！？)）”"):
        middle, last = middle + 8.0, last + 8.0
    if text[-1] in "：:；;" and i + 1 < len(lines) and _ITEM.match(lines[i + 1].text):
        end = min(end, 1.0)
    if i and text[0].isdigit() and _NUMBER_OPEN.search(lines[i - 1].text):
        first, single, display = first + 4.0, single + 4.0, display + 4.0
    if i and lines[i - 1].text[-1] == "”" and _SAID.match(text):
        # Who said the quotation above: never a paragraph of its own.
        first, single, display = first + 4.0, single + 4.0, display + 4.0
    return first + chance, middle + chance, last + end, single + end, display


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
