"""Tiny checkpoints and engines, made once per session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import EngineConfig
from pipeline.engines.transformers_engine import TransformersEngine
from pipeline.records import ModelInfo
from tests.tiny_models.build import tiny

TINY = ModelInfo(id="tiny", revision="test", sha256="0" * 64)


@pytest.fixture(scope="session")
def marian_folder() -> Path:
    return tiny("marian")


@pytest.fixture(scope="session")
def marian(marian_folder: Path) -> Iterator[TransformersEngine]:
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1), marian_folder, TINY)
    yield engine
    engine.close()


@pytest.fixture
def broken(marian_folder: Path, tmp_path: Path) -> Path:
    """A copy of the Marian checkpoint for a test to spoil."""
    return Path(shutil.copytree(marian_folder, tmp_path / "checkpoint"))
