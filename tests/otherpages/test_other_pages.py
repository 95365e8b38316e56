"""Pages of other kinds of newspapers: scores may rise, never fall.

The floors are the scores measured when they were last set (``python -m tests.otherpages.measure``).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.composer.score import Tally
from tests.otherpages import layout, written
from tests.otherpages.measure import half, mixed, score

FLOORS = {
    ("first", "mend"): {
        "unit": 0.94,
        "paragraph": 0.969,
        "headline": 0.934,
        "byline": 0.967,
        "kicker": 0.967,
        "subtitle": 0.956,
        "column": 0.956,
    },
    ("first", "held"): {
        "unit": 0.881,
        "paragraph": 0.974,
        "headline": 0.85,
        "byline": 0.887,
        "kicker": 0.887,
        "subtitle": 0.887,
        "column": 0.812,
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
        "headline": 0.821,
        "byline": 0.857,
        "kicker": 0.857,
        "subtitle": 0.821,
        "column": 0.821,
    },
    ("third", "mend"): {
        "unit": 0.89,
        "paragraph": 0.962,
        "headline": 0.937,
        "byline": 0.968,
        "kicker": 0.953,
        "subtitle": 0.984,
        "column": 0.921,
    },
    ("fourth", "mend"): {
        "unit": 0.944,
        "paragraph": 0.968,
        "headline": 0.944,
        "byline": 1.0,
        "kicker": 0.944,
        "subtitle": 1.0,
        "column": 1.0,
    },
    ("fourth", "held"): {
        "unit": 0.875,
        "paragraph": 0.978,
        "headline": 0.937,
        "byline": 1.0,
        "kicker": 0.937,
        "subtitle": 0.937,
        "column": 0.937,
    },
    ("fifth", "mend"): {
        "unit": 0.927,
        "paragraph": 0.966,
        "headline": 0.818,
        "byline": 0.945,
        "kicker": 0.854,
        "subtitle": 0.8,
        "column": 0.8,
    },
    ("fifth", "held"): {
        "unit": 0.788,
        "paragraph": 0.934,
        "headline": 0.773,
        "byline": 0.867,
        "kicker": 0.867,
        "subtitle": 0.867,
        "column": 0.83,
    },
}


@pytest.mark.parametrize(("prefix", "part"), FLOORS)
def test_scores_hold(prefix: str, part: str, tmp_path: Path) -> None:
    tally = Tally()
    pages = [page for page in written.pages(prefix) if half(page) == part]
    assert len(pages) >= 5
    for page in pages:
        score(tally, page, str(tmp_path))
    low = {name: round(tally.f1(name), 4) for name, floor in FLOORS[prefix, part].items() if tally.f1(name) < floor}
    assert not low


MIXED = {"unit": 0.936, "paragraph": 0.961, "headline": 0.906, "byline": 0.954, "kicker": 0.923, "subtitle": 0.939, "column": 0.935}


def test_scores_hold_in_every_layout(tmp_path: Path) -> None:
    tally = Tally()
    for page in list(mixed())[::3]:
        score(tally, page, str(tmp_path))
    low = {name: round(tally.f1(name), 4) for name, floor in MIXED.items() if tally.f1(name) < floor}
    assert not low


def test_layouts_lose_nothing() -> None:
    """What the items say stands on their pages, whatever the layout."""
    for page in written.pages():
        if "ocr" in page.options:
            continue
        text = layout.render(page).decode(page.options.get("enc", "utf-8"))
        shown = "".join(text.split())
        for unit in written.answer(page):
            for passage in (unit["headline"], unit["kicker"], unit["subtitle"], *unit["subheads"], *unit["paragraphs"]):
                assert not passage or "".join(passage.split()) in shown, (page.name, passage)
