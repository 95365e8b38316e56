"""How wide the columns are and how the page marks its paragraphs, estimated from the lines themselves."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from pipeline.segment.flow import QUOTES, Flow
from pipeline.segment.grams import Bools, Floats, Ints

WINDOW: Final = 4
"""Unfinished lines looked at on either side to estimate a column's width."""
NARROWEST: Final = 16
WIDEST: Final = 110
"""Half cells.  Text columns hold 8 to 55 characters; a longer line was never wrapped."""

INDENT: Final = 4
"""Half cells of the two characters that open a paragraph."""

_MOST_TRUST: Final = 1.6
"""Highest cost of a break without an empty line, however regular the certain breaks look."""


_SHORT_BY_ONE: Final = 0.3
_MOST_RAGGED: Final = 3.5
"""Highest cost of a line that breaks early, however even the page's lines look."""


@dataclass(slots=True, frozen=True)
class Columns:
    """Column width around each line, in half cells, 0 where unknown."""

    before: Ints
    after: Ints


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
    ragged: float
    """A line in mid-paragraph that breaks before its column is full, though what follows would have gone in."""


def _modes(cells: Ints, sure: Ints, opens: Floats) -> Ints:
    """The column widths that best explain groups (columns) of a few unfinished lines each (rows); 0 without any.

    Of each line there is its width (0 for none), the width less the marks that may hang over the edge,
    and the probability that it is short by the two characters of a lost indent.  A line of the
    column's width (within one character) supports it, and so does a first line, which lacks its
    indent.  Nothing is wider than its column, so of two widths about as well supported the wider wins.
    """
    widths = np.vstack([cells, np.where((opens > 0.25) & (cells > 0), sure + INDENT, 0)])
    widths[(widths < NARROWEST) | (widths > WIDEST)] = 0
    support = np.zeros(widths.shape)
    for most, least, first in zip(cells, sure, opens, strict=True):
        full = (widths - 2 <= most) & (least <= widths + 2)
        short = (np.abs(widths - least - 4) <= 1) | (np.abs(widths - most - 4) <= 1)
        here = np.where(full, 1.0 - 0.6 * first, np.where(short, 0.2 + 0.7 * first, 0.0))
        # A line that falls short by a character, its marks counted, tells less.
        here -= np.where(full & (widths - 1 > most), _SHORT_BY_ONE, 0.0)
        support += np.where(most > 0, here, 0.0)
    support[widths == 0] = -np.inf
    best: Ints = np.where(support >= support.max(axis=0) - 0.45, widths, 0).max(axis=0)
    return best


def _openers(flow: Flow, walls: Bools, shown: Bools) -> Floats:
    """Probability that each line opens a paragraph, from what stands before it."""
    out = np.ones(len(flow))
    after = np.where(flow.final[:-1], np.where(flow.gap[1:], 1.0, 0.5), 0.0)
    out[1:] = np.where(walls[1:] | shown[:-1], 1.0, after)
    return out


def lost_indent(flow: Flow, openers: Floats) -> float:
    """Probability that the page's first lines lack the two characters of an indent: how often they are so much shorter than the next."""
    told = (openers[:-1] == 1.0) & (openers[1:] == 0.0) & ~flow.final[:-1] & ~flow.final[1:]
    deficit = np.diff(flow.cells)[told]
    lost, full = int(((deficit >= 3) & (deficit <= 6)).sum()), int(((deficit >= -2) & (deficit <= 1)).sum())
    return (lost + 1.0) / (lost + full + 1.5)


def column_widths(flow: Flow, walls: Bools, shown: Bools) -> Columns:
    """Estimate the column width from the lines before, and from those after, each line.

    Only lines that end in mid-sentence tell it: they were wrapped, or they are headlines.  ``walls``
    tells lines before which no paragraph runs on; ``shown`` those that are known to be display lines.
    """
    openers = _openers(flow, walls, shown)
    lost = lost_indent(flow, openers)
    told = ~shown & ~flow.final
    at = np.flatnonzero(told)
    cells = flow.cells[at]
    values = (cells, cells - flow.hanging[at], openers[at] * lost)
    # The k-th group ends before the k-th unfinished line; the one ``WINDOW`` further on begins with it.
    count = len(at) + WINDOW + 1
    widths = _modes(*(np.stack([np.pad(v, WINDOW)[k : k + count] for k in range(WINDOW)]) for v in values))
    before: Ints = np.cumsum(told) - told
    return Columns(widths[before], widths[before + told + WINDOW])


