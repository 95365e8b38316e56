"""Text that stops before it is done, or a source the engine did not read to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import DISPLAY_FIELDS, CheckInput, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "cut_off"

_SOURCE_ENDS = re.compile(r"[。！？!?…][”’」』）)】]*\s*\Z")
_TARGET_ENDS = re.compile(r"[.!?…][\"'”’)\]]*\s*\Z|[\"”’)\]]\s*\Z")
_HANGING = re.compile(
    r"(?:\b(?:the|a|an|of|and|or|to|in|on|at|for|with|by|from|as|that|which|who|its|their|his|her|is|are|was|were|has|have)|[,(“‘–—-])\s*\Z",
    re.IGNORECASE,
)


def check(item: CheckInput, config: ChecksConfig) -> Iterator[Finding]:
    """Report a reply cut by its token limit, a source cut before encoding, and an unfinished sentence."""
    target = item.target.rstrip()
    end = shorten(target[-40:])
    if item.input_cut:
        yield finding(
            item,
            NAME,
            Severity.ERROR,
            f"The model did not see the end of the Chinese ({item.input_cut} tokens were left out).",
            source=shorten(item.source),
            target=end,
        )
    if item.finish in {"length", "runaway", "error"}:
        why = {"length": "the English hit its length limit", "runaway": "the model ran away and was stopped", "error": "the engine failed"}
        yield finding(
            item, NAME, Severity.ERROR, f"The English is unfinished: {why[item.finish]}.", source=shorten(item.source), target=end
        )
    elif any(c.isalnum() for c in target):
        unfinished = _HANGING.search(target)
        if item.segment.field not in DISPLAY_FIELDS and _SOURCE_ENDS.search(item.source):
            unfinished = unfinished or not _TARGET_ENDS.search(target)  # type: ignore[assignment]
        if unfinished:
            yield finding(
                item, NAME, Severity.WARNING, f"The English stops in mid-sentence: “…{end}”.", source=shorten(item.source), target=end
            )
