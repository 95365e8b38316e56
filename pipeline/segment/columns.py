"""How wide the columns are and how the page marks its paragraphs, estimated from the lines themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final, NamedTuple

from pipeline.segment.lines import Line, width

WINDOW: Final = 4
"""Unfinished lines looked at on either side to estimate a column's width."""
NARROWEST: Final = 16
WIDEST: Final = 110
"""Half cells.  Text columns hold 8 to 55 characters; a longer line was never wrapped."""

INDENT: Final = 4
"""Half cells of the two characters that open a paragraph."""

NO_LINE_START: Final = frozenset("，。、；：？！”’）》】％%‰℃,.;:?!)]}…")
"""Marks that may not open a line."""
QUOTE_START: Final = frozenset('“‘"《（(【')
_MOST_TRUST: Final = 1.6
"""Highest cost of a break without an empty line, however regular the certain breaks look."""

_OPENING: Final = re.compile(r"[“‘《（【]*(?:[A-Za-z]+|[\d.,]+[%％℃]?|——|……|.)[，。、；：？！”’）》】%％℃…]*")
_FINAL: Final = re.compile(
    r"(?:[。！？!?…]|(?<=[\u3400-\u9fff])[.．])[”’\"'）)】》\]]*(?:\s?[（(【][^（）()。，]{2,30}[）)】]|\s?[^。，！？]{2,24}(?:摄|文/图))?$|^[\u3400-\u9fff·、\s]{2,20}(?:摄|文/图)$|[版页][)）\]】]$"
)


@dataclass(slots=True, frozen=True)
class Columns:
    """Column width around each line, in half cells, 0 where unknown."""

    before: list[int]
    after: list[int]


@dataclass(slots=True, frozen=True)
class Style:
    """What the page's certain breaks teach about its uncertain ones; costs are negative log-probabilities."""

    indented: bool
    """Paragraphs open with white space."""
    lost_indent: float
    """Probability that first lines are shorter by the two characters of an indent that is gone."""
    breaks: float
    wraps: float
    blank_at_break: float
    no_blank_at_break: float
    blank_at_wrap: float
    blank_at_quote: float
    """An empty line in mid-paragraph before an opening quote, where layout programs put them."""
    no_blank_at_wrap: float


_MAY_END: Final = frozenset("!?…”’\"'）)】》].．摄图")


def is_final(text: str) -> bool:
    """Whether a line ends a sentence; names in brackets or a photographer may follow its mark."""
    last = text[-1]
    return last in "。！？" or (last in _MAY_END and _FINAL.search(text) is not None)


def hanging(text: str) -> int:
    """Half cells by which the marks at the end of a line may stand over the edge of its column."""
    size = len(text)
    at = size
    while at > 1 and at > size - 2 and text[at - 1] in NO_LINE_START:
        at -= 1
    return 2 * (size - at)


def opening(text: str) -> int:
    """Half cells of what cannot be parted from the beginning of a line: a word, a number, a character and the marks after it."""
    hit = _OPENING.match(text)
    return width(hit.group()) if hit else 2


class Edge(NamedTuple):
    """How a line meets the edges of its column, in half cells."""

    hanging: int
    opening: int


def edges_of(lines: Sequence[Line]) -> list[Edge]:
    """The edges of all lines."""
    return [Edge(hanging(line.text), opening(line.text)) for line in lines]


def _mode(values: Sequence[tuple[int, int, float]], lost: float) -> int:
    """The column width that best explains a few unfinished lines; 0 without any.

    Each value is a line's width, the width less the marks that may hang over the edge, and the
    probability that it opens a paragraph.  A line of the column's width (within one character)
    supports it, and so does a first line, which lacks the two characters of its indent where the
    page has lost them (``lost``).  Nothing is wider than its column, so of two widths about as well
    supported the wider wins.
    """
    found: list[tuple[float, int]] = []
    widths = {v for v, _, _ in values} | {v + INDENT for _, v, first in values if first * lost > 0.25}
    for value in widths:
        if NARROWEST <= value <= WIDEST:
            support = 0.0
            for widest, sure, first in values:
                opens = first * lost
                if value - 2 <= widest and sure <= value + 2:
                    support += 1.0 - 0.6 * opens
                elif 3 <= value - sure <= 5 or 3 <= value - widest <= 5:
                    support += 0.2 + 0.7 * opens
            found.append((support, value))
    if not found:
        return 0
    most = max(found)[0]
    return max(value for support, value in found if support >= most - 0.45)


def _openers(lines: Sequence[Line], walls: Sequence[bool], shown: Sequence[bool]) -> list[float]:
    """Probability that each line opens a paragraph, from what stands before it."""
    out = [1.0] * len(lines)
    for i in range(1, len(lines)):
        if not walls[i] and not (shown and shown[i - 1]):
            out[i] = 0.0 if not is_final(lines[i - 1].text) else 1.0 if lines[i].gap else 0.5
    return out


