"""``issue.docx``: the issue for a word processor, English first, Chinese under it.  Needs the extra ``docx``."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.bundle import disclosure
from pipeline.bundle.view import LABEL_WORDS, UnitView, plain, views
from pipeline.bundle.xmltext import legal
from pipeline.errors import MissingExtraError
from pipeline.records import BlockKind, Field, IssueResult, Label, SummaryStatus, Translation

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP archive can hold; a real one would make equal input give other bytes."""

_CHINESE_FONT: Final = "SimSun"
_GREY: Final = (0x59, 0x59, 0x59)


def _text(text: str) -> str:
    return legal(plain(text))


def _chinese(paragraph: Paragraph, text: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(_text(text))
    run.font.size = Pt(10)
    run.font.color.rgb = RGBColor(*_GREY)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), _CHINESE_FONT)


def _english(paragraph: Paragraph, translations: list[Translation]) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    for number, t in enumerate(translations):
        run = paragraph.add_run((" " if number else "") + (_text(t.target) or "(no English)"))
        if t.label is not Label.READ:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            # Colour alone tells nothing to those who cannot see it, nor in print.
            paragraph.add_run(f" [{LABEL_WORDS[t.label]}]").italic = True


def _article(document: Document, view: UnitView, result: IssueResult) -> None:
    headline = view.get(Field.HEADLINE)
    title = _text(headline.target) if headline and headline.target else f"({view.result.unit.kind.value} without a headline)"
    document.add_heading(f"{view.number}. {title}", level=1)
    for field in (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE, Field.CREDIT):
        passage = view.passage(field)
        if passage is None:
            continue
        paragraph = document.add_paragraph(f"{field.value.capitalize()}: ")
        found = view.get(field)
        if found and field is not Field.HEADLINE:
            _english(paragraph, [found])
            paragraph.add_run("  ")
        _chinese(paragraph, passage.text)
    if view.result.summary.status is SummaryStatus.WRITTEN:
        paragraph = document.add_paragraph()
        paragraph.add_run("Summary. ").bold = True
        _english(paragraph, view.summary())
        _chinese(document.add_paragraph(), view.result.summary.text)
    for block, translations in view.body():
        if block.kind is BlockKind.SUBHEAD:
            document.add_heading(_text(" ".join(t.target for t in translations)) or "(no English)", level=2)
        else:
            _english(document.add_paragraph(), translations)
        _chinese(document.add_paragraph(), block.text)
    document.add_paragraph().add_run(_text(disclosure.for_unit(view, result.provenance))).italic = True


def render(result: IssueResult) -> bytes:
    """Return the issue as a Word document.

    Raises:
        MissingExtraError: the extra ``docx`` is not installed.
    """
    try:
        import docx
    except ImportError:
        raise MissingExtraError("The Word format", "docx") from None
    units = views(result)
    document = docx.Document()
    line = _text(disclosure.for_issue(units, result.provenance))
    properties = document.core_properties
    properties.title = _text(result.issue.source.name)[:250]
    properties.author = properties.last_modified_by = ""
    properties.comments = line[:250]
    properties.created = properties.modified = datetime(*_EPOCH)  # noqa: DTZ001  # the format holds no zone
    document.add_heading(_text(result.issue.source.name), level=0)
    document.add_paragraph().add_run(line).italic = True
    for view in units:
        _article(document, view, result)
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    """Rewrite a ZIP archive with the same entries and no times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()
