"""Elements made ready for structure: what stands inside a line but is a thing of its own is cut out.

Jumps (``（下转第三版）``), photographers at the end of a caption and names in brackets at the end of
a paragraph become elements; a lone personal name under a headline becomes a byline; what follows a
weather or advertisement heading becomes furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from pipeline.segment import furniture, people
from pipeline.segment.elements import Element, Role, is_issuer
from pipeline.segment.flow import is_final
from pipeline.segment.forms import is_label, is_notice
from pipeline.segment.stretch import Stretch

_SHEET: Final = 60
_SHEET_AT_MOST: Final = 150
"""Paragraphs after which a sheet ends at the next page turn, or at the next heading."""
_SHEET_ELEMENTS: Final = 500
_HABIT: Final = 2
"""Items that make a habit of a page."""
_SIGN_OFF: Final = 2
"""Lines that may sign off an item, at most."""
_OPENS_PAGE: Final = frozenset({"masthead", "running_head", "page_number"})
_BODY_NAME: Final = re.compile(
    r"^[\u4e00-\u9fff]{2,6}[省市县区州旗镇乡](?:[\u4e00-\u9fff]{2,10}(?:局|委员会|法院|检察院|公司|办公室|居委会|村委会|支队|大队|管委会|集团|银行)|人民政府)$"
)
_PEN_NAME: Final = re.compile(r"^[\u4e00-\u9fff]{2,3}$")
_NO_NAME: Final = re.compile(r"^(?:摘要|节选|图文|导语|楔子|引子|序言?|前言|后记|跋|目录|编者按?|[上中下续][篇集部]?)$")
_PLACE_END: Final = "省市县区州盟旗镇乡村街道社局院校会厅部处所站队"


def prepare(elements: Iterable[Element]) -> list[Element]:
    """Cut out what is not the paragraph's own, and settle lines that only their neighbours explain."""
    cut: list[Element] = []
    for element in elements:
        cut += cut_paragraph(element) if element.role is Role.BODY else [element]
    _name_authors(cut)
    _close_items(cut)
    _absorb_sections(cut)
    return cut


def sheets(elements: Sequence[Element]) -> Iterator[list[Element]]:
    """Cut a long issue into stretches that are structured on their own, at page furniture where there is any.

    A page of ordinary size stays whole; what follows keeps the cost of a large issue linear.
    """
    sheet: list[Element] = []
    paragraphs = 0
    previous: Element | None = None
    for element in elements:
        turned = previous is not None and (element.page != previous.page or (element.role is Role.FURNITURE and element.kind == "masthead"))
        heading = element.role is Role.DISPLAY and previous is not None and previous.role is not Role.DISPLAY
        full = len(sheet) >= _SHEET_ELEMENTS
        if sheet and (full or (paragraphs >= _SHEET and turned) or (paragraphs >= _SHEET_AT_MOST and heading)):
            yield sheet
            sheet, paragraphs = [], 0
        sheet.append(element)
        paragraphs += element.role is Role.BODY
        previous = element
    if sheet:
        yield sheet


def _part(element: Element, stretch: Stretch, role: Role, kind: str = "", *, first: bool = False) -> Element:
    return Element(role, kind, stretch, element.gap if first else 0, element.cells, element.page, element.indent, element.slack)


def cut_paragraph(element: Element) -> list[Element]:
    """A paragraph without the jump, photographer or signature at its ends, and those as elements of their own."""
    text = element.text
    if text[0] in "(（" and people.is_author_note(text):
        return [_part(element, element.stretch, Role.BYLINE, first=True)]
    start, end = 0, len(text)
    before: list[Element] = []
    after: list[Element] = []
    if (hit := furniture.JUMP_HEAD.match(text)) is not None:
        before.append(_part(element, element.stretch.slice(0, hit.end()), Role.FURNITURE, "jump", first=True))
        start = hit.end()
    if "版" in text[-30:] and (hit := furniture.JUMP_TAIL.search(text, max(0, end - 30))) is not None and hit.start() > start:
        after.insert(0, _part(element, element.stretch.slice(hit.start(), end), Role.FURNITURE, "jump"))
        end = hit.start()
    body = text[start:end]
    if (cut := people.trailing_photo(body)) is not None:
        after.insert(0, _part(element, element.stretch.slice(start + cut[0], start + cut[1]), Role.BYLINE, "photo"))
        end = start + cut[0]
    elif (cut := people.trailing_signature(body)) is not None:
        after.insert(0, _part(element, element.stretch.slice(start + cut[0], start + cut[1]), Role.BYLINE, "signed"))
        end = start + cut[0]
    if not before and not after:
        return [element]
    kept = element.stretch.slice(start, end)
    middle = [_part(element, kept, Role.BODY, first=not before)] if kept.text else []
    return [*before, *middle, *after]


