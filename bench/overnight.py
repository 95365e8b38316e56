"""An archive at size on the rehearsal engine: pace and its constancy, memory, and a run with nothing to do.

Run: python -m bench.overnight --issues 10000

What is timed is everything but a model: reading, segmentation, prompts, checks, bundles with their
flushes to the disk, the ledger.  One process does the work, so the pace is that of one core.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from bench.compose import write_archive

Samples = list[tuple[float, float, int]]
"""Seconds, processor seconds and finished issues, as the run went on."""


def run(archive: Path, out: Path) -> tuple[float, int, float, Samples]:
    """Seconds, peak resident bytes, processor seconds and samples of one ``pipeline archive``."""
    started = time.monotonic()
    argv = [sys.executable, "-m", "pipeline", "archive", str(archive), "-o", str(out), "-c", "configs/rehearsal.yaml", "--quiet"]
    with subprocess.Popen(argv) as process:
        peak = 0
        samples: Samples = []
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.5):
                peak = max(peak, _high_water(process.pid))
                samples.append((time.monotonic() - started, _processor(process.pid), _finished(out)))

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        thread.join()
    assert process.returncode in (0, 3), process.returncode
    return time.monotonic() - started, max(peak, usage.ru_maxrss * 1024), usage.ru_utime + usage.ru_stime, samples


def _high_water(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _processor(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _finished(out: Path) -> int:
    try:
        with sqlite3.connect(f"file:{out}/.work/ledger.sqlite?mode=ro", uri=True) as db:
            return int(db.execute("SELECT COUNT(*) FROM issue WHERE state = 'done'").fetchone()[0])
    except sqlite3.Error:
        return 0


class Pace(NamedTuple):
    """Issues a second over one stretch of the run."""

    by_clock: float
    by_processor: float


def paces(samples: Samples, share: int) -> tuple[Pace, Pace]:
    """The pace over the first and the last ``share`` issues.

    Only what lies between two finished issues counts: not the start of the process before the first, nor
    the front page after the last.  On a machine that others use too, the clock tells of them as well;
    processor time does not.
    """
    total = max(s[2] for s in samples)
    begun = [s for s in samples if s[2] > 0]
    working = [s for s in begun if s[2] < total] + [next(s for s in begun if s[2] == total)]
    first = [s for s in working if s[2] <= working[0][2] + share]
    last = [s for s in working if s[2] >= total - share]
    return _pace(first), _pace(last)


def _pace(part: Samples) -> Pace:
    number = part[-1][2] - part[0][2]
    clock, processor = (max(1e-9, part[-1][by] - part[0][by]) for by in (0, 1))
    return Pace(number / clock, number / processor)


def after_the_last(samples: Samples, seconds: float, cpu: float) -> tuple[float, float]:
    """Seconds and processor seconds from the last issue to the process's end: the run report and the front page."""
    total = max(s[2] for s in samples)
    done = next(s for s in samples if s[2] == total)
    return seconds - done[0], cpu - done[1]


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="work in this folder and keep it")
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="overnight-"))
    try:
        archive, out = folder / "in", folder / "out"
        write_archive(archive, args.issues, articles=args.articles)
        seconds, peak, cpu, samples = run(archive, out)
        first, last = paces(samples, max(1, args.issues // 10))
        page, page_cpu = after_the_last(samples, seconds, cpu)
        again, again_peak, _, _ = run(archive, out)
        written = sum(p.stat().st_size for p in out.rglob("*") if p.is_file() and ".work" not in p.parts)
        journal = (out / ".work" / "replies.sqlite").stat().st_size
        figures = {
            "issues": args.issues,
            "articles each": args.articles,
            "seconds": round(seconds, 1),
            "processor seconds": round(cpu, 1),
            "issues per second": round(args.issues / seconds, 2),
            "issues per processor second": round(args.issues / cpu, 2),
            "first tenth, issues per processor second": round(first.by_processor, 2),
            "last tenth, issues per processor second": round(last.by_processor, 2),
            "last over first, by processor time": round(last.by_processor / first.by_processor, 3),
            "last over first, by the clock": round(last.by_clock / first.by_clock, 3),
            "report and front page after the last issue, seconds": round(page, 1),
            "report and front page, processor seconds": round(page_cpu, 1),
            "peak memory, MB": round(peak / 1e6),
            "rerun with nothing to do, seconds": round(again, 1),
            "rerun peak memory, MB": round(again_peak / 1e6),
            "bundles, kB an issue": round(written / args.issues / 1e3, 1),
            "journal of replies, kB an issue": round(journal / args.issues / 1e3, 1),
        }
        print(json.dumps(figures, indent=2))
    finally:
        if args.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
