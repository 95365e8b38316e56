"""``issue.xlf``: the issue as XLIFF 2.1, for translation tools.

One ``group`` per article, one ``unit`` per display field or paragraph, one ``segment`` per sentence.
Modules: Glossary (names and terms of the unit), Translation Candidates (what the model proposed) and
Metadata (how each English came about).  ``xliff_back`` reads an edited file.

Source: XLIFF Version 2.1, OASIS Standard, 13 February 2018.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from pipeline.bundle import disclosure
from pipeline.bundle.view import UnitView, views
from pipeline.bundle.xmltext import ILLEGAL, dump, legal
from pipeline.records import BlockKind, Field, IssueResult, Label, NameEntry, Origin, Translation

if TYPE_CHECKING:
    from lxml import etree

NS: Final = "urn:oasis:names:tc:xliff:document:2.0"
GLOSSARY: Final = "urn:oasis:names:tc:xliff:glossary:2.0"
METADATA: Final = "urn:oasis:names:tc:xliff:metadata:2.0"
MATCHES: Final = "urn:oasis:names:tc:xliff:matches:2.0"
XML: Final = "http://www.w3.org/XML/1998/namespace"
BASE: Final = "base"
"""Metadata type that holds the digest of the English as it left."""
CATEGORY: Final = "newsdesk:passage"


@dataclass(frozen=True)
class _Known:
    """What every unit of the issue draws on."""

    names: dict[str, NameEntry]
    model: str


def base_digest(text: str) -> str:
    """Short digest of an English text, white space aside: tools reflow it."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def entry_id(source: str, target: str) -> str:
    """Id of a glossary entry as it left: another one when either side was edited."""
    return f"g-{base_digest(f'{source}={target}')}"


def _tag(name: str, namespace: str = NS) -> str:
    return f"{{{namespace}}}{name}"


def _add(parent: etree._Element, name: str, attributes: dict[str, str], namespace: str = NS) -> etree._Element:
    from lxml import etree

    return etree.SubElement(parent, _tag(name, namespace), {k: legal(v) for k, v in attributes.items()})


