"""Headline blocks: which display lines belong together, and which of them is what.

Terms of the trade: the *headline* (主题), the *kicker* above it (引题, 肩题), the *subtitle* below it
(副题, often after a dash), the *column label* (栏目) under which one or several articles stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.segment.elements import Element, Role
from pipeline.segment.forms import DASH, MARKED_LABEL, is_document_number, is_label, is_picture_label, is_place, is_slogan, may_label

_SHORT_LABEL: Final = 5
"""Characters up to which an unsigned line above another heading of a list is a label rather than a headline."""
_LEADS_ON: Final = re.compile(
    r"(?:召开|举行|强调|指出|要求|负责人|发言人|主持会议|[文书]章|报道|第[一二三四五六七八九十\d]{1,3}[轮届场站期])$|^(?:对话|专访|独家专访|访)[\u3400-\u9fff]"
)
"""How kickers end that are about as long as the headline."""
_CLAUSES: Final = re.compile(r"[\u3400-\u9fff”’》]{2}[\s\u3000]{1,3}[\u3400-\u9fff“‘《]{2}")
_SHORT_HEADLINE: Final = 11
"""Characters; a longer line above one of two clauses is a kicker."""
_LEADING_DASH: Final = re.compile(r"(?:——|──)$")
_ANSWERS: Final = re.compile(r"^就.+答.{0,6}记者问$")
_LONG_LABEL: Final = 8
"""Characters up to which a line far shorter than the one below it is rather its label than a headline with a subtitle."""
_UNBALANCED: Final = (("“", "”"), ("（", "）"), ("《", "》"), ("‘", "’"))


@dataclass(slots=True)
class Heading:
    """Display lines that stand together, with the byline under them."""

    lines: list[Element]
    bylines: list[Element] = field(default_factory=list)
    credits: list[Element] = field(default_factory=list)
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
    labels: list[Element] = field(default_factory=list)
    repeated: bool = False
    """Its first line opens other headings of the page too."""

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


@dataclass(slots=True)
class Parts:
    """A headline block told apart."""

    column: list[Element] = field(default_factory=list)
    kicker: list[Element] = field(default_factory=list)
    headline: list[Element] = field(default_factory=list)
    subtitle: list[Element] = field(default_factory=list)


def parse(heading: Heading) -> Parts:
    """Tell kicker, headline, subtitle and column label apart by form and order."""
    parts = Parts(column=list(heading.labels))
    lines = list(heading.lines)
    if heading.repeated and len(lines) > 1:
        parts.column.append(lines.pop(0))
    while len(lines) > 1 and not DASH.match(lines[1].text) and _is_leading_label(lines):
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
    elif len(lines) >= 3:
        _parse_many(lines, parts)
    elif len(lines) == 2:
        _parse_two(lines, parts)
    elif lines and is_picture_label(lines[0].text):
        parts.column += lines
    else:
        parts.headline = lines
    return parts


def _is_leading_label(lines: Sequence[Element]) -> bool:
    first, second = lines[0], lines[1]
    if MARKED_LABEL.match(first.text) or (is_slogan(first.text) and not is_slogan(second.text)):
        return True
    if is_place(first.text):
        return False
    if len(lines) >= 3 and is_place(second.text) and not _split_quote(first.text) and not DASH.match(lines[2].text):
        # A name of a place is itself the line above the headline, so what stands over it is the label.
        return len(first.text) <= 16
    if second.gap > min((e.gap for e in lines[2:]), default=0) and len(first.text) <= 16 and not _split_quote(first.text):
        return True
    if len(lines) == 2 and 6 <= len(first.text) <= _LONG_LABEL and may_label(first.text) and len(second.text) >= len(first.text) + 6:
        return True
    return is_label(first.text) or (len(first.text) <= 5 and len(second.text) >= len(first.text) + 3)


def _split_quote(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in _UNBALANCED)


def _same_length(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 1


def _parse_two(lines: list[Element], parts: Parts) -> None:
    first, second = lines[0].text, lines[1].text
    if _split_quote(first):
        parts.headline = lines
    elif _CLAUSES.search(second) and not _CLAUSES.search(first) and len(second) > len(first) and len(first) > _SHORT_HEADLINE:
        # Of a line of one clause and one of two, the latter is the headline.
        parts.kicker, parts.headline = lines[:1], lines[1:]
    elif first[-1] in "：:" or _LEADS_ON.search(first) or _ANSWERS.search(second) or is_place(first) or len(first) >= len(second) + 4:
        parts.kicker, parts.headline = lines[:1], lines[1:]
    elif len(second) >= len(first) + 4:
        parts.headline, parts.subtitle = lines[:1], [*lines[1:], *parts.subtitle]
    else:
        parts.headline = lines


def _parse_many(lines: list[Element], parts: Parts) -> None:
    texts = [e.text for e in lines]
    if _split_quote(texts[0]) or (_same_length(texts[0], texts[1]) and not _same_length(texts[1], texts[2]) and not is_place(texts[0])):
        parts.headline = lines[:2]
        parts.subtitle = [*lines[2:], *parts.subtitle]
        return
    parts.kicker = lines[:1]
    rest = lines[1:]
    if _same_length(rest[0].text, rest[1].text) or _split_quote(rest[0].text):
        parts.headline = rest[:2]
        parts.subtitle = [*rest[2:], *parts.subtitle]
    else:
        parts.headline = rest[:1]
        parts.subtitle = [*rest[1:], *parts.subtitle]


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
