"""The decoding loop: many small jobs, one queue, one engine.

A job is a generator that yields a ``Request`` and is sent its ``Reply``; it may ask again (a retry)
and finally returns its result.  The loop keeps the engine fed from all jobs of all articles at
once, answers from the journal what an interrupted run had already got, computes equal requests
once, and returns every result with its job's key.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Generator, Iterator
from typing import Generic, Protocol, TypeVar

import msgspec

from pipeline.engines.base import Engine, Finish, Reply, Request

T = TypeVar("T")
Job = Generator[Request, Reply, T]


class Journal(Protocol):
    """Replies kept on disk, by key."""

    def get(self, key: str) -> Reply | None: ...

    def put(self, key: str, reply: Reply) -> None: ...


class Observer(Protocol):
    """Told of every reply, for progress and totals."""

    def replied(self, reply: Reply, *, resumed: bool) -> None: ...


class NoJournal:
    """Keeps nothing."""

    def get(self, key: str) -> Reply | None:
        return None

    def put(self, key: str, reply: Reply) -> None:
        return None


class NoObserver:
    """Watches nothing."""

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        return None


def request_key(engine: Engine, request: Request) -> str:
    """Everything that shapes a reply, in one digest: the engine's and model's identity and the request itself."""
    content = msgspec.structs.replace(request, id="")
    data = msgspec.json.encode((engine.info, content), order="deterministic")
    return hashlib.sha256(data).hexdigest()


class _Waiting(Generic[T]):
    """Jobs that wait for one and the same reply."""

    __slots__ = ("jobs", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.jobs: list[tuple[str, Job[T]]] = []


class Loop(Generic[T]):
    """One engine, its journal, and the jobs in work.

    Jobs may be submitted before ``run`` and while its results are taken.  The caller bounds how many
    are in work at once (``in_work``), so memory stays flat however many there are.
    """

    def __init__(self, engine: Engine, journal: Journal | None = None, observer: Observer | None = None) -> None:
        self._engine = engine
        self._journal = journal or NoJournal()
        self._observer = observer or NoObserver()
        self._ready: deque[str] = deque()
        self._waiting: dict[str, _Waiting[T]] = {}
        self._done: deque[tuple[str, T]] = deque()
        self.in_work = 0

    def submit(self, key: str, job: Job[T]) -> None:
        """Start a job; its result comes out of ``run`` under ``key``."""
        self.in_work += 1
        self._step(key, job, None)

    def run(self) -> Iterator[tuple[str, T]]:
        """Drive every job to its end; yields ``(key, result)`` as each finishes.

        Raises:
            EngineError: the engine stopped; replies received before are in the journal.
        """
        yield from self._drain()
        while self._ready:
            for reply in self._generate():
                self._deliver(reply)
                yield from self._drain()

    def _drain(self) -> Iterator[tuple[str, T]]:
        while self._done:
            self.in_work -= 1
            yield self._done.popleft()

    def _step(self, key: str, job: Job[T], reply: Reply | None) -> None:
        """Advance a job; requests the journal can answer are answered on the spot."""
        while True:
            try:
                request = next(job) if reply is None else job.send(reply)
            except StopIteration as stop:
                self._done.append((key, stop.value))
                return
            name = request_key(self._engine, request)
            held = self._waiting.get(name)
            if held is not None:
                held.jobs.append((key, job))
                return
            known = self._journal.get(name)
            if known is None:
                waiting = _Waiting[T](msgspec.structs.replace(request, id=name))
                waiting.jobs.append((key, job))
                self._waiting[name] = waiting
                self._ready.append(name)
                return
            self._observer.replied(known, resumed=True)
            reply = known

    def _generate(self) -> Iterator[Reply]:
        if self._engine.limits.continuous:
            yield from self._engine.generate(self._stream())
            return
        requests = [self._waiting[name].request for name in self._ready]
        self._ready.clear()
        lengths = dict(zip((r.id for r in requests), self._engine.count_tokens([r.text for r in requests]), strict=True))
        # Neighbours of like length waste no padding; the longest first, so that what does not fit fails at once and
        # the short ones fill the workers evenly at the end.  The engine cuts batches and keeps several in work.
        requests.sort(key=lambda r: (-lengths[r.id], r.id))
        yield from self._engine.generate(requests)

    def _stream(self) -> Iterator[Request]:
        while self._ready:
            yield self._waiting[self._ready.popleft()].request

    def _deliver(self, reply: Reply) -> None:
        waiting = self._waiting.pop(reply.id)
        if reply.finish is not Finish.ERROR:
            # An error may pass; keeping it would repeat it forever.
            self._journal.put(reply.id, msgspec.structs.replace(reply, seconds=0.0, cached_tokens=0))
        self._observer.replied(reply, resumed=False)
        for key, job in waiting.jobs:
            self._step(key, job, reply)
