"""Lines to paragraphs: the likeliest reading of all lines at once.

Every line is the first, a middle or the last line of a paragraph, a paragraph of its own, or a
display line (headline, label, subhead).  Each reading has a cost, a negative log-probability, given
by the line's width against its column, its last and first characters, empty lines and indents; the
cheapest sequence of readings is found by the Viterbi algorithm (Viterbi 1967) in linear time.  The
costs are set by hand from typesetting rules, and the page's own habits (``Style``) enter as numbers
estimated from the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from math import exp, log
from typing import Final

import numpy as np

from pipeline.segment.columns import INDENT, NARROWEST, Columns, Style, breaks_early, short_by
from pipeline.segment.flow import COLON, Flow
from pipeline.segment.grams import Bools, Floats, Ints
from pipeline.segment.wording import UNFINISHED, Wording, inside_quotes


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


_NEVER: Final = 1e6
_HEADING: Final = 1.5
"""Display lines come together; the first of them is rarer."""
_FINAL_BY_CHANCE: Final = 3.2
"""A full line ends a sentence by chance about once in twenty-five."""
_LAST_WIDTH: Final = 2.8
"""A last line may end anywhere in its column."""
_BRIDGE: Final = 2.0
"""Text running on past page furniture."""
_SHORT_MIDDLE: Final = np.array([0.1, 0.1, 0.3, 2.2, 3.7, 4.3, 4.8, 5.2, 5.5, 5.8, 6.0])
_SLIP: Final = 0.8
_MISFIT: Final = 2.5
"""Neighbouring lines of one paragraph whose widths differ: by a character more than they should, by more."""
_NO_COLUMN: Final = 3.5
_CHANGE: Final = 0.75
"""A first line that only a column of another width than the one before explains."""
_LOST: Final = (0.8, 0.3, 0.02, 0.004)
"""How likely a first line falls so far short of its column where indents are lost: by two characters, nearly, less, more."""


class Reader:
    """Reads the lines of a page, as often as its columns and habits are estimated anew.

    Args:
        flow: running text and display lines, in order.
        seams: what lies before each.
    """

    def __init__(self, flow: Flow, seams: Sequence[Seam]) -> None:
        self._flow = flow
        self._walls = np.array([_NEVER if s is Seam.WALL else _BRIDGE if s else 0.0 for s in seams])
        self._inside = inside_quotes(flow)
        self._words = Wording(flow)
        # By how many half cells a line is wider than the one before, at least and at most: marks may hang over the edge of either,
        # and the one before may lack what would not fit.
        grown = np.diff(flow.cells, prepend=0)
        self._low = grown - flow.hanging - np.maximum(0, flow.opening - 2)
        self._high = grown + np.append(0, flow.hanging)[:-1]

    def read(self, columns: Columns, style: Style) -> list[Reading]:
        """Return the likeliest reading of each line."""
        flow, words, low, high = self._flow, self._words, self._low, self._high
        if not len(flow):
            return []
        first, middle, last, single = self._costs(columns, style)
        gap = flow.gap > 0
        start = np.where(gap, style.blank_at_break, style.no_blank_at_break) + self._inside + style.breaks
        wrap = np.where(gap, np.where(words.quotes, style.blank_at_quote, style.blank_at_wrap), style.no_blank_at_wrap)
        wrap += style.wraps + self._walls
        # A full line after a first line is wider by the lost indent, or as wide; after another, as wide.
        same = min(_MISFIT, -0.7 * log(max(0.02, 1 - style.lost_indent)))
        slip = np.where((low <= 7) & (high >= -4), _SLIP, _MISFIT)
        after_first = np.where((low <= 5) & (high >= 3), 0.1, np.where((low <= 1) & (high >= -2), same, slip))
        after_middle = np.where((low <= 2) & (high >= -2), 0.0, np.where((low <= 4) & (high >= -4), _SLIP, _MISFIT))
        shown = self._inside + words.display
        costs = (
            start + first,
            wrap + middle + after_first,
            wrap + middle + after_middle,
            # A last line is no wider than the line before it allows.
            wrap + last + np.where(low > INDENT + 3, _MISFIT, 0.0),
            wrap + last + np.where(low > 3, _MISFIT, 0.0),
            start + single,
            shown + np.where(gap, 0.3, 0.6),
            shown + np.where(gap, 0.3, 2.0) + _HEADING,
        )
        return _cheapest(zip(*(c.tolist() for c in costs), strict=True))

    def _costs(self, columns: Columns, style: Style) -> tuple[Floats, Floats, Floats, Floats]:
        """Cost of each line as a first, middle, last and only line of a paragraph."""
        flow, words = self._flow, self._words
        cells, final = flow.cells, words.final
        sure = cells - flow.hanging
        before, after = columns.before, columns.after
        widest, width = np.maximum(before, after), np.where(after > 0, after, before)
        # What opens the next line may have been too wide for the room that was left.
        room = np.append(flow.opening[1:], 0)
        above = np.append(0, cells[:-1])

        short = short_by(cells, before, after)
        middle = _SHORT_MIDDLE[np.clip(short, 0, 10)]
        middle = np.where((short > 0) & (room > short), np.minimum(middle, 0.6), middle)
        # What would have gone in tells that the line ends here, as far as the page's lines are even.
        middle = np.where(breaks_early(flow, columns), np.maximum(middle, style.ragged), middle)
        middle[(short < 0) | (sure > widest + 5)] = _NO_COLUMN
        own = ~final & np.append(True, ~final[:-1]) & (cells >= NARROWEST)
        own[:1] = False
        # A line as wide as the one above, or wider than it by an indent, keeps to a column of its own.
        wider = cells - above
        middle[own & (np.abs(wider) <= 2)] = np.minimum(middle, 0.5)[own & (np.abs(wider) <= 2)]
        indented = own & (wider >= 3) & (wider <= 5) & (np.append(0, flow.gap[:-1]) >= flow.gap)
        middle[indented] = np.minimum(middle[indented], 0.5 - log(style.lost_indent))
        first = np.where(width > 0, self._first_width(columns, room, middle, style), _NO_COLUMN)
        last = np.where(short >= 0, _LAST_WIDTH, 4.0)
        last += np.where((width > 0) & (sure > np.maximum(widest, np.where(above > 0, above + 4, 0)) + 5), 3.0, 0.0)
        single = np.where((width > 0) & (cells <= widest + 4), _LAST_WIDTH + 1.5, 1.0)

        opens, goes_on, end = words.opens.copy(), words.goes_on.copy(), words.end
        opening = flow.indent >= 2
        if style.indented:
            goes_on += np.where(opening, 7.0, 0.0)
            opens += np.where(opening, 0.0, 4.0)
            goes_on += np.where(words.item & opening, 8.0, 0.0)
            listed = (flow.last & COLON != 0) & np.append(opening[1:], False)
            end = np.where(listed, np.minimum(end, 0.5), end)
        else:
            goes_on += np.where(words.item, 8.0, 0.0)
        # What follows a line of a list that leaves room, or has an empty line below, is the next of its lines.
        listed = words.listed[:-1] & ((short[:-1] >= INDENT) | (flow.gap[1:] > 0))
        goes_on[1:] += np.where(listed, 7.0, 0.0)
        first, single, middle, last = first + opens, single + opens, middle + goes_on, last + goes_on
        first = np.where(words.dated, np.minimum(first, 1.0), first) + np.where(words.spaced, 2.0, 0.0)
        middle = middle + np.where(words.spaced, 2.0, 0.0)
        first, single = first + words.continues, single + words.continues
        chance = np.where(final, _FINAL_BY_CHANCE, 0.07)
        return first + chance, middle + chance, last + end, single + end

    def _first_width(self, columns: Columns, room: Ints, middle: Floats, style: Style) -> Floats:
        """Cost of the width of a first line: shorter than its column by the lost indent, or as a middle line is."""
        cells, hanging = self._flow.cells, self._flow.hanging
        before, after = columns.before, columns.after
        width = np.where(after > 0, after, before)
        above = np.append(0, cells[:-1])
        near = (above > 0) & (np.abs(above - width - 1) <= 3)
        # Which width the paragraph has is not settled yet: the one that fits best counts, the first of several.
        widths = (np.where(before > 0, before, width), width, np.append(cells[1:], width[-1:]), np.where(near, above, width))
        deficit, off = np.zeros_like(cells), np.full_like(cells, 10_000)
        kept = deficit
        for k, wide in enumerate(widths):
            for hung in (4, 2, 0):
                short = wide - cells + hung
                miss = np.where(hung <= hanging, np.abs(short - 4), 10_000)
                deficit, off = np.where(miss < off, short, deficit), np.minimum(off, miss)
            if k == 0:
                kept = deficit
        follows = np.arange(len(cells)) + 1 < len(cells)
        # A mixture of the two habits, by how likely each is on this page.
        values, which = np.unique(middle, return_inverse=True)
        # Few values occur, and the logarithms of the mathematics library are the same on every processor.
        costs = np.array([[-log(style.lost_indent * p + (1 - style.lost_indent) * exp(-m)) for m in values.tolist()] for p in _LOST])
        # Columns seldom change: what fits the one before needs no other.
        here, changed = (costs[self._lost(found, room, follows), which] for found in (kept, deficit))
        out: Floats = np.minimum(here, changed + np.where(before > 0, _CHANGE, 0.0))
        return out

    @staticmethod
    def _lost(deficit: Ints, room: Ints, follows: Bools) -> Ints:
        """Index in ``_LOST`` of how far first lines fall short of their column."""
        deficit = np.where((deficit > 5) & follows, np.maximum(5, deficit - room + 2), deficit)
        return np.where(np.abs(deficit - 4) <= 1, 0, np.where(np.abs(deficit - 4) == 2, 1, np.where(deficit < 8, 2, 3)))


def _cheapest(costs: Iterable[tuple[float, ...]]) -> list[Reading]:
    """The cheapest sequence of readings; each line's costs are those of its ways from the readings of the line before."""
    first_open, middle_open, closed = _NEVER, _NEVER, 0.0
    closed_from = Reading.SINGLE
    FIRST, MIDDLE, LAST, SINGLE, DISPLAY = Reading
    back: list[tuple[Reading, Reading, Reading]] = []
    for first, after_first, after_middle, last_after_first, last_after_middle, single, clustered, shown in costs:
        from_first, from_middle = first_open + after_first, middle_open + after_middle
        ended, ended_from = first_open + last_after_first, FIRST
        if middle_open + last_after_middle < ended:
            ended, ended_from = middle_open + last_after_middle, MIDDLE
        back.append((FIRST if from_first <= from_middle else MIDDLE, ended_from, closed_from))
        alone, display = closed + single, closed + (clustered if closed_from is DISPLAY else shown)
        first_open = closed + first
        middle_open = from_first if from_first <= from_middle else from_middle
        if ended <= alone and ended <= display:
            closed, closed_from = ended, LAST
        elif alone <= display:
            closed, closed_from = alone, SINGLE
        else:
            closed, closed_from = display, DISPLAY
    best, state = (first_open, FIRST) if first_open <= middle_open else (middle_open, MIDDLE)
    return _trace(back, state if best + UNFINISHED < closed else closed_from)


def _trace(back: list[tuple[Reading, Reading, Reading]], state: Reading) -> list[Reading]:
    out: list[Reading] = []
    MIDDLE, LAST = Reading.MIDDLE, Reading.LAST
    for middle_from, last_from, closed_from in reversed(back):
        out.append(state)
        state = middle_from if state is MIDDLE else last_from if state is LAST else closed_from
    out.reverse()
    return out