def lost_indent(lines: Sequence[Line], openers: Sequence[float]) -> float:
    """Probability that the page's first lines lack the two characters of an indent: how often they are so much shorter than the next."""
    lost = full = 0
    for i in range(len(lines) - 1):
        line, following = lines[i], lines[i + 1]
        if openers[i] == 1.0 and not openers[i + 1] and not is_final(line.text) and not is_final(following.text):
            deficit = following.cells - line.cells
            lost += 3 <= deficit <= 6
            full += -2 <= deficit <= 1
    return (lost + 1.0) / (lost + full + 1.5)


def column_widths(lines: Sequence[Line], edges: Sequence[Edge], walls: Sequence[bool], shown: Sequence[bool] = ()) -> Columns:
    """Estimate the column width from the lines before, and from those after, each line.

    Only lines that end in mid-sentence tell it: they were wrapped, or they are headlines.  ``walls``
    tells lines before which no paragraph runs on; ``shown`` those that are known to be display lines.
    """
    openers = _openers(lines, walls, shown)
    lost = lost_indent(lines, openers)
    unfinished = [i for i, line in enumerate(lines) if not (shown and shown[i]) and not is_final(line.text)]
    cells = [(lines[i].cells, lines[i].cells - edges[i].hanging, openers[i]) for i in unfinished]
    windows = [_mode(cells[max(0, k - WINDOW) : k], lost) for k in range(len(cells) + 1)]
    # windows[k] looks back from the k-th unfinished line; windows[k + WINDOW] is the same lines seen from before.
    last = len(cells)
    before: list[int] = []
    after: list[int] = []
    k = 0
    for i in range(len(lines)):
        before.append(windows[k])
        if k < last and unfinished[k] == i:
            k += 1
        ahead = min(last, k + WINDOW)
        after.append(windows[ahead] if ahead - k == WINDOW else _mode(cells[k:ahead], lost))
    return Columns(before, after)


def short_by(cells: int, before: int, after: int) -> int | None:
    """Half cells by which a line falls short of the nearer column that can hold it; ``None`` without a column."""
    if not (before or after):
        return None
    nearest = before if before and cells <= before + 3 else 0
    if after and cells <= after + 3 and (not nearest or after < nearest):
        nearest = after
    return max(0, nearest - cells)


def _is_indented(flow: Sequence[Line], shown: Sequence[bool]) -> bool:
    """Whether paragraphs open with white space: most lines after a finished sentence do, few others.

    Display lines do not count; until they are known, a line above an indented one that is not indented itself is taken for one.
    """
    opening = opening_indented = running = running_indented = 0
    for i in range(1, len(flow)):
        before, line = flow[i - 1], flow[i]
        if shown:
            if shown[i - 1] or shown[i]:
                continue
        elif i + 1 < len(flow) and line.indent < 2 <= flow[i + 1].indent and not is_final(line.text):
            continue
        if is_final(before.text):
            opening += 1
            opening_indented += line.indent >= 2
        elif before.cells >= NARROWEST and (shown or not before.indent < 2 <= line.indent):
            running += 1
            running_indented += line.indent >= 2
    return opening_indented >= 2 and 2 * opening_indented >= opening and 3 * running_indented <= max(running, opening_indented)


def style_of(flow: Sequence[Line], columns: Columns, shown: Sequence[bool] = ()) -> Style:
    """Learn the paragraph marks from the breaks that are certain: a finished sentence in a line that is clearly short.

    ``shown`` tells lines that are known to be display lines, which say nothing about paragraphs.
    """
    certain = blank = lost = full = 0
    running = lies = quoted = quoted_lies = 0
    for i in range(len(flow) - 1):
        line, following = flow[i], flow[i + 1]
        if shown and (shown[i] or shown[i + 1]):
            continue
        short = short_by(line.cells, columns.before[i], columns.after[i])
        if not is_final(line.text):
            if short is not None and short <= 2:
                running += 1
                lies += following.gap > 0
                if following.text[0] in QUOTE_START:
                    quoted += 1
                    quoted_lies += following.gap > 0
            continue
        if short is not None and short < 5:
            continue
        certain += 1
        blank += following.gap > 0
        width = columns.after[i + 1]
        if width and i + 2 < len(flow) and not is_final(following.text) and abs(width - flow[i + 2].cells) <= 2:
            deficit = width - following.cells
            lost += 3 <= deficit <= 5
            full += -2 <= deficit <= 1
    blank_share = (blank + 1.4) / (certain + 2)
    lie_share = (lies + 0.3) / (running + 8)
    # Where few lines begin with a quote, what other lines do tells how far empty lines can be trusted.
    quote_share = (quoted_lies + 2 * min(0.5, 2 * lie_share)) / (quoted + 2)
    break_share = min(0.5, max(0.09, (certain + 2) / (len(flow) + 8)))
    return Style(
        indented=_is_indented(flow, shown),
        lost_indent=(lost + 1.0) / (lost + full + 1.5),
        breaks=-log(break_share),
        wraps=-log(1 - break_share),
        blank_at_break=-log(blank_share),
        no_blank_at_break=min(_MOST_TRUST, -log(1 - blank_share)),
        blank_at_wrap=-log(lie_share),
        blank_at_quote=-log(quote_share),
        no_blank_at_wrap=-log(1 - lie_share),
    )
