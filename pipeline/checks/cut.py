"""Text that stops before it is done, or a source the engine did not read to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "cut_off"

_WRITTEN = re.compile(r"[^\W_]")
_SOURCE_ENDS = re.compile(r"[。！？!?…][”’」』）)】]*\s*\Z")
_TARGET_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s*\Z|[\"”’)\]]\s*\Z")
_HANGING = re.compile(
    r"(?:\b(?:the|a|an|of|and|or|to|in|on|at|for|with|by|from|as|that|which|who|its|their|his|her|is|are|was|were|has|have)|[,(“‘–—-])\s*\Z",
    re.IGNORECASE,
)

_CLOSED = frozenset('.!?…"”’)]')
"""What ends a text that ends, and no unfinished one."""


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a reply cut by its token limit, a source cut before encoding, and an unfinished sentence."""
    target = reading.target.rstrip()
    if reading.item.input_cut:
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            f"The model did not see the end of the Chinese ({reading.item.input_cut} tokens were left out).",
            source=shorten(reading.source),
            target=_end(target),
        )
    if reading.item.finish in {"length", "runaway", "error"}:
        why = {"length": "the English hit its length limit", "runaway": "the model ran away and was stopped", "error": "the engine failed"}
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            f"The English is unfinished: {why[reading.item.finish]}.",
            source=shorten(reading.source),
            target=_end(target),
        )
    elif target[-1:] not in _CLOSED and _WRITTEN.search(target):
        unfinished = _HANGING.search(target[-12:])
        if not reading.display and _SOURCE_ENDS.search(reading.source[-12:]):
            unfinished = unfinished or not _TARGET_ENDS.search(target[-12:])  # type: ignore[assignment]
        if unfinished:
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                f"The English stops in mid-sentence: “…{_end(target)}”.",
                source=shorten(reading.source),
                target=_end(target),
            )


def _end(target: str) -> str:
    return shorten(target[-40:])
