"""Verse: groups of lines that end where the poet ends them.

Regular verse has short lines that all end in a mark; free verse follows a title and its author, and
its lines are ragged where a column's are full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.segment import people
from pipeline.segment.blocks import is_report_head
from pipeline.segment.flow import is_final
from pipeline.segment.forms import is_caption, is_label, is_place
from pipeline.segment.lines import Line

_MARK: Final = frozenset("，。！？；、：,")
_INNER: Final = re.compile(r"[，。！？；：]")
_NOT_VERSE: Final = re.compile(r"^(?:——|──|—|【)|讯|\d{3,}|记者|通讯员")
_TELLS: Final = re.compile(r"[\d“”：:]")
_SHORT: Final = 20
"""Half cells; lines of a poem that stands without its title are no longer."""
_FEWEST: Final = 6
"""Lines of such a poem at least."""
_FEWEST_TITLED: Final = 4
"""Lines of a group at least that holds a title, its author and verse."""
_PEN_NAME: Final = re.compile(r"^[\u4e00-\u9fff]{2,3}$")
_LONGEST_BLOCK: Final = 5
_COUPLET: Final = re.compile(r"^([\u4e00-\u9fff]{4,8})[，、！？；]([\u4e00-\u9fff]{4,8})[，。！？；]$")
_FEWEST_REGULAR: Final = 4
_LONGEST: Final = 40
"""Half cells; longer lines are prose."""


def stanzas(lines: Sequence[Line], plain: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the line ranges ``[start, end)`` of stanzas; ``plain`` tells lines that are no furniture, byline or credit."""
    groups = _groups(lines, plain)
    out: list[tuple[int, int]] = []
    follows = -1
    for k, (whole, end) in enumerate(groups):
        if whole < follows:
            continue
        # A title and its author may stand right above the first line.
        start = whole + (_titled(lines[whole:end]) if end - whole >= _FEWEST_TITLED else 0)
        titled = start > whole or whole == follows or _author_above(lines, plain, whole)
        if end - start > 1 and lines[start].text[-1] in _MARK and _regular(lines[start:end]):
            out.append((start, end))
            follows = end
            continue
        if not titled:
            if lines[start].cells > _SHORT or end - start < 2:
                continue
            apart = _apart(lines, plain, groups, k)
            out += apart
            follows = apart[-1][1] if apart else follows
            continue
        if is_place(lines[start].text) or (end < len(lines) and not plain[end] and people.is_byline(lines[end].text)):
            continue
        goes_on = whole == follows and start == whole
        alone = end - start <= 3
        more = k + 1 < len(groups) and groups[k + 1][0] == end and _free(lines[slice(*groups[k + 1])], True)
        if start == whole and not goes_on and lines[start].gap and ((alone and not more) or _is_block(lines[start:end], more)):
            continue
        own = start > whole and _is_short_poem(lines[start:end]) and (end == len(lines) or lines[end].gap > 0 or not plain[end])
        if (own or _free(lines[start:end], goes_on)) and not (goes_on and _heads(lines, plain, groups, k)):
            out.append((start, end))
            follows = end
    return out


def _is_short_poem(group: Sequence[Line]) -> bool:
    """Whether the lines below a title and its author, with an empty line below them, are a poem of two lines or of short sentences."""
    if any(line.cells > _SHORT or people.signs(line.text) or is_label(line.text) or is_place(line.text) for line in group):
        return False
    marked = sum(line.text[-1] in _MARK for line in group)
    if len(group) == 2:
        return not marked and not any(_TELLS.search(line.text) for line in group)
    return len(group) >= 4 and marked == len(group)


def _is_block(group: Sequence[Line], more: bool) -> bool:
    """Whether a few lines apart from the author above them may be another item's headline block; ``more`` tells of stanzas below."""
    if 1 < len(group) <= _LONGEST_BLOCK and not more and is_report_head([line.text for line in group]):
        return True
    signed = people.signs(group[-1].text) or people.are_people(group[-1].text) or _PEN_NAME.match(group[-1].text) is not None
    return len(group) <= 4 and (signed or any(is_place(line.text) or is_label(line.text) or _TELLS.search(line.text) for line in group))


def _apart(lines: Sequence[Line], plain: Sequence[bool], groups: Sequence[tuple[int, int]], k: int) -> list[tuple[int, int]]:
    """The stanzas of a poem between bodies, its title elsewhere: two groups or more of short bare lines, with prose before and after."""
    start = groups[k][0]
    out: list[tuple[int, int]] = []
    for low, high in (groups[j] for j in range(k, len(groups))):
        if (out and low != out[-1][1]) or any(_is_bare(line) for line in lines[low:high]):
            break
        out.append((low, high))
    end = out[-1][1] if out else start
    if len(out) < 2 or end - start < _FEWEST or any(high - low < 2 for low, high in out):
        return []
    before = lines[start - 1] if start and plain[start - 1] else None
    after = lines[end] if end < len(lines) and plain[end] else None
    if after is None or after.cells <= _SHORT or (before is not None and not is_final(before.text)):
        return []
    if before is None and end - start < 2 * _FEWEST - 4:
        return []
    return out


def _is_bare(line: Line) -> bool:
    """Whether a line is none of a poem's: long, ended, telling figures, or a label's or a place's name."""
    return (
        line.cells > _SHORT
        or line.text[-1] in "。："
        or _TELLS.search(line.text) is not None
        or is_label(line.text)
        or is_place(line.text)
        or people.is_person(line.text)
    )


