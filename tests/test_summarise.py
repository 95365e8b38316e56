"""How a summary is asked for, cut, asked for again and reported; the engine is played by the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.summary import run, support
from pipeline.config import ChecksConfig, SummariseConfig
from pipeline.engines.base import Finish, Limits, Reply, Request
from pipeline.records import Block, BlockKind, Sentence, Severity, Summary, SummaryStatus, Unit, UnitKind
from pipeline.summarise.job import Desk, _parts, summarise

SENTENCES = ("云溪县投资1.2亿元改造灌溉渠道。", "工程全长86公里。", "预计明年5月完工，可新增灌溉面积2万亩。")


def _unit(paragraphs: int = 6) -> Unit:
    block = Block(
        kind=BlockKind.PARAGRAPH, text="".join(SENTENCES), spans=(), sentences=tuple(Sentence(text=s, spans=()) for s in SENTENCES)
    )
    return Unit(id="a" * 16, kind=UnitKind.ARTICLE, blocks=(block,) * paragraphs)


def _desk(max_input: int = 4000, **config: int) -> Desk:
    def count(texts: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(t) for t in texts)

    return Desk(
        family="seq2seq",
        config=SummariseConfig(**config),
        limits=Limits(max_input_tokens=max_input, max_output_tokens=512, continuous=False),
        beam=1,
        check=lambda text, unit: run(text, unit, ChecksConfig()),
        support=support,
        count_tokens=count,
        signature="s",
    )


def _play(unit: Unit, desk: Desk, answer: Callable[[Request], tuple[str, Finish]]) -> tuple[Summary, list[Request]]:
    job = summarise(unit, desk)
    asked: list[Request] = []
    try:
        request = next(job)
        while True:
            asked.append(request)
            text, finish = answer(request)
            request = job.send(Reply(id="", text=text, finish=finish, prompt_tokens=10, output_tokens=5))
    except StopIteration as done:
        return done.value, asked


def test_a_good_summary_is_asked_for_once() -> None:
    summary, asked = _play(_unit(), _desk(), lambda _: ("摘要：" + SENTENCES[0], Finish.STOP))
    assert (summary.status, summary.text, summary.findings) == (SummaryStatus.WRITTEN, SENTENCES[0], ())
    assert len(asked) == 1


def test_one_that_runs_on_ends_with_its_last_whole_sentence_and_says_so() -> None:
    summary, asked = _play(_unit(), _desk(), lambda _: (SENTENCES[0] + SENTENCES[1] + "预计明", Finish.LENGTH))
    assert summary.text == SENTENCES[0] + SENTENCES[1]
    assert [(f.check, f.severity) for f in summary.findings] == [("summary_trimmed", Severity.INFO)]
    assert len(asked) == 1


def test_one_without_a_whole_sentence_is_tried_again_and_reported_once() -> None:
    summary, asked = _play(_unit(), _desk(), lambda _: ("云溪县投资1.2亿元改造灌溉", Finish.LENGTH))
    assert [f.check for f in summary.findings if f.severity is Severity.WARNING] == ["summary_cut_off"]
    assert [r.repetition_penalty for r in asked] == [1.0, 1.1]


def test_a_runaway_is_no_finished_summary() -> None:
    summary, _ = _play(_unit(), _desk(), lambda _: (SENTENCES[0], Finish.RUNAWAY))
    assert "summary_cut" in {f.check for f in summary.findings}


def test_the_second_try_wins_when_it_is_better() -> None:
    answers = iter([("云溪县投资12亿元改造灌溉渠道。", Finish.STOP), (SENTENCES[0], Finish.STOP)])
    summary, _ = _play(_unit(), _desk(), lambda _: next(answers))
    assert (summary.text, summary.chosen, summary.findings) == (SENTENCES[0], 1, ())
    assert summary.attempts[0].failed == ("summary_numbers",)


def test_no_answer_at_all_is_a_failure() -> None:
    summary, _ = _play(_unit(), _desk(), lambda _: ("", Finish.ERROR))
    assert (summary.status, [f.check for f in summary.findings]) == (SummaryStatus.FAILED, ["summary_empty"])


def test_a_body_longer_than_the_engine_reads_is_read_whole() -> None:
    unit = _unit(paragraphs=40)
    body = "\n".join(b.text for b in unit.paragraphs)
    summary, asked = _play(unit, _desk(max_input=400), lambda r: (SENTENCES[1], Finish.STOP))
    assert summary.status is SummaryStatus.WRITTEN
    assert max(len(r.text) for r in asked) <= 400
    assert len(asked) > 2
    # Every part of the body was read, in order, before the parts' summaries were.
    assert "".join(r.text for r in asked).replace("\n", "").startswith(body.replace("\n", ""))
    assert asked[-1].text.replace("\n", "") == SENTENCES[1] * (len(asked) - 1)


def test_parts_are_of_like_size() -> None:
    _, asked = _play(_unit(paragraphs=21), _desk(max_input=400), lambda r: (SENTENCES[1], Finish.STOP))
    parts = [len(r.text) for r in asked[:-1]]
    assert len(parts) == 3 and max(parts) - min(parts) <= 2 * len("".join(SENTENCES))


@given(st.lists(st.text("云溪县投资，。；1.亿\n", min_size=1, max_size=120), min_size=1, max_size=8), st.integers(1, 60))
def test_every_part_fits_and_no_character_is_lost(paragraphs: list[str], room: int) -> None:
    text = "\n".join(paragraphs)
    parts = _parts(text, _desk(max_input=room))
    assert all(len(part) <= room for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")


def test_a_model_that_does_not_shorten_is_not_asked_for_ever() -> None:
    unit = _unit(paragraphs=40)
    summary, asked = _play(unit, _desk(max_input=400), lambda r: (r.text, Finish.STOP))
    assert len(asked) < 50
    # What it made of every part stands, not that of the last part alone.
    assert summary.text == "".join(SENTENCES) * 40
    assert "summary_long" in {f.check for f in summary.findings}


def test_source_left_out_by_the_engine_is_said() -> None:
    job = summarise(_unit(), _desk())
    next(job)
    try:
        for _ in range(3):
            job.send(Reply(id="", text=SENTENCES[0], finish=Finish.STOP, prompt_tokens=10, output_tokens=5, input_cut=7))
    except StopIteration as done:
        assert "summary_source_cut" in {f.check for f in done.value.findings}


def test_sentences_beyond_the_length_asked_for_are_left_off_and_that_is_said() -> None:
    unit = _unit(paragraphs=4)
    summary, _ = _play(unit, _desk(), lambda _: ("".join(SENTENCES) * 3, Finish.STOP))
    assert summary.text == "".join(SENTENCES)[: len(summary.text)]
    assert summary.text.endswith("。")
    assert [f.check for f in summary.findings] == ["summary_trimmed"]


def test_a_first_sentence_is_kept_however_long() -> None:
    long = "云溪县投资1.2亿元改造灌溉渠道，" * 12 + "工程全长86公里。"
    summary, _ = _play(_unit(paragraphs=4), _desk(), lambda _: (long + "预计明年5月完工。", Finish.STOP))
    assert summary.text == long
