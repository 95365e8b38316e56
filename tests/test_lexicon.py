"""The term tables: read strictly, layered, found longest first, and silent inside other words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.terms import Lexicon
from pipeline.terms.lexicon import Term, read_table


def table(folder: Path, text: str, name: str = "t.tsv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def found(lexicon: Lexicon, text: str) -> list[str]:
    return [h.term.zh for h in lexicon.find(text)]


def test_later_tables_win_and_change_the_digest(tmp_path: Path) -> None:
    one = table(tmp_path, "# note\nzh\ten\tkind\n清河县\tQinghe County\tplace\n", "a.tsv")
    two = table(tmp_path, "zh\ten\tkind\n清河县\tCounty of Qinghe\tplace\n", "b.tsv")
    lexicon = Lexicon.load([one, two])
    term = lexicon.get("清河县")
    assert term is not None
    assert (term.en, term.file) == ("County of Qinghe", "b.tsv")
    assert lexicon.digest != Lexicon.load([one]).digest
    assert Lexicon.load([two]).digest == lexicon.digest


@pytest.mark.parametrize(
    "text", ["zh\tenglish\n", "a\tb\n", "zh\ten\n清河县\n", "zh\ten\n清河县\t\n", "zh\ten\n清河县\tQinghe\textra\tmore\n"]
)
def test_malformed_tables_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_table(table(tmp_path, text))
    assert "t.tsv" in str(caught.value)


def test_a_missing_table_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Lexicon.load([tmp_path / "none.tsv"])


def test_a_short_term_must_be_a_word() -> None:
    lexicon = Lexicon([Term(zh="成都", en="Chengdu", kind="place"), Term(zh="海口", en="Haikou", kind="place")])
    assert found(lexicon, "新产品加快形成都受影响") == []
    assert found(lexicon, "他在成都工作，后来去了海口。") == ["成都", "海口"]


def test_a_term_that_must_stand_alone() -> None:
    lexicon = Lexicon([Term(zh="综述", en="Roundup", kind="term", note="alone: a rubric")])
    assert found(lexicon, "——综述——") == ["综述"]
    assert found(lexicon, "文献综述写完了") == []


def test_reference_rows_are_looked_up_but_not_found() -> None:
    lexicon = Lexicon([Term(zh="公斤", en="kilogram", kind="unit")])
    assert lexicon.get("公斤") is not None
    assert found(lexicon, "三公斤") == []


@given(st.text("清河县石桥乡柳湾村的，", max_size=30))
def test_hits_are_where_they_say(text: str) -> None:
    lexicon = Lexicon([Term(zh=z, en=z, kind="place") for z in ("清河县", "石桥乡", "柳湾村", "石桥乡柳湾村")])
    for hit in lexicon.find(text):
        assert text[hit.start : hit.end] == hit.term.zh


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon([]).find("清河县") == ()
