"""The bundle's pages name every file and format, link to each other, and show what the code prints."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from pipeline.bundle import layout, rows
from pipeline.bundle.diff import diff, render
from pipeline.config import BUNDLE_FORMATS
from tests.bundle import make

DOCS = Path(__file__).parents[2] / "docs" / "bundle"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_overview_names_every_file_and_format() -> None:
    text = page("README.md")
    for name in (layout.MANIFEST, layout.SEGMENTATION, layout.SOURCE_TEXT, layout.REVIEW, layout.PROV, *layout.VOLATILE_FILES):
        assert f"`{name}`" in text
    assert f"formats: [{', '.join(BUNDLE_FORMATS)}]" in text


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link


def test_the_rows_page_lists_the_columns() -> None:
    listed = re.search(r"`(issue, source[^`]+)`", page("rows.md"))
    assert listed is not None
    assert listed.group(1).replace("\n", " ").split(", ") == list(rows.Row.__struct_fields__)


def test_the_example_of_a_diff_is_what_is_printed() -> None:
    made = make.result()
    engine = msgspec.structs.replace(made.provenance.tasks[0].engine, settings=(("beam", "4"),))
    task = msgspec.structs.replace(made.provenance.tasks[0], engine=engine)
    unit = made.units[0]
    sentence = msgspec.structs.replace(unit.translations[2], target="The new canal in Yunxi County started flowing yesterday.")
    changed = msgspec.structs.replace(unit, translations=(*unit.translations[:2], sentence, *unit.translations[3:]))
    new = msgspec.structs.replace(
        made, units=(changed, *made.units[1:]), provenance=make.provenance(tasks=(task, made.provenance.tasks[1]))
    )
    example = [line[4:] for line in page("versions.md").split("word by word:")[1].splitlines() if line.startswith("    ")]
    assert "\n".join(example) == render(diff(made, new)).replace("\n\n", "\n")
