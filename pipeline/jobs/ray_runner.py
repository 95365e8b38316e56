"""The same loop on a Ray cluster: each actor is one process with its engines, fed issue by issue.

The driver keeps the plan and the ledger; an actor runs ``flow.run`` on what it is handed, so a bundle
has the same bytes as from a local run.  Sources and the output folder must be on a file system that
every machine sees under the same path.  An actor that dies is replaced; what it had in work is tried
again, each issue alone, so that one that kills its worker is found and set aside.
"""

from __future__ import annotations

import logging
import queue
import socket
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline import flow
from pipeline.config import Config
from pipeline.desk_memory import settle_memory
from pipeline.errors import EngineError, ExitCode, MissingExtraError
from pipeline.jobs.archive import ArchiveRun, Options, Planned
from pipeline.jobs.books import Books
from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.jobs.local import Desk, Shown, desk, exit_code, ledger_path
from pipeline.jobs.report import write_report
from pipeline.jobs.stopping import Stop
from pipeline.outcome import Outcome, State
from pipeline.session import Session
from pipeline.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable

_POLL_SECONDS = 0.2
_AHEAD = 2
"""Issues handed to an actor beyond its window, so that it never waits for the driver."""
_PATIENCE = 3
"""Deaths in a row without an outcome in between, for each worker, after which the run is given up."""


class RayWorker:
    """Lives in its own process: takes sources in one thread, runs the loop in another."""

    def __init__(self, config: bytes, out: str, driver_host: str) -> None:
        self._config = msgspec.msgpack.decode(config, type=Config)
        self._out = Path(out)
        # SQLite's write-ahead log works among the processes of one machine only.
        here = socket.gethostname()
        self._journal = "replies.sqlite" if here == driver_host else f"replies-{here}.sqlite"
        self._inbox: queue.SimpleQueue[Source | None] = queue.SimpleQueue()
        self._closed = False
        self._stopped = False

    def feed(self, path: str, member: str) -> None:
        """Hand over one more issue."""
        self._inbox.put(Source(path=path, member=member))

    def close(self) -> None:
        """No more will come."""
        self._inbox.put(None)

    def stop(self) -> None:
        """Give back what is in work."""
        self._stopped = True
        self._inbox.put(None)

    def work(self) -> Iterator[bytes]:
        """Run what is handed over; yields encoded outcomes until closed."""
        with Session(self._config, self._out, journal=self._journal) as session:
            while not self._closed and not self._stopped:
                first = self._inbox.get()
                if first is None:
                    return
                for outcome in flow.run(_Inbox(first, self._poll), session, stop=lambda: self._stopped):
                    yield msgspec.msgpack.encode(outcome)

    def _poll(self) -> Source | None:
        if self._closed:
            return None
        try:
            found = self._inbox.get_nowait()
        except queue.Empty:
            return None
        self._closed = found is None
        return found


class _Inbox:
    """An iterator that may be empty now and not later."""

    def __init__(self, first: Source, more: Callable[[], Source | None]) -> None:
        self._first: Source | None = first
        self._more = more

    def __iter__(self) -> _Inbox:
        return self

    def __next__(self) -> Source:
        found, self._first = self._first or self._more(), None
        if found is None:
            raise StopIteration
        return found


