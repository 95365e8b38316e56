"""Compare a segmentation with a reference, white space aside."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import read_issue
from pipeline.records import Issue, Segmentation, SourceFile, slice_text
from pipeline.segment import reference, segment

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "issues" / "changji-daily.txt"
FIELDS = ("kind", "headline", "kicker", "subtitle", "column", "byline", "authors", "credit", "subheads", "paragraphs")


def squeeze(value: Any) -> Any:
    """Drop all white space from a value of a reference file."""
    if isinstance(value, str):
        return re.sub(r"\s+", "", value)
    if isinstance(value, list):
        return [squeeze(v) for v in value]
    return value


def units_of(path: Path) -> list[dict[str, Any]]:
    return list(reference(segment(read_issue(path, IngestConfig()), SegmentConfig()))["units"])


def gold_of(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))["units"])


def key(unit: dict[str, Any]) -> dict[str, Any]:
    return {name: squeeze(unit[name]) for name in FIELDS}


def issue_of(text: str) -> Issue:
    """An issue of any text at all, past the doors that refuse binaries and pages without Chinese."""
    data = text.encode("utf-8")
    sha256 = hashlib.sha256(data).hexdigest()
    return Issue(id=sha256[:16], source=SourceFile(name="page.txt", size=len(data), sha256=sha256), text=text)


def check_laws(issue: Issue, made: Segmentation) -> None:
    """The laws that hold for every input: the ledger balances, spans are honest, texts come from the source."""
    position = 0
    for entry in made.ledger:
        assert entry.span.start == position
        assert entry.span.end > position
        position = entry.span.end
    assert position == len(issue.text)
    owned = {(e.span.start, e.span.end): e for e in made.ledger}
    assert len(owned) == len(made.ledger)
    assert len({u.id for u in made.units}) == len(made.units)
    for unit in made.units:
        for passage in (unit.headline, unit.kicker, unit.subtitle, unit.column, unit.byline, unit.credit, *unit.blocks):
            if passage is None:
                continue
            assert squeeze(passage.text) == squeeze(slice_text(issue.text, passage.spans))
            assert passage.text == passage.text.strip() != ""
        for block in unit.blocks:
            assert squeeze("".join(s.text for s in block.sentences)) == squeeze(block.text)
            spans = [s for sentence in block.sentences for s in sentence.spans]
            assert spans == sorted(spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))
