"""Editors' corrections: one line each, addressed by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.errors import ConfigError
from pipeline.ingest import read_issue
from pipeline.records import Passage, Segmentation, Unit
from pipeline.segment import outline, segment
from pipeline.segment.overrides import Overrides, Rule, beside, load
from tests.segment.compare import ROOT, check_laws, issue_of

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


TWO_PAGES = """清河县粮食烘干塔建到田埂上
入冬抢烘三万吨

本报讯（记者 李明）入冬以来，清河县把粮食烘干服务送到田头，三座烘干塔日夜不停。
“往年遇上阴雨，粮食堆在院里发愁。”石桥镇农民赵卫国说。

旧铁路长出新风景
□周雨

一条旧铁路穿过云岭县城，十年没有火车经过，枕木间长满了草。
去年春天，县里把它改成步道，铁轨留着，傍晚总有人沿着它散步。
扳道工孙德福讲汽笛
退休扳道工孙德福每天都来，他给孩子们讲过去怎样听汽笛辨车次。
"""


def cut(text: str, *rules: Rule) -> Segmentation:
    issue = issue_of(text)
    made = segment(issue, SegmentConfig(), Overrides(overrides=rules))
    check_laws(issue, made)
    assert not [f for f in made.findings if f.check == "override"]
    return made


def of(made: Segmentation, words: str) -> Unit:
    return next(u for u in made.units if any(words in b.text for b in u.blocks))


def shown(passage: Passage | None) -> str | None:
    return passage.text if passage is not None else None


def test_two_headlines_that_changed_places_are_mended_by_one_rule() -> None:
    swapped = Rule(body="把粮食烘干服务送到田头", headline="旧铁路长出新风景")
    made = cut(TWO_PAGES, swapped)
    assert shown(of(made, "烘干塔日夜").headline) == "旧铁路长出新风景"
    assert shown(of(made, "十年没有火车").headline) == "入冬抢烘三万吨"
    assert len(made.units) == len(cut(TWO_PAGES).units)


def test_retitle_tells_headline_from_kicker_and_subtitle() -> None:
    unit = of(cut(TWO_PAGES, Rule(retitle="入冬抢烘三万吨")), "烘干塔日夜")
    assert (shown(unit.kicker), shown(unit.headline), unit.subtitle) == ("清河县粮食烘干塔建到田埂上", "入冬抢烘三万吨", None)
    unit = of(cut(TWO_PAGES, Rule(retitle="烘干塔建到田埂上", column="入冬抢烘三万吨")), "烘干塔日夜")
    assert (shown(unit.headline), shown(unit.column)) == ("清河县粮食烘干塔建到田埂上", "入冬抢烘三万吨")
    assert unit.pairing is not None
    assert unit.pairing.how == "override"


def test_retitle_finds_a_headline_that_was_taken_for_text() -> None:
    made = cut(TWO_PAGES, Rule(retitle="扳道工孙德福讲汽笛"))
    unit = of(made, "怎样听汽笛")
    assert shown(unit.headline) == "扳道工孙德福讲汽笛"
    assert len(of(made, "十年没有火车").paragraphs) == 2


def test_a_headline_that_was_taken_for_furniture_comes_back() -> None:
    page = TWO_PAGES.replace("旧铁路长出新风景\n□周雨", "\n要闻\n")
    assert "要闻" not in [shown(u.headline) for u in cut(page).units]
    assert shown(of(cut(page, Rule(body="十年没有火车", headline="要闻")), "十年没有火车").headline) == "要闻"
    assert "要闻" in [shown(u.headline) for u in cut(page, Rule(retitle="要闻")).units]


def test_rules_are_written_as_the_page_is_traditional_or_full_width() -> None:
    page = "渠縣糧食烘乾塔建到田埂上\n入冬搶烘３萬噸\n\n本報訊（記者 李明）入冬以來，清河縣把糧食烘乾服務送到田頭，３座烘乾塔日夜不停。\n"
    made = cut(page, Rule(retitle="入冬搶烘３萬噸"))
    assert shown(made.units[0].headline) == "入冬搶烘３萬噸"


def test_the_outline_offers_the_line_that_mends_a_doubtful_pairing(tmp_path: Path) -> None:
    issue = read_issue(PAGE, IngestConfig())
    doubtful = segment(issue, SegmentConfig(min_confidence=1.0))
    text = outline(doubtful, issue)
    rules = [line.removeprefix("  - ") for line in text.split("\n") if line.startswith("  - {body")]
    assert rules
    assert "qinghe-county-daily.overrides.yaml" in text
    for rule in rules:
        made = corrected(tmp_path, f"  - {rule}\n")
        assert not [f for f in made.findings if f.check == "override"]
        assert sum(u.pairing is not None and u.pairing.how == "override" for u in made.units) == 1


def test_a_rule_that_matches_nothing_is_a_finding(tmp_path: Path) -> None:
    assert any(f.check == "override" for f in corrected(tmp_path, "  - split: 没有这句话\n").findings)


@pytest.mark.parametrize(
    "rule", ["{body: 甲}", "{split: 甲, merge: 乙}", "{cut: 甲}", "{split: ''}", "{retitle: 甲, headline: 乙}", "{kicker: 甲}"]
)
def test_bad_rules_are_refused(tmp_path: Path, rule: str) -> None:
    with pytest.raises(ConfigError):
        corrected(tmp_path, f"  - {rule}\n")


def test_beside(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    assert beside(page) is None
    (tmp_path / "a.overrides.yaml").write_text("")
    assert beside(page) == tmp_path / "a.overrides.yaml"
    assert load(tmp_path / "a.overrides.yaml").overrides == ()
