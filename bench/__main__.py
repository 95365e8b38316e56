"""``make bench``: the benchmarks that fit a coffee, one after the other; each is a module of its own.

Longer ones are run by name: ``python -m bench.overnight``, ``python -m bench.archive``.
"""

from __future__ import annotations

import subprocess
import sys

MODULES = ("bench.bench_checks", "bench.bench_segment", "bench.bundle", "bench.mainjob", "bench.seq2seq", "bench.invariance")


def main() -> int:
    """Run them all; the worst exit code wins."""
    worst = 0
    for module in MODULES:
        print(f"\n== {module}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", module], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
