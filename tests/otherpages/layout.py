"""Lays hand-written items out as the pages of different newspapers, with the answer known.

The items (``items/*.txt``) are our own writing and know nothing of columns; a layout turns them into the
text that comes out of one kind of newspaper page: how its lines break, whether paragraphs are indented,
where its headlines and bylines stand.  Nothing here is random: the same items give the same pages.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator

from tests.otherpages import written
from tests.otherpages.written import Item, Page

_NEVER_FIRST = set("，。、；：？！）》」』】”’…·％%")
_NEVER_LAST = set("（《「『【“‘〔")


def cells(text: str) -> float:
    """Width in full-width cells."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break ``text`` into lines of ``width`` cells, with the usual rules for punctuation; words stay whole."""
    pieces = re.findall(r"[A-Za-z0-9.%:+/-]+|.", text)
    lines, line = [], indent
    for piece in pieces:
        if cells(line) + cells(piece) > width and line.strip():
            if piece in _NEVER_FIRST and cells(line) < width + 1:
                line += piece
                continue
            carried = ""
            while line and line[-1] in _NEVER_LAST:
                line, carried = line[:-1], line[-1] + carried
            lines.append(line)
            line = carried
            if piece == " ":
                continue
        line += piece
    lines.append(line)
    return [one.rstrip() for one in lines if one.strip()]


def _indent(page: Page) -> str:
    given = page.options.get("indent", "2")
    return " " * int(given[0]) if given.endswith("h") else "\u3000" * int(given)


def _head(page: Page, item: Item, *, shared: bool, mark: str = "{}") -> list[str]:
    out = [mark.format(item.fields["column"])] if "column" in item.fields and not shared else []
    for name in ("kicker", "headline", "subtitle"):
        if name in item.fields:
            text = item.fields[name]
            out += text.split(" / ") if name == "headline" else [text]
    if item.byline and item.place == "head" and item.kind != "caption":
        out.append(item.byline)
    return out


def _body(page: Page, item: Item, width: int, *, blank: bool = False, indent: str | None = None) -> list[str]:
    """The body's lines; ``width`` 0 leaves a paragraph on one line."""
    indent = _indent(page) if indent is None else indent
    out: list[str] = []
    texts = list(item.body)
    if item.byline and item.place == "tail":
        texts[-1] += f"（{item.byline}）"
    for text in texts:
        if text.startswith("%% "):
            lines = [text[3:]]
        elif text.startswith("## "):
            lines = [indent + part for part in text[3:].split(" / ")]
        elif item.kind == "verse":
            lines = [indent + text[1:]] if text[1:] else [""]
        elif width and not (item.rows and cells(text) <= width * 1.5):
            lines = wrap(text, width, indent)
        else:
            lines = [indent + text]
        spaced = blank and item.kind != "verse" and not item.rows
        out += [*lines, ""] if spaced else lines
    if item.byline and (item.kind == "caption" or item.place == "end"):
        out.append(item.byline if item.kind == "caption" else "\u3000" * max(0, (width or 20) - len(item.byline) - 1) + item.byline)
    return out


def _shared(page: Page, n: int) -> bool:
    return n > 0 and page.items[n].fields.get("column") == page.items[n - 1].fields.get("column")


def _stacked(page: Page, *, width: int, blank: bool, gap: bool = True, mark: str = "{}") -> list[str]:
    out: list[str] = []
    for n, item in enumerate(page.items):
        head = _head(page, item, shared=_shared(page, n), mark=mark)
        out += [*head, *([""] if head and gap and blank else []), *_body(page, item, width, blank=blank)]
        if gap and out[-1:] != [""]:
            out.append("")
    return out


def party_daily(page: Page) -> list[str]:
    """Indented paragraphs without blank lines, a blank line between items and after the headline block."""
    return _stacked(page, width=page.number("width", 17), blank=False)


def wrapped(page: Page) -> list[str]:
    return _stacked(page, width=page.number("width", 17), blank=page.options.get("blanks") == "1")


def narrow_noindent(page: Page) -> list[str]:
    """Indents lost, and (but for ``blanks``) nothing between paragraphs: only short last lines and full stops tell."""
    page.options["indent"] = "0"
    return _stacked(page, width=page.number("width", 13), blank=page.options.get("blanks") == "1")


def epaper(page: Page) -> list[str]:
    """Copied from a newspaper's site: a paragraph a line, a blank line after headline block and item."""
    return _stacked(page, width=0, blank=page.options.get("indent") == "0")


