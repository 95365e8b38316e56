"""PDF pages: the text layer, read by PDFium (``pypdfium2``) and put in reading order by ``layout``.

``Issue.text`` is the text as it stands on the pages: a line for each line of a column, columns one
after the other, pages parted by form feeds, so the segmenter reads it as it reads exported text.
The digest is the file's own.  Lines set clearly larger than the body are stated display lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.errors import DamagedFileError, EncryptedFileError, MissingExtraError, NoTextLayerError, TooLargeError
from pipeline.ingest.layout import PageText, page_text
from pipeline.ingest.reading_order import Glyph
from pipeline.records import Region, Span

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MOST_CHARACTERS: Final = 3_000_000
"""Characters of one file; a packed PDF of a few kilobytes can hold any number."""
_UNMAPPED_SHARE: Final = 0.2
"""Share of characters without a code above which the text layer is no use."""


class PdfText(NamedTuple):
    """What a PDF says."""

    text: str
    regions: tuple[Region, ...]
    undecodable: int


def read_pdf(name: str, data: bytes, *, max_pages: int) -> PdfText:
    """Read a PDF's text layer, columns in reading order.

    Args:
        name: what messages call the file.
        data: the file's bytes.
        max_pages: longer files are refused.

    Raises:
        MissingExtraError: the ``pdf`` extra is not installed.
        EncryptedFileError: it opens with a password only.
        DamagedFileError: it is no whole PDF, or its fonts do not say which characters they draw.
        NoTextLayerError: its pages are pictures.
        TooLargeError: too many pages or characters.
    """
    try:
        import pypdfium2
    except ImportError:
        raise MissingExtraError("Reading PDF pages", "pdf") from None
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise EncryptedFileError(
                f"{name} is encrypted: it opens with a password only.",
                hint="Save a copy without a password (for example 'qpdf --decrypt --password=… in.pdf out.pdf') and give that.",
            ) from None
        raise _damaged(name, str(exc)) from None
    try:
        if not count:
            raise _damaged(name, "it has no pages")
        if count > max_pages:
            raise TooLargeError(
                f"{name} has {count:,} pages, more than the limit of {max_pages:,}.",
                hint="Split the file into issues, or raise 'ingest.max_pages' in the configuration.",
            )
        return _read(name, document)
    finally:
        document.close()


def _read(name: str, document: PdfDocument) -> PdfText:
    pages: list[PageText] = []
    total = unmapped = pictures = failed = 0
    for page in _pages(document):
        if page is None:
            failed += 1
            pages.append(PageText("", ()))
            continue
        glyphs = _glyphs(page, name, _MOST_CHARACTERS - total)
        total += len(glyphs)
        unmapped += sum(g.char == "\ufffd" for g in glyphs)
        pictures += not glyphs and _has_picture(page)
        pages.append(page_text(glyphs))
        page.close()
    if failed == len(pages):
        raise _damaged(name, "none of its pages can be read")
    if not total:
        what = "its pages are pictures" if pictures else "its pages hold no text"
        raise NoTextLayerError(
            f"{name} has no text layer: {what}.",
            hint="Run it through text recognition first (for example 'ocrmypdf -l chi_sim in.pdf out.pdf'), or export the page's text.",
        )
    if unmapped > _UNMAPPED_SHARE * total:
        raise DamagedFileError(
            f"{name} has a text layer that cannot be read: its fonts do not say which characters they draw.",
            hint="Export the PDF again with embedded character codes (ToUnicode), run text recognition over it, or give the page's text.",
        )
    parts: list[str] = []
    regions: list[Region] = []
    at = 0
    for number, page_of_text in enumerate(pages):
        part = ("\f" if number else "") + page_of_text.text
        shift = at + (1 if number else 0)
        regions += [Region(span=Span(a + shift, b + shift), role="display") for a, b in page_of_text.display]
        parts.append(part)
        at += len(part)
    return PdfText("".join(parts), tuple(regions), unmapped + failed)


def _pages(document: PdfDocument) -> Iterator[PdfPage | None]:
    """The pages, ``None`` for one that cannot be read."""
    import pypdfium2

    for number in range(len(document)):
        try:
            yield document[number]
        except pypdfium2.PdfiumError:
            yield None


def _has_picture(page: PdfPage) -> bool:
    from pypdfium2 import raw

    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)), None) is not None


def _glyphs(page: PdfPage, name: str, room: int) -> list[Glyph]:
    """The page's characters in the order they are drawn, turned upright with the page."""
    import ctypes

    from pypdfium2 import raw

    text = page.get_textpage()
    count = text.count_chars()
    if count > room:
        raise TooLargeError(
            f"{name} holds more than the limit of {_MOST_CHARACTERS:,} characters.",
            hint="Split the file into issues and give them one by one.",
        )
    turned = page.get_rotation() % 360
    wide, high = page.get_mediabox()[2:]
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    out: list[Glyph] = []
    pending = 0
    for index in range(count):
        if raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((pending - 0xD800) << 10) + (code - 0xDC00) if pending else 0xFFFD
        pending = 0
        if raw.FPDFText_HasUnicodeMapError(text, index) == 1 or code in (0, 0xFFFE, 0xFFFF) or 0xE000 <= code < 0xF900:
            code = 0xFFFD
        if not raw.FPDFText_GetLooseCharBox(text, index, box) or not raw.FPDFText_GetCharOrigin(text, index, x, y):
            continue
        glyph = _upright(chr(code), box, (x.value, y.value), turned, (wide, high))
        if glyph.right > glyph.left and glyph.top > glyph.bottom:
            out.append(glyph)
    text.close()
    return out


def _upright(char: str, box: Any, origin: tuple[float, float], turned: int, size: tuple[float, float]) -> Glyph:
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    (x, y), (wide, high) = origin, size
    if turned == 90:
        return Glyph(char, bottom, top, wide - right, wide - left, wide - x)
    if turned == 180:
        return Glyph(char, wide - right, wide - left, high - top, high - bottom, high - y)
    if turned == 270:
        return Glyph(char, high - top, high - bottom, left, right, x)
    return Glyph(char, left, right, bottom, top, y)


def _damaged(name: str, reason: str) -> DamagedFileError:
    return DamagedFileError(
        f"{name} is a damaged PDF: {reason.rstrip('.')}.",
        hint="Download or export it again; 'qpdf in.pdf out.pdf' mends some damage. Or give the page's text.",
    )
