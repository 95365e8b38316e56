"""The check of words that turn a report round, and its table."""

from __future__ import annotations

from importlib import resources

import pytest

from pipeline.checks import CheckInput, sense
from pipeline.checks.base import Reading
from pipeline.config import ChecksConfig
from pipeline.records import Field, Finding, NameEntry, Segment

CONFIG = ChecksConfig()
LINES = resources.files("pipeline.checks").joinpath("data/sense.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("#")]
GROUPS = {row[0] for row in ROWS if row[0] != "-"}


def found(source: str, target: str, names: tuple[NameEntry, ...] = ()) -> tuple[Finding, ...]:
    segment = Segment(id="u.sentence.0.0", unit="u", field=Field.SENTENCE, block=0, index=0, text=source)
    return tuple(sense.check(Reading(CheckInput(segment=segment, target=target, names=names)), CONFIG))


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_group_is_lost_alone_or_has_another_to_be_exchanged_for(group: str) -> None:
    assert group.startswith("!") or sum(row[0] == group for row in ROWS) >= 2


def test_no_word_stands_twice() -> None:
    said = [zh for row in ROWS if row[1] != "!" for zh in row[1].split("|")]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize("row", [row for row in ROWS if row[0].startswith("!")], ids=lambda row: row[0])
def test_every_grave_word_is_missed_when_it_is_lost(row: list[str]) -> None:
    for zh in row[1].split("|"):
        assert [f.source for f in found(f"会上{zh}。", "The weather was fine.")] == [zh]


def test_every_exchange_within_a_group_is_seen_and_none_within_one_word() -> None:
    for group in sorted(g for g in GROUPS if not g.startswith("!")):
        words = [row for row in ROWS if row[0] == group]
        for said in (w for w in words if w[1] != "!"):
            for zh in said[1].split("|"):
                for english in (e.removesuffix(".") for e in said[3].split("|")):
                    assert not found(f"这是{zh}的事。", f"It was {english} then."), (zh, english)
        for wrong in (w for w in words if group not in {"fellow", "level"} or w[1] == "!"):
            english = wrong[3].split("|")[0].removesuffix(".")
            others = [w[1].split("|")[0] for w in words if w is not wrong and w[1] != "!"]
            assert any(found(f"这是{zh}的事。", f"It was {english} then.") for zh in others), (group, english)


def test_what_the_chinese_explains_is_no_exchange() -> None:
    assert found("去年的事。", "It was this year.")
    assert not found("去年的事，全年都在做。", "It was this year.")


def test_a_word_inside_a_settled_name_is_the_name_checks_matter() -> None:
    name = NameEntry(source="河东部落", target="Hedong Buluo", kind="place", first_segment="u", decided_by="table", count=1)
    assert found("河东部落很远。", "The western tribe is far away.")
    assert not found("河东部落很远。", "The western tribe is far away.", names=(name,))


def test_longer_words_that_only_hold_a_listed_one_say_something_else() -> None:
    assert not found("尽可能多种树。", "Plant trees.")
    assert not found("农牧民都来了。", "Farmers came.")
