"""Seq2seq presets name models of the catalogue, which state their licences."""

from __future__ import annotations

import pytest

from pipeline import config
from pipeline.models import catalogue
from pipeline.resources import configs_dir


@pytest.mark.parametrize("name", ["marian", "nllb", "madlad", "gpu"])
def test_a_preset_loads_and_its_models_fit_their_tasks(name: str) -> None:
    path = configs_dir() / f"{name}.yaml"
    loaded = config.load(path)
    engines = [(loaded.translate_engine, "translate")]
    if loaded.summarise.enabled:
        assert loaded.summarise_engine is not None
        engines.append((loaded.summarise_engine, "summarise"))
    for engine, task in engines:
        model = catalogue.find(engine.model)
        assert model.family == "seq2seq" and model.task == task and model.licence
        assert any(file.name.endswith(".safetensors") for file in model.files)
        # gpu.yaml takes marian.yaml's models and repeats their licences.
        assert model.licence in path.read_text(encoding="utf-8")
