"""HTML pages: the text that a reader sees, one line per block, parsed by ``lxml``.

``Issue.text`` is that visible text; offsets count in it, and the digest is the file's own.  What the
page's elements say of their text (this is the headline, these are the paragraphs of one article)
becomes ``Issue.regions``, by the rules of ``htmlroles``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.errors import DamagedFileError, InputError
from pipeline.ingest import htmlroles
from pipeline.ingest.htmlroles import TextLine
from pipeline.records import Region, Span

if TYPE_CHECKING:
    from lxml.etree import _Element

_LOOKS_HTML: Final = re.compile(
    r"^\s*(?:\ufeff)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CHARSET: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HIDDEN: Final = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "button", "textarea"})
_UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|fieldset|fig(?:caption|ure)|footer|form|founder-\\w+|h[1-6r]|header"
    "|li|main|nav|[ou]l|p|pre|section|t(?:able|body|d|foot|h|head|r)"
)
_WHITE: Final = re.compile(r"[ \t\r\n\xa0]+")
_WHITE_IN_LINE: Final = re.compile(r"[ \t\r\xa0]+")


class HtmlText(NamedTuple):
    """What a page shows, and what its elements say of it."""

    text: str
    regions: tuple[Region, ...]


@dataclass(slots=True)
class _Frame:
    """What holds inside an element."""

    role: str | None
    container: int
    hidden: bool
    linked: bool
    bold: bool
    pre: bool
    level: int
    """1 to 6 inside a heading element, else 0."""
    element: int


@dataclass(slots=True)
class _Lines:
    """Text pieces gathered into lines; a line has one role."""

    done: list[TextLine] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    frame: _Frame | None = None
    blank: bool = False

    def add(self, text: str, frame: _Frame) -> None:
        if not text:
            return
        if text.strip(" \t\r\n\xa0\u3000"):
            now = self.frame
            if now is not None and self.pieces and (now.role, now.level) != (frame.role, frame.level):
                self.flush()
            if self.frame is None:
                self.frame = frame
            size = len("".join(text.split()))
            self.linked += size if frame.linked else 0
            self.bold += size if frame.bold else 0
        white = _WHITE_IN_LINE if frame.pre else _WHITE
        parts = white.sub(" ", text).split("\n")
        self.pieces.append(parts[0])
        for part in parts[1:]:
            self.flush()
            self.pieces.append(part)
            self.frame = frame

    def flush(self, *, blank: bool = False) -> None:
        """End the line; ``blank`` asks for an empty line before the next."""
        text = re.sub(" {2,}", " ", "".join(self.pieces)).strip(" ")
        frame = self.frame
        if text and frame is not None:
            size = max(1, len("".join(text.split())))
            self.done.append(
                TextLine(
                    text=text,
                    blank=self.blank and bool(self.done),
                    role=frame.role,
                    level=frame.level,
                    container=frame.container,
                    element=frame.element,
                    linked=2 * self.linked > size,
                    bold=self.bold >= size,
                )
            )
            self.blank = False
        self.blank = self.blank or blank
        self.pieces, self.linked, self.bold, self.frame = [], 0, 0, None


def declared_charset(data: bytes) -> str | None:
    """The encoding that a page names in its first kilobytes; ``gb2312`` means GB18030, as browsers read it."""
    hit = _CHARSET.search(data[:4096])
    if hit is None:
        return None
    name = hit.group(1).decode("ascii", "replace").lower()
    return "gb18030" if name in {"gb2312", "gbk", "gb18030"} else name


def is_html(text: str) -> bool:
    """Whether a decoded file is an HTML page."""
    return _LOOKS_HTML.match(text[:4096]) is not None


def read_html(html: str) -> HtmlText:
    """Return the text a reader sees, a line per block and an empty line between blocks, with its stated roles.

    Raises:
        InputError: the page has no content at all.
        DamagedFileError: its elements nest too deeply to be read to the end.
    """
    # Imported here: text pages never need the parser.
    from lxml import etree
    from lxml import html as parser

    # Tags that are never closed nest deeply in pages of old systems; the ordinary limit drops all that follows.
    reader = parser.HTMLParser(huge_tree=True)
    try:
        root = parser.document_fromstring(re.sub(r"^\s*(?:\ufeff)?\s*<\?xml[^>]*\?>", "", html), parser=reader)
    except (etree.ParserError, ValueError) as exc:
        raise InputError(f"The HTML page cannot be read: {exc}.", hint="Save the page again from the browser.") from None
    if cut := next((e.message for e in reader.error_log if e.type_name == "ERR_RESOURCE_LIMIT"), None):
        raise DamagedFileError(
            f"The HTML page cannot be read to its end: {cut.split(',')[0]}.", hint="Save the page's text from the browser and give that."
        )
    lines, said = _lines(root)
    said = {**htmlroles.page_metadata(root), **said}
    regions: list[Region] = []
    parts: list[str] = []
    at = 0
    for line, (role, group) in zip(lines, htmlroles.settle(lines, said), strict=True):
        if line.blank:
            parts.append("\n")
            at += 1
        if role:
            regions.append(Region(span=Span(at, at + len(line.text)), role=role, group=group))
        parts.append(line.text + "\n")
        at += len(line.text) + 1
    return HtmlText("".join(parts), tuple(regions))


def _lines(root: _Element) -> tuple[list[TextLine], dict[str, str]]:
    """All visible lines in order, and what publishing comments say of the article."""
    lines = _Lines()
    said: dict[str, str] = {}
    wrappers = htmlroles.wrappers(root)
    stack = [_Frame(None, 0, False, False, False, False, 0, 0)]
    marked = False
    for number, (event, element) in enumerate(_walk(root), 1):
        frame = stack[-1]
        if event == "comment":
            text = element.text or ""
            if "enpproperty" in text:
                said.update(htmlroles.publishing_comment(text))
            elif (mark := text.strip()) in {"enpcontent", "/enpcontent"}:
                lines.flush(blank=True)
                marked = mark == "enpcontent"
        elif event == "pi":
            pass
        elif event == "start":
            tag = element.tag.lower() if isinstance(element.tag, str) else ""
            if _BLOCK.fullmatch(tag):
                lines.flush(blank=tag != "br")
            inside = _frame(element, tag, frame, number, element in wrappers)
            stack.append(inside)
            lines.add("" if inside.hidden else element.text or "", _within(inside, marked))
            continue
        else:
            tag = element.tag.lower() if isinstance(element.tag, str) else ""
            stack.pop()
            frame = stack[-1]
            if _BLOCK.fullmatch(tag) and tag != "br":
                lines.flush(blank=True)
        lines.add("" if frame.hidden else element.tail or "", _within(frame, marked))
    lines.flush()
    return lines.done, said


def _walk(root: _Element) -> Iterator[tuple[str, Any]]:
    # A walk of its own: recursion would not survive a page nested thousands deep.
    from lxml import etree

    yield from etree.iterwalk(root, events=("start", "end", "comment", "pi"))


def _frame(element: _Element, tag: str, outer: _Frame, number: int, wrapper: bool) -> _Frame:
    own = None if wrapper else htmlroles.element_role(element, tag)
    hidden = outer.hidden or tag in _HIDDEN or "hidden" in element.attrib or _UNSEEN.search(element.get("style") or "") is not None
    level = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else outer.level
    return _Frame(
        role=htmlroles.inside(outer.role, own),
        container=number if htmlroles.is_article(element, tag) else outer.container,
        hidden=hidden,
        linked=outer.linked or tag == "a",
        bold=outer.bold or tag in {"b", "strong", "th"} or level > 0,
        pre=outer.pre or tag == "pre",
        level=level,
        element=number if own or level != outer.level or (outer.role is None and (tag == "a" or _BLOCK.fullmatch(tag))) else outer.element,
    )


def _within(frame: _Frame, marked: bool) -> _Frame:
    """Inside a publishing system's content marks everything without a role of its own is body."""
    if not marked or frame.role is not None:
        return frame
    return _Frame("paragraph", frame.container, frame.hidden, frame.linked, frame.bold, frame.pre, frame.level, frame.element)
