"""The checks against the table of planted errors and clean rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import ChecksConfig
from pipeline.errors import InputError
from pipeline.evaluate.check_table import Row, read_table, score_table

TABLE = Path(__file__).parent / "data" / "check_table.tsv"
ROWS = read_table(TABLE)


def test_the_table_is_large_and_balanced() -> None:
    assert len(ROWS) >= 200
    planted = [r for r in ROWS if r.expect]
    assert len(planted) >= 100 <= len(ROWS) - len(planted)


def test_recall_and_false_alarms() -> None:
    score = score_table(ROWS, ChecksConfig())
    missed = [f"{r.row.line}: {r.row.item.target}" for r in score.missed]
    alarmed = [f"{r.row.line}: {[f.message for f in r.alarms]}" for r in score.alarmed]
    assert score.recall >= 0.95, missed
    assert score.false_rate <= 0.03, alarmed


@pytest.mark.parametrize("check", sorted({c for r in ROWS for c in r.expect}))
def test_every_check_finds_most_of_its_own(check: str) -> None:
    rows: list[Row] = [r for r in ROWS if check in r.expect]
    score = score_table(rows, ChecksConfig())
    assert score.found >= 0.8 * len(rows), [r.row.line for r in score.missed]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("expect\tfield\tsource\ttarget\n", "columns"),
        ("expect\tfield\tsource\ttarget\tknown\n-\tsentence\t水\n", "cells"),
        ("expect\tfield\tsource\ttarget\tknown\n-\tpoem\t水\twater\t\n", "field"),
        ("expect\tfield\tsource\ttarget\tknown\n-\tsentence\t水\twater\tplace 山=hill\n", "place 山=hill"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "table.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_table(path)
