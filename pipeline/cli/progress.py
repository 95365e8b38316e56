"""What an operator sees while a job runs: a live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from pipeline.cli.common import show_path
from pipeline.draft import Draft
from pipeline.engines.base import Reply
from pipeline.outcome import Outcome, State, Watcher

_PLAIN_EVERY = 15.0
"""Seconds between two plain lines."""
_NAMES = {"summarise": "Summaries", "translate": "Translations", "repair": "Second tries"}


class Download:
    """Progress of model downloads."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._live = self._console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._last = 0.0

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._bar.stop()

    def note(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, highlight=False, soft_wrap=True)

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Move a file's bar."""
        if self._live:
            if name not in self._tasks:
                self._tasks[name] = self._bar.add_task(name, total=total)
            self._bar.update(self._tasks[name], completed=done)
        elif time.monotonic() - self._last > _PLAIN_EVERY or done == total:
            self._last = time.monotonic()
            click.echo(f"  {name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB", err=True)


class Watch(Watcher):
    """Progress of a run: stage, passages done, tokens per second, time left."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._live = self._console.is_terminal and not quiet
        self._bar = Progress(
            TextColumn("{task.description:<13}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._counts: dict[str, tuple[int, int]] = {}
        """Passages done and known of, by stage."""
        self._began: dict[str, float] = {}
        """When each stage began."""
        self._tokens = 0
        self._resumed = 0
        self._since = self._last = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._bar.stop()

    # -- what the flow tells

    def cut(self, draft: Draft) -> None:
        """An issue was segmented."""
        sentences = sum(len(b.sentences) for u in draft.units for b in u.blocks)
        self._say(f"{draft.source.name}: {len(draft.units)} items, {sentences} sentences")

    def stage(self, name: str, jobs: int) -> None:
        """So many more passages of a stage; several issues may be in it, or in different ones."""
        if not jobs:
            return
        done, total = self._counts.get(name, (0, 0))
        self._counts[name] = (done, total + jobs)
        self._began.setdefault(name, time.monotonic())
        if self._live:
            if name not in self._tasks:
                self._tasks[name] = self._bar.add_task(_NAMES.get(name, name), total=0, rate="")
            self._bar.update(self._tasks[name], total=total + jobs)
        else:
            self._say(f"{_NAMES.get(name, name)}: {jobs}")

    def job_done(self, name: str) -> None:
        """One passage is through."""
        done, total = self._counts[name]
        self._counts[name] = (done + 1, total)
        if self._live:
            self._bar.update(self._tasks[name], advance=1, rate=self._rate())
        elif time.monotonic() - self._last > _PLAIN_EVERY:
            left = (time.monotonic() - self._began[name]) / (done + 1) * (total - done - 1)
            self._say(f"  {_NAMES.get(name, name)} {done + 1}/{total}, {self._rate()}, about {left / 60:.0f} min left")

    def waiting(self, label: str, owner: str) -> None:
        """Another process is at this issue."""
        self._say(f"{Path(label).name}: waiting for {owner}")

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        """The engine, or the journal, gave a reply."""
        if resumed:
            self._resumed += 1
        else:
            self._tokens += reply.prompt_tokens - reply.cached_tokens + reply.output_tokens
        if self._live and self._tasks:
            self._bar.update(list(self._tasks.values())[-1], rate=self._rate())

    def outcome(self, outcome: Outcome) -> None:
        """An issue is through."""
        name = Path(outcome.path).name
        if outcome.state is State.LEFT:
            click.echo(f"{name}: stopped; its replies are kept", err=True)
            return
        if outcome.state is State.FAILED:
            click.echo(f"{name}: failed. {outcome.error}", err=True)
            return
        where = show_path(Path(outcome.bundle) / "index.html")
        state = "already done, nothing to do" if outcome.state is State.UNCHANGED else "done"
        check = f"; {outcome.findings} findings to check" if outcome.findings else ""
        lost = f"; {outcome.failed_units} items incomplete" if outcome.failed_units else ""
        taken = f"; {self._resumed} replies taken from an earlier run" if self._resumed else ""
        self._resumed = 0
        click.echo(f"{name}: {state}{check}{lost}{taken}\n  {where}")

    def _rate(self) -> str:
        seconds = time.monotonic() - self._since
        return f"{self._tokens / seconds:.0f} tokens/s" if self._tokens and seconds > 0.5 else ""

    def _say(self, text: str) -> None:
        self._last = time.monotonic()
        if self._quiet:
            return
        if self._live:
            self._console.print(text, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the display
