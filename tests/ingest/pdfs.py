"""PDF pages for tests, drawn with ReportLab in a standard Chinese font that needs no font file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDE, HIGH = 600.0, 850.0


def draw(*pages: Callable[[Canvas], None], encrypt: object | None = None) -> bytes:
    """One PDF; each function draws a page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE, HIGH), invariant=1, encrypt=encrypt)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def put(canvas: Canvas, x: float, y: float, lines: Iterable[str], *, size: float = 10.0, leading: float = 1.5) -> float:
    """Set lines one below the other; returns the height of the next."""
    for line in lines:
        canvas.setFont(FONT, size)
        canvas.drawString(x, y, line)
        y -= leading * size
    return y


def column(text: str, width: int, *, indent: bool = True) -> list[str]:
    """Wrap a paragraph by characters, its first line with an indent."""
    text = ("\u3000\u3000" if indent else "") + text
    return [text[i : i + width] for i in range(0, len(text), width)]
