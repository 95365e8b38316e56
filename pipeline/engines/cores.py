"""How many processor cores this process may really use."""

from __future__ import annotations

import os
from pathlib import Path

_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def physical_cores() -> int:
    """Physical cores this process may run on, at least 1.

    The scheduler's affinity, with hyper-threads of one core counted once (they share the vector units
    that decoding is bound by), and no more than a container's quota grants.
    """
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    cores = set()
    for cpu in allowed:
        try:
            cores.add(Path(_SIBLINGS.format(cpu)).read_text(encoding="ascii").strip())
        except OSError:
            cores.add(str(cpu))
    return max(1, min(len(cores), _quota(len(cores))))


def _quota(most: int) -> int:
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return most if quota == "max" else max(1, int(quota) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return most
