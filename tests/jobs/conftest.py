"""An archive of composed pages and runs over it, in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.compose import write_archive
from pipeline.config import Config, load
from pipeline.jobs.archive import Options
from pipeline.jobs.local import Result, Shown, run_archive
from pipeline.jobs.stopping import Stop
from pipeline.resources import preset


@pytest.fixture
def config() -> Config:
    return load(preset("rehearsal"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    write_archive(folder, 8, articles=1)
    return folder


Runner = Callable[..., Result]


@pytest.fixture
def run(config: Config, archive: Path, tmp_path: Path) -> Runner:
    def go(options: Options | None = None, stop: Stop | None = None, config: Config = config, out: Path = tmp_path / "out") -> Result:
        return run_archive(archive, config, out, options or Options(), stop=stop or Stop(), shown=Shown())

    return go
