"""Headline blocks: which display lines belong together, and which of them is what.

Terms of the trade: the *headline* (主题), the *kicker* above it (引题, 肩题), the *subtitle* below it
(副题, often after a dash), the *column label* (栏目) under which one or several articles stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.segment.blocks import BRACKETED, divide, leads_on, split_quote
from pipeline.segment.elements import Element, Role
from pipeline.segment.forms import DASH, MARKED_LABEL, is_document_number, is_label, is_picture_label, is_place, is_slogan, may_label

_SHORT_LABEL: Final = 5
"""Characters up to which an unsigned line above another heading of a list is a label rather than a headline."""
_LEADING_DASH: Final = re.compile(r"(?:——|──)$")
_LONG_LABEL: Final = 8
"""Characters up to which a line far shorter than the one below it is rather its label than a headline with a subtitle."""


class Heading(msgspec.Struct):
    """Display lines that stand together, with the byline under them."""

    lines: list[Element]
    bylines: list[Element] = []
    credits: list[Element] = []
    at: int = 0
    """Index among the issue's headings, in reading order."""
    above: int | None = None
    """Index of the paragraph that follows directly."""
    place: int = 0
    """Number of paragraphs before it."""
    collected: bool = False
    """It stands in a list of headings, away from the bodies."""
    jump: Element | None = None
    """Where the item that it announces is to be read; it heads no body here."""
    followed: bool = False
    """Another heading of the list comes next."""
    labels: list[Element] = []
    repeated: bool = False
    """Its first line opens other headings of the page too."""
    _parts: Parts | None = None

    @property
    def parts(self) -> Parts:
        """Its parts, told apart when they are first asked for: its lines stay as they are from then on."""
        if self._parts is None:
            self._parts = parse(self)
        return self._parts

    @property
    def text(self) -> str:
        return " ".join(e.text for e in self.lines)

    @property
    def labelled(self) -> bool:
        """Whether it looks like a column label and nothing else."""
        if len(self.lines) > 1 or self.bylines:
            return False
        text = self.lines[0].text
        return is_label(text) or (self.followed and len(text) <= _SHORT_LABEL and not is_place(text))

    @property
    def headline_like(self) -> bool:
        """Whether it says enough to be a headline, and neither looks like a column label nor names a place alone."""
        if self.bylines or len(self.lines) > 1:
            return not all(is_place(e.text) for e in self.lines)
        text = self.lines[0].text
        return len(text) >= 7 and not is_label(text) and not is_place(text)


class Parts(msgspec.Struct):
    """A headline block told apart."""

    column: list[Element] = []
    kicker: list[Element] = []
    headline: list[Element] = []
    subtitle: list[Element] = []


def parse(heading: Heading) -> Parts:
    """Tell kicker, headline, subtitle and column label apart by form and order."""
    parts = Parts(column=list(heading.labels))
    lines = list(heading.lines)
    if heading.repeated and len(lines) > 1:
        parts.column.append(lines.pop(0))
    while (
        len(lines) > 1
        and not (DASH.match(lines[1].text) or BRACKETED.match(lines[1].text))
        and _is_leading_label(lines, bool(heading.bylines))
    ):
        parts.column.append(lines.pop(0))
    for i, line in enumerate(lines):
        if i and (DASH.match(line.text) or is_document_number(line.text)):
            parts.subtitle = lines[i:]
            lines = lines[:i]
            break
    led = next((i for i, line in enumerate(lines[:-1]) if _LEADING_DASH.search(line.text)), None)
    if led is not None:
        # What ends in a dash leads on to the headline.
        parts.column += lines[:led] if led == 1 else []
        parts.kicker = lines[led : led + 1] if led == 1 else lines[: led + 1]
        lines = lines[led + 1 :]
        parts.headline = lines if len(lines) < 3 else lines[:2]
        parts.subtitle = [*lines[len(parts.headline) :], *parts.subtitle]
    elif len(lines) > 1:
        above, end = divide([e.text for e in lines])
        parts.kicker, parts.headline = lines[:above], lines[above:end]
        parts.subtitle = [*lines[end:], *parts.subtitle]
    elif lines and is_picture_label(lines[0].text):
        parts.column += lines
    else:
        parts.headline = lines
    return parts


def _is_leading_label(lines: Sequence[Element], signed: bool) -> bool:
    first, second = lines[0], lines[1]
    if MARKED_LABEL.match(first.text) or (is_slogan(first.text) and not is_slogan(second.text)):
        return True
    if is_place(first.text):
        return False
    if len(lines) >= 3 and is_place(second.text) and not split_quote(first.text) and not DASH.match(lines[2].text):
        # A name of a place is itself the line above the headline, so what stands over it is the label.
        return len(first.text) <= 16
    if second.gap > min((e.gap for e in lines[2:]), default=0) and len(first.text) <= 16 and not split_quote(first.text):
        return True
    pair = len(lines) == 2 or DASH.match(lines[2].text) is not None
    if signed and len(first.text) <= 5 and len(second.text) <= 6 and pair and not is_place(first.text):
        # Two lines of one headline say more than that.
        return True
    if leads_on(first.text, second.text):
        return is_label(first.text) and second.gap > 0
    if len(lines) == 2 and 6 <= len(first.text) <= _LONG_LABEL and may_label(first.text) and len(second.text) >= len(first.text) + 6:
        return True
    return is_label(first.text) or (len(first.text) <= 5 and len(second.text) >= len(first.text) + (2 if len(first.text) == 2 else 3))


def group(run: Sequence[Element], *, spread: bool) -> list[Heading]:
    """Split a run of display lines, bylines and credits into headings, after bylines and at its gaps.

    ``spread`` tells that empty lines part headings; else only gaps wider than the narrowest do.
    """
    inner = [e.gap for e in run if e.role is Role.DISPLAY][1:]
    tight = 0 if spread else min(inner, default=0)
    out: list[Heading] = []
    for element in run:
        if element.role is not Role.DISPLAY:
            if out:
                (out[-1].credits if element.role is Role.CREDIT else out[-1].bylines).append(element)
            continue
        closed = not out or bool(out[-1].bylines) or bool(out[-1].credits)
        # A name of a place alone is no headline: it belongs to the line below.
        led = out and is_place(out[-1].lines[-1].text) and len(out[-1].lines) == 1
        if out and not closed and (element.gap <= tight or led or DASH.match(element.text)):
            out[-1].lines.append(element)
        else:
            out.append(Heading([element]))
    return out
