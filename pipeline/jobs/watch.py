"""A watched folder: files are taken when they are whole, failures moved aside with their reason.

The folder is looked at again and again rather than subscribed to: network shares send no events.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import PipelineError
from pipeline.files import output_errors, write_atomic
from pipeline.outcome import Outcome, State
from pipeline.sources import Source, takes, walk

FAILED_FOLDER: Final = "failed"
_UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp")
"""Ends of names that programs give a file while they still write it."""


class _Look(NamedTuple):
    """A file as it was seen, and since when it has been so."""

    size: int
    changed: int
    inode: int
    since: float


class Settling:
    """Decides which files are whole: unchanged in size, time and inode over ``seconds`` of watching.

    The watcher's own monotonic clock counts, not the file's times, so that a clock set back, a server
    with another time or a file copied with its old date cannot pass for settled.  A file renamed in
    is whole at once and settles after the same wait; one still being written starts over.
    """

    def __init__(self, folder: Path, out: Path, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._skip = {out.resolve(), (folder / FAILED_FOLDER).resolve()}
        self._seconds = seconds
        self._clock = clock
        self._seen: dict[str, _Look] = {}
        self._taken: dict[str, _Look] = {}

    def ready(self) -> list[Path]:
        """Files that are whole by now and were not handed out in this state before."""
        now = self._clock()
        found: list[Path] = []
        seen: dict[str, _Look] = {}
        for path in self._files():
            try:
                status = path.stat()
            except OSError:
                continue
            name = str(path)
            before = self._seen.get(name)
            look = _Look(status.st_size, status.st_mtime_ns, status.st_ino, now)
            if before is not None and before[:3] == look[:3]:
                look = before
            seen[name] = look
            whole = look.size > 0 and now - look.since >= self._seconds
            taken = self._taken.get(name)
            if whole and (taken is None or taken[:3] != look[:3]):
                self._taken[name] = look
                found.append(path)
        self._seen = seen
        # Forget what is gone, so that a year of files leaves no trace in memory.
        self._taken = {n: look for n, look in self._taken.items() if n in seen}
        return found

    def again(self, path: Path) -> None:
        """Hand this file out once more at the next look."""
        self._taken.pop(str(path), None)

    def _files(self) -> Iterator[Path]:
        for where, folders, names in os.walk(self._folder):
            folders[:] = sorted(f for f in folders if not f.startswith(".") and (Path(where) / f).resolve() not in self._skip)
            for name in sorted(names):
                if takes(name) and not name.lower().endswith(_UNFINISHED):
                    yield Path(where) / name


def sources(paths: list[Path]) -> Iterator[tuple[Path, Source]]:
    """The issues in each file, with the file they came in."""
    for path in paths:
        for source in walk(path):
            yield path, source


def move_aside(path: Path, folder: Path, outcomes: list[Outcome]) -> Path:
    """Move a failed file to ``<folder>/failed`` with ``<name>.reason.txt`` beside it; returns its new place.

    Raises:
        OutputError: it cannot be moved.
    """
    inside = path.relative_to(folder) if path.is_relative_to(folder) else Path(path.name)
    target = free_name(folder / FAILED_FOLDER / inside)
    lines = [f"{o.path}\n{o.error}\n" for o in outcomes if o.state is State.FAILED]
    with output_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        # The reason first: a crash in between leaves the file to be tried again.
        write_atomic(target.with_name(target.name + ".reason.txt"), "\n".join(lines).encode("utf-8", "replace"))
        path.rename(target)
    return target


def free_name(path: Path) -> Path:
    """``path``, or the first ``stem-2.suffix`` … that no file has."""
    number, found = 1, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


class Round(NamedTuple):
    """What one look at the folder led to."""

    files: int
    failed: tuple[Path, ...]
    """Where failed files went."""


class Watching:
    """Takes what settles, runs it, moves failures aside."""

    def __init__(self, folder: Path, settling: Settling, work: Callable[[Iterator[Source]], Iterator[Outcome]]) -> None:
        self._folder = folder
        self._settling = settling
        self._work = work

    def round(self) -> Round:
        """Look once and work on what is whole.

        Raises:
            PipelineError: nothing can be done for any issue now; the files stay and are taken again.
        """
        paths = self._settling.ready()
        if not paths:
            return Round(0, ())
        pairs = list(sources(paths))
        origin = {source.label: path for path, source in pairs}
        outcomes: dict[Path, list[Outcome]] = {p: [] for p in paths}
        try:
            for outcome in self._work(s for _, s in pairs):
                outcomes[origin[outcome.path]].append(outcome)
        except PipelineError:
            for path in paths:
                self._settling.again(path)
            raise
        moved: list[Path] = []
        for path, seen in outcomes.items():
            if any(o.state is State.FAILED for o in seen):
                moved.append(move_aside(path, self._folder, seen))
            elif any(o.state is State.LEFT for o in seen) or len(seen) < sum(p == path for p, _ in pairs):
                self._settling.again(path)
        return Round(len(paths), tuple(moved))
