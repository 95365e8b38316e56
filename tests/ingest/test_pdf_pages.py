"""Composed articles set in three columns each, one below the other, and read back through the PDF door."""

from __future__ import annotations

import random
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import from_bytes
from pipeline.segment import reference, segment
from tests.composer.composer import answer, paragraphs, sign
from tests.composer.items import Article, fill, templates
from tests.composer.score import Tally, add
from tests.composer.wrapping import wrap
from tests.ingest.pdfs import draw, put
from tests.segment.compare import check_laws

COLUMNS, CELLS, SIZE = 3, 13, 9


def page(seed: int) -> tuple[bytes, list[dict[str, Any]]]:
    """Five articles as a PDF page, and the answer."""
    rnd = random.Random(seed)
    chosen = rnd.sample([t for t in templates() if t[0].startswith(("news", "feature", "opinion"))], 5)
    articles = [fill(t, rnd) for t in chosen]
    for article in articles:
        sign(article, rnd, "□")
        article.credit = None
        article.groups = paragraphs(article, rnd)

    def paint(canvas: Canvas) -> None:
        y = 815.0
        for article in articles:
            y = _article(canvas, article, y) - 14

    return draw(paint), [answer(a) for a in articles]


def _article(canvas: Canvas, article: Article, y: float) -> float:
    if article.kicker:
        put(canvas, 50, y, [article.kicker], size=13)
        y -= 20
    y = put(canvas, 40, y - 6, article.headline, size=20, leading=1.2)
    if article.subtitle:
        put(canvas, 90, y, [f"——{article.subtitle}"], size=13)
        y -= 18
    if article.kind != "news":
        put(canvas, 230, y, [article.place], size=SIZE)
        y -= 16
    lines: list[str] = []
    for group in article.groups:
        lines += [group[3:]] if group.startswith("## ") else wrap(f"　　{group}", CELLS, indent=0)
    share = -(-len(lines) // COLUMNS)
    return min(
        put(canvas, 30 + k * (CELLS * SIZE + 14), y, lines[k * share : (k + 1) * share], size=SIZE, leading=1.44) for k in range(COLUMNS)
    )


def test_pages_in_columns_keep_their_floor() -> None:
    tally = Tally()
    for seed in range(25):
        data, wanted = page(seed)
        issue = from_bytes("page.pdf", data, IngestConfig())
        made = segment(issue, SegmentConfig())
        check_laws(issue, made)
        add(tally, reference(made)["units"], wanted)
    assert tally.f1("paragraph") >= 0.95
    assert tally.f1("unit") >= 0.88
    assert tally.f1("headline") >= 0.95
    assert tally.f1("byline") >= 0.95
