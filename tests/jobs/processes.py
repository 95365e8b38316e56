"""Archive runs as processes of their own, and ways to end them badly."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(archive: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "archive", str(archive), "-o", str(out), "-c", "configs/rehearsal.yaml", "--quiet", *more]


def start(archive: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(archive, out, *more), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finish(archive: Path, out: Path, *more: str, timeout: float = 600) -> int:
    return subprocess.run(command(archive, out, *more), cwd=ROOT, stdout=subprocess.DEVNULL, check=False, timeout=timeout).returncode


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def writing(out: Path) -> bool:
    """Whether a bundle is being put on the disk this instant."""
    try:
        return any(e.name.endswith(".part") for e in os.scandir(out))
    except OSError:
        return False


def kill_at_random(process: subprocess.Popen[bytes], out: Path, pick: random.Random, *, while_writing: bool, worker: bool) -> bool:
    """Kill the process, or one of its workers, at a random moment; false when it had ended before."""
    deadline = time.monotonic() + pick.uniform(0.8, 3.0)
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)
    if while_writing:
        until = time.monotonic() + 5
        while not writing(out) and time.monotonic() < until and process.poll() is None:
            time.sleep(0.0002)
    if process.poll() is not None:
        return False
    victims = children(process.pid) if worker else []
    os.kill(pick.choice(victims) if victims else process.pid, signal.SIGKILL)
    return True


def leftovers(out: Path) -> list[Path]:
    """What no finished run may leave behind."""
    return [p for p in out.iterdir() if p.name.endswith(".part")] + list((out / ".work" / "locks").glob("*"))
