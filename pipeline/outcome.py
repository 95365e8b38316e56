"""What became of an issue, and who is told."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.errors import ExitCode
from pipeline.records import Record, SourceFile

if TYPE_CHECKING:
    from pipeline.draft import Draft


class State(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    """A finished bundle of the same input, settings, model and code was there already."""
    FAILED = "failed"
    LEFT = "left"
    """Taken up and given back because the run was stopped; its replies are kept."""


class Outcome(Record, frozen=True):
    """What became of one issue file."""

    path: str
    state: State
    bundle: str = ""
    fingerprint: str = ""
    units: int = 0
    findings: int = 0
    """Warnings and errors in the bundle."""
    failed_units: int = 0
    seconds: float = 0.0
    """From taking the issue up to its bundle; the issues beside it had their share of them."""
    source: SourceFile | None = None
    """The file, where it could be read."""
    error: str = ""
    code: ExitCode = ExitCode.DONE


class Watcher:
    """Told where the run stands.  This one ignores it all; those with an interest override."""

    def begun(self, draft: Draft, *, alone: bool) -> None:
        """An issue's bytes are read, and its work is this process's alone from now on."""

    def cut(self, draft: Draft) -> None:
        """It is segmented; what follows is decoding."""

    def stage(self, name: str, jobs: int) -> None:
        """So many more passages are to be decoded in this stage."""

    def job_done(self, name: str) -> None:
        """One passage of the stage is through."""

    def waiting(self, label: str, owner: str) -> None:
        """Another process has this issue in work."""

    def closed(self, outcome: Outcome) -> None:
        """The issue has left the run, one way or another; a bundle named here is on the disk."""
