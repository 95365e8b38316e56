"""Jumps: ``下转第三版`` where an item goes on on another page, ``上接第一版`` where it was begun.

A jump belongs to the paragraph before it or after it, and ends or begins an item there.  Where both
parts are in the issue they are linked: each part of a continued item stays a unit of its own, with
the other's id, because an editor prints them apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import msgspec

from pipeline.records import Jump, JumpDirection, Span, Unit
from pipeline.segment.elements import Element
from pipeline.segment.grams import Table

_FROM: Final = re.compile(r"^[^\u3400-\u9fff]*(?:上接|紧接|接)")
_TO: Final = re.compile(r"^[^\u3400-\u9fff]*(?:下转|转)")
_VERB: Final = re.compile(r"接|转|见|")
_PAGE: Final = re.compile(r"(?:第\s?)?([0-9A-D一二三四五六七八九十]{1,4})\s?[版页]?")
_LEAST: Final = 0.02
"""Cohesion from which two parts can be of one item."""
_REACH: Final = 200
"""Units between two parts of one item at most: more than an issue has, so that a file of many issues costs no more for each."""


def direction(text: str) -> JumpDirection | None:
    """Which way a jump points; ``None`` for a mere reference (``相关报道见第四版``)."""
    return JumpDirection.FROM if _FROM.match(text) else JumpDirection.TO if _TO.match(text) else None


def record(element: Element) -> Jump:
    """The record of a jump, not linked yet; a reference tells where to go on, too."""
    page = _PAGE.search(element.text, _VERB.search(element.text).end())  # type: ignore[union-attr]
    spans = element.stretch.spans()
    return Jump(
        direction=direction(element.text) or JumpDirection.TO, page=page.group(1) if page else "", span=Span(spans[0].start, spans[-1].end)
    )


def link(units: Sequence[Unit]) -> list[Unit]:
    """Link the parts of continued items, the surest pairs first: those whose texts share most."""
    begun = [i for i, u in enumerate(units) if any(j.direction is JumpDirection.TO for j in u.jumps)]
    ended = [i for i, u in enumerate(units) if any(j.direction is JumpDirection.FROM for j in u.jumps)]
    if not begun or not ended:
        return list(units)
    may_end = set(ended)
    begun = [a for a in begun if bisect_left(ended, a - _REACH) < bisect_right(ended, a + _REACH)]
    concerned = sorted({*begun, *ended})
    texts = [_text(u) for u in units]
    table = Table([texts[i] for i in concerned], among=texts)
    pairs: list[tuple[float, int, int]] = []
    for a in begun:
        low, high = bisect_left(concerned, a - _REACH), bisect_right(concerned, a + _REACH)
        scores = table.cohesions(bisect_left(concerned, a), low, high)
        pairs += [(-s, a, b) for b, s in zip(concerned[low:high], scores, strict=True) if b in may_end and b != a]
    pairs.sort()
    out = list(units)
    one, other = set[int](), set[int]()
    for less, a, b in pairs:
        if -less >= _LEAST and a not in one and b not in other:
            one.add(a)
            other.add(b)
            out[a], out[b] = _linked(out[a], JumpDirection.TO, units[b].id), _linked(out[b], JumpDirection.FROM, units[a].id)
    return out


def _text(unit: Unit) -> str:
    titles = [p.text for p in (unit.headline, unit.kicker, unit.subtitle) if p is not None]
    return "\n".join([*titles, *(b.text for b in unit.blocks)])


def _linked(unit: Unit, way: JumpDirection, other: str) -> Unit:
    jumps = tuple(msgspec.structs.replace(j, unit=other) if j.direction is way else j for j in unit.jumps)
    return msgspec.structs.replace(unit, jumps=jumps)
