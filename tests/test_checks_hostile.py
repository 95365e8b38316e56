"""Text that no desk writes and an engine may: one fragment over and over, figures without end.

A check whose time grew with the square of the length would take minutes over these, not a moment.
"""

import pytest

from pipeline.checks import CheckInput, run
from pipeline.config import ChecksConfig
from pipeline.records import Field, Finding, Segment
from pipeline.terms.lexicon import Lexicon, Term
from pipeline.terms.numbers import read_en, read_zh

LENGTH = 20_000
LEXICON = Lexicon([Term(zh="青禾县", en="Qinghe County", kind="place"), Term(zh="书记", en="secretary", kind="title")])


def found(zh: str, en: str) -> tuple[Finding, ...]:
    segment = Segment(id="u1.sentence.0.0", unit="u1", field=Field.SENTENCE, block=0, index=0, text=zh)
    return run(CheckInput(segment=segment, target=en), ChecksConfig(), LEXICON)


def checked(zh: str, en: str) -> list[str]:
    return [f.check for f in found(zh, en)]


@pytest.mark.parametrize(
    "fragment", ["1 ", "5,", "5.", "1-", "a ", "A.", "May ", "th00", "x5 ", "2020-", "Zhang Wei ", "half past ", "at Aiaia ", "'s ", 'a"']
)
def test_english_without_end(fragment: str) -> None:
    assert "length" in checked("青禾县昨天召开会议。", fragment * (LENGTH // len(fragment)))


@pytest.mark.parametrize(
    "fragment", ["一", "十", "5,", "5.", "1 ", "三点", "一分之", "每斤", "青禾县", "书记", "说：", "1 000", "（一", "不很", "“甲"]
)
def test_chinese_without_end(fragment: str) -> None:
    assert "length" in checked(fragment * (LENGTH // len(fragment)), "The county met yesterday.")


@pytest.mark.parametrize(
    ("zh", "en"), [("5秒", "#5th "), ("十几万，", "1-"), ("说：年", "Co., and x5 "), ("点两", "ü'"), ("一", "1,one two ")]
)
def test_both_without_end(zh: str, en: str) -> None:
    assert checked(zh * (LENGTH // 4), en * (LENGTH // 4))


@pytest.mark.parametrize("figures", ["7" * 5000, "7," * 5000, "7" * 5000 + ".5", "1/" + "7" * 5000])
def test_figures_too_long_for_any_number_are_none(figures: str) -> None:
    assert [q.value for q in read_en(f"The county has 12 villages and {figures} people.")][:1] == [12]
    assert [q.value for q in read_zh(f"全县有12个村，{figures}亩地。")][:1] == [12]
    findings = found(f"全县有12个村，编号{figures}号。", f"The county has 12 villages, number {figures}.")
    assert not [f for f in findings if "12" in f.source]
