"""Nothing came back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "empty"

_WRITTEN = re.compile(r"[^\W_]")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a target without a single letter or digit where the source has some."""
    if not _WRITTEN.search(reading.target) and _WRITTEN.search(reading.source):
        yield finding(
            reading, NAME, Severity.ERROR, "There is no English for this Chinese; translate it by hand.", source=shorten(reading.source)
        )
