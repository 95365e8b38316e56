"""Several processes at once, signals, a hung engine, and Ray: the ends of a run as an operator meets them."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import faults
from bench.compose import write_archive
from pipeline.config import load
from pipeline.errors import ExitCode
from pipeline.jobs.archive import Options
from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.jobs.local import ledger_path
from pipeline.jobs.ray_runner import RayWorker, actor_options, run_ray
from pipeline.jobs.stopping import Stop
from pipeline.resources import preset


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.slow
def test_two_processes_do_each_issue_once(tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 60, articles=1)
    out = tmp_path / "out"
    both = [faults.start(archive, out) for _ in range(2)]
    assert {p.wait(timeout=300) for p in both} <= {0, 3}
    with Ledger(ledger_path(out)) as ledger:
        runs = ledger.runs()
        assert ledger.counts() == {WorkState.DONE: 60}
    # Each bundle was made once: together they made sixty, and nothing was superseded.
    assert sum(r.done for r in runs) == 60
    assert min(r.done for r in runs) > 0
    assert not (out / ".versions").exists()
    assert faults.finish(archive, tmp_path / "alone") in (0, 3)
    assert faults.tree(out) == faults.tree(tmp_path / "alone")


@pytest.mark.slow
def test_sigterm_gives_back_what_is_in_work_and_says_what_is_left(tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 150, articles=1)
    out = tmp_path / "out"
    process = subprocess.Popen(faults.command(archive, out), cwd=faults.ROOT, stdout=subprocess.PIPE, text=True)
    until(lambda: len(faults.bundles(out)) >= 2)
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == ExitCode.TERMINATED
    assert "SIGTERM" in told
    assert "issues left" in told
    with Ledger(ledger_path(out)) as ledger:
        assert not list(ledger.entries(WorkState.RUNNING))
        assert sum(e.crashes for e in ledger.entries()) == 0
    assert not faults.leftovers(out)


HUNG = """
import sys, time
from pathlib import Path
from pipeline.jobs.stopping import Watchdog
with Watchdog(0.5, Path(sys.argv[1])) as dog:
    for _ in range(10):
        dog.beat()
        time.sleep(0.1)
    time.sleep(60)  # native code that never returns looks just like this
"""


@pytest.mark.slow
def test_the_watchdog_ends_a_process_that_hangs(tmp_path: Path) -> None:
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", HUNG, str(tmp_path / "hung.txt")], cwd=faults.ROOT, check=False, timeout=30)
    assert done.returncode == ExitCode.ENGINE
    assert time.monotonic() - started > 1.0
    assert 'File "<string>", line 9' in (tmp_path / "hung.txt").read_text()


@pytest.mark.slow
def test_a_worker_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pipeline.jobs.workers import supervise\n"
        "import pipeline.jobs.workers as w\n"
        "w.sys.executable = '/bin/false'\n"
        "sys.exit(int(supervise(lambda n: [], 2, lambda: 0, lambda: False)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=faults.ROOT, check=False, timeout=60)
    assert done.returncode == ExitCode.INTERNAL


ray = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the ray extra is not installed")


def ray_workers() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and b"RayWorker" in (entry / "cmdline").read_bytes() and _ours(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _ours(pid: int) -> bool:
    """Whether the process descends from this one."""
    while pid > 1:
        if pid == os.getpid():
            return True
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return False


@pytest.mark.slow
@ray
def test_ray_loses_a_worker_and_writes_the_same_bytes(tmp_path: Path) -> None:
    archive = tmp_path / "in"
    write_archive(archive, 120, articles=1)
    out = tmp_path / "ray"
    process = subprocess.Popen(faults.command(archive, out, "--runner", "ray", "--workers", "2"), cwd=faults.ROOT)
    until(lambda: len(faults.bundles(out)) >= 5 and len(ray_workers()) == 2, 180)
    os.kill(ray_workers()[0], signal.SIGKILL)
    assert process.wait(timeout=400) in (0, 3)
    assert faults.finish(archive, tmp_path / "local") in (0, 3)
    assert faults.tree(out) == faults.tree(tmp_path / "local")
    with Ledger(ledger_path(out)) as ledger:
        assert sum(e.crashes for e in ledger.entries()) > 0
        assert all(e.state is WorkState.DONE for e in ledger.entries())


@pytest.mark.parametrize(("gpus", "address"), [(0.0, None), (0.5, None), (2.0, "10.0.0.1:6379")])
def test_ray_is_asked_for_what_the_command_line_says(
    gpus: float, address: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}

    class Asked(Exception):
        pass

    def remote(kind: type) -> SimpleNamespace:
        def options(**given: object) -> SimpleNamespace:
            asked.update(given, kind=kind)
            return SimpleNamespace(remote=start)

        return SimpleNamespace(options=options)

    def start(*_: object) -> None:
        raise Asked

    stand_in = SimpleNamespace(init=lambda **given: asked.update(given), remote=remote, shutdown=lambda: None)
    monkeypatch.setitem(sys.modules, "ray", stand_in)  # type: ignore[arg-type]
    (tmp_path / "in").mkdir()
    with pytest.raises(Asked):
        run_ray(tmp_path / "in", load(preset("rehearsal")), tmp_path / "out", Options(), stop=Stop(), workers=3, gpus=gpus, address=address)
    assert (asked["num_gpus"], asked["address"], asked["kind"]) == (gpus, address, RayWorker)
    # A local cluster has a core for each worker; what a running one has is its own business.
    assert asked["num_cpus"] == 1
    assert asked["max_restarts"] == 0


@ray
def test_ray_accepts_these_options() -> None:
    import ray as library

    for gpus in (0.0, 0.25, 1.0, 2.0):
        library.remote(RayWorker).options(**actor_options(gpus))
