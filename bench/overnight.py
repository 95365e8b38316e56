"""An archive at size on the rehearsal engine: pace and its constancy, memory, and a run with nothing to do.

Run: python -m bench.overnight --issues 10000

What is timed is everything but a model: reading, segmentation, prompts, checks, bundles with their
flushes to the disk, the ledger.  One process does the work, so the pace is that of one core.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from bench.compose import write_archive


class Sample(NamedTuple):
    """How the run stood at one moment."""

    clock: float
    """Seconds since its start."""
    processor: float
    """Processor seconds it has used."""
    done: int
    yardstick: float
    """Processor seconds that a fixed computation beside it took just then."""
    resident: int
    """Bytes of memory it holds."""


Samples = list[Sample]


def yardstick() -> float:
    """Time a fixed computation, 10 to 20 ms of a core.

    On a machine that others use, a processor second is worth less the more they use its caches and the
    other half of its cores; this is the measure of it.
    """
    started = time.thread_time()
    words = [f"{n * 2654435761 % 2**32:x}" for n in range(6000)]
    counts: dict[str, int] = {}
    for match in re.finditer(r"[a-f]+|[0-9]+", " ".join(sorted(words))):
        counts[match[0]] = counts.get(match[0], 0) + 1
    return time.thread_time() - started


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
                peak = max(peak, _memory(process.pid, "VmHWM"))
                samples.append(
                    Sample(time.monotonic() - started, _processor(process.pid), _finished(out), yardstick(), _memory(process.pid, "VmRSS"))
                )

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        thread.join()
    assert process.returncode in (0, 3), process.returncode
    return time.monotonic() - started, max(peak, usage.ru_maxrss * 1024), usage.ru_utime + usage.ru_stime, samples


def _memory(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


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
    by_yardstick: float
    """Issues in the time of a thousand fixed computations."""


def working(samples: Samples) -> Samples:
    """The samples from the first finished issue to the last: without the start of the process and the front page."""
    total = max(s.done for s in samples)
    return [s for s in samples if 0 < s.done < total] + [next(s for s in samples if s.done == total)]


def paces(samples: Samples, share: int) -> tuple[Pace, Pace]:
    """The pace over the first and the last ``share`` issues.

    On a machine that others use too, the clock tells of them as well, processor time less so, and
    processor time in units of the yardstick least.
    """
    part = working(samples)
    first = [s for s in part if s.done <= part[0].done + share]
    last = [s for s in part if s.done >= part[-1].done - share]
    return _pace(first), _pace(last)


def _pace(part: Samples) -> Pace:
    number = part[-1].done - part[0].done
    clock, processor = part[-1].clock - part[0].clock, part[-1].processor - part[0].processor
    return Pace(number / clock, number / processor, 1000 * number / (processor / statistics.median(s.yardstick for s in part)))


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
        steady = working(samples)
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
            "last over first, by the clock": round(last.by_clock / first.by_clock, 3),
            "last over first, by processor time": round(last.by_processor / first.by_processor, 3),
            "last over first, by processor time in units of a fixed computation": round(last.by_yardstick / first.by_yardstick, 3),
            "report and front page after the last issue, seconds": round(seconds - steady[-1].clock, 1),
            "report and front page, processor seconds": round(cpu - steady[-1].processor, 1),
            "memory at the first and the last issue, MB": [round(steady[at].resident / 1e6) for at in (0, -1)],
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