def unwrapped_tight(page: Page) -> list[str]:
    """A paragraph a line with neither indents nor empty lines."""
    return _stacked(page, width=0, blank=False, gap=False) if page.options.setdefault("indent", "0") else []


def epaper_meta(page: Page) -> list[str]:
    """Copied from a newspaper's site with what it says about each article."""
    out: list[str] = []
    for item in page.items:
        out += [*_head(page, item, shared=False)[: 1 if item.place == "in" else 2], "", "来源：渝州都市报　　字号：大 中 小", ""]
        out += [*_body(page, item, 0), "", "上一篇 下一篇", ""]
    return out


def theory(page: Page) -> list[str]:
    """Labels in lenticular brackets, two-character names spaced as three."""
    for item in page.items:
        item.byline = " ".join(f"{n[0]}\u3000{n[1]}" if len(n) == 2 else n for n in item.byline.split())
    return _stacked(page, width=page.number("width", 22), blank=False, mark="【{}】")


def literary(page: Page) -> list[str]:
    return _stacked(page, width=page.number("width", 19), blank=False, mark="·{}·")


def sign_end(page: Page) -> list[str]:
    return _stacked(page, width=page.number("width", 16), blank=False)


def _bodies(page: Page, width: int, *, captions: bool) -> list[str]:
    out: list[str] = []
    for item in page.items:
        if (item.kind == "caption") == captions:
            out += [*_body(page, item, width, blank=True), ""]
    return out


def _heads(page: Page) -> list[str]:
    given = page.options.get("shuffle", page.options.get("order", ""))
    order = [int(n) for n in given.split(",")] if given else range(len(page.items))
    out: list[str] = []
    for n in order:
        k = order.index(n)
        shared = k > 0 and page.items[order[k - 1]].fields.get("column") == page.items[n].fields.get("column")
        head = _head(page, page.items[n], shared=shared)
        out += [*head, ""] if head else []
    return out


def heads_end(page: Page) -> list[str]:
    width = page.number("width", 16)
    return [*_bodies(page, width, captions=False), *_heads(page), *_bodies(page, width - 4, captions=True)]


def heads_start(page: Page) -> list[str]:
    width = page.number("width", 16)
    return [*_heads(page), *_bodies(page, width, captions=False), *_bodies(page, width - 4, captions=True)]


def _noise(text: str, salt: int) -> int:
    """A number from 0 to 99 that a text always gives."""
    return zlib.crc32(f"{salt}{text}".encode()) % 100


def _exported(page: Page, item: Item, width: int) -> list[str]:
    """A body as layout programs export it: indents gone, and empty lines where columns broke, or none where a paragraph ended."""
    quotes = page.options.get("quotes", "1") == "1"
    out: list[str] = []
    left = 9 + _noise(item.body[0], 1) % 14
    for text in item.body:
        if text.startswith("## "):
            out += ["", *text[3:].split(" / "), ""]
            continue
        if item.kind == "verse":
            out.append(text[1:])
            continue
        if out and out[-1] and _noise(text, 2) < 75:
            out.append("")
        for k, line in enumerate(wrap(text, width, "\u3000\u3000")):
            line = line.strip()
            if page.options.get("digits") and _noise(line, 3) < 60:
                line = re.sub(r"(?<=[\u4e00-\u9fff])(\d+(?:\.\d+)?)(?=[\u4e00-\u9fff])", r" \1 ", line)
            if (left <= 0 and k) or (quotes and k and line[0] == "“"):
                out.append("")
                left = 11 + _noise(line, 4) % 12
            left -= 1
            out.append(line)
    return out


def export(page: Page) -> list[str]:
    """As the reference page: bodies first, each with a column of its own, then headline blocks in another order, captions among them."""
    width = page.number("width", 16)
    bodies: list[str] = []
    for n, item in enumerate(page.items):
        if item.kind != "caption":
            bodies += [*_exported(page, item, width + (0, 2, -1, 1)[n % 4]), ""]
    heads = _heads(page)
    for item in page.items:
        if item.kind == "caption":
            heads += [*_exported(page, item, width - 5), "", item.byline, ""]
    return [*heads, *bodies] if page.options.get("place") == "start" else [*bodies, *heads]


def head_after(page: Page) -> list[str]:
    out: list[str] = []
    for item in page.items:
        out += [*_body(page, item, page.number("width", 16), blank=True), *_head(page, item, shared=False), ""]
    return out


def double_spaced(page: Page) -> list[str]:
    """A blank line after every line, as some programs paste."""
    return [out for line in _stacked(page, width=page.number("width", 16), blank=False, gap=False) for out in (line, "")]


