"""What an operator sees while an archive runs: a line now and then, a live one on a terminal."""

from __future__ import annotations

import time
from collections import Counter
from typing import Self

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.engines.base import Reply
from pipeline.jobs.local import Shown
from pipeline.outcome import Outcome, State

_PLAIN_EVERY = 30.0
"""Seconds between two plain lines."""


class ArchiveProgress(Shown):
    """Counts of issues, their pace, and each failure as it comes."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        console = Console(stderr=True)
        self._live = console.is_terminal and not quiet
        self._bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console)
        self._task = self._bar.add_task("reading the archive")
        self._counts: Counter[State] = Counter()
        self._tokens = 0
        self._since = self._last = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._bar.stop()

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        if not resumed:
            self._tokens += reply.prompt_tokens - reply.cached_tokens + reply.output_tokens

    def waiting(self, label: str, owner: str) -> None:
        if self._live:
            self._bar.update(self._task, description=f"waiting for {owner}")

    def closed(self, outcome: Outcome) -> None:
        self._counts[outcome.state] += 1
        if outcome.state is State.FAILED and not self._quiet:
            self._say(f"{outcome.path}: failed. {outcome.error}")
        if self._live:
            self._bar.update(self._task, description=self._line())
        elif not self._quiet and time.monotonic() - self._last > _PLAIN_EVERY:
            self._say(self._line())

    def _line(self) -> str:
        seconds = max(time.monotonic() - self._since, 0.001)
        counts = ", ".join(f"{n:,} {s.value}" for s, n in sorted(self._counts.items()))
        return f"{counts}; {3600 * self._counts[State.DONE] / seconds:,.0f} issues/h, {self._tokens / seconds:,.0f} tokens/s"

    def _say(self, text: str) -> None:
        self._last = time.monotonic()
        if self._live:
            self._bar.console.print(text, highlight=False, markup=False)
        else:
            click.echo(text, err=True)
