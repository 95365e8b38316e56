"""``kill -9`` and full disks without end: the archive must come out as if nothing had happened.

Run: python -m bench.faults --kills 200          kills at random moments, half of them in a write
     python -m bench.faults --disk --kills 40    the same on a small disk that is full again and again (root)

Every round is one archive, run until it is done through all its deaths.  Then its tree must equal an
undisturbed run's byte for byte (but for the volatile files), with one bundle an issue, none
superseded, nothing left over, and every issue done in the ledger.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench.compose import write_archive
from pipeline import bundle
from pipeline.bundle import layout
from pipeline.errors import ExitCode
from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.jobs.local import ledger_path

ROOT = Path(__file__).parents[1]
VOLATILE = (*layout.VOLATILE_FILES, "archive.db")
"""Files that differ from run to run; the catalogue is a database, whose bytes tell how often it was opened."""
FINE = (ExitCode.DONE, ExitCode.DONE_WITH_FINDINGS)


# ---------------------------------------------------------------- runs


def command(archive: Path, out: Path, *more: str) -> list[str]:
    """Command line of an archive run on the rehearsal engine."""
    return [sys.executable, "-m", "pipeline", "archive", str(archive), "-o", str(out), "-c", "configs/rehearsal.yaml", "--quiet", *more]


def start(archive: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """Begin a run."""
    return subprocess.Popen(command(archive, out, *more), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finish(archive: Path, out: Path, *more: str, timeout: float = 600) -> int:
    """Run to the end; returns the exit code."""
    return subprocess.run(command(archive, out, *more), cwd=ROOT, stdout=subprocess.DEVNULL, check=False, timeout=timeout).returncode


def tree(out: Path) -> dict[str, str]:
    """Digest of every stable file under ``out``."""
    return {
        str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name not in VOLATILE and ".work" not in p.relative_to(out).parts
    }


def bundles(out: Path) -> list[Path]:
    """Folders where a reader would look for a bundle."""
    return [p for p in out.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name != "archive"] if out.is_dir() else []


def leftovers(out: Path) -> list[Path]:
    """What no finished run may leave behind."""
    return [p for p in out.rglob("*.part") if ".work" not in p.parts] + list((out / ".work" / "locks").glob("*"))


def problems(out: Path, whole: dict[str, str], issues: int) -> list[str]:
    """What is wrong with a finished archive."""
    found: list[str] = []
    if (now := tree(out)) != whole:
        differing = sorted(k for k in now.keys() | whole.keys() if now.get(k) != whole.get(k))
        found.append(f"{len(differing)} files differ: {', '.join(differing[:5])}")
    if len(folders := bundles(out)) != issues:
        found.append(f"{len(folders)} bundles of {issues} issues")
    found += [f"{p.name} is not whole" for p in folders if not bundle.finished(p)]
    found += [f"{p} is left over" for p in leftovers(out)]
    with Ledger(ledger_path(out)) as ledger:
        if (counts := ledger.counts()) != {WorkState.DONE: issues}:
            found.append(f"the ledger counts {counts}")
    return found


# ---------------------------------------------------------------- deaths


def children(pid: int) -> list[int]:
    """Its worker processes."""
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def writing(out: Path, pid: int) -> bool:
    """Whether this process has a bundle half on the disk."""
    try:
        return any(e.name.endswith(".part") and f".{pid}." in e.name for e in os.scandir(out))
    except OSError:
        return False


def kill_at_random(process: subprocess.Popen[bytes], out: Path, pick: random.Random, *, in_write: bool, worker: bool) -> str:
    """Kill the process, or one of its workers, at a random moment.

    Returns:
        ``"write"`` where a bundle was half written then, ``"other"``, or ``""`` when it had ended before.
    """
    if pick.random() < 0.8:
        _until(process, lambda: any((out / ".work" / "locks").glob("*.owner")), 60)
    _until(process, lambda: False, pick.choice((pick.uniform(0, 0.3), pick.uniform(0, 2))))
    # A run that cleans up has no worker any more; then it is itself the one.
    found = children(process.pid) if worker else []
    victim = pick.choice(found) if found else process.pid
    if in_write:
        _until(process, lambda: writing(out, victim) or not Path(f"/proc/{victim}").exists(), 30)
        _until(process, lambda: False, pick.choice((0, pick.uniform(0, 0.03))))
    if process.poll() is not None:
        return ""
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return ""
    return "write" if writing(out, victim) else "other"


def _until(process: subprocess.Popen[bytes], true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None and not true():
        time.sleep(0.003)


def kill_campaign(folder: Path, kills: int, *, issues: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Run archives through ``kills`` deaths; returns how they came, and what was wrong afterwards."""
    archive = folder / "in"
    write_archive(archive, issues, articles=1)
    assert finish(archive, folder / "whole") in FINE
    whole = tree(folder / "whole")
    pick = random.Random(seed)
    tally: Counter[str] = Counter()
    found: list[str] = []
    while tally["kills"] < kills:
        tally["archives"] += 1
        out = folder / f"out{tally['archives']}"
        ended = False
        while not ended and tally["kills"] < kills:
            workers = pick.random() < 0.5
            process = start(archive, out, *(("--workers", "2") if workers else ()))
            while tally["kills"] < kills:
                in_write = 2 * tally["in a write: True"] <= tally["kills"]
                worker = workers and (in_write or pick.random() < 0.4)  # a supervisor writes nothing
                how = kill_at_random(process, out, pick, in_write=in_write, worker=worker)
                if not how:
                    ended = process.wait(timeout=600) in FINE
                    break
                tally.update(("kills", f"in a write: {how == 'write'}", "worker" if worker else "supervisor" if workers else "alone"))
                if not worker:
                    process.wait(timeout=60)
                    break
            if process.poll() is None:
                process.wait(timeout=600)
        assert finish(archive, out) in FINE
        found += problems(out, whole, issues)
        shutil.rmtree(out)
        print(dict(tally), *found, flush=True)
    return tally, found