def column_breaks(page: Page) -> list[str]:
    """Indents lost; a blank line every nine lines wherever they fall, and before a line that opens a quotation."""
    out: list[str] = []
    for n, item in enumerate(page.items):
        out += [*_head(page, item, shared=_shared(page, n)), ""]
        lines = _body(page, item, page.number("width", 13))
        for k, line in enumerate(lines):
            if k and (k % 9 == 0 or line.startswith("“")):
                out.append("")
            out.append(line)
        out.append("")
    return out


def _own_width(page: Page, n: int) -> int:
    widths = page.options["widths"].split(",")
    return int(widths[n % len(widths)])


def uneven(page: Page) -> list[str]:
    """Items in columns of their own widths, indented, nothing between headline block and body; headlines too long for the column break."""
    out: list[str] = []
    for n, item in enumerate(page.items):
        out += [*_head(page, item, shared=_shared(page, n)), *_body(page, item, _own_width(page, n)), ""]
    return out


def pasted(page: Page) -> list[str]:
    """Copied column by column: own widths, indents lost, empty lines after some paragraphs only, ``head=1``: below the headline."""
    out: list[str] = []
    for n, item in enumerate(page.items):
        head = _head(page, item, shared=_shared(page, n))
        out += [*head, *([""] if head and page.options.get("head") == "1" else [])]
        if item.kind == "verse" or item.rows:
            out += [*_body(page, item, 0, indent=""), ""]
            continue
        for text in item.body:
            lines = (
                [text[3:]]
                if text.startswith(("## ", "%% "))
                else [line.strip() for line in wrap(text, _own_width(page, n), "\u3000\u3000")]
            )
            out += [*lines, *([""] if _noise(text, 5) < 45 else [])]
        if item.byline and (item.kind == "caption" or item.place == "end"):
            out.append(item.byline)
        if out[-1]:
            out.append("")
    return out


def web(page: Page) -> list[str]:
    """Copied from a paper's own site: a line of date and source below each headline, share buttons below each text."""
    out: list[str] = []
    for item in page.items:
        head = _head(page, item, shared=False)
        shown = head[:-1] if item.byline and item.place == "head" else head
        out += [
            *shown,
            "2024-11-29 08:12 浏览次数：1267 【打印】【关闭】",
            *head[len(shown) :],
            "",
            *_body(page, item, 0, blank=True, indent=""),
            "分享到：",
            "",
        ]
    return out


LAYOUTS: dict[str, Callable[[Page], list[str]]] = {
    f.__name__: f
    for f in (
        party_daily,
        wrapped,
        narrow_noindent,
        epaper,
        theory,
        literary,
        unwrapped_tight,
        epaper_meta,
        sign_end,
        heads_end,
        heads_start,
        export,
        head_after,
        double_spaced,
        column_breaks,
        uneven,
        pasted,
        web,
    )
}


def _scanned(lines: Iterable[str]) -> Iterator[str]:
    """What recognition does to a print: spaces about figures and here and there, half-width brackets, broken ellipses."""
    for n, line in enumerate(lines):
        line = re.sub(r"(?<=[\u4e00-\u9fff])(\d+)", r" \1", line)
        if n % 5 == 2:
            line = line.replace("（", "(").replace("）", ")")
        if n % 7 == 3:
            line = line.replace("，", ", ")
        if n % 6 == 4 and len(line) > 8:
            line = f"{line[:6]} {line[6:]}"
        yield line.replace("……", "…")


def _spaced_out(lines: Iterable[str]) -> Iterator[str]:
    """What justified setting leaves: some full lines with a space after every character, figures with spaces about them."""
    for n, line in enumerate(lines):
        if n % 6 == 5 and len(line) > 6:
            line = re.sub(r"(?<=[\u4e00-\u9fff，。])(?=[\u4e00-\u9fff，。])", " ", line)
        yield line


def render(page: Page) -> bytes:
    """The page as a file's bytes."""
    lines = [*page.top, "", *LAYOUTS[page.style](page), *page.bottom]
    if "ocr" in page.options:
        lines = list(_scanned(lines))
    if "stray" in page.options:
        lines = list(_spaced_out(lines))
    if page.options.get("punct") == "half":
        lines = [line.translate(written.HALF) for line in lines]
    ending = "\r\n" if page.options.get("eol") == "crlf" else "\n"
    return (ending.join(lines) + ending).encode(page.options.get("enc", "utf-8"))