def _text(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    """Add ``source`` or ``target``; characters XML cannot hold become ``cp`` elements."""
    element = _add(parent, name, attributes or {})
    if ILLEGAL.search(text):
        # Keeps the pretty printer from putting white space among the elements.
        element.set(f"{{{XML}}}space", "preserve")
    at = 0
    last: etree._Element | None = None
    for found in ILLEGAL.finditer(text):
        _append(element, last, text[at : found.start()])
        last = _add(element, "cp", {"hex": f"{ord(found.group()):04X}"})
        at = found.end()
    _append(element, last, text[at:])


def _append(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


def _state(t: Translation, view: UnitView) -> dict[str, str]:
    if not t.target:
        return {"state": "initial"}
    unapproved = "reviewed" if t.origin is Origin.HUMAN else "translated"
    state = "final" if view.approval is not None else unapproved
    return {"state": state} if t.label is Label.READ else {"state": state, "subState": f"newsdesk:{t.label.value}"}


def _glossary(unit: etree._Element, translations: list[Translation], names: dict[str, NameEntry]) -> None:
    """Names and projected terms that stand in these sentences, each once, in order of appearance."""
    entries: dict[tuple[str, str], str] = {}
    for t in translations:
        for r in t.projection.replacements if t.projection else ():
            if r.kind != "number" and r.source and r.target:
                entries.setdefault((r.source, r.target), r.origin or r.kind)
        for source, entry in names.items():
            if source in t.segment.text and entry.target:
                entries.setdefault((entry.source, entry.target), entry.decided_by)
    if not entries:
        return
    glossary = _add(unit, "glossary", {}, GLOSSARY)
    for (source, target), origin in entries.items():
        item = _add(glossary, "glossEntry", {"id": entry_id(source, target)}, GLOSSARY)
        _add(item, "term", {}, GLOSSARY).text = legal(source)
        _add(item, "translation", {"source": origin}, GLOSSARY).text = legal(target)


def _matches(unit: etree._Element, translations: list[Translation], model: str) -> None:
    tried = [(t, a) for t in translations for a in t.attempts if a.text]
    if not tried:
        return
    matches = _add(unit, "matches", {}, MATCHES)
    for t, attempt in tried:
        attributes = {"ref": f"#{t.segment.id}", "type": "mt", "origin": model}
        if attempt.score is not None and attempt.score <= 0:
            # Mean token probability, in per cent.
            attributes["matchQuality"] = f"{100 * math.exp(attempt.score):.1f}"
        match = _add(matches, "match", attributes, MATCHES)
        _text(match, "source", t.segment.text)
        _text(match, "target", attempt.text)


def _metadata(unit: etree._Element, translations: list[Translation]) -> None:
    metadata = _add(unit, "metadata", {}, METADATA)
    for t in translations:
        group = _add(metadata, "metaGroup", {"id": t.segment.id, "category": CATEGORY}, METADATA)
        spans = " ".join(f"{s.start}-{s.end}" for s in t.segment.spans)
        values = {BASE: base_digest(t.target), "origin": t.origin.value, "label": t.label.value, "spans": spans, "signature": t.signature}
        for kind, value in values.items():
            if value:
                _add(group, "meta", {"type": kind}, METADATA).text = legal(value)


def _notes(parent: etree._Element, notes: list[tuple[str, str]]) -> None:
    if notes:
        element = _add(parent, "notes", {})
        for category, text in notes:
            _add(element, "note", {"category": category}).text = legal(text)


def _unit(group: etree._Element, view: UnitView, name: str, translations: list[Translation], known: _Known) -> None:
    first = translations[0].segment
    unit = _add(group, "unit", {"id": f"{first.unit}.{first.field.value}.{first.block}", "name": name, "canResegment": "no"})
    _metadata(unit, translations)
    _glossary(unit, translations, known.names)
    _matches(unit, translations, known.model)
    _notes(unit, [("finding", f"{f.message} [{t.segment.id}]") for t in translations for f in t.findings])
    for t in translations:
        segment = _add(unit, "segment", {"id": t.segment.id, **_state(t, view)})
        _text(segment, "source", t.segment.text)
        if t.target:
            _text(segment, "target", t.target)


def _parts(view: UnitView) -> list[tuple[str, list[Translation]]]:
    """The units of one article: their names and their sentences."""
    parts: list[tuple[str, list[Translation]]] = []
    for field in (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE):
        found = view.get(field)
        if found:
            parts.append((field.value, [found]))
    parts.append(("summary", view.summary()))
    for block, translations in view.body():
        parts.append(("subhead" if block.kind is BlockKind.SUBHEAD else "paragraph", translations))
    credit = view.get(Field.CREDIT)
    if credit:
        parts.append((Field.CREDIT.value, [credit]))
    return [(name, translations) for name, translations in parts if translations]


def render(result: IssueResult) -> bytes:
    """Return the issue as an XLIFF 2.1 document."""
    from lxml import etree

    units = views(result)
    known = _Known({n.source: n for n in result.names}, " + ".join(disclosure.models(result.provenance)))
    # The stubs know no default namespace.
    spaces = cast("dict[str, str]", {None: NS, "gls": GLOSSARY, "mda": METADATA, "mtc": MATCHES})
    root = etree.Element(_tag("xliff"), {"version": "2.1", "srcLang": "zh", "trgLang": "en"}, nsmap=spaces)
    file = _add(root, "file", {"id": f"issue-{result.issue.id}", "original": result.issue.source.name, "canResegment": "no"})
    _notes(file, [("disclosure", disclosure.for_issue(units, result.provenance))])
    for view in units:
        parts = _parts(view)
        if not parts:
            continue
        group = _add(file, "group", {"id": f"article-{view.result.unit.id}", "name": view.headline_zh or view.result.unit.kind.value})
        _notes(group, [("disclosure", disclosure.for_unit(view, result.provenance))])
        for name, translations in parts:
            _unit(group, view, name, translations, known)
    if not len(file.findall(f".//{_tag('unit')}")):
        # The standard wants at least one unit; an issue without text still makes a valid file.
        empty = _add(file, "unit", {"id": "empty", "translate": "no"})
        _text(_add(empty, "segment", {}), "source", "")
    return dump(root)
