"""One process at a time works on an issue: locks that a dead owner cannot keep.

The kernel holds the lock (``flock``, through the filelock package) and frees it with the process,
so there are no stale locks to judge by age or by a clock.  Who owns one, and since when, stands in
a file beside it, for people.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec
from filelock import BaseFileLock, FileLock, Timeout

from pipeline.files import output_errors
from pipeline.records import Record


class Owner(Record, frozen=True):
    """Who holds a lock."""

    pid: int
    host: str
    since: str
    """UTC, RFC 3339; for people, nothing is decided by it."""

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"


class Locks:
    """The locks below ``folder`` that this process holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, BaseFileLock] = {}
        self._me = Owner(pid=os.getpid(), host=socket.gethostname(), since=datetime.now(UTC).isoformat(timespec="seconds"))

    def take(self, name: str) -> Owner | None:
        """Take the lock ``name``; ``None`` when it is ours now, else who has it.

        Raises:
            OutputError: the folder cannot be written.
        """
        if name in self._held:
            return self._me
        path = self._path(name)
        with output_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, thread_local=False)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                return self._owner(path)
        self._held[name] = lock
        # Only people read it; a full disk must not stop the work here.
        with contextlib.suppress(OSError):
            path.with_suffix(".owner").write_bytes(msgspec.json.encode(self._me))
        return None

    def release(self, name: str) -> None:
        """Give the lock back; nothing happens when it is not held."""
        lock = self._held.pop(name, None)
        if lock is None:
            return
        self._discard(self._path(name), lock)

    def deserted(self, name: str) -> bool:
        """Whether its file is there: someone holds the lock, or died without giving it back."""
        return self._path(name).exists()

    def sweep(self) -> None:
        """Remove the files that dead owners left; nobody's lock is touched."""
        for path in list(self._folder.glob("*.lock")):
            lock = FileLock(path, thread_local=False)
            # Held by someone, or gone meanwhile: either way not ours to remove.
            with contextlib.suppress(Timeout, OSError):
                lock.acquire(blocking=False)
                self._discard(path, lock)

    def close(self) -> None:
        """Give every lock back."""
        for name in list(self._held):
            self.release(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.lock"

    @staticmethod
    def _discard(path: Path, lock: BaseFileLock) -> None:
        # Removed while held: filelock notices that a file it opened lost its name, and tries again.
        with contextlib.suppress(OSError):
            path.with_suffix(".owner").unlink()
        with contextlib.suppress(OSError):
            path.unlink()
        lock.release()

    @staticmethod
    def _owner(path: Path) -> Owner:
        try:
            return msgspec.json.decode(path.with_suffix(".owner").read_bytes(), type=Owner)
        except (OSError, msgspec.MsgspecError):
            # Its owner is between taking it and saying so.
            return Owner(pid=0, host="unknown", since="unknown")
