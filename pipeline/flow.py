"""The whole job, start reading here: page files in, bilingual bundles out.

    read       bytes, hashed before anything else; a finished bundle of them ends the matter
    cut        Issue -> Segmentation, with the names found
    summarise  every article's Chinese summary
    translate  every display line, sentence and summary sentence, once
    repair     what the checks doubt, again in another way, within a budget
    write      the result, as a bundle that appears whole or not at all

A few issues are in work at a time and share each engine's queue; as one is written the next is
taken up, so the model does not wait at an issue's end and memory does not grow with the archive.
Bad input costs that issue and nothing else.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import sweep_all
from pipeline.line import Line
from pipeline.outcome import Outcome, State, Watcher
from pipeline.session import Session
from pipeline.sources import Source

__all__ = ["Outcome", "Source", "State", "Watcher", "run"]

_LOCK_POLL = 0.5
"""Seconds between two looks at an issue another process has in work."""


def run(
    sources: Iterable[Source | Path],
    session: Session,
    watcher: Watcher | None = None,
    *,
    force: bool = False,
    window: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    wait: bool = True,
) -> Iterator[Outcome]:
    """Run issue files through; yields one outcome each, as they come.

    Args:
        sources: may be a generator; it is asked for the next one when there is room, and again after it
            said there is none as long as any issue is in work.
        session: the settings, engines and folders.
        watcher: told of every step.
        force: work even where a finished bundle stands.
        window: issues in work at a time; ``None`` takes ``jobs.window``.
        stop: asked between any two replies; once true, nothing more is begun and what is in work is
            given back with its replies kept.
        wait: for issues another process has in work, until it is done with them; otherwise they fail
            with exit code ``LOCKED``.

    Raises:
        ModelError, EngineError, OutputError: nothing further can be done for any issue; finished
            bundles and every reply so far are kept.
    """
    # What no issue can do without is settled before the first is read.
    _ = session.fingerprint_base
    session.memory.catch_up()
    sweep_all(session.out)
    line = Line(session, watcher or Watcher(), force=force, window=window or session.config.jobs.window)
    # Not a generator: an iterator that is empty for the moment may be asked again.
    coming = map(_source, sources)
    held: deque[Source] = deque()
    try:
        while not stop():
            if line.room and (source := next(coming, None)) is not None:
                yield from line.take_up(source, held)
            elif line.in_work:
                yield from line.turn()
            elif not held:
                return
            else:
                # What is left is in work elsewhere; by now it may be free, and done.
                yield from line.take_up(source := held.popleft(), held)
                if held and held[-1] is source:
                    if not wait:
                        yield line.locked(held.pop())
                    else:
                        time.sleep(_LOCK_POLL)
        yield from line.give_back(None)
    finally:
        # A fault in the books must not hide why the run ended.
        with suppress(PipelineError):
            list(line.give_back(sys.exception()))


def _source(given: Source | Path) -> Source:
    return given if isinstance(given, Source) else Source(path=str(given))
