"""One exception class per kind of failure, each with its exit code.

The codes are a stable interface, documented in ``docs/exit-codes.md``; 0 is success and 1 is kept
for a bug in the pipeline itself.  A message says what happened; ``hint`` says what to do next.
"""

from __future__ import annotations

import sys
from enum import IntEnum
from pathlib import Path
from typing import ClassVar


class ExitCode(IntEnum):
    """Process exit codes, stable across releases."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    DONE_WITH_FINDINGS = 3
    CONFIG = 4
    INPUT = 5
    MODEL = 6
    OUTPUT = 7
    PARTIAL = 8
    ENGINE = 9
    LOCKED = 10
    VERIFY = 11
    MISSING_EXTRA = 12
    UNFINISHED = 13
    """Stopped at its deadline with issues left."""
    INTERRUPTED = 130
    """128 + SIGINT, the shell's convention."""
    TERMINATED = 143
    """128 + SIGTERM."""


class PipelineError(Exception):
    """Base of every expected failure."""

    code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class UsageError(PipelineError):
    """The command line asks for something that does not exist or does not fit together."""

    code = ExitCode.USAGE


class ConfigError(PipelineError):
    """A configuration, term or override file is wrong."""

    code = ExitCode.CONFIG


class InputError(PipelineError):
    """The issue file cannot be read as a Chinese newspaper page."""

    code = ExitCode.INPUT


class EncryptedFileError(InputError):
    """The file opens with a password only."""


class DamagedFileError(InputError):
    """The file is cut short, altered, or its text cannot be made out."""


class NoTextLayerError(InputError):
    """The pages are pictures: there are no characters to read."""


class TooLargeError(InputError):
    """The file has more bytes, pages or characters than the configuration allows."""


class ModelError(PipelineError):
    """A model is missing, incomplete, altered, or unsafe to load."""

    code = ExitCode.MODEL


class OutputError(PipelineError):
    """The output folder cannot be written: permissions, a full disk, a read-only disk."""

    code = ExitCode.OUTPUT


class EngineError(PipelineError):
    """The engine could not start or stopped answering."""

    code = ExitCode.ENGINE


class LockedError(PipelineError):
    """Another live process is working on the same output."""

    code = ExitCode.LOCKED


class VerifyError(PipelineError):
    """A bundle does not match its manifest, its source or its signature."""

    code = ExitCode.VERIFY


class MissingExtraError(PipelineError):
    """An optional dependency is needed; the hint is the command that installs it."""

    code = ExitCode.MISSING_EXTRA

    def __init__(self, what: str, extra: str) -> None:
        root = Path(__file__).resolve().parent.parent
        # The project's name is not on any index: what is installed is this checkout, or the wheel at hand.
        where = f"-e '{root}[{extra}]'" if (root / "pyproject.toml").is_file() else f"'<the wheel you installed>[{extra}]'"
        super().__init__(f"{what} needs an optional package that is not installed.", hint=f"Run: {sys.executable} -m pip install {where}")


class Interrupted(PipelineError):
    """The operator or the system asked the job to stop; finished work is kept."""

    code = ExitCode.INTERRUPTED
