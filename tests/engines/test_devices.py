"""Device and number format are chosen for the family and the machine; the GPU here is a pretended one."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.config import EngineConfig
from pipeline.engines import ctranslate2_engine, transformers_engine
from pipeline.engines.families import FAMILIES
from pipeline.errors import ConfigError

BFLOAT16 = {"t5", "mt5", "madlad400", "pegasus"}
"""Trained in bfloat16 or known to overflow in float16."""
GPU_TYPES = {"float32", "float16", "bfloat16", "int8", "int8_float32", "int8_float16", "int8_bfloat16"}


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr("ctranslate2.get_supported_compute_types", lambda device: GPU_TYPES)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)


def settings(engine: str, **changes: Any) -> EngineConfig:
    return EngineConfig(name=engine, **changes)


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_on_a_gpu_a_family_runs_in_its_own_16_bits(family: Any) -> None:
    half = "bfloat16" if family.name in BFLOAT16 else "float16"
    config = settings("transformers")
    assert transformers_engine._device(config) == "cuda"
    assert transformers_engine._dtype(config, "cuda", family.half) == half
    config = settings("ctranslate2")
    assert ctranslate2_engine._device(config) == "cuda"
    assert ctranslate2_engine._dtype(config, "cuda", family.half) == f"int8_{half}"


@pytest.mark.usefixtures("gpu")
def test_a_gpu_without_bfloat16_takes_int8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_supported_compute_types", lambda device: GPU_TYPES - {"bfloat16", "int8_bfloat16"})
    assert ctranslate2_engine._dtype(settings("ctranslate2"), "cuda", "bfloat16") == "int8"
    with pytest.raises(ConfigError, match="bfloat16") as caught:
        ctranslate2_engine._dtype(settings("ctranslate2", dtype="int8_bfloat16"), "cuda", "bfloat16")
    assert "int8_float16" in caught.value.hint


@pytest.mark.usefixtures("gpu")
def test_what_is_set_wins() -> None:
    assert transformers_engine._device(settings("transformers", device="cpu")) == "cpu"
    assert ctranslate2_engine._device(settings("ctranslate2", device="cpu")) == "cpu"
    assert transformers_engine._dtype(settings("transformers", dtype="float32"), "cuda", "float16") == "float32"
    assert ctranslate2_engine._dtype(settings("ctranslate2", dtype="float16"), "cuda", "float16") == "float16"


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize("module", [transformers_engine, ctranslate2_engine])
def test_without_a_gpu_auto_is_the_processor_and_cuda_is_refused(module: Any) -> None:
    name = module.__name__.rsplit(".", 1)[1].removesuffix("_engine")
    assert module._device(settings(name)) == "cpu"
    assert module._dtype(settings(name), "cpu", "float16") == ("float32" if name == "transformers" else "int8")
    with pytest.raises(ConfigError, match="GPU") as caught:
        module._device(settings(name, device="cuda"))
    assert "device: auto" in caught.value.hint
