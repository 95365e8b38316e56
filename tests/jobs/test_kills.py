"""``kill -9`` at random moments: nothing lost, nothing twice, nothing half-visible, the same bytes.

``PIPELINE_KILLS`` sets how many kills (default 6; 200 take some minutes).
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from bench.compose import write_archive
from pipeline import bundle
from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.jobs.local import ledger_path
from tests.jobs import processes
from tests.jobs.conftest import tree

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("PIPELINE_KILLS", "6"))
ISSUES = 60


def check_whole(archive: Path, out: Path, whole: dict[str, str]) -> None:
    assert processes.finish(archive, out) in (0, 3)
    assert tree(out) == whole
    assert not processes.leftovers(out)
    with Ledger(ledger_path(out)) as ledger:
        assert ledger.counts() == {WorkState.DONE: ISSUES}
    folders = [p for p in out.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name != "archive"]
    assert len(folders) == ISSUES
    assert all(bundle.finished(p) for p in folders)


def test_kills_at_any_moment_change_nothing(tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, ISSUES, articles=1)
    assert processes.finish(archive, tmp_path / "whole") in (0, 3)
    whole = tree(tmp_path / "whole")
    pick = random.Random(7)
    killed = {"alone": 0, "supervisor": 0, "worker": 0}
    writing = rounds = 0
    while sum(killed.values()) < KILLS:
        rounds += 1
        out = tmp_path / f"out{rounds}"
        ended = False
        while not ended and sum(killed.values()) < KILLS:
            workers = pick.random() < 0.5
            process = processes.start(archive, out, *(("--workers", "2") if workers else ()))
            while process.poll() is None and sum(killed.values()) < KILLS:
                while_writing = sum(killed.values()) % 2 == 0
                worker = workers and pick.random() < 0.7
                ended = not processes.kill_at_random(process, out, pick, while_writing=while_writing, worker=worker)
                if ended:
                    break
                writing += while_writing
                killed["worker" if worker else "supervisor" if workers else "alone"] += 1
                if not worker:
                    process.wait(timeout=60)
            if process.poll() is None and not ended:
                process.wait(timeout=600)
        check_whole(archive, out, whole)
    sys.stdout.write(f"kills: {killed}, {writing} of them while a bundle was being written, over {rounds} archives of {ISSUES} issues\n")