class _Hand:
    """The driver's end of one actor."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.results = actor.work.remote()
        self.out: dict[str, Planned] = {}
        """Handed over and not back yet, by label."""
        self.alone = False
        self.closed = False


class _Driver:
    """Feeds the actors and takes their outcomes."""

    def __init__(self, d: Desk, start: Callable[[], Any], workers: int, window: int) -> None:
        self._desk = d
        self._start = start
        self._most = window + _AHEAD
        self._hands = [_Hand(start()) for _ in range(workers)]
        self._again: deque[Planned] = deque()
        self._deaths = 0

    def run(self, items: Iterator[Planned], stop: Stop) -> Iterator[Outcome]:
        """Until everything is back, or stopped."""
        told = False
        while self._hands:
            if stop() and not told:
                told = True
                for hand in self._hands:
                    hand.actor.stop.remote()
            if not told:
                self._feed(items)
            yield from self._collect()

    def _feed(self, items: Iterator[Planned]) -> None:
        for hand in self._hands:
            while not hand.closed and not hand.alone and len(hand.out) < self._most:
                if self._again:
                    # One that was in work at a death: alone, so that the next death names it.
                    if hand.out:
                        break
                    hand.alone = True
                    self._hand_over(hand, self._again.popleft())
                    break
                item = next(items, None)
                if item is None:
                    self._close_idle(hand)
                    break
                hand.alone = item.suspect and not hand.out
                self._hand_over(hand, item)

    def _close_idle(self, hand: _Hand) -> None:
        # While another actor works, this one may still have to take over what that one loses.
        if not any(h.out for h in self._hands):
            hand.closed = True
            hand.actor.close.remote()

    @staticmethod
    def _hand_over(hand: _Hand, item: Planned) -> None:
        hand.out[item.source.label] = item
        hand.actor.feed.remote(item.source.path, item.source.member)

    def _collect(self) -> Iterator[Outcome]:
        import ray

        by_result = {hand.results: hand for hand in self._hands}
        ready, _ = ray.wait(list(by_result), num_returns=1, timeout=_POLL_SECONDS, fetch_local=False)
        for result in ready:
            hand = by_result[result]
            try:
                outcome = msgspec.msgpack.decode(ray.get(next(hand.results)), type=Outcome)
            except StopIteration:
                self._hands.remove(hand)
            except ray.exceptions.RayActorError:
                self._bury(hand)
            except ray.exceptions.RayTaskError as exc:
                cause = exc.cause
                raise cause if isinstance(cause, Exception) else EngineError(str(exc)) from None
            else:
                self._deaths = 0
                hand.out.pop(outcome.path, None)
                hand.alone = hand.alone and bool(hand.out)
                self._desk.watcher.closed(outcome)
                yield outcome

    def _bury(self, hand: _Hand) -> None:
        """Replace a dead actor and see to what it had in work."""
        self._deaths += 1
        self._hands.remove(hand)
        for item in hand.out.values():
            state = self._desk.books.lost(item.source.label, item.fingerprint, item.file, alone=len(hand.out) == 1)
            if state is not WorkState.SET_ASIDE:
                self._again.append(item)
        if self._deaths > _PATIENCE * (len(self._hands) + 1):
            raise EngineError("The workers die one after another.", hint="Look at Ray's logs; finished work is kept.")
        self._hands.append(_Hand(self._start()))


def run_ray(
    root: Path,
    config: Config,
    out: Path,
    options: Options,
    *,
    stop: Stop,
    workers: int,
    gpus: float = 0.0,
    address: str | None = None,
    metrics: Path | None = None,
    trace: bool = False,
) -> tuple[ExitCode, list[str]]:
    """Run an archive on a cluster; returns the exit code and the lines to print.

    Args:
        root: the archive, at the same path on every machine.
        config: everything that shapes the run.
        out: the output folder, at the same path on every machine.
        options: which issues.
        stop: asked between outcomes.
        workers: actors, each with engines of its own.
        gpus: GPUs of each actor, for Ray's scheduler.
        address: a cluster's address; ``None`` starts one on this machine.
        metrics: Prometheus textfile of the driver's figures.
        trace: whether to send spans.

    Raises:
        MissingExtraError: Ray is not installed.
        PipelineError: as a local run.
    """
    try:
        import ray
    except ImportError:
        raise MissingExtraError("The Ray runner", "ray") from None
    root, out = root.resolve(), out.resolve()
    clock = time.monotonic()
    environment = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    local: dict[str, Any] = {} if address else {"num_cpus": max(workers, 1), "include_dashboard": False}
    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, runtime_env={"env_vars": environment}, **local)
    try:
        remote = ray.remote(RayWorker).options(**actor_options(gpus))

        def start() -> Any:
            return remote.remote(msgspec.msgpack.encode(config), str(out), socket.gethostname())

        with desk(config, out, "archive on Ray", Shown(), metrics=metrics, trace=trace) as d:
            archive = ArchiveRun(root, d.session, d.ledger, options)
            items = archive.wanted()
            driver = _Driver(d, start, workers, config.jobs.window)
            archive.left = sum(o.state is State.LEFT for o in driver.run(items, stop))
            archive.stopped = stop()
            if archive.stopped:
                archive.left += sum(1 for _ in items)
            else:
                settle_memory(config.memory, out)
            code, lines = exit_code(d.books, archive, stop), _lines(d.books, archive, stop, time.monotonic() - clock)
            run = d.ledger.run
        with Ledger(ledger_path(out)) as ledger:
            lines.append(f"Report: {write_report(ledger, run, out)}")
        return code, lines
    finally:
        ray.shutdown()


def actor_options(gpus: float) -> dict[str, Any]:
    """What each actor asks Ray's scheduler for.

    A fraction of a GPU is a share of one that several actors use; above one, Ray takes whole GPUs only.
    """
    # Two threads: one runs the loop, the other takes what is handed over.
    return {"num_cpus": 1, "num_gpus": gpus, "max_concurrency": 2, "max_restarts": 0}


def _lines(books: Books, archive: ArchiveRun, stop: Stop, seconds: float) -> list[str]:
    states = ", ".join(f"{n:,} {s.value}" for s, n in sorted(books.states.items())) or "nothing to do"
    lines = [f"{states}; {seconds:.1f} s"]
    if archive.stopped:
        lines.append(f"Stopped by {stop.reason}: {archive.left:,} issues left. Run the same command again to go on.")
    return lines
