"""Where an editor's overrides act on the segmentation."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.segment.bodies import Body
from pipeline.segment.elements import Element, Role
from pipeline.segment.headings import Heading
from pipeline.segment.overrides import Overrides, squeeze
from pipeline.segment.pairing import Match


def mark_furniture(elements: Sequence[Element], rules: Overrides, used: set[str]) -> None:
    """Turn the elements that a rule names into page furniture."""
    for key in rules.keys("furniture"):
        for element in elements:
            if key in squeeze(element.text):
                element.role, element.kind = Role.FURNITURE, "override"
                used.add(key)


def reassign(bodies: Sequence[Body], headings: Sequence[Heading], matches: list[Match | None], rules: Overrides, used: set[str]) -> None:
    """Give bodies the headlines that rules name; whoever had such a headline loses it."""
    for rule in rules.overrides:
        if rule.body is None or rule.headline is None:
            continue
        key, title = squeeze(rule.body), squeeze(rule.headline)
        row = next((i for i, b in enumerate(bodies) if any(key in squeeze(e.text) for e in b.items)), None)
        heading = next((h for h in headings if title in squeeze(h.text)), None)
        if row is None or heading is None:
            continue
        for i, match in enumerate(matches):
            if match is not None and match.heading is heading:
                matches[i] = None
        matches[row] = Match(heading, 1.0, None, 1.0, how="override")
        used.add(key)
