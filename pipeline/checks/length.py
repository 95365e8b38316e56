"""English far too short or far too long for its Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "length"

_SHORT_MAY = 1.5
"""How many times the longest English of the shortest passage judged by its ratio a shorter one may have."""


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a ratio of English characters to Chinese characters outside the configured range."""
    size = reading.size
    length = len(reading.target.strip())
    # A few characters may be a long name; they are not a paragraph.
    paragraph = length > config.max_ratio * config.min_chars_for_ratio * _SHORT_MAY
    if not length or not size or (size < config.min_chars_for_ratio and not paragraph):
        return
    ratio = length / size
    if ratio < config.min_ratio:
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            "The English is much too short for the Chinese: something is missing.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )
    elif ratio > config.max_ratio:
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            "The English is much too long for the Chinese: something was added.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )
