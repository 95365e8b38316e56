"""The JSON Schema of a bundle's files, generated from the records that write and read them.

``python -m pipeline.bundle.schema`` prints it; ``docs/schema`` holds the published copy.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from types import ModuleType
from typing import Any, Final

import msgspec

from pipeline.bundle import attest, layout
from pipeline.records import decisions, finding, result, segmentation, source, translation

FILES: Final[dict[str, type[msgspec.Struct]]] = {
    layout.MANIFEST: layout.Manifest,
    "articles/*.json": layout.ArticleFile,
    layout.SEGMENTATION: layout.SegmentationFile,
    layout.REVIEW: layout.ReviewFile,
    layout.VOLATILE: layout.VolatileFile,
    layout.STATEMENT: attest.Statement,
}
"""Each JSON file of a bundle that has a record, and that record."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def _field_notes(module: ModuleType) -> dict[str, dict[str, str]]:
    """The strings under the fields of a module's classes: class name to field name to text."""
    out: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        notes = out.setdefault(node.name, {})
        for field, note in zip(node.body, node.body[1:], strict=False):
            text = note.value if isinstance(note, ast.Expr) else None
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Constant):
                notes[field.target.id] = " ".join(str(text.value).replace("``", "").split())
    return out


def _describe(definitions: dict[str, Any]) -> None:
    """Carry what the records say about their fields into the schema."""
    for module in (source, finding, segmentation, translation, result, decisions, layout, attest):
        for name, notes in _field_notes(module).items():
            properties = definitions.get(name, {}).get("properties", {})
            for field, text in notes.items():
                if field in properties:
                    properties[field]["description"] = text


def document() -> dict[str, Any]:
    """Return the schema: one definition per record, and which file holds which."""
    kinds = list(FILES.values())
    references, definitions = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    _describe(definitions)
    return {
        "$schema": DIALECT,
        "$id": f"urn:x-newsdesk-pipeline:schema:bundle:{layout.BUNDLE_SCHEMA}",
        "title": f"Bundle of a newspaper issue, version {layout.BUNDLE_SCHEMA}",
        "description": "Validate a file of a bundle against the entry of its name in 'x-files'.",
        "anyOf": list(references),
        "x-files": {name: reference["$ref"] for name, reference in zip(FILES, references, strict=True)},
        "$defs": definitions,
    }


def for_file(name: str) -> dict[str, Any]:
    """Return the schema of one file, by its entry in ``FILES``."""
    whole = document()
    return {"$schema": DIALECT, "$ref": whole["x-files"][name], "$defs": whole["$defs"]}


def text() -> str:
    """Return the schema as it is published in ``docs/schema``."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
