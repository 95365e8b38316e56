"""An archive of composed pages and runs over it, in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.compose import write_archive
from pipeline.bundle import layout
from pipeline.config import Config, load
from pipeline.jobs.archive import Options
from pipeline.jobs.local import Result, Shown, run_archive
from pipeline.jobs.stopping import Stop
from pipeline.resources import preset

VOLATILE = (*layout.VOLATILE_FILES, "archive.db")
"""Files that differ from run to run; the catalogue is a database, whose bytes tell in which order issues came."""


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


def tree(out: Path) -> dict[str, str]:
    """Digest of every stable file of every bundle."""
    return {
        str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name not in VOLATILE and ".work" not in p.relative_to(out).parts
    }
