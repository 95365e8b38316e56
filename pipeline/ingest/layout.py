"""Characters with places on a page to text in reading order.

Characters become line fragments, fragments of one column become blocks, and ``reading_order`` puts
the blocks in order.

Measures are in PDF points, the vertical axis points up.  The *em* is the height of a character's box.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

from pipeline.ingest.reading_order import DISPLAY, Block, Glyph, Line, reading_order

_SAME_PLACE: Final = 0.12
"""Ems by which a character drawn again to look bold is shifted at most."""
_REACH: Final = 0.75
"""Ems between neighbours of one line; a gutter between columns is wider."""
_JOIN: Final = 0.5
"""Ems between two fragments that stand on one baseline but were drawn apart."""
_SPREAD: Final = 2.2
"""Ems between the characters of a letter-spaced headline."""
_LEADING: Final = 1.15
"""Ems of white between two lines of one column."""
_SET_IN: Final = 3.5
"""Ems by which a line above a column is set in where it is no first line of a paragraph but a byline."""
_STACK: Final = 1.7
"""Ems from one character of an upright (vertical) line to the next."""
_MOST_BLOCKS: Final = 400
"""More blocks on one page are sorted from top to bottom: the order costs the cube of their number."""


class PageText(NamedTuple):
    """A page's text, and the ranges in it that are set as headlines are."""

    text: str
    display: tuple[tuple[int, int], ...]


def page_text(glyphs: Sequence[Glyph]) -> PageText:
    """Put a page's characters in reading order.

    Args:
        glyphs: characters in the order they are drawn, spaces included.
    """
    drawn = _once(glyphs)
    if not drawn:
        return PageText("", ())
    sizes = Counter(round(g.top - g.bottom) for g in drawn if not g.char.isspace())
    body = float(max(sizes, key=lambda s: (sizes[s], -s))) if sizes else 0.0
    lines = _merge(_lines(drawn), body)
    blocks = reading_order(_blocks(lines), body)
    return _write(blocks, body)


def _once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Drop what is drawn twice at one place, a hair apart, to look bold."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    out: list[Glyph] = []
    for glyph in glyphs:
        near = _SAME_PLACE * (glyph.top - glyph.bottom)
        x, y = round(glyph.left / 4), round(glyph.base / 4)
        others = (o for i in (-1, 0, 1) for j in (-1, 0, 1) for o in seen.get((glyph.char, x + i, y + j), ()))
        if any(abs(o.left - glyph.left) <= near and abs(o.base - glyph.base) <= near for o in others):
            continue
        seen.setdefault((glyph.char, x, y), []).append(glyph)
        out.append(glyph)
    return out


def _line(glyphs: list[Glyph], *, upright: bool = False) -> Line:
    heights = [g.top - g.bottom for g in glyphs if not g.char.isspace()] or [g.top - g.bottom for g in glyphs]
    return Line(
        glyphs,
        min(g.left for g in glyphs),
        max(g.right for g in glyphs),
        min(g.bottom for g in glyphs),
        max(g.top for g in glyphs),
        glyphs[0].base,
        median(heights),
        upright,
    )


def _lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Runs of characters drawn one after the other on one baseline, or one below the other."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs:
            before = runs[-1][-1]
            one, other = before.top - before.bottom, glyph.top - glyph.bottom
            em = max(one, other)
            level = abs(glyph.base - before.base) <= 0.25 * em
            if level and -0.6 * em <= glyph.left - before.right <= _REACH * em and 0.6 * em <= min(one, other):
                runs[-1].append(glyph)
                continue
        runs.append([glyph])
    out: list[Line] = []
    stack: list[Glyph] = []
    for run in [*runs, []]:
        alone = run[0] if len(run) == 1 and not run[0].char.isascii() else None
        if stack and (alone is None or not _below(stack[-1], alone)):
            out += [_line(stack, upright=True)] if len(stack) > 2 else [_line([g]) for g in stack]
            stack = []
        if alone is not None:
            stack.append(alone)
        elif run:
            out.append(_line(run))
    return [line for line in out if any(not g.char.isspace() for g in line.glyphs)]


def _below(above: Glyph, glyph: Glyph) -> bool:
    em = above.top - above.bottom
    drop = above.base - glyph.base
    return 0.6 * em <= drop <= _STACK * em and abs(above.left - glyph.left) <= 0.3 * em and 0.8 <= (glyph.top - glyph.bottom) / em <= 1.25