def short_by(cells: Ints, before: Ints, after: Ints) -> Ints:
    """Half cells by which lines fall short of the nearer column that can hold them; -1 without a column."""
    nearest = np.where((before > 0) & (cells <= before + 3), before, 0)
    nearer = (after > 0) & (cells <= after + 3) & ((nearest == 0) | (after < nearest))
    short: Ints = np.where((before > 0) | (after > 0), np.maximum(0, np.where(nearer, after, nearest) - cells), -1)
    return short


def breaks_early(flow: Flow, columns: Columns) -> Bools:
    """Lines that end before their column does though the beginning of the next line would have gone in.

    Only a column whose width a neighbouring line has counts.
    """
    short = short_by(flow.cells, columns.before, columns.after)
    full = flow.cells + short
    room = np.append(flow.opening[1:], 0)
    near = np.pad(flow.cells, 2)
    seen = np.zeros(len(flow), np.bool_)
    for off in (-2, -1, 1, 2):
        seen |= np.abs(near[2 + off : 2 + off + len(flow)] - full) <= 1
    out: Bools = seen & (short >= 2) & (room > 0) & (room <= short)
    return out


def _is_indented(flow: Flow, shown: Bools, *, known: bool) -> bool:
    """Whether paragraphs open with white space: most lines after a finished sentence do, few others.

    Display lines do not count; until they are known, a line above an indented one that is not indented itself is taken for one.
    """
    indented = flow.indent >= 2
    opens = ~indented[:-1] & indented[1:]
    before, final = slice(None, -1), flow.final[:-1]
    if known:
        counted = ~shown[:-1] & ~shown[1:]
        running = counted & ~final & (flow.cells[before] >= NARROWEST)
    else:
        counted = np.append(~(opens[1:] & ~flow.final[1:-1]), True)
        running = counted & ~final & (flow.cells[before] >= NARROWEST) & ~opens
    opening = counted & final
    opened, ran = int((opening & indented[1:]).sum()), int((running & indented[1:]).sum())
    return opened >= 2 and 2 * opened >= int(opening.sum()) and 3 * ran <= max(int(running.sum()), opened)


def style_of(flow: Flow, columns: Columns, shown: Bools, *, known: bool) -> Style:
    """Learn the paragraph marks from the breaks that are certain: a finished sentence in a line that is clearly short.

    ``shown`` tells lines that are known to be display lines, which say nothing about paragraphs; ``known``, whether any could be yet.
    """
    here = slice(None, -1)
    counted, final, gap = ~(shown[:-1] | shown[1:]), flow.final[here], flow.gap[1:] > 0
    short = short_by(flow.cells, columns.before, columns.after)[here]
    runs = counted & ~final & (short >= 0) & (short <= 2)
    # Lines in mid-paragraph, by the line before each, tell how even the page's lines are.
    inner = counted[1:] & counted[:-1] & ~final[1:] & ~final[:-1] & (flow.gap[1:-1] == 0) & (flow.cells[1:-1] >= NARROWEST)
    ragged = inner & breaks_early(flow, columns)[1:-1]
    quoted = runs & (flow.first[1:] & QUOTES != 0)
    certain = counted & final & ((short < 0) | (short >= 5))
    # The line after tells by how much it is shorter than the next, which is as wide as the column.
    width = columns.after[1:-1]
    told = certain[:-1] & (width > 0) & ~flow.final[1:-1] & (np.abs(width - flow.cells[2:]) <= 2)
    deficit = (width - flow.cells[1:-1])[told]
    lost, full = int(((deficit >= 3) & (deficit <= 5)).sum()), int(((deficit >= -2) & (deficit <= 1)).sum())
    ends, blank = int(certain.sum()), int((certain & gap).sum())
    blank_share = (blank + 1.4) / (ends + 2)
    lie_share = (int((runs & gap).sum()) + 0.3) / (int(runs.sum()) + 8)
    # Where few lines begin with a quote, what other lines do tells how far empty lines can be trusted.
    quote_share = (int((quoted & gap).sum()) + 2 * min(0.5, 2 * lie_share)) / (int(quoted.sum()) + 2)
    break_share = min(0.5, max(0.09, (ends + 2) / (len(flow) + 8)))
    return Style(
        indented=_is_indented(flow, shown, known=known),
        lost_indent=(lost + 1.0) / (lost + full + 1.5),
        breaks=-log(break_share),
        wraps=-log(1 - break_share),
        blank_at_break=-log(blank_share),
        no_blank_at_break=min(_MOST_TRUST, -log(1 - blank_share)),
        blank_at_wrap=-log(lie_share),
        blank_at_quote=-log(quote_share),
        no_blank_at_wrap=-log(1 - lie_share),
        ragged=min(_MOST_RAGGED, -log((int(ragged.sum()) + 1.0) / (int(inner.sum()) + 4))),
    )
