"""The order in which blocks of a page are read.

The two rules of Breuel (2003, "High performance document layout analysis"): what shares its columns
with something below comes first, and so does what stands wholly to the left, unless something
between the two spans both (a headline over the columns of the next article).

Measures are in PDF points, the vertical axis points up.  The *em* is the height of a character's box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

DISPLAY: Final = 1.25
"""Times the body's size from which a line is set as a headline is."""
_BESIDE: Final = 5.0
"""Ems of a headline between it and a byline set in its row."""
_MOST_BLOCKS: Final = 400
"""More blocks on one page are sorted from top to bottom: the order costs the cube of their number."""


class Glyph(NamedTuple):
    """One character and its box."""

    char: str
    left: float
    right: float
    bottom: float
    top: float
    base: float
    """Height of the baseline."""


@dataclass(slots=True)
class Line:
    glyphs: list[Glyph]
    left: float
    right: float
    bottom: float
    top: float
    base: float
    em: float
    upright: bool = False

    @property
    def text(self) -> str:
        """The characters, with a space where the line leaves one."""
        if self.upright:
            return "".join(g.char for g in self.glyphs)
        out = [self.glyphs[0].char]
        for before, here in zip(self.glyphs, self.glyphs[1:], strict=False):
            gap = here.left - before.right
            latin = before.char.isascii() and here.char.isascii()
            if gap > (0.2 if latin else 0.7) * self.em and not (before.char.isspace() or here.char.isspace()):
                out.append(" ")
            out.append(here.char)
        return "".join(out)


@dataclass(slots=True)
class Block:
    lines: list[Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    reach: tuple[float, float] = (0.0, 0.0)
    """From where to where it stands alone in its row; its own edges unless it is a headline or a single line."""

    def close(self) -> Block:
        self.left, self.right = min(x.left for x in self.lines), max(x.right for x in self.lines)
        self.bottom, self.top = min(x.bottom for x in self.lines), max(x.top for x in self.lines)
        self.reach = self.left, self.right
        return self

    @property
    def em(self) -> float:
        return self.lines[0].em

    def shares(self, other: Block) -> bool:
        """Whether the two share some of their width."""
        return self.reach[0] < other.reach[1] - 0.5 and other.reach[0] < self.reach[1] - 0.5


def reading_order(blocks: list[Block], body: float) -> list[Block]:
    """The blocks as they are read; ``body`` is the em of the running text."""
    return _order(_span(blocks, body))


def _span(blocks: list[Block], body: float) -> list[Block]:
    """A headline, or a line alone such as a byline, parts what is above it from what is below as far as nothing else stands in its row."""
    if not blocks:
        return blocks
    blocks = _with_bylines(blocks, body)
    edges = min(b.left for b in blocks), max(b.right for b in blocks)
    for block in blocks:
        if block.lines[0].upright or (block.em < DISPLAY * body and len(block.lines) > 1):
            continue
        row = [b for b in blocks if b is not block and min(b.top, block.top) - max(b.bottom, block.bottom) > 0.2 * body]
        left = max((b.right for b in row if b.right <= block.left + 1), default=edges[0])
        right = min((b.left for b in row if b.left >= block.right - 1), default=edges[1])
        block.reach = min(left, block.left), max(right, block.right)
    return blocks


def _with_bylines(blocks: list[Block], body: float) -> list[Block]:
    """A small line set in a headline's row, to its right, goes with the headline."""
    heads = [b for b in blocks if b.em >= DISPLAY * body and not b.lines[0].upright]
    out: list[Block] = []
    for block in blocks:
        small = len(block.lines) == 1 and block.em < DISPLAY * body and not block.lines[0].upright
        middle = (block.top + block.bottom) / 2
        near = [h for h in heads if h.bottom <= middle <= h.top and 0 <= block.left - h.right <= _BESIDE * h.em] if small else []
        if near:
            head = max(near, key=lambda h: h.right)
            head.lines.append(block.lines[0])
        else:
            out.append(block)
    return [b.close() for b in out]


def _order(blocks: list[Block]) -> list[Block]:
    """Breuel's order; circles, which overprinting makes, are broken at the highest block."""
    blocks = sorted(blocks, key=lambda b: (-b.top, b.left))
    count = len(blocks)
    if count > _MOST_BLOCKS:
        return blocks
    after: list[list[int]] = [[] for _ in blocks]
    waits = [0] * count
    for i, one in enumerate(blocks):
        for j, other in enumerate(blocks):
            if i != j and _comes_first(one, other, blocks):
                after[i].append(j)
                waits[j] += 1
    left = set(range(count))
    out: list[Block] = []
    while left:
        ready = min(left, key=lambda i: (waits[i] > 0, i))
        left.remove(ready)
        out.append(blocks[ready])
        for j in after[ready]:
            waits[j] -= 1
    return out


def _comes_first(one: Block, other: Block, blocks: Sequence[Block]) -> bool:
    if one.shares(other):
        return one.top + one.bottom > other.top + other.bottom
    if one.left >= other.left:
        return False
    upper, lower = (one, other) if one.bottom >= other.top else (other, one) if other.bottom >= one.top else (None, None)
    if upper is None or lower is None:
        return True
    slack = 0.4 * one.em
    return not any(
        c is not one
        and c is not other
        and c.top <= upper.bottom + slack
        and c.bottom >= lower.top - slack
        and c.shares(one)
        and c.shares(other)
        for c in blocks
    )
