"""``ninjs/NN-slug.{zh,en}.json``: each article as two linked news items, ninjs 3.1.

A machine's English leaves as ``withheld`` and becomes ``usable`` when a person has approved it: a
receiving system must not publish it by default.

Source: IPTC ninjs 3.1 (JSON Schema, 2024) and the IPTC digital source type NewsCodes.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pipeline.bundle import disclosure
from pipeline.bundle.view import UnitView, plain, views
from pipeline.records import Field, IssueResult, Label, Provenance

SCHEMA: Final = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
URI: Final = "urn:x-newsdesk-pipeline:item:"
_SOURCE_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"

ENTITIES: Final = {"person": "people", "place": "places", "organisation": "organisations"}
"""Kinds of the name sheet and the ninjs property each belongs in."""


def item_uri(unit: str, language: str) -> str:
    """The item's globally unique identifier."""
    return f"{URI}{unit}:{language}"


def digital_source_type(view: UnitView, provenance: Provenance, language: str) -> dict[str, str] | None:
    """How the item's text came to be, in IPTC's words; ``None`` for Chinese without a machine's summary."""
    if language == "zh" and not view.result.summary.text:
        return None
    if disclosure.is_rehearsal(provenance):
        code, name = "algorithmicMedia", "Algorithmic media"
    elif language == "zh" or view.edited:
        # The newspaper's own text with a machine's summary; or a machine's text with human edits.
        code, name = "compositeWithTrainedAlgorithmicMedia", "Composite with trained algorithmic media"
    else:
        code, name = "trainedAlgorithmicMedia", "Trained algorithmic media"
    return {"name": name, "uri": _SOURCE_TYPES + code}


def _body(view: UnitView, language: str) -> str:
    blocks = []
    for block, translations in view.body():
        text = block.text if language == "zh" else " ".join(t.target for t in translations if t.target)
        blocks.append(plain(text))
    return "\n\n".join(b for b in blocks if b)


def _fields(view: UnitView, language: str) -> dict[Field, str]:
    """Display fields in one language, those that are there."""
    out = {}
    for field in (Field.HEADLINE, Field.KICKER, Field.SUBTITLE, Field.BYLINE, Field.COLUMN):
        passage = view.passage(field)
        text = plain(passage.text if passage else "") if language == "zh" else plain(view.english(field))
        if text:
            out[field] = text
    return out


def _entities(view: UnitView, result: IssueResult, language: str) -> dict[str, list[dict[str, str]]]:
    text = "\n".join(t.segment.text for t in view.result.translations)
    out: dict[str, list[dict[str, str]]] = {}
    for name in result.names:
        if name.kind in ENTITIES and name.source in text:
            shown, other = (name.source, name.target) if language == "zh" else (name.target, name.source)
            out.setdefault(ENTITIES[name.kind], []).append({"name": plain(shown), "rel": "mentions", "literal": plain(other)})
    return out


def _note(view: UnitView, provenance: Provenance, language: str) -> str:
    if language == "zh":
        return disclosure.for_unit_zh(view, provenance)
    labels = [t.label for t in view.result.translations]
    doubtful = f" Passages to check: {labels.count(Label.CHECK)}; not to quote: {labels.count(Label.DONT_QUOTE)}."
    return disclosure.for_unit(view, provenance) + doubtful


def item(view: UnitView, result: IssueResult, language: str) -> dict[str, Any]:
    """Return one article in one language (``zh`` or ``en``) as a ninjs 3.1 object."""
    unit, provenance = view.result.unit, result.provenance
    fields = _fields(view, language)
    body = _body(view, language)
    other = "en" if language == "zh" else "zh"
    roles = {Field.HEADLINE: "main", Field.KICKER: "kicker", Field.SUBTITLE: "subtitle"}
    counted = {"charCount": len(body)} if language == "zh" else {"charCount": len(body), "wordCount": len(body.split())}
    out: dict[str, Any] = {
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
        "uri": item_uri(unit.id, language),
        "type": "text",
        "representationType": "full",
        "profile": "text-only",
        "language": language,
        "pubStatus": "usable" if language == "zh" or view.approval else "withheld",
        "title": fields.get(Field.HEADLINE, unit.kind.value),
        "edNote": _note(view, provenance, language),
        "headlines": [{"role": role, "value": fields[field]} for field, role in roles.items() if field in fields],
        "bodies": [{"role": "main", "contentType": "text/plain", **counted, "value": body}],
        "associations": [
            {
                "name": "English translation" if language == "zh" else "Chinese original",
                "rel": "hasTranslation" if language == "zh" else "translationOf",
                "uri": item_uri(unit.id, other),
                "type": "text",
                "language": other,
            }
        ],
        "altIds": [{"role": "unit", "value": unit.id}, {"role": "source-sha256", "value": result.issue.source.sha256}],
    }
    summary = view.result.summary.text if language == "zh" else " ".join(t.target for t in view.summary() if t.target)
    if summary:
        out["descriptions"] = [{"role": "summary", "contentType": "text/plain", "value": plain(summary)}]
    if Field.BYLINE in fields:
        out["by"] = fields[Field.BYLINE]
    if Field.COLUMN in fields:
        out["slugline"] = fields[Field.COLUMN]
    out |= _entities(view, result, language)
    if language == "en" and not disclosure.is_rehearsal(provenance):
        out["infoSources"] = [{"name": plain(m), "role": "machine translation"} for m in disclosure.models(provenance)]
    source_type = digital_source_type(view, provenance, language)
    if source_type:
        out["digitalSourceType"] = source_type
    return out


def render(result: IssueResult) -> dict[str, bytes]:
    """Return all items, two files per article."""
    out = {}
    for view in views(result):
        for language in ("zh", "en"):
            data = msgspec.json.encode(item(view, result, language))
            out[f"ninjs/{view.stem}.{language}.json"] = msgspec.json.format(data, indent=1) + b"\n"
    return out
