"""Lines to elements: paragraphs, display lines, bylines, credits and furniture, in reading order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final

import msgspec
import numpy as np

from pipeline.segment import furniture, people
from pipeline.segment.columns import INDENT, NARROWEST, Style, column_widths, style_of
from pipeline.segment.flow import DIGIT, SPACE, STOP, Flow, is_final
from pipeline.segment.joining import Reader, Reading, Seam
from pipeline.segment.lines import Line
from pipeline.segment.mastheads import mastheads
from pipeline.segment.stretch import Builder, Stretch, display, glue, latin_words
from pipeline.segment.verse import stanzas

_CREDIT: Final = re.compile(
    r"^[(（\[【]?\s?(?:(?:稿件|信息|图片|文章)?来\s?源\s?[:：]|(?:转\s?自|摘\s?自|选\s?自|原\s?载|转载自)\s?[:：]?|(?<=[(（])(?:据|综合|原载|载))\s?(?P<who>[^。，！？]{2,30}?)\s?[)）\]】]?(?:[\s|]+(?:字号|字体|作者|编辑|责编|发布时间|时间|日期|浏览|阅读|点击)[^:：]{0,4}[:：].*)?$"
)

_CREDIT_STARTS: Final = frozenset("(（[【稿信图文来转摘选原载据综")
_ROW: Final = re.compile(r"^[^\s。，；！？][^。，；！？]{0,40}?\s[-+−]?\d[\d.,]*\s?(?:[%％元℃万亿])?$")
_FIELDS: Final = re.compile(
    r"^[^\s。，；！？]{1,16}(?:\s+[^\s。，；！？]{1,16}){0,6}?\s+\d[^\s。，；！？]{0,11}(?:\s+[^\s。，；！？]{1,16}){0,6}$"
)
"""Words and figures set apart, figures not in front: ``雪原 18场 41分``, ``通州 3比1 海门``."""
_FEWEST_ROWS: Final = 3
_LONGEST_ROW: Final = 60
_FIGURE_ENDS: Final = "%％元℃万亿"
_LONGEST_CREDIT: Final = 80
_ISSUER: Final = re.compile(
    r"^[\u3400-\u9fff（）()“”·\s]{2,30}(?:政府|委员会|党委|支部|局|厅|处|科|室|办|委|中心|公司|集团|银行|支行|医院|学校|学院|大学|中学|小学|法院|检察院|协会|联合会|合作社|大队|支队|总队|站|所|部|社|院|会|厂|馆|小组|园)$"
)
_FULL_NAME: Final = re.compile(r"^(?!.*[报版])[\u3400-\u9fff（）()“”·]{7,24}$")
"""What may be a body's name where a date stands below it."""
_SIGNER: Final = re.compile(r"^(?:声明|公告|启事|致歉|道歉|委托|拍卖|招标|招租|出让|发布|登报)(?:人|单位|方)\s?[:：]\s?\S{2,24}$")
_OPENS_JUMP: Final = re.compile(r"[(（\[【▶→]\s?(?:下转?|上接?|紧接?|转)?\s?第?\s?[\d一二三四五六七八九十]{0,2}$")
_SIGNED_END: Final = re.compile(r"(?<=[。！？”…])\s*[(（][\u3400-\u9fff·、\s]{2,40}[)）]$")
_LEAST_INSIDE: Final = 8
"""Lines that end in mid-sentence, from which a page's habit can be told."""
_WALLS: Final = frozenset({"jump", "advertisement_head", "weather_head"})
_INNER: Final = frozenset({"jump", "advertisement_head", "weather_head", "rule", "contact", "column_label", "navigation", "instalment"})
"""Furniture beside which no masthead is looked for."""
_DATELINE_END: Final = re.compile(r"[)）:：】]|报道")


class Role(StrEnum):
    BODY = "body"
    DISPLAY = "display"
    BYLINE = "byline"
    CREDIT = "credit"
    FURNITURE = "furniture"


