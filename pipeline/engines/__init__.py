"""Engines behind one protocol.  ``open_engine`` picks the one the configuration names."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import EngineConfig
from pipeline.engines.base import Engine
from pipeline.errors import ConfigError
from pipeline.records import ModelInfo


def open_engine(config: EngineConfig, path: Path | None, model: ModelInfo | None) -> Engine:
    """Load the model at ``path`` on the engine the configuration names.

    The rehearsal engine needs no model.

    Raises:
        ModelError: the files do not suit the engine.
        EngineError: the engine cannot start with these settings.
    """
    # Each engine's libraries are heavy; only the one in use is imported.
    if config.name == "rehearsal":
        from pipeline.engines.rehearsal import RehearsalEngine

        return RehearsalEngine(config)
    if path is None or model is None:
        raise ConfigError(f"The engine {config.name} needs a model.", hint="Set 'model' to a catalogue id or a local path.")
    if config.name == "llamacpp":
        from pipeline.engines.llamacpp import LlamaCppEngine

        return LlamaCppEngine(config, path, model)
    if config.name == "transformers":
        from pipeline.engines.transformers_engine import TransformersEngine

        return TransformersEngine.open(config, path, model)
    if config.name == "ctranslate2":
        from pipeline.engines.ctranslate2_engine import Ctranslate2Engine

        return Ctranslate2Engine.open(config, path, model)
    raise ConfigError(f"There is no engine '{config.name}'.", hint="The engines are listed in docs/engines.md.")
