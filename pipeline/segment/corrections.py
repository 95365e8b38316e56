"""Where an editor's overrides act on the segmentation."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.segment.elements import Element, Role
from pipeline.segment.headings import Heading, Parts
from pipeline.segment.overrides import Overrides, Rule, squeeze
from pipeline.segment.page import Body
from pipeline.segment.pairing import Match
from pipeline.segment.units import Draft


def mark_furniture(elements: Sequence[Element], rules: Overrides, used: set[str]) -> None:
    """Turn the elements that a rule names into page furniture."""
    for key in rules.keys("furniture"):
        for element in elements:
            if key in squeeze(element.text):
                element.role, element.kind = Role.FURNITURE, "override"
                used.add(key)


def decided(bodies: Sequence[Body], headings: Sequence[Heading], rules: Overrides) -> dict[int, int]:
    """Which heading rules give to which body (indices of both), where they stand on one sheet."""
    out: dict[int, int] = {}
    for rule in rules.overrides:
        if rule.body is None or rule.headline is None:
            continue
        key, title = squeeze(rule.body), squeeze(rule.headline)
        row = next((i for i, b in enumerate(bodies) if any(key in squeeze(e.text) for e in b.items)), None)
        column = next((i for i, h in enumerate(headings) if title in squeeze(h.text)), None)
        if row is not None and column is not None and column not in out.values():
            out[row] = column
    return out


def confirm(matches: list[Match | None], former: Sequence[Match | None], headings: Sequence[Heading], pairs: dict[int, int]) -> None:
    """Record that an editor decided these pairs; the others were found with them given.

    Whoever had such a headline before (``former``) gets what it was changed for, where nothing better was found: a wrong pair
    is seldom alone.
    """
    for row, column in pairs.items():
        matches[row] = Match(headings[column], 1.0, None, 1.0, how="override")
    for row, column in pairs.items():
        mine = former[row]
        loser = next((i for i, m in enumerate(former) if m is not None and m.heading is headings[column]), row)
        owned = [id(m.heading) for m in matches if m is not None]
        if mine is not None and matches[loser] is None and id(mine.heading) not in owned:
            matches[loser] = Match(mine.heading, 0.0, None, 0.0)


def correct(drafts: list[Draft], furniture: list[Element], rules: Overrides, used: set[str]) -> None:
    """Carry out what needs the whole issue: headlines on another sheet or not taken for one, and their parts.

    Args:
        drafts: all units to be made, in order; changed in place.
        furniture: what became furniture; an element that turns out to be a headline leaves it.
        rules: the corrections.
        used: keys of the rules that acted; added to.
    """
    for rule in rules.overrides:
        if rule.body is not None and rule.headline is not None:
            _reassign(drafts, furniture, rule, used)
        elif rule.retitle is not None:
            _retitle(drafts, furniture, rule, used)
    drafts[:] = [d for d in drafts if d.heading is not None or (d.body is not None and d.body.items)]


def _reassign(drafts: list[Draft], furniture: list[Element], rule: Rule, used: set[str]) -> None:
    key, title = squeeze(rule.body or ""), squeeze(rule.headline or "")
    owner = next((d for d in drafts if d.body is not None and any(key in squeeze(e.text) for e in d.body.items)), None)
    if owner is None:
        return
    if owner.heading is not None and title in squeeze(owner.heading.text):
        owner.how = "override"
        used.add(key)
        return
    donor = next((d for d in drafts if d.heading is not None and title in squeeze(d.heading.text)), None)
    if donor is not None:
        # Whoever had the headline gets the other one: a wrong pair is seldom alone.
        owner.heading, donor.heading = donor.heading, owner.heading
        owner.parts, donor.parts = donor.parts, owner.parts
        owner.stated, donor.stated = donor.stated, owner.stated
        owner.column, donor.column = donor.column, owner.column
        donor.match, donor.how = None, "assigned" if donor.heading is not None and donor.body is not None else "none"
    else:
        line = _extract(drafts, furniture, title)
        if line is None:
            return
        _give(owner, line)
    owner.match, owner.how = None, "override"
    used.add(key)


def _retitle(drafts: list[Draft], furniture: list[Element], rule: Rule, used: set[str]) -> None:
    key = squeeze(rule.retitle or "")
    draft = next((d for d in drafts if d.heading is not None and any(_names(key, e) for e in d.heading.lines)), None)
    if draft is None:
        draft = _below(drafts, furniture, key)
    if draft is None or draft.heading is None:
        return
    before = draft.parts if draft.stated else draft.heading.parts
    parts = Parts(column=[e for e in before.column if not _names(key, e)])
    labels = {id(e) for e in parts.column}
    for element in draft.heading.lines:
        if _names(key, element):
            parts.headline.append(element)
        elif id(element) not in labels:
            (parts.subtitle if parts.headline else parts.kicker).append(element)
    for name in ("kicker", "subtitle", "column"):
        text = getattr(rule, name)
        if text is not None:
            _move(parts, name, squeeze(text))
    if not parts.headline:
        return
    draft.parts, draft.stated = parts, True
    draft.match, draft.how = None, "override"
    used.add(key)


def _names(key: str, element: Element) -> bool:
    """Whether a rule's text stands in a line, or the line in the text (a headline over several lines)."""
    text = squeeze(element.text)
    return key in text or (len(text) > 1 and text in key)


