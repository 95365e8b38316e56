"""Checks of a translation against its source, for an editor and for the repair loop.

``run`` applies every check to one candidate; each check is one pure function in its own module.
"""

from __future__ import annotations

from pipeline.checks import (
    added,
    attribution,
    chatter,
    crossed,
    cut,
    dropped,
    empty,
    length,
    names,
    negation,
    numbers,
    order,
    quotes,
    repetition,
    script,
    seams,
    sense,
    style,
    terms,
    unsure,
)
from pipeline.checks.base import CheckInput, Reading
from pipeline.checks.labels import label, rank
from pipeline.checks.review import queue
from pipeline.config import ChecksConfig
from pipeline.records import Finding
from pipeline.terms.lexicon import Lexicon

__all__ = ["CheckInput", "label", "queue", "rank", "remedy", "run"]

_CHECKS = (
    script,
    chatter,
    repetition,
    length,
    cut,
    seams,
    numbers,
    names,
    terms,
    added,
    negation,
    sense,
    quotes,
    attribution,
    order,
    crossed,
    dropped,
    style,
    unsure,
)


def run(item: CheckInput, config: ChecksConfig, lexicon: Lexicon | None = None) -> tuple[Finding, ...]:
    """Return all findings about one candidate, in a fixed order; an empty target has only that one finding."""
    reading = Reading(item, lexicon)
    nothing = tuple(empty.check(reading, config))
    if nothing:
        return nothing
    found: list[Finding] = []
    for module in _CHECKS:
        found += module.check(reading, config)
    return tuple(found)


def remedy(finding: Finding, lexicon: Lexicon) -> str | None:
    """English for the Chinese a finding is about, where one word was got wrong and the tables know it; else ``None``."""
    if finding.check == sense.NAME:
        return sense.gloss(finding.source)
    if finding.check == terms.NAME and (term := lexicon.get(finding.source)) is not None:
        return term.preferred
    return None
