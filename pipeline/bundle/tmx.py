"""``issue.tmx``: the issue's sentence pairs as TMX 1.4b, for translation memories.

Source: TMX 1.4b Specification, OSCAR recommendation, 26 April 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.bundle import disclosure
from pipeline.bundle.view import UnitView, views
from pipeline.bundle.xmltext import dump, legal
from pipeline.records import IssueResult, Label, Translation

if TYPE_CHECKING:
    from lxml import etree

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def _prop(parent: etree._Element, kind: str, value: str) -> None:
    from lxml import etree

    if value:
        # Types of one's own begin with "x-".
        etree.SubElement(parent, "prop", {"type": f"x-{kind}"}).text = legal(value)


def _unit(body: etree._Element, view: UnitView, t: Translation, issue: str) -> None:
    from lxml import etree

    tu = etree.SubElement(body, "tu", {"tuid": t.segment.id})
    if t.label is not Label.READ:
        etree.SubElement(tu, "note").text = " ".join(legal(f.message) for f in t.findings) or f"Label: {t.label.value}"
    _prop(tu, "issue", issue)
    _prop(tu, "segment", t.segment.id)
    _prop(tu, "field", t.segment.field.value)
    _prop(tu, "origin", t.origin.value)
    _prop(tu, "label", t.label.value)
    _prop(tu, "approved-by", view.approval.who if view.approval else "")
    _prop(tu, "signature", t.signature)
    for language, text in (("zh", t.segment.text), ("en", t.target)):
        tuv = etree.SubElement(tu, "tuv", {_LANG: language})
        etree.SubElement(tuv, "seg").text = legal(text)


def render(result: IssueResult) -> bytes:
    """Return every passage that has English as a translation unit."""
    from lxml import etree

    units = views(result)
    root = etree.Element("tmx", {"version": "1.4"})
    header = etree.SubElement(
        root,
        "header",
        {
            "creationtool": "newsdesk-pipeline",
            "creationtoolversion": legal(result.provenance.pipeline_version),
            "segtype": "sentence",
            "o-tmf": "newsdesk-bundle",
            "adminlang": "en",
            "srclang": "zh",
            "datatype": "plaintext",
        },
    )
    etree.SubElement(header, "note").text = legal(disclosure.for_issue(units, result.provenance))
    _prop(header, "source", result.issue.source.name)
    _prop(header, "source-sha256", result.issue.source.sha256)
    body = etree.SubElement(root, "body")
    for view in units:
        for t in view.in_order():
            if t.target:
                _unit(body, view, t, result.issue.id)
    return dump(root)
