"""Editors' corrections: one line each, addressed by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.errors import ConfigError
from pipeline.ingest import read_issue
from pipeline.records import Segmentation
from pipeline.segment import segment
from pipeline.segment.overrides import beside, load
from tests.segment.compare import ROOT, check_laws

PAGE = ROOT / "examples" / "qinghe-county-daily.txt"


def corrected(tmp_path: Path, yaml: str) -> Segmentation:
    path = tmp_path / "x.overrides.yaml"
    path.write_text("overrides:\n" + yaml, encoding="utf-8")
    issue = read_issue(PAGE, IngestConfig())
    made = segment(issue, SegmentConfig(), load(path))
    check_laws(issue, made)
    return made


def titles(made: Segmentation) -> list[str | None]:
    return [u.headline.text if u.headline else None for u in made.units]


def test_a_wrong_pairing_is_fixed_with_one_rule(tmp_path: Path) -> None:
    made = corrected(tmp_path, "  - {body: 第二水厂并网供水, headline: 剪彩之后更要}\n")
    unit = made.units[1]
    assert unit.headline is not None
    assert "剪彩" in unit.headline.text
    assert unit.pairing is not None
    assert unit.pairing.how == "override"


def test_split_merge_and_furniture(tmp_path: Path) -> None:
    plain = segment(read_issue(PAGE, IngestConfig()), SegmentConfig())
    assert len(corrected(tmp_path, "  - split: 水厂还设了开放日\n").units) == len(plain.units) + 1
    merged = corrected(tmp_path, "  - merge: 为民办实事\n")
    assert any(len(u.paragraphs) == 4 for u in merged.units)
    assert "乡村产业一线行" not in str([u.column for u in corrected(tmp_path, "  - furniture: 乡村产业一线行\n").units])


def test_a_rule_that_matches_nothing_is_a_finding(tmp_path: Path) -> None:
    assert any(f.check == "override" for f in corrected(tmp_path, "  - split: 没有这句话\n").findings)


@pytest.mark.parametrize("rule", ["{body: 甲}", "{split: 甲, merge: 乙}", "{cut: 甲}", "{split: ''}"])
def test_bad_rules_are_refused(tmp_path: Path, rule: str) -> None:
    with pytest.raises(ConfigError):
        corrected(tmp_path, f"  - {rule}\n")


def test_beside(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    assert beside(page) is None
    (tmp_path / "a.overrides.yaml").write_text("")
    assert beside(page) == tmp_path / "a.overrides.yaml"
    assert load(tmp_path / "a.overrides.yaml").overrides == ()
