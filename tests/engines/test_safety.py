"""Checkpoints that must not be loaded are refused by both engines alike, and the message says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import EngineConfig
from pipeline.engines.ctranslate2_engine import Ctranslate2Engine
from pipeline.engines.transformers_engine import TransformersEngine
from pipeline.errors import ModelError
from tests.engines.conftest import TINY
from tests.tiny_models.build import tiny


def refused(folder: Path) -> ModelError:
    """What both engines say of ``folder``."""
    root = folder.parent / "converted"
    with pytest.raises(ModelError) as caught:
        TransformersEngine.open(EngineConfig(name="transformers", threads=1), folder, TINY)
    with pytest.raises(ModelError) as also:
        Ctranslate2Engine.open(EngineConfig(name="ctranslate2", threads=1), folder, TINY, root=root)
    assert caught.value.hint
    assert (also.value.message, also.value.hint) == (caught.value.message, caught.value.hint)
    # Refused before a converter is let near it.
    assert not root.exists()
    return caught.value


def edit(path: Path, **changes: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, **changes}), encoding="utf-8")


def test_pickled_weights(broken: Path) -> None:
    (broken / "model.safetensors").unlink()
    (broken / "pytorch_model.bin").write_bytes(b"\x80\x02}q\x00.")
    assert "pickle" in refused(broken).message


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_code_of_its_own(broken: Path, name: str) -> None:
    edit(broken / name, auto_map={"AutoModelForSeq2SeqLM": "modeling_own.Own"})
    (broken / "modeling_own.py").write_text("raise SystemExit('this ran')", encoding="utf-8")
    assert "auto_map" in refused(broken).message


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "source.spm", "vocab.json"])
def test_a_missing_file_is_named(broken: Path, name: str) -> None:
    (broken / name).unlink()
    assert name in refused(broken).message


def test_a_missing_shard_is_named(broken: Path) -> None:
    (broken / "model.safetensors").rename(broken / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (broken / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    assert "model-00002-of-00002.safetensors" in refused(broken).message


def test_an_index_that_points_elsewhere(broken: Path) -> None:
    (broken / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "../other.safetensors"}}), encoding="utf-8")
    assert "outside its folder" in refused(broken).message


@pytest.mark.parametrize("content", [{}, {"weight_map": {}}, {"weight_map": ["model.safetensors"]}])
def test_an_index_that_lists_nothing(broken: Path, content: dict[str, Any]) -> None:
    (broken / "model.safetensors.index.json").write_text(json.dumps(content), encoding="utf-8")
    assert "lists no weights" in refused(broken).message


def test_weights_cut_short(broken: Path) -> None:
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    assert "damaged or incomplete" in refused(broken).message


def test_a_tokenizer_of_another_model(broken: Path) -> None:
    edit(broken / "config.json", vocab_size=60)
    assert "does not fit" in refused(broken).message


def test_a_tokenizer_without_the_languages(broken: Path) -> None:
    other = tiny("m2m100")
    for name in ("config.json", "model.safetensors"):
        (broken / name).write_bytes((other / name).read_bytes())
    assert "tokenizer" in refused(broken).message


def test_a_sentence_end_of_another_model(broken: Path) -> None:
    edit(broken / "config.json", eos_token_id=5)
    assert "does not fit" in refused(broken).message


def test_a_chat_model(broken: Path) -> None:
    edit(broken / "config.json", model_type="qwen2", architectures=["Qwen2ForCausalLM"], is_encoder_decoder=False)
    error = refused(broken)
    assert "not a seq2seq" in error.message and "llamacpp" in error.hint


def test_an_unknown_seq2seq_type(broken: Path) -> None:
    edit(broken / "config.json", model_type="fsmt", architectures=["FSMTForConditionalGeneration"])
    assert "not supported" in refused(broken).message


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_json_that_is_none(broken: Path, content: bytes) -> None:
    (broken / "config.json").write_bytes(content)
    assert "config.json" in refused(broken).message


def test_no_folder(tmp_path: Path) -> None:
    assert "no checkpoint folder" in refused(tmp_path / "nothing").message


def lose_a_tensor(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["model.decoder.layers.1.fc1.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        # The library would go on with random numbers in its place.
        (lose_a_tensor, "model.decoder.layers.1.fc1.weight is missing"),
        # The library would leave half of the layers out.
        (lambda folder: edit(folder / "config.json", encoder_layers=1), "model.encoder.layers.1"),
    ],
)
def test_weights_that_are_not_the_configurations(broken: Path, tmp_path: Path, spoil: Any, said: str) -> None:
    spoil(broken)
    with pytest.raises(ModelError, match="do not fit") as caught:
        TransformersEngine.open(EngineConfig(name="transformers", threads=1), broken, TINY)
    assert said in caught.value.message and caught.value.hint
    with pytest.raises(ModelError, match="do not fit") as caught:
        Ctranslate2Engine.open(EngineConfig(name="ctranslate2", threads=1), broken, TINY, root=tmp_path / "converted")
    assert said in caught.value.message and caught.value.hint


@pytest.mark.slow
def test_weights_of_another_size(broken: Path, tmp_path: Path) -> None:
    edit(broken / "config.json", d_model=64)
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        TransformersEngine.open(EngineConfig(name="transformers", threads=1), broken, TINY)
    assert caught.value.hint
    with pytest.raises(ModelError, match="could not be converted") as caught:
        Ctranslate2Engine.open(EngineConfig(name="ctranslate2", threads=1), broken, TINY, root=tmp_path / "converted")
    assert caught.value.hint