class Element(msgspec.Struct):
    """A paragraph, a display line, a byline, a credit line or a piece of furniture."""

    role: Role
    kind: str
    """Kind of furniture; ``photo`` for a photographer's byline."""
    stretch: Stretch
    gap: int
    """Empty lines before it."""
    cells: int
    """Width of the column it stands in, in half cells, at most; 0 where it is unknown."""
    page: int
    indent: int = 0
    slack: int = 0
    """Half cells by which the column may be narrower than ``cells``, where marks hung over its edge or few lines tell it."""
    cut_off: bool = False
    """A paragraph that ends in mid-sentence."""
    text: str = ""
    """That of its stretch, which need not be given."""
    _dateline: int | None = -1
    """-1 until it is looked for."""

    @property
    def dateline(self) -> int | None:
        """Where the dateline that opens it ends, ``None`` if none does."""
        if self._dateline == -1:
            self._dateline = people.dateline(self.stretch.text)
        return self._dateline

    @property
    def dated(self) -> bool:
        """Whether it opens with a dateline."""
        return self.dateline is not None

    def __post_init__(self) -> None:
        self.text = self.stretch.text

    def restate(self, stretch: Stretch) -> None:
        """Put other text in its place."""
        self.stretch, self.text = stretch, stretch.text


def credit(text: str) -> tuple[int, int] | None:
    """Where the credited source stands in a line such as ``来源：新疆日报``."""
    if len(text) > _LONGEST_CREDIT or text[:1] not in _CREDIT_STARTS:
        return None
    hit = _CREDIT.match(text)
    return (hit.start("who"), hit.end("who")) if hit else None


def elements(lines: Sequence[Line], stated: Sequence[str] = ()) -> list[Element]:
    """Turn the issue's lines into elements in reading order.

    ``stated`` has a role for each line where the source itself stated some (``display``, ``furniture``), else it is empty.
    """
    every = Flow(lines)
    _close_up(every)
    tags = _tags(every)
    for i, role in enumerate(stated):
        if role == "furniture":
            tags[i] = (Role.FURNITURE, tags[i][1] if tags[i][0] is Role.FURNITURE else "navigation")
        elif role == "display" and tags[i][0] is Role.BODY and "。" not in lines[i].text:
            tags[i] = (Role.DISPLAY, "")
    out: list[Element] = []
    for start, end in stanzas(lines, [role is Role.BODY for role, _ in tags]):
        tags[start:end] = [(Role.BODY, "verse")] * (end - start)
        out.append(_stanza(lines[start:end]))
    places: list[int] = []
    seams: list[Seam] = []
    BODY, NONE = Role.BODY, Seam.NONE
    seam = NONE
    for i, (role, kind) in enumerate(tags):
        if role is BODY and not kind:
            places.append(i)
            seams.append(seam)
            seam = NONE
            continue
        line = lines[i]
        if role is BODY:
            if kind != "verse":
                out.append(Element(role, kind, display(line), line.gap, 0, line.page, line.indent))
            seam = Seam.WALL
            continue
        out.append(Element(role, kind, display(line), line.gap, 0, line.page, line.indent))
        bridge = role is Role.FURNITURE and kind not in _WALLS
        seam = max(seam, Seam.FURNITURE if bridge else Seam.WALL)
    flow = every.only(places)
    running = flow.lines
    readings, style = _read(flow, seams)
    indent = INDENT if style.indented or style.lost_indent > 0.5 else 0
    known = latin_words(flow.texts)
    hanging = flow.hanging.tolist()
    group: list[int] = []
    DISPLAY, LAST, SINGLE = Reading.DISPLAY, Reading.LAST, Reading.SINGLE
    for i, reading in enumerate(readings):
        if reading is DISPLAY:
            out.append(display_line(running[i]))
            continue
        group.append(i)
        if reading is LAST or reading is SINGLE or i + 1 == len(running):
            element = _paragraph([running[at] for at in group], known)
            if len(group) > 1:
                element.cells, element.slack = _column([(running[at].cells, hanging[at]) for at in group], indent)
            out.append(element)
            group = []
    out.sort(key=lambda e: e.stretch.pieces[0][1])
    return out


