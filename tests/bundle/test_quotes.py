"""The quote ledger: what is quoted, who says it, and which English it became."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bundle.html.quotes import Quote, ledger
from pipeline.records import NameEntry
from tests.bundle.sample import A, S, build

NAMES = (
    NameEntry(source="何秀兰", target="He Xiulan", kind="person", decided_by="pinyin", first_segment="", count=1),
    NameEntry(source="周启明", target="Zhou Qiming", kind="person", decided_by="pinyin", first_segment="", count=1),
)


def quotes(*sentences: tuple[str, str]) -> tuple[Quote, ...]:
    return ledger(build([A(blocks=[[S(zh, en) for zh, en in sentences]])]).units[0], NAMES)


@pytest.mark.parametrize(
    ("zh", "speaker"),
    [
        ("“浇地省了三天工夫，心里踏实。”种植大户何秀兰说。", "何秀兰"),
        ("何秀兰说：“浇地省了三天工夫，心里踏实。”", "何秀兰"),
        ("“浇地省了三天工夫，心里踏实。”何秀兰高兴地说。", "何秀兰"),
        ("石桥镇水管所所长刘成表示，“浇地省了三天工夫，心里踏实。”", "石桥镇水管所所长刘成"),
        ("县水利局局长马占山回答提问时说：“明年渠道全部通水。”", "县水利局局长马占山"),
        ("工作人员告诉记者：“哪块地缺水，一眼就看得到。”", "工作人员"),
        ("“渠道全部通水，地里不缺水了。”大家都很高兴。", ""),
        ("他们推行“三本账”，周启明说这样好。", ""),
    ],
)
def test_speakers(zh: str, speaker: str) -> None:
    (quote, *_) = quotes((zh, ""))
    assert quote.speaker_zh == speaker
    assert quote.speaker_en == ("He Xiulan" if speaker == "何秀兰" else "")


def test_speech_is_told_from_quoted_terms() -> None:
    found = quotes(("大家把“智慧水”叫作宝，“以前浇地要守三天，现在不用了。”", ""))
    assert [q.speech for q in found] == [False, True]


def test_a_quotation_over_two_sentences_is_one_with_both_in_english() -> None:
    (quote,) = quotes(
        ("工作人员说：“哪块地缺水一眼就看得到。", "Staff said: “Which plot is dry can be seen at once."),
        ("我们不再满地跑。”", "We no longer run about.”"),
    )
    assert quote.text == "哪块地缺水一眼就看得到。我们不再满地跑。"
    assert quote.english == "Which plot is dry can be seen at once. We no longer run about."
    assert quote.exact
    assert len(quote.segments) == 2


def test_several_quotations_pair_in_order() -> None:
    found = quotes(
        ("“省水了。”何秀兰说，“也省工了，地更好种。”", "“It saves water,” said He Xiulan. “And labour too; the land is easier to farm.”"),
    )
    assert [(q.english, q.exact) for q in found] == [("It saves water,", True), ("And labour too; the land is easier to farm.", True)]


def test_english_without_the_marks_is_shown_whole_and_says_so() -> None:
    (quote,) = quotes(("何秀兰说：“浇地省了三天工夫，心里踏实。”", "He Xiulan said watering takes three days less."))
    assert (quote.english, quote.exact) == ("He Xiulan said watering takes three days less.", False)


def test_inner_quotations_stay_inside_and_an_unclosed_one_says_so() -> None:
    (quote,) = quotes(("他说：“品牌叫“澜原绒”，明年再做大。”", "He said: “The brand is ‘Lanyuan Down’; bigger next year.”"))
    assert quote.text == "品牌叫“澜原绒”，明年再做大。"
    assert quote.english == "The brand is ‘Lanyuan Down’; bigger next year."
    (quote,) = quotes(("他说：“明年再做大。", "He said: next year it will be bigger."))
    assert not quote.closed


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("“”「」『』。，：说何秀兰水a \n"), max_size=30), min_size=1, max_size=3))
def test_any_marks_in_any_order(texts: list[str]) -> None:
    whole = "".join(texts)
    for quote in quotes(*((t, t) for t in texts)):
        assert quote.text in whole
        assert 1 <= len(quote.segments) <= len(texts)
