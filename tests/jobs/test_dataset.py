"""Datasets in and out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.errors import InputError
from pipeline.jobs.dataset import export, issues
from tests.jobs.conftest import Runner


def test_an_archive_streams(archive: Path, config: Config) -> None:
    (archive / "bad.txt").write_bytes(b"nothing Chinese")
    found = list(issues(archive, config))
    assert len(found) == 9
    assert sum(bool(r["error"]) for r in found) == 1
    assert all("本报讯" in r["text"] for r in found if not r["error"])


def test_bundles_become_shards_that_datasets_reads(run: Runner, tmp_path: Path) -> None:
    from datasets import load_dataset

    run()
    number = export(tmp_path / "out", tmp_path / "set", rows_per_shard=40)
    shards = sorted((tmp_path / "set" / "data").iterdir())
    assert len(shards) > 1
    table = load_dataset(str(tmp_path / "set"), split="train", cache_dir=str(tmp_path / "cache"))
    assert len(table) == number
    assert len(set(table["source"])) == 8
    assert all(table["zh"])
    before = [s.read_bytes() for s in shards]
    export(tmp_path / "out", tmp_path / "set", rows_per_shard=40)
    assert [s.read_bytes() for s in shards] == before


def test_no_bundle_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished bundle"):
        export(tmp_path, tmp_path / "set")
