"""HTML pages: the text that a reader sees, one line per block, parsed by ``lxml``.

``Issue.text`` is that visible text; offsets count in it, and the digest is the file's own.  Titles,
bylines and paragraphs of an epaper page stand in elements of their own, so each becomes a line (an
empty line between blocks) and the segmenter reads them as it reads a page without hard wraps.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import InputError

_LOOKS_HTML: Final = re.compile(
    r"^\s*(?:\ufeff)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CHARSET: Final = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_HIDDEN: Final = frozenset({"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "button", "textarea"})
_BLOCK: Final = re.compile(
    "address|article|aside|blockquote|body|br|caption|center|d[dlt]|div|fieldset|fig(?:caption|ure)|footer|form|h[1-6r]|header|li|main|nav"
    "|[ou]l|p|pre|section|t(?:able|body|d|foot|h|head|r)"
)


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


def visible_text(html: str) -> str:
    """Return the text a reader sees, a line per block and an empty line between blocks.

    Raises:
        InputError: the page has no content at all.
    """
    # Imported here: text pages never need the parser.
    from lxml import etree
    from lxml import html as parser

    try:
        root = parser.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    except (etree.ParserError, ValueError) as exc:
        raise InputError(f"The HTML page cannot be read: {exc}.", hint="Save the page again from the browser.") from None
    pieces: list[str] = []
    # A walk of its own: recursion would not survive a page nested thousands deep.
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append(element.tail or "")
            continue
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        hidden = tag in _HIDDEN or any(a.tag in _HIDDEN for a in element.iterancestors())
        if _BLOCK.fullmatch(tag):
            pieces.append("\n" if tag == "br" else "\n\n")
        if event == "start":
            pieces.append("" if hidden else element.text or "")
        else:
            inside = any(a.tag in _HIDDEN for a in element.iterancestors())
            pieces.append("" if inside else element.tail or "")
    lines = [" ".join(line.split(" ")) for line in _collapse("".join(pieces)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" \t") for line in lines)).strip("\n") + "\n"


def _collapse(text: str) -> str:
    return re.sub(r"[ \t\r\xa0]+", " ", text)
