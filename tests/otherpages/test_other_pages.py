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
        "unit": 0.951,
        "paragraph": 0.974,
        "headline": 0.956,
        "byline": 0.967,
        "kicker": 0.978,
        "subtitle": 0.967,
        "column": 0.967,
    },
    ("first", "held"): {
        "unit": 0.894,
        "paragraph": 0.976,
        "headline": 0.862,
        "byline": 0.887,
        "kicker": 0.9,
        "subtitle": 0.887,
        "column": 0.825,
    },
    ("second", "mend"): {
        "unit": 0.968,
        "paragraph": 0.982,
        "headline": 0.968,
        "byline": 0.968,
        "kicker": 0.968,
        "subtitle": 0.968,
        "column": 0.968,
    },
    ("second", "held"): {
        "unit": 0.892,
        "paragraph": 0.95,
        "headline": 0.892,
        "byline": 0.857,
        "kicker": 0.892,
        "subtitle": 0.892,
        "column": 0.821,
    },
    ("third", "mend"): {
        "unit": 0.953,
        "paragraph": 0.973,
        "headline": 0.984,
        "byline": 0.984,
        "kicker": 0.968,
        "subtitle": 0.984,
        "column": 0.968,
    },
    ("fourth", "mend"): {
        "unit": 1.0,
        "paragraph": 1.0,
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
        "unit": 0.962,
        "paragraph": 0.992,
        "headline": 0.974,
        "byline": 0.987,
        "kicker": 0.987,
        "subtitle": 1.0,
        "column": 0.987,
    },
    ("fifth", "held"): {
        "unit": 0.838,
        "paragraph": 0.978,
        "headline": 0.867,
        "byline": 0.905,
        "kicker": 0.943,
        "subtitle": 0.924,
        "column": 0.924,
    },
    ("sixth", "mend"): {
        "unit": 1.0,
        "paragraph": 1.0,
        "headline": 1.0,
        "byline": 1.0,
        "kicker": 0.944,
        "subtitle": 1.0,
        "column": 0.944,
    },
    ("sixth", "held"): {
        "unit": 0.8,
        "paragraph": 0.955,
        "headline": 0.7,
        "byline": 0.85,
        "kicker": 0.85,
        "subtitle": 0.85,
        "column": 0.85,
    },
    ("seventh", "mend"): {
        "unit": 0.814,
        "paragraph": 0.95,
        "headline": 0.857,
        "byline": 0.928,
        "kicker": 0.928,
        "subtitle": 1.0,
        "column": 0.928,
    },
    ("seventh", "held"): {
        "unit": 0.965,
        "paragraph": 0.966,
        "headline": 0.866,
        "byline": 0.866,
        "kicker": 0.866,
        "subtitle": 0.866,
        "column": 0.8,
    },
}


@pytest.mark.parametrize(("prefix", "part"), FLOORS)
def test_scores_hold(prefix: str, part: str, tmp_path: Path) -> None:
    tally = Tally()
    pages = [page for page in written.pages(prefix) if half(page) == part]
    assert len(pages) >= 4
    for page in pages:
        score(tally, page, str(tmp_path))
    low = {name: round(tally.f1(name), 4) for name, floor in FLOORS[prefix, part].items() if tally.f1(name) < floor}
    assert not low


MIXED = {"unit": 0.943, "paragraph": 0.971, "headline": 0.93, "byline": 0.958, "kicker": 0.942, "subtitle": 0.954, "column": 0.939}


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
