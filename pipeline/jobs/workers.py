"""Several processes on one archive, restarted when they die.

Each worker is the same ``pipeline archive`` command on a shard of its own.  A worker killed by the
system (out of memory), ended by its watchdog or lost to a bug is started again; the ledger has noted
which issues it had in work.  Workers that die without finishing anything are not started for ever.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pipeline.errors import ExitCode

PARENT_VARIABLE: Final = "PIPELINE_PARENT"
"""Set for workers: the process without which they end."""
RUN_VARIABLE: Final = "PIPELINE_RUN"
"""Set for workers: the run whose part they are."""
_POLL_SECONDS: Final = 0.2
_PATIENCE: Final = 3
"""Deaths in a row, without a bundle in between, after which the run is given up."""
_RESTARTED: Final = frozenset({ExitCode.ENGINE, ExitCode.INTERNAL})


def orphaned() -> bool:
    """Whether this is a worker whose parent has died."""
    parent = os.environ.get(PARENT_VARIABLE)
    return parent is not None and os.getppid() != int(parent)


def part_of() -> int | None:
    """The run whose part this worker's is; ``None`` where this is no worker."""
    run = os.environ.get(RUN_VARIABLE)
    return int(run) if run is not None and PARENT_VARIABLE in os.environ else None


def supervise(
    arguments: Callable[[int], Sequence[str]], workers: int, progress: Callable[[], int], stop: Callable[[], bool], *, run: int = 0
) -> ExitCode:
    """Run so many workers to their end and return the gravest exit code.

    Args:
        arguments: command line of one worker, without the program, by its number.
        workers: how many.
        progress: how many issues are done or failed by now; deaths between which it does not rise count.
        stop: asked all the time; once true the workers are told to stop.
        run: the run whose parts the workers' are.
    """
    environment = {**os.environ, PARENT_VARIABLE: str(os.getpid()), RUN_VARIABLE: str(run)}

    def start(number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "pipeline", *arguments(number)], env=environment)

    running = {number: start(number) for number in range(workers)}
    codes: list[ExitCode] = []
    deaths, before = 0, progress()
    told = False
    try:
        while running:
            if stop() and not told:
                told = True
                _tell(running.values())
            time.sleep(_POLL_SECONDS)
            for number, worker in list(running.items()):
                code = worker.poll()
                if code is None:
                    continue
                del running[number]
                if told or not (code < 0 or code in _RESTARTED):
                    codes.append(_known(code))
                    continue
                now = progress()
                deaths, before = (deaths + 1, before) if now <= before else (1, now)
                if deaths > _PATIENCE * workers:
                    codes.append(_known(code))
                else:
                    running[number] = start(number)
    finally:
        # Left by an exception: no worker may outlive its supervisor.
        _tell(running.values())
        for worker in running.values():
            worker.wait()
    return max(codes, key=_gravity, default=ExitCode.DONE)


def _tell(workers: Iterable[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        if worker.poll() is None:
            worker.send_signal(signal.SIGTERM)


def _known(code: int) -> ExitCode:
    try:
        return ExitCode(code)
    except ValueError:
        return ExitCode.INTERNAL


def _gravity(code: ExitCode) -> int:
    order = (ExitCode.DONE, ExitCode.DONE_WITH_FINDINGS, ExitCode.PARTIAL, ExitCode.UNFINISHED)
    return order.index(code) if code in order else len(order) + int(code)
