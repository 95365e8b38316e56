"""Where one body ends and the next begins.

Datelines, closing bylines and headline blocks mark most boundaries.  A display line between two
paragraphs may be a headline or a subhead; the evidence for either is summed.  Where headlines stand
apart from the bodies and nothing marks a boundary, the headlines themselves tell it: a run of
paragraphs is split where its two parts answer to different headlines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from pipeline.segment.elements import Element, Role
from pipeline.segment.forms import (
    BULLETS,
    gathers,
    heads_picture,
    is_label,
    is_lead,
    is_notice,
    is_place,
    is_salutation,
    opens_series,
)
from pipeline.segment.headings import Heading, group
from pipeline.segment.overrides import Overrides, squeeze
from pipeline.segment.page import Body, Joint, Page
from pipeline.segment.splitting import split_by_headings

_NUMBERED: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十\d]{1,3}[章节部分篇]|\d{1,2}[、.．](?!\d)|[①②③④⑤⑥⑦⑧⑨])"
)


def bodies(page: Page, rules: Overrides, used: set[str]) -> tuple[list[Body], list[int], list[Heading]]:
    """Return the bodies, the index of each one's first paragraph, and the headings, all in reading order."""
    count = len(page.paragraphs)
    for i, joint in enumerate(page.joints):
        _settle(page, i, joint)
    collected = _collected_style(page)
    dated = count > 0 and page.paragraphs[0].dated
    for i in range(1, count):
        joint = page.joints[i]
        joint.boundary = joint.boundary or (joint.display and not _is_subhead(page, i, collected, dated))
        if joint.boundary:
            dated = page.paragraphs[i].dated
    _split_briefs(page)
    _split_verse(page)
    starts = [0, *(i for i in range(1, count) if page.joints[i].boundary), count]
    _split_captions(page, starts)
    headings = _headings(page, starts, collected)
    page.learn(headings)
    split_by_headings(page, starts, headings)
    _override(page, starts, rules, used)
    spans = [(start, end) for start, end in pairwise(starts) if start < end]
    return [_body(page, start, end) for start, end in spans], [start for start, _ in spans], headings


def _override(page: Page, starts: list[int], rules: Overrides, used: set[str]) -> None:
    """Begin and join bodies where an editor says so."""
    texts = [squeeze(p.text) for p in page.paragraphs] if rules.overrides else []
    for key in rules.keys("split"):
        found = [i for i, text in enumerate(texts) if key in text]
        used.update([key] if found else [])
        starts += [i for i in found[:1] if i not in starts]
    for key in rules.keys("merge"):
        found = [i for i in starts if 0 < i < len(texts) and key in texts[i]]
        used.update([key] if found else [])
        starts[:] = [i for i in starts if i not in found[:1]]
    starts.sort()


def _settle(page: Page, i: int, joint: Joint) -> None:
    """Divide what stands at a joint into what closes the body before it and what opens the next."""
    count = len(page.paragraphs)
    inner = 0 < i < count
    if joint.rest:
        if inner:
            turn = page.paragraphs[i].page
            joint.turned = [e for e in joint.rest if e.page < turn and e.role is not Role.FURNITURE]
            joint.rest = joint.rest[len(joint.turned) :]
        source = joint.turned or joint.rest
        if i > 0:
            while source and source[0].role is not Role.DISPLAY:
                joint.closers.append(source.pop(0))
        if i < count and joint.rest and joint.rest[-1].role is Role.DISPLAY and is_lead(joint.rest[-1].text):
            joint.lead = [joint.rest.pop()]
    if inner and not joint.boundary:
        parted = bool(joint.closers or joint.turned)
        joint.boundary = parted or page.paragraphs[i].dated or page.captions[i] or page.captions[i - 1]


def _collected_style(page: Page) -> bool:
    """Whether headlines stand apart from bodies: few bodies have one right above, and a list stands at an edge."""
    dated = headed = inner = 0
    for i, (paragraph, joint) in enumerate(zip(page.paragraphs, page.joints, strict=False)):
        opens = paragraph.dated
        dated += opens
        headed += opens and joint.display
        inner += i > 0 and joint.display and (opens or any(e.role is Role.BYLINE for e in joint.rest))
    if dated >= 3:
        return headed * 2 < dated
    if inner:
        return False
    closing = group(page.joints[-1].rest, spread=True) if page.paragraphs else []
    opening = [h for h in group(page.joints[0].rest, spread=True) if not h.labelled and not (len(h.lines) == 1 and is_place(h.text))]
    return bool(closing) or len(opening) >= 3 or sum(bool(h.bylines) for h in opening) >= 2


