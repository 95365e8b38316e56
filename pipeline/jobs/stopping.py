"""How an unattended run ends: at a deadline, on a signal, or because the engine hangs.

A first SIGTERM or Ctrl-C asks the run to stop between two replies.  A second one, or the end of the
grace time, stops it wherever it is.  Native code that does not come back at all is left by ending
the process: whatever was finished is on the disk, and what was not is done by the next run.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from pipeline.draft import Draft
from pipeline.errors import ExitCode, Interrupted
from pipeline.outcome import Outcome, Watcher

log = logging.getLogger(__name__)

GRACE_SECONDS = 30.0
"""From the first signal to being stopped wherever the run is; below the 90 s systemd allows."""
_LAST_SECONDS = 15.0
"""More until the process is ended from outside its own code."""


class Terminated(Interrupted):
    code = ExitCode.TERMINATED


class Stop:
    """Whether the run should end, and why; call it to ask."""

    def __init__(self, seconds: float | None = None, *, grace: float = GRACE_SECONDS, also: Callable[[], bool] = lambda: False) -> None:
        """A stop in so many seconds, measured by a clock that no one sets back; ``None``: no deadline."""
        self._end = None if seconds is None else time.monotonic() + seconds
        self._grace = grace
        self._also = also
        self.reason = ""
        self.code = ExitCode.DONE

    def __call__(self) -> bool:
        if not self.reason and self._end is not None and time.monotonic() >= self._end:
            self.reason = "its deadline"
        if not self.reason and self._also():
            self.reason = "the end of the process that started it"
            self.code = ExitCode.TERMINATED
        return bool(self.reason)

    def listen(self) -> Self:
        """Take SIGTERM and SIGINT from here on (main thread only)."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        return self

    def _signalled(self, number: int, _frame: Any) -> None:
        kind = Terminated if number == signal.SIGTERM else Interrupted
        if self.reason and self.code is not ExitCode.DONE:
            raise kind("stopped")
        self.reason = signal.Signals(number).name
        self.code = kind.code
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda *_: self._raise(kind))
            signal.setitimer(signal.ITIMER_REAL, self._grace)
        last = threading.Timer(self._grace + _LAST_SECONDS, os._exit, (int(self.code),))
        last.daemon = True
        last.start()

    @staticmethod
    def _raise(kind: type[Interrupted]) -> None:
        raise kind("stopped")


class Watchdog(Watcher):
    """Ends the process with exit code ``ENGINE`` when nothing at all has moved for ``seconds``.

    An engine that can be interrupted raises ``EngineError`` on its own time-out, well before; this is
    for native code that never returns.  The stacks of all threads go to ``trace`` first.
    """

    def __init__(self, seconds: float, trace: Path) -> None:
        self._seconds = seconds
        self._trace = trace
        self._last = time.monotonic()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name="watchdog")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()

    def beat(self) -> None:
        """Something moved."""
        self._last = time.monotonic()

    def begun(self, draft: Draft, *, alone: bool) -> None:
        self.beat()

    def cut(self, draft: Draft) -> None:
        self.beat()

    def job_done(self, name: str) -> None:
        self.beat()

    def waiting(self, label: str, owner: str) -> None:
        self.beat()

    def closed(self, outcome: Outcome) -> None:
        self.beat()

    def _watch(self) -> None:
        while not self._closed.wait(min(1.0, self._seconds / 4)):
            if time.monotonic() - self._last > self._seconds:
                log.critical("nothing moved for %.0f seconds; ending the process. Stacks are in %s", self._seconds, self._trace)
                with self._trace.open("w", encoding="utf-8") as stream:
                    faulthandler.dump_traceback(stream)
                os._exit(int(ExitCode.ENGINE))