def _read(flow: Flow, seams: Sequence[Seam]) -> tuple[list[Reading], Style]:
    """Read the lines twice: once the display lines are known, the columns and habits of running text stand out."""
    walls, shown = np.array([s is Seam.WALL for s in seams], np.bool_), np.zeros(len(flow), np.bool_)
    columns = column_widths(flow, walls, shown)
    reader = Reader(flow, seams)
    readings = reader.read(columns, style_of(flow, columns, shown, known=False))
    shown = np.array([r is Reading.DISPLAY for r in readings], np.bool_)
    columns = column_widths(flow, walls, shown)
    style = style_of(flow, columns, shown, known=True)
    return reader.read(columns, style), style


def _close_up(flow: Flow) -> None:
    """Take one empty line from above every line of a page that was pasted with one between all its lines."""
    inside = flow.gap[1:][~flow.final[:-1] & (flow.cells[:-1] >= NARROWEST)]
    if len(inside) * 5 < 2 * len(flow) or len(inside) < _LEAST_INSIDE or int((inside > 0).sum()) * 10 < 9 * len(inside):
        return
    flow.gap[1:] = np.maximum(0, flow.gap[1:] - 1)
    for line, gap in zip(flow.lines, flow.gap.tolist(), strict=True):
        line.gap = gap


def _tags(every: Flow) -> list[tuple[Role, str]]:
    lines, count = every.lines, len(every)
    plain = (Role.BODY, "")
    tags = [plain] * count
    may_be, may_name = furniture.may_be(every), people.may_name(every)
    unsure = may_be | may_name | (every.first_in(_CREDIT_STARTS) & (every.size <= _LONGEST_CREDIT))
    for i in np.flatnonzero(unsure).tolist():
        line = lines[i]
        text = line.text
        above = tags[i - 1] if i else None
        kind = furniture.classify(text) if may_be[i] else ""
        if kind in {"bare_number", "paper", "running_head"}:
            alone = (line.gap or i == 0) and (i + 1 == count or lines[i + 1].gap or bool(furniture.classify(lines[i + 1].text)))
            beside = above is not None and above[0] is Role.FURNITURE and not line.gap
            kind = {"bare_number": "page_number", "paper": "masthead"}.get(kind, kind) if alone or beside else ""
        if kind == "instalment" and not (above == plain and not line.gap and (i + 1 == count or lines[i + 1].gap)):
            kind = ""
        if kind == "jump" and above == plain and _OPENS_JUMP.search(lines[i - 1].text):
            kind = ""  # the rest of a jump that began in the line above: the paragraph's end is cut off as a whole
        if kind == "contact" and above == plain and not line.gap and lines[i - 1].text[-1] in "：:、，":
            kind = ""  # the number that the paragraph above was about to give
        if kind == "masthead" and i > 1 and above == tags[i - 2] == plain and _signs_off(lines, i):
            # Who issued a notice, and the date below.
            tags[i - 1 : i + 1] = [(Role.BODY, "issuer"), (Role.BODY, "issued")]
        elif kind:
            tags[i] = (Role.FURNITURE, kind)
        elif may_name[i] and people.is_byline(text) and not _ends_caption(lines, i, above == plain):
            tags[i] = (Role.BYLINE, "photo" if people.is_photo_credit(text) else "")
        elif credit(text) is not None:
            tags[i] = (Role.CREDIT, "")
    _tag_rows(every, tags)
    headed = [role is Role.FURNITURE and kind not in _INNER for role, kind in tags]
    for i in mastheads(lines, headed, [kind == "navigation" for _, kind in tags]):
        if tags[i][0] is not Role.FURNITURE:
            tags[i] = (Role.FURNITURE, "masthead")
    return tags


def _tag_rows(every: Flow, tags: list[tuple[Role, str]]) -> None:
    """Lines of a table: three or more together that each end in figures set apart, or have as many fields as each other."""
    run: list[int] = []
    fields = 0
    ends = (every.last & DIGIT != 0) | every.last_in(_FIGURE_ENDS)
    apart = (every.held & DIGIT != 0) & (every.held & SPACE != 0) & (every.size <= _LONGEST_ROW) & (every.last & STOP == 0)
    for i in [*np.flatnonzero(ends | apart).tolist(), len(every)]:
        here = _fields(every.texts[i]) if i < len(every) and tags[i] == (Role.BODY, "") else 0
        if here and run and run[-1] == i - 1 and not every.lines[i].gap and here == fields:
            run.append(i)
            continue
        if len(run) >= _FEWEST_ROWS:
            tags[run[0] : run[-1] + 1] = [(Role.BODY, "row")] * len(run)
        run, fields = [i] if here else [], here


