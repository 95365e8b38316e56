"""A page's paragraphs, what stands between them, and the bodies they are gathered into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.records import JumpDirection
from pipeline.segment.coverage import Answers
from pipeline.segment.elements import Element, Role
from pipeline.segment.forms import is_caption
from pipeline.segment.grams import Table
from pipeline.segment.headings import Heading
from pipeline.segment.jumps import direction

SINGLE: Final = 0.30
"""Weight of single characters against pairs."""
_LOOK: Final = 3
"""Paragraphs compared on either side of a possible boundary."""


class Body(msgspec.Struct):
    """Paragraphs and subheads of one item, with what closes it."""

    items: list[Element] = []
    bylines: list[Element] = []
    credits: list[Element] = []
    caption: bool = False
    jumps: list[Element] = []

    @property
    def paragraphs(self) -> list[Element]:
        return [e for e in self.items if e.role is Role.BODY]

    @property
    def continued(self) -> bool:
        """Whether it was begun on another page."""
        return any(direction(e.text) is JumpDirection.FROM for e in self.jumps)

    @property
    def dated(self) -> bool:
        paragraphs = self.paragraphs
        return bool(paragraphs) and paragraphs[0].dated


class Joint(msgspec.Struct):
    """What stands between two paragraphs (or before the first, or after the last)."""

    closers: list[Element] = []
    rest: list[Element] = []
    turned: list[Element] = []
    """Display lines of the earlier page, where a page ends here."""
    boundary: bool = False
    lead: list[Element] = []
    """A line such as ``编者按`` that heads the next paragraph."""

    @property
    def display(self) -> bool:
        for element in self.rest:  # noqa: SIM110 - asked for every joint, several times
            if element.role is Role.DISPLAY:
                return True
        return False


class Page:
    """Paragraphs of a page with the grams that they hold, which all decisions share."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.paragraphs: list[Element] = []
        self.joints: list[Joint] = [Joint()]
        self.jumps: list[tuple[int, Element]] = []
        self.teasers: list[Heading] = []
        for element in elements:
            if element.role is Role.FURNITURE:
                if element.kind == "jump":
                    self._jump(element)
                continue
            if element.role is Role.BODY:
                self.paragraphs.append(element)
                self.joints.append(Joint())
            else:
                self.joints[-1].rest.append(element)
        gaps = sorted(p.gap for p in self.paragraphs)
        self.captions = [is_caption(p.text) for p in self.paragraphs]
        """Which paragraphs open as captions do."""
        self.usual_gap = gaps[len(gaps) // 2] if gaps else 0
        self._table: Table | None = None
        self._answers: Answers | None = None
        self._parts_items: bool | None = None

    def _jump(self, element: Element) -> None:
        """A jump belongs to the paragraph that it continues, or that goes on from it, and parts items there."""
        way = direction(element.text)
        if way is not JumpDirection.FROM and self.joints[-1].display:
            self._teaser(element)
            return
        at = len(self.paragraphs) - (way is JumpDirection.TO)
        if way is not None and at >= 0:
            self.jumps.append((at, element))
            self.joints[-1].boundary = True

    def _teaser(self, jump: Element) -> None:
        """The lines right above a jump that has no text before it announce an item of another page."""
        rest = self.joints[-1].rest
        at = len(rest) - 1
        while at > 0 and rest[at].gap == 0 and rest[at - 1].role is Role.DISPLAY:
            at -= 1
        lines = [e for e in rest[at:] if e.role is Role.DISPLAY]
        if lines:
            self.teasers.append(
                Heading(lines, bylines=[e for e in rest[at:] if e.role is Role.BYLINE], place=len(self.paragraphs), jump=jump)
            )
            del rest[at:]
            self.joints[-1].boundary = True

    @property
    def table(self) -> Table:
        """The grams of its paragraphs; made where something asks for them."""
        if self._table is None:
            self._table = Table([p.text for p in self.paragraphs])
        return self._table

    @property
    def parts_items(self) -> bool:
        """Whether empty lines stand above most headlines that a dateline or a byline shows to be headlines."""
        if self._parts_items is None:
            gaps = [
                joint.rest[0].gap
                for paragraph, joint in zip(self.paragraphs[1:], self.joints[1:], strict=False)
                if joint.display and (paragraph.dated or any(e.role is Role.BYLINE for e in joint.rest))
            ]
            self._parts_items = sum(gap > 0 for gap in gaps) * 2 > len(gaps)
        return self._parts_items

    def learn(self, headings: Sequence[Heading]) -> None:
        """Set all headings of the page against its paragraphs."""
        if headings:
            self._answers = Answers(self.table, ["\n".join(e.text for e in h.lines) for h in headings], SINGLE)

    @property
    def answers(self) -> Answers:
        """How well runs of paragraphs answer the page's headings; needs one that has been learnt."""
        if self._answers is None:
            raise ValueError("the page has no headings to answer")
        return self._answers

    def cohesion(self, i: int) -> float:
        """How much the paragraphs before and after ``i`` share."""
        return self.table.cohesion(max(0, i - _LOOK), i, min(len(self.paragraphs), i + _LOOK))
