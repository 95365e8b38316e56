"""The fast engine gives the reference's answers, on every family, within a stated tolerance."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import EngineConfig
from pipeline.engines import conversion
from pipeline.engines.base import Constraint, Engine, Finish, Reply, Request, Task
from pipeline.engines.codec import HAN
from pipeline.engines.conversion import cache_key, converted
from pipeline.engines.ctranslate2_engine import Ctranslate2Engine, layout
from pipeline.engines.transformers_engine import TransformersEngine
from pipeline.errors import ConfigError, EngineError, ModelError
from pipeline.models.hashing import fold
from pipeline.records import ModelInfo
from tests.engines.test_safety import edit
from tests.tiny_models.build import tiny
from tests.tiny_models.corpus import PAIRS, SUMMARIES
from tests.tiny_models.shapes import SHAPES, shaped

SCORE_TOLERANCE = 1e-4
"""Float32 on both engines, in log-probability per token."""
WAYS: tuple[tuple[int, Constraint, dict[str, Any]], ...] = (
    *((beam, constraint, {}) for beam in (1, 4) for constraint in (Constraint.NONE, Constraint.NO_HAN)),
    (1, Constraint.NONE, {"repetition_penalty": 1.15, "no_repeat_ngram": 4}),
    (4, Constraint.NONE, {"no_repeat_ngram": 2}),
    (4, Constraint.NONE, {"min_tokens": 20}),
    (4, Constraint.NO_HAN, {"repetition_penalty": 1.15, "no_repeat_ngram": 4}),
)
"""Beam, constraint and what a repair may ask for besides."""
INT8_SCORE_TOLERANCE = 0.02
"""Int8 against float32, on sentences the model knows."""


def info(folder: Path) -> ModelInfo:
    digests = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in sorted(folder.iterdir())]
    return ModelInfo(id="tiny", revision="test", sha256=fold(digests))


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("converted")


@pytest.fixture(scope="session")
def fast(root: Path) -> Iterator[Ctranslate2Engine]:
    folder = tiny("marian")
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2", batch_tokens=64), folder, info(folder), root=root)
    yield engine
    engine.close()


def ask(engine: Engine, texts: list[str], **settings: Any) -> list[Reply]:
    requests = [Request(id=str(i), **{"task": Task.TRANSLATE, "text": text, "max_tokens": 120, **settings}) for i, text in enumerate(texts)]
    replies = sorted(engine.generate(requests), key=lambda r: int(r.id))
    assert [r.id for r in replies] == [r.id for r in requests]
    return replies


@pytest.mark.slow
@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("constraint", [Constraint.NONE, Constraint.NO_HAN])
def test_int8_gives_the_known_english(fast: Ctranslate2Engine, marian: TransformersEngine, beam: int, constraint: Constraint) -> None:
    texts = [zh for zh, _ in PAIRS]
    got = ask(fast, texts, beam=beam, constraint=constraint)
    assert [(r.text, r.finish) for r in got] == [(en, Finish.STOP) for _, en in PAIRS]
    for mine, reference in zip(got, ask(marian, texts, beam=beam, constraint=constraint), strict=True):
        assert mine.output_tokens == reference.output_tokens
        assert mine.score == pytest.approx(reference.score, abs=INT8_SCORE_TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["marian", "m2m100", "mt5"])
def test_trained_families_in_int8(name: str, root: Path) -> None:
    folder = tiny(name)
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2"), folder, info(folder), root=root)
    pairs, task = (SUMMARIES, Task.SUMMARISE) if name == "mt5" else (PAIRS, Task.TRANSLATE)
    assert [r.text for r in ask(engine, [source for source, _ in pairs], task=task, beam=4)] == [target for _, target in pairs]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHAPES, "marian", "m2m100"])
def test_every_family_decodes_as_the_reference_does(name: str, root: Path) -> None:
    folder = shaped(name) if name in SHAPES else tiny(name)
    reference = TransformersEngine.open(EngineConfig(name="transformers", threads=1), folder, info(folder))
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2", dtype="float32"), folder, info(folder), root=root)
    assert engine.limits == reference.limits
    texts = [f"{zh}{zh}" for zh, _ in PAIRS[:8]]
    for task, (beam, constraint, extra) in product(engine._codec.family.routes, WAYS):
        # 40 is no multiple of the limit's step: what is cut must be cut alike.
        settings = {"task": task, "beam": beam, "constraint": constraint, "max_tokens": 40, **extra}
        mine, theirs = (ask(e, texts, **settings) for e in (engine, reference))
        for a, b in zip(mine, theirs, strict=True):
            assert (a.text, a.finish, a.output_tokens, a.prompt_tokens) == (b.text, b.finish, b.output_tokens, b.prompt_tokens)
            assert a.score == pytest.approx(b.score, abs=SCORE_TOLERANCE)
            assert constraint is Constraint.NONE or not HAN.search(a.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["marian", "m2m100", "mt5"])
@pytest.mark.parametrize("length_penalty", [0.6, 2.0])
def test_settings_a_checkpoint_was_published_with_are_followed_alike(name: str, length_penalty: float, root: Path, tmp_path: Path) -> None:
    # mT5 XL-Sum's are a length penalty of 0.6 and no repeated bigram.
    folder = Path(shutil.copytree(shaped(name) if name in SHAPES else tiny(name), tmp_path / name))
    edit(folder / "generation_config.json", length_penalty=length_penalty, no_repeat_ngram_size=2)
    reference = TransformersEngine.open(EngineConfig(name="transformers", threads=1), folder, info(folder))
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2", dtype="float32"), folder, info(folder), root=root)
    texts = [f"{zh}{zh}云岭县医院夜市" for zh, _ in PAIRS[:8]]
    mine, theirs = (ask(e, texts, beam=4, max_tokens=96) for e in (engine, reference))
    # A penalty that favours long outputs lets the untrained one run on to its limit.
    assert any(r.finish is Finish.STOP for r in theirs) or (name, length_penalty) == ("mt5", 2.0)
    for a, b in zip(mine, theirs, strict=True):
        assert (a.text, a.finish) == (b.text, b.finish)
        assert a.score == pytest.approx(b.score, abs=SCORE_TOLERANCE)


@pytest.mark.slow
def test_inputs_past_the_librarys_silent_limit_are_cut_and_counted(fast: Ctranslate2Engine) -> None:
    text = PAIRS[1][0] * 200
    (reply,) = ask(fast, [text], max_tokens=400)
    assert reply.prompt_tokens == 512 and reply.input_cut == fast.count_tokens([text])[0] - fast.limits.max_input_tokens > 0


@pytest.mark.slow
def test_outputs_past_the_librarys_silent_limit_are_whole(fast: Ctranslate2Engine) -> None:
    (reply,) = ask(fast, [PAIRS[0][0]], max_tokens=400, min_tokens=300)
    assert reply.output_tokens >= 300
    (cut,) = ask(fast, [PAIRS[0][0]], max_tokens=4)
    assert cut.finish is Finish.LENGTH and cut.output_tokens == 4


@pytest.mark.slow
def test_strict_answers_do_not_depend_on_the_batch(root: Path) -> None:
    folder = tiny("marian")
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2", strict=True), folder, info(folder), root=root)
    texts = [zh for zh, _ in PAIRS] + ["云岭县医院夜市通水了，村民王建国说苹果丰收。"]
    together = ask(engine, texts, beam=4)
    alone = [ask(engine, [text], beam=4)[0] for text in texts]
    assert [(r.text, r.score) for r in together] == [(r.text, r.score) for r in alone]


@pytest.mark.slow
def test_requests_are_taken_only_as_batches_finish(fast: Ctranslate2Engine) -> None:
    taken = 0

    def stream() -> Iterator[Request]:
        nonlocal taken
        for i in range(400):
            taken += 1
            yield Request(id=str(i), task=Task.TRANSLATE, text=PAIRS[i % len(PAIRS)][0], max_tokens=60)

    replies = fast.generate(stream())
    next(replies)
    assert taken < 100
    assert 1 + sum(1 for _ in replies) == 400


@pytest.mark.slow
def test_sampling_is_refused_per_request(fast: Ctranslate2Engine) -> None:
    (reply,) = ask(fast, [PAIRS[0][0]], temperature=0.7)
    assert reply.finish is Finish.ERROR and "temperature" in reply.error


@pytest.mark.slow
def test_a_conversion_is_made_once_and_keyed_by_what_shapes_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny("marian")
    first = converted(folder, info(folder), "int8", root)
    before = (first / "model.bin").stat().st_mtime_ns
    assert converted(folder, info(folder), "int8", root) == first
    assert (first / "model.bin").stat().st_mtime_ns == before
    keys = {
        cache_key(info(folder), "int8"),
        cache_key(info(folder), "float32"),
        cache_key(ModelInfo(id="x", revision="y", sha256="1"), "int8"),
    }
    monkeypatch.setattr("ctranslate2.__version__", "0.0")
    keys.add(cache_key(info(folder), "int8"))
    assert len(keys) == 4


@pytest.mark.slow
def test_a_conversion_that_fails_leaves_nothing(tmp_path: Path, broken: Path) -> None:
    root = tmp_path / "root"
    (broken / "config.json").write_text('{"model_type": "marian"', encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        converted(broken, info(broken), "int8", root)
    assert "could not be converted" in caught.value.message and "config.json" in caught.value.message
    assert [p.name for p in root.iterdir() if not p.name.endswith(".lock")] == []


@pytest.mark.slow
def test_a_marian_model_with_a_trained_start_vector_is_refused(broken: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(broken / "model.safetensors")
    weights["model.shared.weight"][-1] = 0.5
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="trained vector"):
        converted(broken, info(broken), "int8", tmp_path)


def test_two_vocabularies_are_refused(broken: Path, tmp_path: Path) -> None:
    import json

    config = json.loads((broken / "config.json").read_text(encoding="utf-8"))
    (broken / "config.json").write_text(json.dumps({**config, "share_encoder_decoder_embeddings": False}), encoding="utf-8")
    with pytest.raises(ModelError, match="vocabulary for each language"):
        Ctranslate2Engine.open(EngineConfig(name="ctranslate2"), broken, info(broken), root=tmp_path)


@pytest.mark.parametrize(
    "config", [EngineConfig(name="ctranslate2", slots=4), EngineConfig(name="ctranslate2", device="cpu", dtype="float16")]
)
def test_settings_it_cannot_honour_are_refused(config: EngineConfig, tmp_path: Path) -> None:
    folder = tiny("marian")
    with pytest.raises(ConfigError) as caught:
        Ctranslate2Engine.open(config, folder, info(folder), root=tmp_path)
    assert caught.value.hint


@pytest.mark.slow
def test_a_closed_engine_says_so(root: Path) -> None:
    folder = tiny("marian")
    engine = Ctranslate2Engine.open(EngineConfig(name="ctranslate2"), folder, info(folder), root=root)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        ask(engine, [PAIRS[0][0]])


@pytest.mark.slow
def test_a_hung_engine_is_an_error(fast: Ctranslate2Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck:
        def done(self) -> bool:
            return False

    class Translator:
        device = "cpu"

        def translate_batch(self, source: list[list[str]], **_: Any) -> list[Stuck]:
            return [Stuck() for _ in source]

    monkeypatch.setattr(fast, "_translator", Translator())
    monkeypatch.setattr(fast, "_config", EngineConfig(name="ctranslate2", timeout=0.01))
    with pytest.raises(EngineError, match="no progress"):
        ask(fast, [PAIRS[0][0]])


@pytest.mark.parametrize(("cores", "expected"), [(1, (1, 1)), (2, (2, 1)), (8, (8, 1)), (16, (8, 2)), (20, (8, 2))])
def test_cores_become_workers_before_threads(cores: int, expected: tuple[int, int]) -> None:
    assert layout(cores, "cpu") == expected
    assert layout(cores, "cuda") == (1, 1)


def test_conversions_lie_beside_the_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIPELINE_MODELS", str(tmp_path))
    assert conversion.default_root() == tmp_path / "converted"
