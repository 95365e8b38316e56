"""``kill -9`` at random moments: nothing lost, nothing twice, nothing half-visible, the same bytes.

A few deaths each; ``python -m bench.faults`` has hundreds.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import faults
from bench.compose import write_archive
from pipeline.errors import ExitCode

pytestmark = pytest.mark.slow


def test_kills_at_any_moment_change_nothing(tmp_path: Path) -> None:
    tally, found = faults.kill_campaign(tmp_path, 6, issues=40, seed=7)
    assert found == []
    assert tally["kills"] == 6
    assert tally["in a write: True"] > 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[faults.Disk]:
    try:
        made = faults.Disk(tmp_path / "disk", 400)
    except PermissionError as exc:
        pytest.skip(str(exc))
    yield made
    made.close()


def test_a_disk_that_fills_up_loses_nothing(disk: faults.Disk, tmp_path: Path) -> None:
    tally, found = faults.disk_campaign(tmp_path, disk, 2, issues=20, seed=3)
    assert found == []
    assert tally["full"] > 3


def test_a_run_on_a_full_disk_says_so_and_harms_nothing(disk: faults.Disk, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 4, articles=1)
    disk.resize(20_000)
    out = disk.path / "out"
    assert faults.finish(archive, out, "--limit", "2") in faults.FINE
    before = faults.tree(out)
    ballast = disk.fill()
    done = subprocess.run(faults.command(archive, out), cwd=faults.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.OUTPUT
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr
    assert faults.tree(out) == before
    ballast.unlink()
    assert faults.finish(archive, out) in faults.FINE
    assert len(faults.bundles(out)) == 4


def test_a_read_only_disk_is_told_in_words(disk: faults.Disk, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 1, articles=1)
    disk.read_only()
    done = subprocess.run(faults.command(archive, disk.path / "out"), cwd=faults.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.OUTPUT
    assert "read-only" in done.stderr
    assert "Traceback" not in done.stderr