def _name_authors(elements: list[Element]) -> None:
    """A personal name alone on the line below a headline is the author's."""
    shown = [e for e in elements if e.role is not Role.FURNITURE]
    names = 0
    unknown: list[Element] = []
    for i in range(1, len(shown)):
        element, above = shown[i], shown[i - 1]
        if element.role is not Role.DISPLAY or above.role is not Role.DISPLAY or above.page != element.page:
            continue
        text = element.text
        if text[-1] in _PLACE_END or is_label(re.sub(r"\s+", "", text)):
            continue
        below = shown[i + 1] if i + 1 < len(shown) else None
        if people.signs(text) or (people.are_people(text) and len(above.text) > len(text) - 2):
            named = below is None or below.role is Role.BODY or below.gap > element.gap
        else:
            # A pen name has no surname: so short a line right above a body is no part of a headline.
            named = _PEN_NAME.match(text) is not None and _NO_NAME.match(text) is None and not element.gap
            named = named and (below is None or below.role is Role.BODY or below.gap > 0)
            if named and not (_is_title(above.text) or (i > 1 and shown[i - 2].role is Role.DISPLAY and not above.gap)):
                unknown.append(element)
                continue
        if named:
            element.role, element.kind = Role.BYLINE, "name"
            names += 1
    # Where other items name their authors so, what stands below a headline of two characters is a pen name, too.
    for element in unknown if names >= _HABIT else ():
        element.role, element.kind = Role.BYLINE, "name"


def _is_title(text: str) -> bool:
    return len(text) >= 4 and not is_label(text)


def _absorb_sections(elements: list[Element]) -> None:
    """Weather and advertisement blocks run from their heading to the next thing that is neither."""
    section = ""
    signs = furniture.ad_scores([e.text for e in elements])
    for element, score in zip(elements, signs, strict=True):
        if element.role is Role.FURNITURE:
            section = {"weather_head": "weather", "advertisement_head": "advertisement"}.get(element.kind, "")
            if section:
                element.kind = section
            continue
        if _belongs(element, section, score):
            element.role, element.kind = Role.FURNITURE, section or "advertisement"
        else:
            section = ""


def _belongs(element: Element, section: str, signs: int) -> bool:
    """Whether an element goes on with a weather or advertisement block, or plainly is an advertisement by so many signs."""
    if section == "weather":
        return furniture.is_weather(element.text)
    if section == "advertisement" and (signs or (len(element.text) <= 24 and not element.gap)):
        return True
    return signs >= 2 and (element.role is Role.DISPLAY or len(element.text) <= 160)


def _close_items(elements: Sequence[Element]) -> None:
    """Lines right below a finished paragraph, with an empty line after them, sign it off where only items are parted by empty lines."""
    shown = [e for e in elements if e.role is not Role.FURNITURE or e.kind in _OPENS_PAGE]
    for above, line, below in zip(shown, shown[1:], [*shown[2:], None], strict=False):
        # A body's full name alone below a paragraph signs it, however paragraphs are parted.
        alone = below is None or below.gap > 0 or below.role is Role.FURNITURE
        if alone and line.role is Role.DISPLAY and above.role is Role.BODY and _BODY_NAME.match(line.text) and is_final(above.text[-40:]):
            line.role, line.kind = Role.BODY, "issuer"
        elif alone and line.role is Role.DISPLAY and above.role is Role.BODY and people.is_titled(line.text) and is_final(above.text[-40:]):
            line.role, line.kind = Role.BYLINE, "name"
    inner = [b.gap for a, b in pairwise(shown) if a.role is Role.BODY and b.role is Role.BODY]
    if not inner or sum(gap == 0 for gap in inner) * 5 < 4 * len(inner):
        return
    for i, element in enumerate(shown):
        if element.role is not Role.BODY or not is_final(element.text[-40:]):
            continue
        end = i + 1
        while end < len(shown) and end <= i + _SIGN_OFF and shown[end].role is Role.DISPLAY and not shown[end].gap:
            end += 1
        lines = shown[i + 1 : end]
        if end == len(shown):
            parted = all(people.is_person(e.text.split()[-1]) or is_issuer(e.text) for e in lines)
        else:
            parted = shown[end].role is not Role.BYLINE and bool(shown[end].gap)
        for line in lines if parted else ():
            if people.is_person(line.text.split()[-1]):
                line.role, line.kind = Role.BYLINE, "name"
            elif not is_notice(line.text):
                line.role, line.kind = Role.BODY, "issuer"
