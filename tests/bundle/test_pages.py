"""Bundles of whole pages: the sample issue and the real page, cut by the segmenter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import bundle
from pipeline.bundle import xliff, xliff_back
from pipeline.bundle.verify import SourceCheck, render, verify
from pipeline.config import BUNDLE_FORMATS, BundleConfig, IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.records import (
    SCHEMA_VERSION,
    BlockKind,
    Field,
    IssueResult,
    Label,
    Origin,
    Segment,
    Span,
    Summary,
    SummaryStatus,
    Translation,
    Unit,
    UnitResult,
)
from pipeline.segment import segment
from tests.bundle import make

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "examples").glob("*.txt")), ROOT.parent / "shared" / "issues" / "changji-daily.txt"]


def _parts(unit: Unit) -> Iterator[tuple[Field, int, int, str, tuple[Span, ...]]]:
    for field in (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE, Field.CREDIT):
        passage = getattr(unit, field.value)
        if passage is not None:
            yield field, 0, 0, passage.text, passage.spans
    for number, block in enumerate(unit.blocks):
        field = Field.SUBHEAD if block.kind is BlockKind.SUBHEAD else Field.SENTENCE
        for index, sentence in enumerate(block.sentences):
            yield field, number, index, sentence.text, sentence.spans


def _unit(unit: Unit) -> UnitResult:
    translations = []
    for field, block, index, text, spans in _parts(unit):
        name = f"{unit.id}.{field.value}.{block}.{index}"
        item = Segment(id=name, unit=unit.id, field=field, block=block, index=index, text=text, spans=spans)
        english = f"Passage {len(translations) + 1} of {len(text)} characters."
        translations.append(Translation(segment=item, target=english, origin=Origin.MODEL, label=Label.READ))
    return UnitResult(unit=unit, summary=Summary(unit=unit.id, status=SummaryStatus.OFF), translations=tuple(translations))


def result_of(path: Path) -> IssueResult:
    issue = read_issue(path, IngestConfig())
    cut = segment(issue, SegmentConfig())
    return IssueResult(
        schema=SCHEMA_VERSION,
        issue=issue,
        segmentation=cut,
        units=tuple(_unit(u) for u in cut.units),
        names=(),
        findings=(),
        provenance=make.provenance(),
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_a_page_becomes_a_bundle_whose_every_text_stands_in_the_source(path: Path, tmp_path: Path) -> None:
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand: it lies beside the repository, not in it")
    made = result_of(path)
    folder = bundle.write(made, make.volatile(), tmp_path, BundleConfig(formats=BUNDLE_FORMATS), original=path.read_bytes())
    assert bundle.read(folder) == made
    report = verify(folder, source=path)
    assert report.ok, render(report)
    assert report.source is SourceCheck.MATCHED
    assert report.texts > 3 * len(made.units)
    back = xliff_back.corrections(made, xliff.render(made), who="A. Editor", when="2031-05-05T08:00:00Z")
    assert back == xliff_back.Returned(corrections=(), conflicts=(), unknown=(), unusable=())
