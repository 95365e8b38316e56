"""The reference engine gives exact, known answers on checkpoints trained here."""

from __future__ import annotations

import math

import pytest

from pipeline.config import EngineConfig
from pipeline.engines.base import Constraint, Engine, Finish, Request, Task
from pipeline.engines.seq2seq import batches
from pipeline.engines.transformers_engine import TransformersEngine
from pipeline.errors import ConfigError, EngineError, ModelError
from tests.engines.conftest import TINY
from tests.tiny_models.build import tiny
from tests.tiny_models.corpus import PAIRS, SUMMARIES

UNKNOWN = "云岭县医院夜市通水了，村民王建国说苹果丰收。"
"""Not in the training set: what comes out is no known text, but it must be the same text everywhere."""


def ask(engine: Engine, texts: list[str], **settings: object) -> list[tuple[str, Finish]]:
    requests = [Request(id=str(i), **{"task": Task.TRANSLATE, "text": text, "max_tokens": 120, **settings}) for i, text in enumerate(texts)]
    replies = sorted(engine.generate(requests), key=lambda r: int(r.id))
    assert [r.id for r in replies] == [r.id for r in requests]
    return [(r.text, r.finish) for r in replies]


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("constraint", [Constraint.NONE, Constraint.NO_HAN])
def test_marian_gives_the_known_english(marian: TransformersEngine, beam: int, constraint: Constraint) -> None:
    got = ask(marian, [zh for zh, _ in PAIRS], beam=beam, constraint=constraint)
    assert got == [(en, Finish.STOP) for _, en in PAIRS]


def test_m2m100_is_told_both_languages() -> None:
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1), tiny("m2m100"), TINY)
    assert ask(engine, [zh for zh, _ in PAIRS], beam=2) == [(en, Finish.STOP) for _, en in PAIRS]


@pytest.mark.slow
def test_mt5_writes_chinese_with_chinese_punctuation() -> None:
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1), tiny("mt5"), TINY)
    got = ask(engine, [body for body, _ in SUMMARIES], task=Task.SUMMARISE, beam=4)
    assert got == [(short, Finish.STOP) for _, short in SUMMARIES]


def test_scores_are_mean_log_probabilities_whatever_the_search(marian: TransformersEngine) -> None:
    text = PAIRS[0][0]
    one = [next(iter(marian.generate([Request(id="a", task=Task.TRANSLATE, text=text, beam=beam)]))).score for beam in (1, 4)]
    assert one[0] is not None and one[1] is not None
    assert math.isclose(one[0], one[1], abs_tol=1e-4) and -0.1 < one[0] < 0


@pytest.mark.parametrize("beam", [1, 4])
def test_scores_match_a_forced_pass_of_the_model(marian: TransformersEngine, beam: int) -> None:
    import torch

    codec, model = marian._codec, marian._model
    request = Request(id="a", task=Task.TRANSLATE, text=UNKNOWN, beam=beam, max_tokens=200, constraint=Constraint.NO_HAN)
    (jobs,) = batches(codec, EngineConfig(name="transformers", threads=1), [request], rows=64)
    (output,) = marian._decode(jobs)
    target = [*output.ids, codec.eos] if output.ended else list(output.ids)
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([jobs[0].ids]), labels=torch.tensor([target])).logits[0].clone()
    logits[:, list(codec.suppressed(Constraint.NO_HAN))] = float("-inf")
    chosen = logits.log_softmax(-1)[range(len(target)), target]
    assert output.score == pytest.approx(chosen.mean().item(), abs=1e-3)


def test_beams_are_counted_into_the_bound_on_rows_and_no_remnant_is_left(marian: TransformersEngine) -> None:
    config = EngineConfig(name="transformers", batch_tokens=400)
    requests = [Request(id=str(i), task=Task.TRANSLATE, text=PAIRS[0][0], beam=4) for i in range(50)]
    sizes = [len(batch) for batch in batches(marian._codec, config, requests, rows=32)]
    assert sizes == [8] * 6 + [2]


def test_no_han_keeps_chinese_out_of_the_output(marian: TransformersEngine) -> None:
    from pipeline.engines.codec import HAN

    suppressed = set(marian._codec.suppressed(Constraint.NO_HAN))
    assert suppressed
    assert all(i in suppressed for i, token in enumerate(marian._codec.vocabulary) if HAN.search(token))
    for text, _ in ask(marian, [UNKNOWN, "乱" * 30], constraint=Constraint.NO_HAN):
        assert not HAN.search(text)


def test_an_output_at_its_limit_is_said_to_be_cut(marian: TransformersEngine) -> None:
    ((text, finish),) = ask(marian, [PAIRS[6][0]], max_tokens=5)
    assert finish is Finish.LENGTH and PAIRS[6][1].startswith(text) and text != PAIRS[6][1]


def test_an_input_over_the_limit_is_cut_and_counted(marian: TransformersEngine) -> None:
    text = PAIRS[1][0] * 200
    (reply,) = marian.generate([Request(id="a", task=Task.TRANSLATE, text=text, max_tokens=8)])
    (tokens,) = marian.count_tokens([text])
    assert reply.prompt_tokens == 512
    assert reply.input_cut == tokens - marian.limits.max_input_tokens


def test_strict_answers_do_not_depend_on_the_batch(marian_folder: object) -> None:
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1, strict=True), tiny("marian"), TINY)
    alone = list(engine.generate([Request(id="x", task=Task.TRANSLATE, text=UNKNOWN, beam=4, max_tokens=60)]))
    crowd = [Request(id=str(i), task=Task.TRANSLATE, text=zh, beam=4, max_tokens=60) for i, (zh, _) in enumerate(PAIRS)]
    together = {
        r.id: r
        for r in engine.generate([*crowd[:7], Request(id="x", task=Task.TRANSLATE, text=UNKNOWN, beam=4, max_tokens=60), *crowd[7:]])
    }
    assert (together["x"].text, together["x"].score) == (alone[0].text, alone[0].score)


def test_sampling_repeats_with_its_seed(marian: TransformersEngine) -> None:
    first, again = (ask(marian, [UNKNOWN], temperature=1.5, seed=11) for _ in range(2))
    assert first == again
    assert len({ask(marian, [UNKNOWN], temperature=1.5, seed=seed)[0][0] for seed in range(6)}) > 1


@pytest.mark.parametrize(
    "config",
    [
        EngineConfig(name="transformers", slots=4),
        EngineConfig(name="transformers", dtype="int8"),
        EngineConfig(name="transformers", device="cpu", dtype="float16"),
    ],
)
def test_settings_it_cannot_honour_are_refused(config: EngineConfig) -> None:
    with pytest.raises(ConfigError) as caught:
        TransformersEngine.open(config, tiny("marian"), TINY)
    assert caught.value.hint


def test_a_task_the_family_does_not_serve_is_refused(marian: TransformersEngine) -> None:
    with pytest.raises(ModelError, match="cannot summarise"):
        list(marian.generate([Request(id="a", task=Task.SUMMARISE, text=UNKNOWN)]))


def test_a_closed_engine_says_so() -> None:
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1), tiny("marian"), TINY)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        list(engine.generate([Request(id="a", task=Task.TRANSLATE, text=UNKNOWN)]))
