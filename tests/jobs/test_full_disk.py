"""A disk filled to the last block, on a small memory file system of its own: real ``ENOSPC``, and kills with it."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.compose import write_archive
from pipeline import bundle
from pipeline.errors import ExitCode
from tests.jobs import processes
from tests.jobs.conftest import tree

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("PIPELINE_KILLS", "6")) // 4
ISSUES = 30


class Disk:
    """A mounted tmpfs that can be made larger."""

    def __init__(self, path: Path, kilobytes: int) -> None:
        self.path = path
        path.mkdir()
        self._mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs")

    def resize(self, kilobytes: int) -> None:
        self._mount("-o", f"remount,size={kilobytes}k")

    def _mount(self, *words: str) -> None:
        done = subprocess.run(["mount", *words, str(self.path)], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"this test mounts a small file system, which is not permitted here: {done.stderr.strip()}")

    def fill(self) -> Path:
        """Leave not one block; returns the file that takes them."""
        ballast = self.path / "ballast"
        with ballast.open("wb", buffering=0) as stream:
            try:
                while stream.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        return ballast


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk", 400)
    yield made
    subprocess.run(["umount", "-l", str(made.path)], check=True)


def visible(out: Path) -> list[Path]:
    return [p for p in out.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name != "archive"] if out.is_dir() else []


def test_a_disk_that_fills_up_loses_nothing(disk: Disk, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, ISSUES, articles=1)
    assert processes.finish(archive, tmp_path / "whole") in (0, 3)
    whole = tree(tmp_path / "whole")
    out = disk.path / "out"
    pick = random.Random(3)
    size, full, killed = 400, 0, 0
    for _ in range(200):
        if killed < KILLS:
            process = processes.start(archive, out)
            if processes.kill_at_random(process, out, pick, while_writing=pick.random() < 0.5, worker=False):
                killed += 1
            process.wait(timeout=60)
        code = processes.finish(archive, out)
        assert all(bundle.finished(p) for p in visible(out))
        if code in (0, 3):
            break
        assert code == ExitCode.OUTPUT, code
        full += 1
        # Not one block more until now: the second run finds the disk as full as the first left it.
        size += pick.randint(60, 500)
        disk.resize(size)
    assert full > 3
    assert tree(out) == whole
    assert not processes.leftovers(out)


def test_a_run_on_a_full_disk_says_so_and_harms_nothing(disk: Disk, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 4, articles=1)
    disk.resize(20_000)
    out = disk.path / "out"
    assert processes.finish(archive, out, "--limit", "2") in (0, 3)
    before = tree(out)
    ballast = disk.fill()
    done = subprocess.run(processes.command(archive, out), cwd=processes.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.OUTPUT
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(out) == before
    ballast.unlink()
    assert processes.finish(archive, out) in (0, 3)
    assert len(visible(out)) == 4


def test_a_read_only_disk_is_told_in_words(disk: Disk, tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 1, articles=1)
    subprocess.run(["mount", "-o", "remount,ro", str(disk.path)], check=True)
    done = subprocess.run(processes.command(archive, disk.path / "out"), cwd=processes.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.OUTPUT
    assert "read-only" in done.stderr
    assert "Traceback" not in done.stderr
