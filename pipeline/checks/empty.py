"""Nothing came back."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "empty"


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a target without a single letter or digit where the source has some."""
    has_target = any(c.isalnum() for c in reading.target)
    has_source = any(c.isalnum() for c in reading.source)
    if has_source and not has_target:
        yield finding(
            reading, NAME, Severity.ERROR, "There is no English for this Chinese; translate it by hand.", source=shorten(reading.source)
        )