def _move(parts: Parts, name: str, key: str) -> None:
    every = (parts.column, parts.kicker, parts.headline, parts.subtitle)
    chosen = [e for group in every for e in group if _names(key, e)]
    for group in every:
        group[:] = [e for e in group if not any(e is c for c in chosen)]
    getattr(parts, name).extend(chosen)


def _give(owner: Draft, line: Element) -> None:
    """Make a line the headline of a unit; what it had above becomes the kicker."""
    had = owner.heading
    owner.heading = Heading([*(had.lines if had else ()), line], list(had.bylines) if had else [], list(had.credits) if had else [])
    before = owner.parts if owner.stated or had is None else had.parts
    owner.parts = Parts(column=list(before.column), kicker=[*before.kicker, *before.headline, *before.subtitle], headline=[line])
    owner.stated = True


def _extract(drafts: list[Draft], furniture: list[Element], key: str) -> Element | None:
    """Take the paragraph, subhead or piece of furniture that holds a text out of where it stands."""
    for draft in drafts:
        items = draft.body.items if draft.body is not None else []
        for i, element in enumerate(items):
            if key in squeeze(element.text):
                del items[i]
                if draft.body is not None and not items:
                    draft.body = None
                return _as_display(element)
    for i, element in enumerate(furniture):
        if key in squeeze(element.text):
            del furniture[i]
            return _as_display(element)
    return None


def _as_display(element: Element) -> Element:
    element.role, element.kind = Role.DISPLAY, ""
    return element


def _below(drafts: list[Draft], furniture: list[Element], key: str) -> Draft | None:
    """The unit that begins with a line which was taken for text or furniture: it is made where that line stands."""
    for at, draft in enumerate(drafts):
        items = draft.body.items if draft.body is not None else []
        for i, element in enumerate(items):
            if key not in squeeze(element.text) or draft.body is None:
                continue
            line = _as_display(items.pop(i))
            if i == 0:
                if not items:
                    draft.body = None
                _give(draft, line)
                return draft
            rest = Body(items[i:], draft.body.bylines, draft.body.credits)
            draft.body.items, draft.body.bylines, draft.body.credits = items[:i], [], []
            made = Draft(rest if rest.items else None, Heading([line]))
            if not rest.items:
                draft.body.bylines, draft.body.credits = rest.bylines, rest.credits
                following = drafts[at + 1] if at + 1 < len(drafts) else None
                if following is not None and following.heading is None:
                    _give(following, line)
                    return following
            drafts.insert(at + 1, made)
            return made
    line_of = _extract([], furniture, key)
    if line_of is None:
        return None
    at = next((i for i, d in enumerate(drafts) if d.position > line_of.stretch.first), len(drafts))
    if at < len(drafts) and drafts[at].heading is None:
        _give(drafts[at], line_of)
        return drafts[at]
    drafts.insert(at, Draft(None, Heading([line_of])))
    return drafts[at]