def _fields(text: str) -> int:
    """How many fields a line has if it can be a row of a table, else 0; rows that end in plain figures are alike with any number."""
    if len(text) > _LONGEST_ROW:
        return 0
    if (text[-1].isdigit() or text[-1] in _FIGURE_ENDS) and _ROW.match(text) is not None:
        return 1
    return len(text.split()) if _FIELDS.match(text) is not None else 0


def _signs_off(lines: Sequence[Line], i: int) -> bool:
    """Whether a date and the line above it sign off a notice: a body or a person alone, below a finished paragraph."""
    issuer, text = lines[i - 1].text, lines[i - 2].text
    if (
        not furniture.is_date(lines[i].text)
        or lines[i].gap > 1
        or len(issuer) > 30
        or (text[-1] not in "。！：:）)”" and not text[-1].isdigit())
    ):
        return False
    return is_issuer(issuer) or _FULL_NAME.match(issuer) is not None or people.is_person(issuer) or _SIGNER.match(issuer) is not None


def is_issuer(text: str) -> bool:
    """Whether a line names a body that may sign a notice."""
    return _ISSUER.match(text) is not None


def _ends_caption(lines: Sequence[Line], i: int, below_text: bool) -> bool:
    """Whether a line that reads as a byline is the rest of one that began in the line above, at a paragraph's end."""
    if not below_text or is_final(lines[i - 1].text):
        return False
    above = lines[i - 1].text
    cut = people.trailing_photo(above + lines[i].text) or people.trailing_photo(f"{above} {lines[i].text}")
    return cut is not None and cut[0] < len(above)


def display_line(line: Line) -> Element:
    """A line as a display line of its own."""
    return Element(Role.DISPLAY, "", display(line), line.gap, 0, line.page, line.indent)


def running_line(line: Line) -> Element:
    """A line as a paragraph of its own."""
    return _paragraph([line])


def _stanza(members: Sequence[Line]) -> Element:
    build = Builder()
    for line in members:
        if build.length:
            build.space("\n")
        build.add_display(line, 0, len(line.text))
    first = members[0]
    return Element(Role.BODY, "verse", build.build(), first.gap, 0, first.page, first.indent)


def _paragraph(members: Sequence[Line], known: Collection[str] = ()) -> Element:
    build = Builder()
    opening = people.dateline(members[0].text) is not None
    for i, line in enumerate(members):
        mark = line.text[-1]
        if not opening and mark not in ")）" and not mark.isascii() and line.plain:
            build.add_plain(line)
            continue
        start, end = 0, len(line.text)
        drop = space = False
        if i + 1 < len(members) and mark.isascii():
            drop, space = glue(line.text, members[i + 1].text, known)
        if opening:
            # Spaces part the people named in a dateline.
            hit = _DATELINE_END.search(line.text)
            start = hit.end() if hit else end - drop
            opening = hit is None and i < 2
            build.add_display(line, 0, start)
        signed = _SIGNED_END.search(line.text, start) if i + 1 == len(members) and mark in ")）" else None
        if signed is not None:
            # Spaces part the people who sign a paragraph, too.
            build.add_running(line, start, signed.start())
            build.add_display(line, signed.start(), end)
            continue
        build.add_running(line, start, end - drop)
        if space:
            build.space()
    first = members[0]
    return Element(Role.BODY, "", build.build(), first.gap, 0, first.page, first.indent)


def _column(members: Sequence[tuple[int, int]], indent: int) -> tuple[int, int]:
    """Width of a paragraph's column at most, and by how much less it may be: its lines but the last tell it.

    Of each line there is its width, and by how much it may stand over the edge.
    """
    widest, sure = 0, 0
    for k, (width, hanging) in enumerate(members[:-1]):
        cells = width + (indent if k == 0 else 0)
        widest, sure = max(widest, cells), max(sure, cells - hanging)
    return widest, min(4, widest - sure)
