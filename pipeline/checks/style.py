"""Headlines that do not look like headlines.

Notes only: an editor rewrites most headlines, so a full stop must not make one *check*.  A headline
that grew into a paragraph is a warning, because it says more than the Chinese does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "headline_style"

_FULL_STOP = re.compile(r"(?<!\.)\.[\"'”’]?\s*\Z")
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]\.){2,}\s*\Z|\b(?:Co|Ltd|Inc|Jr|Sr|etc|St|No)\.\s*\Z")
_LETTERS = re.compile(r"[A-Za-z]")
_SENTENCES = re.compile(r"[a-z0-9)\"'”’][.!?][\"'”’]?\s+[A-Z]")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a full stop, a small first letter, all capitals, several sentences, or too many words in display type."""
    if not reading.display:
        return
    target = reading.target.strip()
    faults = []
    if _FULL_STOP.search(target) and not _ABBREVIATION.search(target) and not reading.source.rstrip().endswith(("。", ".")):
        faults.append("it ends in a full stop")
    first = _LETTERS.search(target)
    if first and first.group(0).islower() and (first.start() == 0 or not target[first.start() - 1].isdigit()):
        faults.append("it begins with a small letter")
    if target.isupper() and len(reading.words) > 3:
        faults.append("it is all in capitals")
    for fault in faults:
        yield finding(reading, NAME, Severity.INFO, f"Headline style: {fault}.", target=shorten(target))
    too_long = len(reading.words) > config.max_headline_words
    if too_long or (len(_SENTENCES.findall(target)) > len(re.findall("[。！？!?；;　 ]", reading.source))):
        what = f"it has {len(reading.words)} words" if too_long else "it became several sentences"
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"This does not read as a headline: {what}.",
            source=shorten(reading.source),
            target=shorten(target),
        )
