"""The checks that need no term tables: one table of cases per check."""

from __future__ import annotations

import msgspec
import pytest

from pipeline.checks import CheckInput, label, rank, run
from pipeline.config import ChecksConfig
from pipeline.records import Field, Label, NameEntry, Segment

CONFIG = ChecksConfig()


def item(source: str, target: str, field: Field = Field.SENTENCE, finish: str = "stop", input_cut: int = 0) -> CheckInput:
    segment = Segment(id="u.sentence.0.0", unit="u", field=field, block=0, index=0, text=source)
    return CheckInput(segment=segment, target=target, finish=finish, input_cut=input_cut)


def names(case: CheckInput) -> set[str]:
    return {f.check for f in run(case, CONFIG)}


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("村里修了一条新路。", "", {"empty"}),
        ("村里修了一条新路。", " … ", {"empty"}),
        ("村里修了一条新路。", "The village built a new road.", set()),
        ("村里修了一条新路。", "The village built a 新路.", {"untranslated"}),
        ("村里修了一条新路。", "The village built a новый road.", {"wrong_script"}),
        ("村里修了一条新路。", "The village built a new road of the", {"cut_off"}),
        ("村里修了一条新路。", "The village built a new road", {"cut_off"}),
        ("村里修了一条新路", "The village built a new road", set()),
        ("老人笑着说：“水来了！”", "“The water is here!” the old man said with a smile.", set()),
        ("全村都来帮忙，修好了水渠。", "The village came to help, came to help, came to help.", {"repetition"}),
        ("每亩收入3.5万元。", "Income per mu is 35,000 yuan.", set()),
        ("每亩收入3.5万元。", "Income per mu is 3.5 million yuan.", {"numbers"}),
        ("投资20亿元。", "The investment is 20 billion yuan.", {"numbers"}),
        ("投资20亿元。", "The investment is 2 billion yuan.", set()),
        ("10月28日开工。", "Work began on Oct 28.", set()),
        ("合作社今年新建了五座大棚，种上了番茄和辣椒，带动周边农户一起增收。", "Greenhouses.", {"length", "numbers"}),
    ],
)
def test_basic(source: str, target: str, expected: set[str]) -> None:
    assert names(item(source, target)) == expected


@pytest.mark.parametrize("finish", ["length", "runaway", "error"])
def test_finish(finish: str) -> None:
    found = run(item("村里修了路。", "The village built a road.", finish=finish), CONFIG)
    assert [f.check for f in found] == ["cut_off"]
    assert label(found) is Label.DONT_QUOTE


def test_input_cut() -> None:
    assert names(item("村里修了路。", "The village built a road.", input_cut=3)) == {"cut_off"}


def test_headline_needs_no_full_stop() -> None:
    assert names(item("水渠修好了！", "Canal Repaired", Field.HEADLINE)) == set()


def test_labels_and_rank() -> None:
    clean = run(item("村里修了路。", "The village built a road."), CONFIG)
    broken = run(item("村里修了路。", "The village built a 路."), CONFIG)
    empty = run(item("村里修了路。", ""), CONFIG)
    assert rank(clean) == 0 < rank(broken) < rank(empty)
    assert label(clean) is Label.READ


@pytest.mark.parametrize(
    ("score", "threshold", "found"), [(-2.0, -1.0, True), (-0.5, -1.0, False), (None, -1.0, False), (-2.0, None, False)]
)
def test_a_model_unsure_of_its_words_is_reported(score: float | None, threshold: float | None, found: bool) -> None:
    doubted = msgspec.structs.replace(item("村里修了路。", "The village built a road."), score=score)
    findings = run(doubted, ChecksConfig(min_score=threshold))
    assert [f.check for f in findings] == ["unsure"] * found
    assert label(findings) is (Label.CHECK if found else Label.READ)


@pytest.mark.parametrize(
    ("doubts", "threshold", "reported"),
    [
        ((("microsite,", -4.8), ("road.", -3.0)), -3.9, ["microsite"]),
        ((("“microsite”", -4.8), ("road.", -4.1)), -3.9, ["microsite", "road"]),
        ((("microsite", -4.8),), None, []),
        ((("elsewhere", -4.8),), -3.9, []),  # not in the text any more
        ((("Manas", -4.8),), -3.9, []),  # settled by the name sheet
    ],
)
def test_words_the_model_was_unsure_of_are_named(
    doubts: tuple[tuple[str, float], ...], threshold: float | None, reported: list[str]
) -> None:
    name = NameEntry(source="玛纳斯", target="Manas", kind="place", decided_by="table", first_segment="", count=1)
    case = item("玛纳斯的网站和路修好了。", "The microsite of Manas and the road are done.")
    findings = run(msgspec.structs.replace(case, doubts=doubts, names=(name,)), ChecksConfig(min_word_score=threshold))
    assert [f.check for f in findings] == ["unsure"] * bool(reported)
    assert all(f"“{word}”" in findings[0].message for word in reported)
