"""From findings to a label for the reader and a penalty for choosing between candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.records import Finding, Label, Severity

_WEIGHT: Final = {Severity.INFO: 0.1, Severity.WARNING: 2.0, Severity.ERROR: 5.0}

# How much worse than another fault of its severity one is when two candidates are compared: an
# editor can mend a wrong figure in a whole sentence, not a sentence that is not there.
_FACTOR: Final = {
    "empty": 20.0,
    "untranslated": 4.0,
    "wrong_script": 4.0,
    "cut_off": 3.0,
    "repetition": 3.0,
    "chatter": 3.0,
    "length": 2.0,
    # A doubt is no fault yet: it decides only between candidates that are otherwise alike.
    "unsure": 0.5,
}


def label(findings: Sequence[Finding]) -> Label:
    """Return how far the text can be trusted.

    An error makes it *don't quote*; a warning *check*; anything else *read*.  Notes (``Severity.INFO``)
    never change the label.
    """
    severities = {f.severity for f in findings}
    if Severity.ERROR in severities:
        return Label.DONT_QUOTE
    if Severity.WARNING in severities:
        return Label.CHECK
    return Label.READ


def rank(findings: Sequence[Finding]) -> float:
    """Return a penalty, 0 for a faultless text; of several candidates the lowest should win."""
    return sum(_WEIGHT[f.severity] * _FACTOR.get(f.check, 1.0) for f in findings)
