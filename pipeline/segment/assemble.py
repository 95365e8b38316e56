"""Bodies, headings and the pairing between them put in order: column labels, items without a body, items without a headline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from pipeline.records import UnitKind
from pipeline.segment.elements import Element, Role
from pipeline.segment.forms import gathers, is_place, may_label, opens_series
from pipeline.segment.headings import Heading
from pipeline.segment.page import Body
from pipeline.segment.pairing import Match
from pipeline.segment.units import Draft

_OPINION: Final = re.compile(r"[评论谈]|杂感|随笔|札记|手记")

_BRIEF: Final = 2
"""Paragraphs of an item of a label that gathers several."""


def drafts(bodies: Sequence[Body], headings: Sequence[Heading], matches: Sequence[Match | None]) -> tuple[list[Draft], list[Element]]:
    """Return the units to be made, in reading order, and the display lines that head nothing."""
    out: list[Draft] = []
    by_heading: dict[int, Draft] = {}
    for body, match in zip(bodies, matches, strict=True):
        draft = Draft(body, match.heading if match else None, match)
        if match is not None:
            draft.how = match.how or ("adjacent" if match.heading.above is not None and not match.heading.collected else "assigned")
            by_heading[match.heading.at] = draft
        out.append(draft)
    _share_labels(out)
    spare: list[Element] = []
    label: Element | None = None
    place = -1
    under: Draft | None = None
    announced: Element | None = None
    """The label of what other pages hold."""
    for heading in headings:
        owner = by_heading.get(heading.at)
        if heading.place != place:
            label, under, place = None, None, heading.place
        if owner is None:
            follower = headings[heading.at + 1] if heading.at + 1 < len(headings) else None
            if _heads_a_list(heading, follower, by_heading):
                label, under = heading.lines[0], None
            elif heading.labelled and heading.jump is None:
                spare += heading.lines
            else:
                label = None
                out.append(Draft(None, heading))
                if heading.jump is not None:
                    own = heading.parts.column
                    announced = own[-1] if own else announced if headings[heading.at - 1].jump is not None else None
                    out[-1].column = announced
            continue
        if label is not None and (under is None or _goes_on(label, under, owner)):
            owner.column = label
            under = owner
        elif heading.collected and (own := heading.parts.column):
            # A label that stands right above the first of a series of kickers.
            label, under = own[-1], owner
        else:
            label = None
    for element in spare:
        element.role, element.kind = Role.FURNITURE, "column_label"
    out.sort(key=lambda d: d.position)
    _carry_labels(out)
    return out, spare


def _heads_a_list(heading: Heading, follower: Heading | None, by_heading: dict[int, Draft]) -> bool:
    """Whether a heading without a body is the column label of those that follow it."""
    if len(heading.lines) > 1 or heading.bylines or heading.credits or heading.jump is not None:
        return False
    if follower is None or follower.place != heading.place or follower.at not in by_heading:
        return False
    text = heading.lines[0].text
    return is_place(text) or may_label(text)


def _goes_on(label: Element, one: Draft, other: Draft) -> bool:
    """Whether a label that heads one item of a list also heads the next: a series of kickers, or a label for many."""
    first, second = one.heading, other.heading
    if first is None or second is None or _OPINION.search(label.text):
        return False
    if gathers(label.text):
        return _is_brief(one) and _is_brief(other)
    return _opens_with_place(first) and _opens_with_place(second) and not first.bylines


def _opens_with_place(heading: Heading) -> bool:
    parts = heading.parts
    lines = [*parts.kicker, *parts.headline]
    return bool(lines) and is_place(lines[0].text)


def _share_labels(found: Sequence[Draft]) -> None:
    """A label that announces several items heads all of them, each without a headline of its own (``简讯``)."""
    label: Element | None = None
    for draft, following in zip_longest(found, found[1:]):
        heading = draft.heading
        if heading is not None:
            opens = following is not None and following.heading is None and heading.above is not None
            label = heading.lines[0] if opens and len(heading.lines) == 1 and not heading.bylines else None
            if label is not None and not gathers(label.text) and not _bulleted(label.text, draft, following):
                label = None
        if label is not None:
            draft.column, draft.heading, draft.match, draft.how, draft.kind = label, None, None, "none", UnitKind.BRIEF


def _bulleted(label: str, one: Draft, other: Draft | None) -> bool:
    """Whether two items below a line open with the same bullet, as several under one label do."""
    if one.body is None or other is None or other.body is None:
        return False
    return opens_series(label, one.body.items[0].text, other.body.items[0].text)


def _is_brief(draft: Draft) -> bool:
    """Whether an item is as short as those that papers gather under one label."""
    heading = draft.heading
    plain = heading is not None and len(heading.parts.headline) == len(heading.lines) - len(heading.parts.column)
    return plain and draft.body is not None and not draft.body.caption and len(draft.body.paragraphs) <= _BRIEF


def _carry_labels(found: Sequence[Draft]) -> None:
    """A label of several items that stands above the first one's headline heads the short items, or the poems, that follow it, too."""
    label: Element | None = None
    verse = False
    for draft in found:
        heading = draft.heading
        own = heading.parts.column if heading is not None else []
        if own or (draft.column is not None and draft.column is not label):
            last = own[-1] if own else draft.column
            carries = last is not None and not _listed(heading) and ((gathers(last.text) and _is_brief(draft)) or _is_verse(draft))
            label, verse = (last if carries else None), _is_verse(draft)
        elif label is not None and verse and _is_verse(draft):
            # Poems stand together under one label.
            draft.column = draft.column or label
        elif label is not None and not verse and heading is not None and not heading.bylines and _is_brief(draft):
            draft.column = draft.column or label
        else:
            label = None


def _is_verse(draft: Draft) -> bool:
    return draft.body is not None and bool(draft.body.paragraphs) and draft.body.paragraphs[0].kind == "verse"


def _listed(heading: Heading | None) -> bool:
    return heading is None or heading.collected
