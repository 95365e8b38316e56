"""How wide the columns are and how the page marks its paragraphs, estimated from the lines themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from pipeline.segment.lines import Line

WINDOW: Final = 6
"""Lines looked at on either side to estimate a column's width."""
NARROWEST: Final = 16
WIDEST: Final = 110
"""Half cells.  Text columns hold 8 to 55 characters; a longer line was never wrapped."""

_MOST_TRUST: Final = 1.6
"""Highest cost of a break without an empty line, however regular the certain breaks look."""

_FINAL: Final = re.compile(r"(?:[。！？!?…]|(?<=[\u3400-\u9fff])[.．])[”’\"'）)】》\]]*$")


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
    blank_at_break: float
    no_blank_at_break: float
    blank_at_wrap: float
    no_blank_at_wrap: float


def is_final(text: str) -> bool:
    """Whether a line ends a sentence."""
    return text[-1] in "。！？" or _FINAL.search(text) is not None


def _mode(values: Sequence[int]) -> int:
    """The width that most of a few lines share within one character; 0 where no two agree."""
    best, support = 0, 1
    for value in values:
        if not NARROWEST <= value <= WIDEST:
            continue
        count = 0
        for other in values:
            if -2 <= other - value <= 2:
                count += 1
        if count > support or (count == support > 1 and value > best):
            best, support = value, count
    return best


def column_widths(cells: Sequence[int]) -> Columns:
    """Estimate the column width from the lines before, and from those after, each line."""
    count = len(cells)
    ahead = [_mode(cells[i : i + WINDOW]) for i in range(count + 1)]
    before = [ahead[max(0, i - WINDOW)] if i >= WINDOW else _mode(cells[:i]) for i in range(count)]
    return Columns(before, ahead[1:])


def short_by(cells: int, before: int, after: int) -> int | None:
    """Half cells by which a line falls short of the nearer of its columns; ``None`` without a column."""
    if before and after:
        return max(0, min(before, after) - cells)
    if before or after:
        return max(0, before + after - cells)
    return None


def style_of(flow: Sequence[Line], columns: Columns) -> Style:
    """Learn the paragraph marks from the breaks that are certain: a finished sentence in a line that is clearly short."""
    certain = blank = indented = lost = full = 0
    running = lies = 0
    for i in range(len(flow) - 1):
        line, following = flow[i], flow[i + 1]
        short = short_by(line.cells, columns.before[i], columns.after[i])
        if not is_final(line.text):
            if short is not None and short <= 2:
                running += 1
                lies += following.gap > 0
            continue
        if short is not None and short < 5:
            continue
        certain += 1
        blank += following.gap > 0
        indented += following.indent >= 2
        width = columns.after[i + 1]
        if width and i + 2 < len(flow) and not is_final(following.text) and abs(width - flow[i + 2].cells) <= 2:
            deficit = width - following.cells
            lost += 3 <= deficit <= 5
            full += -2 <= deficit <= 1
    blank_share = (blank + 1) / (certain + 2)
    lie_share = (lies + 0.3) / (running + 8)
    return Style(
        indented=certain >= 2 and indented >= 0.6 * certain,
        lost_indent=(lost + 1.0) / (lost + full + 1.5),
        blank_at_break=-log(blank_share),
        no_blank_at_break=min(_MOST_TRUST, -log(1 - blank_share)),
        blank_at_wrap=-log(lie_share),
        no_blank_at_wrap=-log(1 - lie_share),
    )