# ---------------------------------------------------------------- full disks


class Disk:
    """A memory file system of its own that can be made larger.

    Raises:
        PermissionError: mounting is not permitted here.
    """

    def __init__(self, path: Path, kilobytes: int) -> None:
        self.path = path
        path.mkdir()
        self._mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs")

    def resize(self, kilobytes: int) -> None:
        """Give it so many kilobytes."""
        self._mount("-o", f"remount,size={kilobytes}k")

    def read_only(self) -> None:
        """Let nothing more be written."""
        self._mount("-o", "remount,ro")

    def _mount(self, *words: str) -> None:
        done = subprocess.run(["mount", *words, str(self.path)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise PermissionError(f"mounting a small file system is not permitted here: {done.stderr.strip()}")

    def fill(self) -> Path:
        """Leave not one block; returns the file that takes them."""
        ballast = self.path / "ballast"
        with ballast.open("ab", buffering=0) as stream:
            try:
                while stream.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        return ballast

    def close(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", "-l", str(self.path)], check=True)


def disk_campaign(folder: Path, disk: Disk, kills: int, *, issues: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Archives on a disk that fills to its last block again and again, with deaths between and on the full disk."""
    archive = folder / "in"
    write_archive(archive, issues, articles=1)
    assert finish(archive, folder / "whole") in FINE
    whole = tree(folder / "whole")
    pick = random.Random(seed)
    tally: Counter[str] = Counter()
    found: list[str] = []
    while not found and (not tally["archives"] or tally["kills"] < kills):
        tally["archives"] += 1
        size = 400
        disk.resize(size)
        out = disk.path / "out"
        while True:
            if pick.random() < 0.3:
                disk.fill()
                tally["filled by others"] += 1
            if tally["kills"] < kills:
                process = start(archive, out)
                how = kill_at_random(process, out, pick, in_write=pick.random() < 0.5, worker=False)
                process.wait(timeout=60)
                if how:
                    tally.update(("kills", f"in a write: {how == 'write'}"))
                elif process.returncode == ExitCode.OUTPUT:
                    tally["full"] += 1
            code = finish(archive, out)
            found += [f"{p.name} is visible and not whole" for p in bundles(out) if not bundle.finished(p)]
            (disk.path / "ballast").unlink(missing_ok=True)
            if code in FINE or found:
                break
            if code != ExitCode.OUTPUT:
                found.append(f"exit code {code} on a full disk")
                break
            tally["full"] += 1
            # Not one block more until now: the second run found the disk as full as the first left it.
            size += pick.randint(60, 500)
            disk.resize(size)
        found = found or problems(out, whole, issues)
        print(dict(tally), *found, flush=True)
        shutil.rmtree(out)
    return tally, found


def main() -> int:
    """Run a campaign and print how it went; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--issues", type=int, default=60, help="issues in each archive")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--disk", action="store_true", help="on a small disk that fills up")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    disk = Disk(folder / "disk", 400) if args.disk else None
    try:
        if disk is not None:
            tally, found = disk_campaign(folder, disk, args.kills, issues=args.issues, seed=args.seed)
        else:
            tally, found = kill_campaign(folder, args.kills, issues=args.issues, seed=args.seed)
    finally:
        if disk is not None:
            disk.close()
        shutil.rmtree(folder)
    print("wrong:", found or "nothing", dict(tally))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
