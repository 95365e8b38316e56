"""Locks between processes, and what death does to them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipeline.locks import Locks

HOLDER = """
import sys
from pathlib import Path
from pipeline.locks import Locks
locks = Locks(Path(sys.argv[1]))
print(locks.take("page"), flush=True)
sys.stdin.read()
"""


def test_one_at_a_time_and_the_dead_hold_nothing(tmp_path: Path) -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as holder,
        Locks(tmp_path) as ours,
    ):
        assert holder.stdout is not None
        assert holder.stdout.readline() == "None\n"
        owner = ours.take("page")
        assert owner is not None
        assert owner.pid == holder.pid
        assert str(holder.pid) in str(owner)
        assert ours.take("another page") is None
        holder.kill()
        holder.wait()
        assert ours.take("page") is None


def test_released_locks_leave_no_files(tmp_path: Path) -> None:
    with Locks(tmp_path) as locks:
        for number in range(50):
            assert locks.take(str(number)) is None
        locks.release("7")
        assert locks.take("7") is None
    assert list(tmp_path.iterdir()) == []


def test_two_holders_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    with Locks(tmp_path) as one, Locks(tmp_path) as two:
        assert one.take("page") is None
        assert two.take("page") is not None
        one.release("page")
        assert two.take("page") is None


def test_files_of_the_dead_are_swept_and_no_others(tmp_path: Path) -> None:
    with Locks(tmp_path) as theirs, Locks(tmp_path) as ours:
        assert theirs.take("held") is None
        assert ours.take("own") is None
        (tmp_path / "0123.lock").touch()
        (tmp_path / "0123.owner").touch()
        ours.sweep()
        assert not list(tmp_path.glob("0123.*"))
        assert ours.take("held") is not None
        assert theirs.take("own") is not None
    assert list(tmp_path.iterdir()) == []