def _titled(group: Sequence[Line]) -> int:
    """How many lines of a group are a label, a title and its author above the verse."""
    labelled = len(group) >= 5 and not group[1].gap and not group[2].gap and _INNER.search(group[1].text) is None
    if len(group) >= 4 and _names_author(group[0], group[1]) and not (is_label(group[0].text) and people.signs(group[2].text)):
        return 2
    if labelled and is_label(group[0].text) and (people.signs(group[2].text) or _PEN_NAME.match(group[2].text)):
        return 3
    # A pen name tells nothing by itself; so short lines below it do.
    for author in (1, 2):
        below = group[author + 1 :]
        if len(below) < 3 or group[author].gap or _PEN_NAME.match(group[author].text) is None:
            continue
        if max(line.cells for line in (group[0], *below)) <= _SHORT and not any(_INNER.search(line.text) for line in group[:author]):
            return author + 1
    return 0


def _names_author(title: Line, author: Line) -> bool:
    return author.gap == 0 and title.cells <= 40 and _INNER.search(title.text) is None and people.signs(author.text)


def _heads(lines: Sequence[Line], plain: Sequence[bool], groups: Sequence[tuple[int, int]], k: int) -> bool:
    """Whether a group of lines after a stanza is the headline block of the prose that follows it."""
    start, end = groups[k]
    if end - start == 2 and _names_author(lines[start], lines[start + 1]):
        return True
    if end - start > 3 or k + 1 == len(groups) or groups[k + 1][0] != end:
        return False
    low, high = groups[k + 1]
    following = lines[low:high]
    # Headlines hold no full stop; prose does, or is too long for a line of verse, and opens with a line about as long as the next.
    prose = people.dateline(following[0].text) is not None or any("。" in line.text or line.cells > _LONGEST for line in following)
    short = high - low > 1 and following[0].cells + 8 < following[1].cells and _INNER.search(following[0].text) is None
    own = short or any(people.dateline(line.text) is not None for line in following[1:4])
    if lines[low].gap == 0 or not prose or own or _regular(following):
        return False
    # A caption needs no headline; any other prose has one.
    photo = next((i for i in range(high, min(high + 3, len(lines))) if not plain[i]), -1)
    return not is_caption(following[0].text) and not (photo >= 0 and people.is_photo_credit(lines[photo].text))


def _groups(lines: Sequence[Line], plain: Sequence[bool]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    start, before = -1, False
    for i, (line, bare) in enumerate(zip(lines, plain, strict=True)):
        long = line.cells > _LONGEST
        if start >= 0 and (not bare or line.gap or long is not before):
            out.append((start, i))
            start = -1
        if start < 0 and bare:
            start = i
        before = long
    if start >= 0:
        out.append((start, len(lines)))
    return out


def _regular(group: Sequence[Line]) -> bool:
    """Lines of one length with a mark at the end of each and none inside, or four and more short lines all ending in marks."""
    if len(group) < 2 or any(line.text[-1] not in _MARK for line in group):
        return False
    if len({line.cells for line in group}) == 1 and all(_is_couplet(line.text) for line in group):
        return True
    if any(line.cells > 32 or _INNER.search(line.text[:-1]) for line in group):
        return False
    same = len({line.cells for line in group}) == 1 and group[0].cells in (10, 12, 14, 16, 18)
    return (same and group[-1].text[-1] in "。！？") or (len(group) >= 4 and group[-1].text[-1] in "。！？")


def _regular_part(group: Sequence[Line]) -> int:
    """How many lines from a title on are regular verse, all of one length, where what follows without an empty line is not."""
    count = next((k for k, line in enumerate(group) if line.cells != group[0].cells or line.text[-1] not in _MARK), len(group))
    while count >= _FEWEST_REGULAR and not _regular(group[:count]):
        count -= 1
    return count if count >= _FEWEST_REGULAR else 0


def _is_couplet(text: str) -> bool:
    hit = _COUPLET.match(text)
    return hit is not None and len(hit[1]) == len(hit[2])


def _author_above(lines: Sequence[Line], plain: Sequence[bool], start: int) -> bool:
    if start < 2:
        return False
    author, title = lines[start - 1], lines[start - 2]
    if not plain[start - 2] or title.cells > 40 or _INNER.search(title.text):
        return False
    named = people.signs(author.text) if plain[start - 1] else people.is_byline(author.text) and not people.is_photo_credit(author.text)
    if not named and _PEN_NAME.match(author.text) is not None and not author.gap:
        # A pen name tells nothing by itself; so short lines below it do.
        below = [line.cells for line in lines[start : start + 3]]
        return len(below) == 3 and max(below) <= _SHORT
    return named and (len(author.text) <= 8 or people.is_titled(author.text))


def _free(group: Sequence[Line], goes_on: bool) -> bool:
    if len(group) < (2 if goes_on else 3) or any(line.cells > _LONGEST or _NOT_VERSE.search(line.text) for line in group):
        return False
    if sum(line.text[-1] in "。；" for line in group) * 3 > len(group):
        return False
    marked = sum(line.text[-1] in _MARK for line in group[:-1])
    if group[-1].text[-1] in "。！？" and marked * 2 < len(group) - 1:
        return False  # prose: wrapped lines, and a full stop at the end
    if any("。" in line.text[:-1] for line in group) or (group[0].indent >= 2 and any(line.indent == 0 for line in group)):
        return False
    cells = [line.cells for line in group]
    # Wrapped lines are as wide as their column; a poet's end where he likes.
    wrapped = [c for line, c in zip(group, cells, strict=True) if line.text[-1] not in _MARK]
    if max(cells) > 20 and len(wrapped) >= 2 and sum(c >= max(cells) - 4 for c in wrapped) * 4 >= 3 * len(wrapped):
        return False
    full = sum(c >= max(cells) - 2 for c in cells[:-1])
    return max(cells) <= 20 or full * 5 <= 3 * (len(group) - 1) or max(cells) - min(cells[:-1]) >= 12