def _is_subhead(page: Page, i: int, collected: bool, dated: bool) -> bool:
    """Weigh whether the display lines before paragraph ``i`` are a subhead of the running article."""
    joint = page.joints[i]
    display = [e for e in joint.rest if e.role is Role.DISPLAY]
    if len(display) < len(joint.rest):
        return False
    texts = [e.text for e in display]
    if all(_NUMBERED.match(t) for t in texts):
        return True
    if len(display) > 2 or is_label(texts[0]) or texts[-1].startswith(("—", "─")):
        return False
    if page.paragraphs[i - 1].kind in {"issuer", "issued"}:
        return False
    if is_notice(texts[-1]) or page.paragraphs[i].kind in {"verse", "row"} or is_salutation(page.paragraphs[i].text):
        return False
    if any(e.kind == "photo" for e in page.joints[i + 1].closers) and heads_picture(texts[0], page.paragraphs[i].text):
        return False
    longest = max(len(t) for t in texts)
    # Features have subheads; news reports, which open with a dateline, seldom do.
    score = 2.5 if collected else -1.5 if dated else 0.6
    score += 1.0 if longest <= 8 else 0.4 if longest <= 10 else -1.5 if longest > 13 else 0.0
    if len(texts) == 2:
        score += 1.0 if abs(len(texts[0]) - len(texts[1])) <= 1 and display[1].gap == 0 else -2.0
    alike = 0
    for other in page.joints[max(1, i - 8) : i + 9]:
        lines = [e.text for e in other.rest if e.role is Role.DISPLAY]
        if other is not joint and len(lines) == len(other.rest) == len(texts):
            alike += all(abs(len(a) - len(b)) <= 1 for a, b in zip(lines, texts, strict=True))
    score += 1.0 if alike else 0.0
    cohesion = page.cohesion(i)
    score += 1.5 if cohesion > 0.12 else 0.8 if cohesion > 0.08 else -0.5 if cohesion < 0.03 else 0.0
    score -= _set_as_headline(page, i, display)
    cells, width = page.paragraphs[i - 1].cells, page.paragraphs[i].cells
    if cells and width and abs(cells - width) >= 4:
        score -= 0.7
    return score > 0


def _set_as_headline(page: Page, i: int, display: Sequence[Element]) -> float:
    """How much display lines are set like the page's certain headlines, where empty lines part items and no paragraphs."""
    if page.usual_gap or page.paragraphs[i].gap:
        return 0.0
    if not display[0].gap:
        return -1.0 if page.parts_items else 0.0
    return 2.0 if page.parts_items else 0.5


def _split_briefs(page: Page) -> None:
    """Under a label that announces several items, each paragraph that opens with a bullet is one of them."""
    several = False
    for i, paragraph in enumerate(page.paragraphs):
        joint = page.joints[i]
        if joint.display:
            label = next(e.text for e in joint.rest if e.role is Role.DISPLAY)
            below = page.paragraphs[i + 1].text if i + 1 < len(page.paragraphs) else paragraph.text[1:] or " "
            several = len(joint.rest) == 1 and (gathers(label) or opens_series(label, paragraph.text, below))
        elif several and paragraph.text[0] in BULLETS:
            joint.boundary = True
        else:
            several = several and not joint.boundary


def _split_verse(page: Page) -> None:
    """A poem of several stanzas is an item of its own; one that a colon announces is quoted."""
    kinds = [p.kind == "verse" for p in page.paragraphs]
    for start, run in _runs(kinds):
        quoted = start > 0 and page.paragraphs[start - 1].text[-1] in "：:" and not page.joints[start].display
        if run > 1 and not quoted:
            for i in (start, start + run):
                if 0 < i < len(kinds):
                    page.joints[i].boundary = True


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where runs of true flags begin, and their lengths."""
    at = 0
    for flag, members in groupby(flags):
        size = sum(1 for _ in members)
        if flag:
            yield at, size
        at += size


def _split_captions(page: Page, starts: list[int]) -> None:
    """The paragraph above a photographer's name is a caption of its own."""
    for i, joint in enumerate(page.joints):
        if i > 1 and any(e.kind == "photo" for e in joint.closers) and i - 1 not in starts and not page.joints[i - 1].display:
            starts.append(i - 1)
    starts.sort()


def _headings(page: Page, starts: Sequence[int], collected: bool) -> list[Heading]:
    out: list[Heading] = []
    teasers = list(page.teasers)
    for i, joint in enumerate(page.joints):
        while teasers and teasers[0].place == i:
            out.append(teasers.pop(0))
        if joint.turned:
            _add(out, joint.turned, None, i, apart=True)
        if not joint.display or (i not in starts and i < len(page.paragraphs)):
            continue
        above = i if i < len(page.paragraphs) else None
        _add(out, joint.rest, above, i, apart=above is None or collected)
    opening = Counter(h.lines[0].text for h in out if len(h.lines) > 1)
    for at, heading in enumerate(out):
        heading.at = at
        heading.repeated = len(heading.lines) > 1 and opening[heading.lines[0].text] > 1 and not is_place(heading.lines[0].text)
    return out


def _add(out: list[Heading], run: Sequence[Element], above: int | None, place: int, *, apart: bool) -> None:
    found = group(run, spread=apart)
    if not apart and len(found) > 3:
        found = group(run, spread=True)
        apart = True
    if not apart and len(found) > 1:
        head = found[0]
        for more in found[1:]:
            head.lines += more.lines
            head.bylines += more.bylines
            head.credits += more.credits
        found = [head]
    for heading in found:
        heading.collected, heading.place = apart, place
        heading.followed = apart and heading is not found[-1]
    if above is not None and found:
        found[-1].above = above
    out += found


def _body(page: Page, start: int, end: int) -> Body:
    body = Body(jumps=[element for at, element in page.jumps if start <= at < end])
    for i in range(start, end):
        if i > start:
            body.items += [e for e in page.joints[i].rest if e.role is Role.DISPLAY]
        body.items += page.joints[i].lead
        body.items.append(page.paragraphs[i])
    for element in page.joints[end].closers:
        (body.credits if element.role is Role.CREDIT else body.bylines).append(element)
    body.caption = page.captions[start] or any(e.kind == "photo" for e in body.bylines)
    if start == 0:
        body.bylines = [e for e in page.joints[0].rest if e.role is Role.BYLINE and not page.joints[0].display] + body.bylines
    return body
