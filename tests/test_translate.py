"""One segment's way to English, its second tries and their budget; the engine is played by the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import checks
from pipeline.config import ChecksConfig, RepairConfig, TranslateConfig
from pipeline.decoding import Job
from pipeline.engines.base import Finish, Reply, Request
from pipeline.records import Field, Label, Origin, Segment, Translation
from pipeline.terms import Figures, Lexicon, compose, project, settled
from pipeline.terms.lexicon import Term
from pipeline.translate import repair
from pipeline.translate.job import Desk, first_pass
from pipeline.translate.wording import enclosed, requote, run_on, speaker_first, tidy

LEXICON = Lexicon((Term(zh="清河县", en="Qinghe County", kind="place"), Term(zh="合作社", en="cooperative", kind="term")))
Answer = Callable[[Request], str | Reply]


def desk(family: str = "instruct", *, min_word_score: float | None = None, **translate: int) -> Desk:
    config = ChecksConfig(min_word_score=min_word_score)
    return Desk(
        family=family,
        config=TranslateConfig(**translate),
        beam=1,
        check=lambda item: checks.run(item, config, LEXICON),
        remedy=lambda finding: checks.remedy(finding, LEXICON),
        project=lambda text, every: project(text, LEXICON, (), figures=Figures.ALL if every else Figures.HARD),
        settled=lambda text: settled(text, LEXICON),
        compose=lambda text: compose(text, LEXICON, ()),
        recall=lambda _: None,
        similar=lambda _: (),
        show_similar=False,
        dateline=lambda text: (4, "Our correspondents report:") if text.startswith("本报讯 ") else (0, ""),
        names=lambda _: (),
        count_tokens=lambda texts: tuple(len(t) for t in texts),
        signature="s",
    )


def segment(text: str, field: Field = Field.SENTENCE) -> Segment:
    return Segment(id="u.sentence.0.0", unit="u", field=field, block=0, index=0, text=text)


def play(job: Job[Translation], answer: Answer) -> tuple[Translation, list[Request]]:
    asked: list[Request] = []
    try:
        request = next(job)
        while True:
            asked.append(request)
            got = answer(request)
            reply = got if isinstance(got, Reply) else Reply(id="", text=got, finish=Finish.STOP, prompt_tokens=10, output_tokens=5)
            request = job.send(reply)
    except StopIteration as done:
        return done.value, asked


def first(text: str, answer: Answer, **more: int) -> tuple[Translation, list[Request]]:
    return play(first_pass(segment(text), desk(**more)), answer)


def test_a_quotation_is_translated_inside_its_marks() -> None:
    done, asked = first("“清河县的路修好了，大家都高兴。”", lambda _: "The road in Qinghe County is repaired, and everyone is happy.")
    assert asked[0].text == "Qinghe County 的路修好了，大家都高兴。"
    assert done.target == "“The road in Qinghe County is repaired, and everyone is happy.”"
    assert (done.label, done.findings) == (Label.READ, ())


def test_marks_the_model_sets_itself_are_not_doubled() -> None:
    done, _ = first("“路修好了，大家都高兴。”", lambda _: "“The road is repaired, and everyone is happy.”")
    assert done.target == "“The road is repaired, and everyone is happy.”"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“好。”", "好。"),
        ("“他说‘好’。”", "他说‘好’。"),
        ("“甲“乙”丙”", "甲“乙”丙"),
        ("“甲”和“乙”", None),
        ("“甲”他说。", None),
        ("“甲", None),
        ("“”", None),
        ("“", None),
        ("", None),
    ],
)
def test_what_is_one_quotation(text: str, inside: str | None) -> None:
    assert enclosed(text) == inside


@given(st.text("“”甲。"))
def test_the_inside_is_the_text_without_its_marks(text: str) -> None:
    inside = enclosed(text)
    assert inside is None or f"“{inside}”" == text


def test_a_standing_opening_is_written_by_rule() -> None:
    done, asked = first("本报讯 合作社卖了苹果。", lambda _: "The cooperative sold apples.")
    assert asked[0].text == "cooperative 卖了苹果。"
    assert done.target == "Our correspondents report: The cooperative sold apples."


def test_no_model_is_asked_where_nothing_is_chinese() -> None:
    done, asked = first("COVID-19", lambda _: "never")
    assert (done.target, done.origin, asked) == ("COVID-19", Origin.COPIED, [])


def test_the_halves_of_a_headline_are_parted_by_a_comma() -> None:
    _, asked = play(first_pass(segment("标准写在田头　大蒜香飘千里", Field.HEADLINE), desk()), lambda _: "Standards in the Field")
    assert asked[0].text == "标准写在田头，大蒜香飘千里"
    _, asked = first("标准写在 田头。", lambda _: "Standards are there.")
    assert asked[0].text == "标准写在 田头。"


@pytest.mark.parametrize(
    ("source", "english", "made"),
    [
        ("；", ("Goods are checked;", "However, we do more."), ("Goods are checked;", "however, we do more.")),
        ("，", ("He has five,", "The others none."), ("He has five,", "the others none.")),
        ("，", ("It has a filter", "The water is clear."), ("It has a filter,", "the water is clear.")),
        ("；", ("It has a filter", "The water is clear."), ("It has a filter;", "the water is clear.")),
        ("器", ("It has a filter", "The water is clear."), ("It has a filter", "The water is clear.")),
        ("，", ("They have (A)", "A simple plan"), ("They have (A)", "a simple plan")),
        ("，", ("They came,", "Zhou Lixin said."), ("They came,", "Zhou Lixin said.")),
        ("，", ("They came,", "IT is new."), ("They came,", "IT is new.")),
        ("，", ("They came.", "The end."), ("They came.", "The end.")),
        ("，", ("", "The end."), ("", "The end.")),
    ],
)
def test_pieces_of_a_sentence_run_on(source: str, english: tuple[str, ...], made: tuple[str, ...]) -> None:
    assert run_on((f"甲{source}", "乙。"), english) == made


def test_a_long_sentence_goes_in_pieces_and_comes_back_whole() -> None:
    text = "，".join(["合作社卖了很多很多的苹果"] * 10) + "。"
    done, asked = first(text, lambda _: "It sold apples.", max_source_chars=40)
    assert len(asked) > 2
    assert max(len(r.text) for r in asked) < 80
    assert done.target == " ".join(["It sold apples."] * len(asked))
    assert done.attempts[0].prompt_tokens == 10 * len(asked)


def test_a_cut_reply_is_never_a_finished_translation() -> None:
    cut = Reply(id="", text="The cooperative sold", finish=Finish.LENGTH, prompt_tokens=1, output_tokens=1)
    done, _ = first("合作社卖了苹果。", lambda _: cut)
    assert done.attempts[0].finish == "length"
    assert done.label is not Label.READ


@pytest.mark.parametrize(
    ("field", "english", "tidied"),
    [
        (Field.SENTENCE, "“think tank” members came.", "“Think tank” members came."),
        (Field.SENTENCE, "the road is open.", "The road is open."),
        (Field.SENTENCE, "iPhone sales rose.", "iPhone sales rose."),
        (Field.SENTENCE, "3 million yuan came.", "3 million yuan came."),
        (Field.HEADLINE, "Road Opens.", "Road Opens"),
        (Field.HEADLINE, "Road Opened by Jinsui Co., Ltd.", "Road Opened by Jinsui Co., Ltd."),
        (Field.HEADLINE, "And Then...", "And Then..."),
        (Field.HEADLINE, "Straw Fields are Grazed by “winter guests”", "Straw Fields Are Grazed by “Winter Guests”"),
        (Field.HEADLINE, "New Road of 3 km Opens to All", "New Road of 3 km Opens to All"),
        (Field.SUBHEAD, "County opens a road to all its villages", "County opens a road to all its villages"),
        (Field.HEADLINE, "New iPhone Shop in Town", "New iPhone Shop in Town"),
        (Field.SENTENCE, "New Road are Open", "New Road are Open"),
        (Field.SENTENCE, "", ""),
    ],
)
def test_tidying(field: Field, english: str, tidied: str) -> None:
    assert tidy(english, field) == tidied


# ---------------------------------------------------------------- second tries


def again(text: str, bad: str, answer: Answer, *, attempts: int = 2, family: str = "instruct") -> tuple[Translation, list[Request]]:
    table = desk(family)
    done, _ = play(first_pass(segment(text), table), lambda _: bad)
    assert repair.needs_repair(done)
    return play(repair.second_pass(done, attempts, table), answer)


def test_a_lost_figure_is_asked_for_with_every_number_written() -> None:
    done, asked = again("他一年卖了四十八个西瓜。", "He sold watermelons.", lambda _: "He sold 48 watermelons in one year.")
    assert asked[0].text == "他 one year 卖了 48 西瓜。"
    assert [a.strategy for a in done.attempts] == ["first", "figures"]
    assert (done.chosen, done.label) == (1, Label.READ)


def test_a_word_got_wrong_is_put_into_the_source() -> None:
    done, asked = again(
        "村里的牧民都搬进了新居。", "The farmers of the village have all moved in.", lambda _: "The village's herders moved in."
    )
    assert asked[0].text == "村里的 herders 都搬进了新居。"
    assert [a.strategy for a in done.attempts] == ["first", "gloss"]
    assert (done.target, done.label) == ("The village's herders moved in.", Label.READ)


def test_a_word_without_one_english_is_asked_for_in_the_usual_ways() -> None:
    done, _ = again("新路有望年底通车。", "The new road opened at the end of the year.", lambda _: "The new road may open by year-end.")
    assert [a.strategy for a in done.attempts] == ["first", "emphatic"]


def test_a_lost_speaker_is_put_first() -> None:
    text = "“今年的苹果又大又甜，卖得很好。”合作社的社员介绍说。"
    done, asked = again(
        text,
        "This year's apples are big and sweet and sell very well.",
        lambda _: "A member of the cooperative said, “This year's apples are big and sweet and sell very well.”",
    )
    assert asked[0].text.startswith("cooperative 的社员介绍说：“今年")
    assert (done.attempts[1].strategy, done.label) == ("speaker-first", Label.READ)


def test_the_best_try_wins_even_if_it_is_the_first() -> None:
    done, asked = again("他卖了三百斤苹果。", "He sold 200 jin of apples.", lambda _: "")
    assert len(asked) == 2
    assert (done.chosen, done.target) == (0, "He sold 200 jin of apples.")
    assert done.label is Label.DONT_QUOTE


def test_an_empty_answer_is_beaten_by_any_text() -> None:
    done, _ = again("他卖了三百斤苹果。", "", lambda _: "He sold 200 jin of apples.")
    assert done.target == "He sold 200 jin of apples."


def test_the_models_own_doubt_is_no_reason_to_ask_again() -> None:
    table = desk(min_word_score=-3.9)
    doubted = Reply(
        id="", text="The microsite is open.", finish=Finish.STOP, prompt_tokens=9, output_tokens=5, doubts=(("microsite", -4.8),)
    )
    done, _ = play(first_pass(segment("网站开通了。"), table), lambda _: doubted)
    assert (done.label, [f.check for f in done.findings]) == (Label.CHECK, ["unsure"])
    assert not repair.needs_repair(done)


def test_a_seq2seq_model_is_given_a_wider_beam() -> None:
    _, asked = again("合作社没有卖苹果。", "The cooperative sold apples.", lambda _: "The cooperative sold apples.", family="seq2seq")
    assert asked[0].beam == 5
    assert asked[0].messages == ()


def test_the_budget_bounds_the_second_tries() -> None:
    table = desk()
    bad = [play(first_pass(segment("他卖了三百斤苹果。"), table), lambda _: "He sold 200 jin.")[0] for _ in range(40)]
    spent = 15 * len(bad)
    for attempts in (1, 2, 3):
        chosen = repair.plan(bad, RepairConfig(attempts=attempts, token_budget=0.25))
        assert sum(tries for _, tries in chosen) * 15 <= spent * 0.25
        # Nine tries are to be had, a tenth dearer than the first: one each for nine, however many each may have.
        assert [tries for _, tries in chosen] == [1] * 9
    assert repair.plan(bad, RepairConfig(attempts=0)) == ()


def test_what_the_first_round_leaves_goes_to_further_tries() -> None:
    table = desk()
    bad = [play(first_pass(segment("他卖了三百斤苹果。"), table), lambda _: "He sold 200 jin.")[0] for _ in range(2)]
    good = [play(first_pass(segment("他卖了三百斤苹果。"), table), lambda _: "He sold 300 jin of apples.")[0] for _ in range(18)]
    assert repair.plan([*bad, *good], RepairConfig(attempts=3, token_budget=0.3125)) == ((0, 3), (1, 2))


def test_the_worst_are_tried_first() -> None:
    table = desk()
    bad = [
        play(first_pass(segment("他卖了三百斤苹果。"), table), lambda _: "He sold 200 jin of apples.")[0],
        play(first_pass(segment("他卖了三百斤苹果。"), table), lambda _: "")[0],
    ]
    assert repair.plan([*bad, *[bad[0]] * 8], RepairConfig(attempts=1, token_budget=0.125)) == ((1, 1),)


@pytest.mark.parametrize(
    ("sources", "english", "mended"),
    [
        (("他说，“甲；", "乙。”"), ("He said, “A;”", "However, B."), ("He said, “A;", "However, B.”")),
        (("他说，“甲；", "乙。”"), ("He said, “A;", "“B.”"), ("He said, “A;", "B.”")),
        (("他说，“甲；", "乙；", "丙。”他又说。"), ("He said, “A;”", "“B;”", "C,” he added."), ("He said, “A;", "B;", "C,” he added.")),
        (("“甲”和“乙”，", "丙。"), ("“A” and “B”", "C."), ("“A” and “B”", "C.")),
        (("甲，", "“乙”。"), ("A,", "“B”."), ("A,", "“B”.")),
        (("他说，“甲；", "乙。”"), ("", ""), ("", "")),
    ],
)
def test_a_quotation_over_several_pieces_opens_and_closes_once(
    sources: tuple[str, ...], english: tuple[str, ...], mended: tuple[str, ...]
) -> None:
    assert requote(sources, english) == mended


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("“好得很。”王大爷说。", "王大爷说：“好得很。”"),
        ("“好。”他说，“真好。”", "“好。”他说，“真好。”"),
        ("王大爷说：“好。”", "王大爷说：“好。”"),
        ("“好”是一个字。", "“好”是一个字。"),
    ],
)
def test_speaker_first(text: str, moved: str) -> None:
    assert speaker_first(text) == moved
