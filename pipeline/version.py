"""Which code is running: the release, the commit, and whether the tree was changed since."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.records import Record


class Code(Record, frozen=True):
    """The state of the code."""

    revision: str
    """Commit, or ``unknown`` outside a checkout."""
    dirty: bool


def code() -> Code:
    """Ask git about the checkout this package runs from."""
    root = Path(__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return Code(revision="unknown", dirty=False)
    try:
        revision = _git(root, "rev-parse", "HEAD")
        dirty = bool(_git(root, "status", "--porcelain", "--", "pipeline", "configs"))
    except (OSError, subprocess.SubprocessError):
        return Code(revision="unknown", dirty=False)
    return Code(revision=revision, dirty=dirty)


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *args], check=True, capture_output=True, text=True, timeout=20)
    return done.stdout.strip()
