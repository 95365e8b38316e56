"""Pages of other kinds of newspapers: scores may rise, never fall.

The floors are the scores measured when they were last set (``python -m tests.otherpages.measure``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.composer.score import Tally
from tests.otherpages import layout
from tests.otherpages.measure import half, score

FLOORS = {
    ("first", "mend"): {
        "unit": 0.955,
        "paragraph": 0.973,
        "headline": 0.932,
        "byline": 0.966,
        "kicker": 0.966,
        "subtitle": 0.955,
        "column": 0.955,
    },
    ("first", "held"): {
        "unit": 0.858,
        "paragraph": 0.96,
        "headline": 0.831,
        "byline": 0.867,
        "kicker": 0.879,
        "subtitle": 0.879,
        "column": 0.807,
    },
    ("second", "mend"): {
        "unit": 0.968,
        "paragraph": 0.982,
        "headline": 0.937,
        "byline": 0.968,
        "kicker": 0.937,
        "subtitle": 0.968,
        "column": 0.968,
    },
    ("second", "held"): {
        "unit": 0.892,
        "paragraph": 0.95,
        "headline": 0.642,
        "byline": 0.75,
        "kicker": 0.821,
        "subtitle": 0.821,
        "column": 0.75,
    },
}


@pytest.mark.parametrize(("prefix", "part"), FLOORS)
def test_scores_hold(prefix: str, part: str, tmp_path: Path) -> None:
    tally = Tally()
    pages = [page for page in layout.pages(prefix) if half(page) == part]
    assert len(pages) >= 7
    for page in pages:
        score(tally, page, str(tmp_path))
    low = {name: round(tally.f1(name), 4) for name, floor in FLOORS[prefix, part].items() if tally.f1(name) < floor}
    assert not low


def test_layouts_lose_nothing() -> None:
    """What the items say stands on their pages, whatever the layout."""
    for page in layout.pages():
        if "ocr" in page.options:
            continue
        text = layout.render(page).decode(page.options.get("enc", "utf-8"))
        shown = "".join(text.split())
        for unit in layout.answer(page):
            for passage in (unit["headline"], unit["kicker"], unit["subtitle"], *unit["subheads"], *unit["paragraphs"]):
                assert not passage or "".join(passage.split()) in shown, (page.name, passage)
