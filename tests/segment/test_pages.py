"""Whole pages against hand-made references."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.records import Owner, Segmentation, decode, encode
from pipeline.segment import outline, segment
from tests.segment.compare import REAL, ROOT, check_laws, gold_of, key, units_of

EXAMPLES = sorted((ROOT / "examples").glob("*.gold.json"))
needs_real_page = pytest.mark.skipif(not REAL.exists(), reason="the real page is not part of the repository (../shared/issues)")


@pytest.mark.parametrize("gold", EXAMPLES, ids=lambda p: p.name)
def test_examples_equal_their_references(gold: Path) -> None:
    page = gold.with_name(gold.name.replace(".gold.json", ".txt"))
    assert [key(u) for u in units_of(page)] == [key(u) for u in gold_of(page)]


@needs_real_page
def test_real_page_equals_its_reference() -> None:
    """8 of 8 units, every field, all 44 paragraphs, in the reference's order."""
    found, wanted = units_of(REAL), gold_of(REAL)
    assert [key(u) for u in found] == [key(u) for u in wanted]
    assert sum(len(u["paragraphs"]) for u in found) == 44


@needs_real_page
def test_real_page_leaves_no_residue_and_keeps_the_laws() -> None:
    issue = read_issue(REAL, IngestConfig())
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    assert not [e for e in made.ledger if e.owner is Owner.RESIDUE]
    assert made.findings == ()
    assert decode(encode(made), Segmentation) == made
    assert "confidence" in outline(made, issue)


@needs_real_page
def test_line_ends_and_byte_order_marks_change_nothing_but_offsets() -> None:
    text = REAL.read_text(encoding="utf-8")
    wanted = [key(u) for u in gold_of(REAL)]
    from tests.segment.compare import issue_of, reference, segment

    for variant in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text, text.replace("\n", "\u200b\n\u200b")):
        issue = issue_of(variant)
        made = segment(issue, SegmentConfig())
        check_laws(issue, made)
        assert [key(u) for u in reference(made)["units"]] == wanted