def _merge(lines: list[Line], body: float) -> list[Line]:
    """Join fragments of one line that were drawn apart."""
    out: list[Line] = []
    rows: list[list[Line]] = []
    for line in sorted((x for x in lines if not x.upright), key=lambda x: (-x.base, x.left)):
        if rows and abs(rows[-1][0].base - line.base) <= 0.25 * max(rows[-1][0].em, line.em):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda x: x.left)
        current = row[0]
        for line in row[1:]:
            em = max(current.em, line.em)
            alike = 0.8 <= current.em / line.em <= 1.25
            spread = alike and em > DISPLAY * body and (len(current.glyphs) == 1 or len(line.glyphs) == 1)
            if -0.6 * em <= line.left - current.right <= (_SPREAD if spread else _JOIN) * em and (
                alike or line.left - current.right < 0.2 * em
            ):
                current = _line([*current.glyphs, *line.glyphs])
            else:
                out.append(current)
                current = line
        out.append(current)
    return out + [line for line in lines if line.upright]


def _blocks(lines: list[Line]) -> list[Block]:
    """Lines of one column: each the only one right below the other, of one size, sharing most of the narrower's width."""
    level = sorted((x for x in lines if not x.upright), key=lambda x: (-x.top, x.left))
    tops = [-x.top for x in level]
    below: list[list[int]] = []
    above: list[list[int]] = [[] for _ in level]
    for i, line in enumerate(level):
        low = bisect_left(tops, -(line.bottom + 0.4 * line.em))
        high = bisect_right(tops, -(line.bottom - _LEADING * line.em))
        near: list[int] = []
        for j in range(max(low, i + 1), high):
            other = level[j]
            if min(line.right, other.right) - max(line.left, other.left) <= 0.5:
                continue
            if any(level[k].bottom > other.top - 0.4 * other.em and _share(level[k], other) for k in near):
                continue  # the next line but one
            near.append(j)
        below.append(near)
        for j in near:
            above[j].append(i)
    following: dict[int, int] = {}
    for i, near in enumerate(below):
        if len(near) == 1 and len(above[near[0]]) == 1 and _one_column(level[i], level[near[0]]):
            following[i] = near[0]
    started = set(following.values())
    out: list[Block] = []
    for i in range(len(level)):
        if i in started:
            continue
        block = Block([level[i]])
        at = i
        while at in following:
            at = following[at]
            block.lines.append(level[at])
        if len(block.lines) > 1 and block.lines[0].left - min(x.left for x in block.lines[1:]) >= _SET_IN * block.em:
            out.append(Block([block.lines.pop(0)]).close())
        out.append(block.close())
    return out + _upright_blocks([x for x in lines if x.upright])


def _share(one: Line, other: Line) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0.5


def _one_column(one: Line, other: Line) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return 0.87 <= one.em / other.em <= 1.15 and shared >= 0.5 * min(one.right - one.left, other.right - other.left)


def _upright_blocks(lines: list[Line]) -> list[Block]:
    """Upright lines side by side, read from right to left."""
    out: list[Block] = []
    for line in sorted(lines, key=lambda x: (-x.left, -x.top)):
        beside = next(
            (
                b
                for b in out
                if 0 <= b.lines[-1].left - line.right <= 1.3 * line.em and b.lines[-1].bottom < line.top and line.bottom < b.lines[-1].top
            ),
            None,
        )
        if beside is None:
            out.append(Block([line]))
        else:
            beside.lines.append(line)
    return [block.close() for block in out]


def _write(blocks: Sequence[Block], body: float) -> PageText:
    parts: list[str] = []
    display: list[tuple[int, int]] = []
    at = 0
    previous: Block | None = None
    for block in blocks:
        if previous is not None and not _goes_on(previous, block):
            parts.append("\n")
            at += 1
        steps = [a.base - b.base for a, b in zip(block.lines, block.lines[1:], strict=False)]
        usual = median(steps) if steps else 0.0
        for i, line in enumerate(block.lines):
            if i and not line.upright and steps[i - 1] > usual + 0.5 * line.em:
                parts.append("\n")
                at += 1
            text = line.text
            large = line.em >= DISPLAY * body or line.upright
            indent = 0 if large or block.em > line.em * 1.1 else round((line.left - block.left) / line.em)
            if 1 <= indent <= 4 and not text[0].isspace():
                text = "\u3000" * indent + text
            if large:
                display.append((at, at + len(text)))
            parts.append(text + "\n")
            at += len(text) + 1
        previous = block
    return PageText("".join(parts), tuple(display))


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a column goes on at the top of the next one: same size, about the same width, to the right and not below."""
    one, other = before.right - before.left, block.right - block.left
    alike = 0.9 <= before.em / block.em <= 1.1 and (len(block.lines) == 1 or 0.8 <= one / other <= 1.25)
    return alike and block.left >= before.right - 0.5 and block.top > before.bottom and not block.lines[0].upright
