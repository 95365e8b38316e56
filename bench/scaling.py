"""One worker against several, local and on Ray, over the same archive.

Run: python -m bench.scaling --issues 300 --workers 2

Everything but decoding is timed (the rehearsal engine answers at once).  Each way is run by turns,
and the shortest of its rounds counts, as other work on the machine can only lengthen one.  Processor
seconds tell what a way costs beside the work itself; they add up over all its processes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.compose import write_archive
from bench.faults import FINE, ROOT, command, tree

Way = tuple[str, int]
"""Runner and workers."""


def run(archive: Path, out: Path, way: Way) -> tuple[float, float]:
    """Seconds and processor seconds of one run, from its start to its end."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    words = command(archive, out, "--runner", way[0], "--workers", str(way[1]))
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in FINE, done.returncode
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runners", nargs="+", default=["local", "ray"])
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="scaling-"))
    ways: list[Way] = [(runner, n) for runner in args.runners for n in (1, args.workers)]
    times: dict[Way, list[tuple[float, float]]] = {way: [] for way in ways}
    try:
        write_archive(folder / "in", args.issues, articles=2)
        # What a run costs before its first issue and after its last: the imports, a cluster, the front page.
        write_archive(folder / "one", 1, articles=2)
        idle = {way: run(folder / "one", folder / f"idle-{way}", way)[0] for way in ways}
        trees = set()
        for number in range(args.rounds):
            for way in ways:
                out = folder / f"{number}-{way}"
                times[way].append(run(folder / "in", out, way))
                trees.add(tuple((k, v) for k, v in tree(out).items() if not k.startswith("archive/")))
                shutil.rmtree(out)
    finally:
        shutil.rmtree(folder)
    best = {way: min(times[way]) for way in ways}
    figures = {
        "issues": args.issues,
        "cores": len(os.sched_getaffinity(0)),
        "load when it ended": round(os.getloadavg()[0], 1),
        "bundles equal byte for byte": len(trees) == 1,
        "ways": [
            {
                "runner": runner,
                "workers": n,
                "seconds": round(best[runner, n][0], 1),
                "of these with one issue only": round(idle[runner, n], 1),
                "issues a second": round(args.issues / best[runner, n][0], 2),
                "processor milliseconds an issue": round(1000 * min(t[1] for t in times[runner, n]) / args.issues, 1),
            }
            for runner, n in ways
        ],
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
