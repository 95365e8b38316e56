"""Articles that the source itself tells apart: a headline in an element of its own, a body in paragraphs.

What ``Issue.regions`` states is not guessed again.  Everything else on the page, and every article
that an editor's override touches, goes the ordinary way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.records import Issue, Region
from pipeline.segment import furniture, people
from pipeline.segment.elements import Element, Role, credit, display_line, elements, running_line
from pipeline.segment.flow import is_final
from pipeline.segment.forms import is_caption
from pipeline.segment.headings import Heading, Parts
from pipeline.segment.lines import Line
from pipeline.segment.overrides import Overrides, squeeze
from pipeline.segment.page import Body
from pipeline.segment.prepare import cut_paragraph
from pipeline.segment.units import Draft

_WRAPPED_SHARE: Final = 0.4
"""Share of paragraphs that end in mid-sentence above which a body was wrapped by hand."""
_WRAPPED_CELLS: Final = 60
"""Half cells up to which such lines are."""
_FURNITURE: Final = frozenset({"rule", "jump", "page_number", "imprint"})
_HEADING: Final = ("column", "kicker", "headline", "subtitle")


@dataclass(slots=True)
class _Group:
    lines: list[Line] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return squeeze("".join(line.text for line in self.lines))


@dataclass(slots=True)
class Stated:
    """Articles told apart by the source, and what is left for the ordinary way."""

    drafts: list[Draft] = field(default_factory=list)
    furniture: list[Element] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    """Stated role of each of ``lines``; empty where none was stated for any."""


def take(issue: Issue, lines: Sequence[Line], rules: Overrides) -> Stated:
    """Divide the lines between stated articles and the rest."""
    if not issue.regions:
        return Stated(lines=list(lines))
    groups: dict[int, _Group] = {}
    homes: list[tuple[int, str]] = []
    regions = sorted(issue.regions, key=lambda r: r.span)
    marked = rules.keys("furniture")
    at = 0
    for line in lines:
        while at < len(regions) and regions[at].span.end <= line.start:
            at += 1
        region = regions[at] if at < len(regions) and _holds(regions[at], line) else None
        if region is not None and any(key in squeeze(line.text) for key in marked):
            homes.append((0, "furniture"))
            continue
        homes.append((region.group, region.role) if region is not None else (0, ""))
        if region is not None and region.group:
            group = groups.setdefault(region.group, _Group())
            group.lines.append(line)
            group.roles.append(region.role)
    touched = _touched(groups, rules)
    out = Stated()
    for number, group in groups.items():
        if number not in touched:
            _article(group, out)
    for line, (number, role) in zip(lines, homes, strict=True):
        if number == 0 or number in touched:
            out.lines.append(line)
            out.roles.append("display" if role in _HEADING else role)
    return out


def _holds(region: Region, line: Line) -> bool:
    return region.span.start <= line.start and line.end <= region.span.end


def _touched(groups: dict[int, _Group], rules: Overrides) -> set[int]:
    """Articles whose bounds an editor's rule moves: the evidence in the text and the rule decide about them."""
    keys = [key for name in ("split", "merge") for key in rules.keys(name)]
    merges = set(rules.keys("merge"))
    out: set[int] = set()
    before: int | None = None
    for number, group in groups.items():
        text = group.text if keys else ""
        hits = [key for key in keys if key in text]
        if hits:
            out.add(number)
        if before is not None and any(key in merges for key in hits):
            out.add(before)
        before = number
    return out


def _article(group: _Group, out: Stated) -> None:
    parts = Parts()
    heading: list[Element] = []
    bylines: list[Element] = []
    credits: list[Element] = []
    body: list[tuple[Line, str]] = []
    pictures: list[list[Element]] = []
    for line, role in zip(group.lines, group.roles, strict=True):
        if role in _HEADING:
            element = display_line(line)
            getattr(parts, role).append(element)
            heading.append(element)
        elif role in {"byline", "credit"}:
            element = display_line(line)
            element.role = Role.CREDIT if role == "credit" or credit(line.text) else Role.BYLINE
            (credits if element.role is Role.CREDIT else bylines).append(element)
        elif role == "caption":
            pictures.append(cut_paragraph(running_line(line)))
        else:
            body.append((line, role))
    items = _body(body)
    out.furniture += [e for e in items if e.role is Role.FURNITURE]
    made = Body()
    last: list[Element] = []
    for element in items:
        if element.role is Role.BODY and is_caption(element.text):
            last = [element]
            pictures.append(last)
            continue
        if last and element.kind == "photo":
            last.append(element)
            continue
        last = []
        if element.role is Role.BYLINE:
            made.bylines.append(element)
        elif element.role is Role.CREDIT:
            made.credits.append(element)
        elif element.role is not Role.FURNITURE:
            made.items.append(element)
    head = Heading(heading, bylines, credits) if heading else None
    if made.items or head is not None:
        if not made.items and head is not None:
            head.bylines += made.bylines
            head.credits += made.credits
        out.drafts.append(Draft(made if made.items else None, head, how="stated", parts=parts, stated=True))
    for picture in pictures:
        text, names = [e for e in picture if e.role is Role.BODY], [e for e in picture if e.role is Role.BYLINE]
        out.furniture += [e for e in picture if e.role is Role.FURNITURE]
        if text:
            out.drafts.append(Draft(Body(text, names, caption=True), None, how="stated", stated=True))
        elif head is not None:
            head.bylines += names
        elif made.items:
            made.bylines += names


def _body(members: Sequence[tuple[Line, str]]) -> list[Element]:
    """A paragraph for each stated paragraph, unless the lines turn out to be wrapped by hand."""
    running = [line for line, role in members if role == "paragraph"]
    open_ended = sum(not is_final(line.text) and line.cells <= _WRAPPED_CELLS for line in running)
    if len(running) >= 5 and open_ended > _WRAPPED_SHARE * len(running):
        found = elements([line for line, _ in members], ["display" if role == "subhead" else "" for _, role in members])
        return [part for e in found for part in (cut_paragraph(e) if e.role is Role.BODY else [e])]
    out: list[Element] = []
    for line, role in members:
        element = running_line(line)
        kind = furniture.classify(line.text)
        if kind in _FURNITURE:
            element.role, element.kind = Role.FURNITURE, kind
        elif people.is_byline(line.text):
            element.role, element.kind = Role.BYLINE, "photo" if people.is_photo_credit(line.text) else ""
        elif credit(line.text) is not None:
            element.role = Role.CREDIT
        elif role == "subhead":
            element.role = Role.DISPLAY
        if element.role is Role.BODY:
            out += cut_paragraph(element)
        else:
            element.restate(display_line(line).stretch)
            out.append(element)
    return out
