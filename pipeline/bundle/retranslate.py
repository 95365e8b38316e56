"""Translate a sample of a bundle again and judge the difference.

Greedy decoding gives the same text for the same request on the same machine, but other processors,
library versions or batch shapes can turn a close call between two words.  So a difference is either
*drift* (other words, same facts) or *tampering* (the model says something else); the line between
them is drawn by the facts that drift does not change: digits, negation, and most of the words.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from pipeline.records import IssueResult, Origin, Record, Translation

Retranslate = Callable[[Sequence[Translation]], Sequence[str]]
"""Translates the passages anew, as their provenance says, and returns the English in their order."""

SAME_ENVIRONMENT: Final = 0.6
OTHER_ENVIRONMENT: Final = 0.3
"""Least share of words in common, below which a difference no longer counts as drift."""

_NEGATION: Final = re.compile(
    r"\b(?:no|not|never|none|without|nor|neither|cannot|\w+n['\N{RIGHT SINGLE QUOTATION MARK}]t)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


class Outcome(StrEnum):
    IDENTICAL = "identical"
    DRIFTED = "drifted"
    TAMPERED = "tampered"


class Retranslated(Record, frozen=True):
    """One passage of the sample."""

    segment: str
    outcome: Outcome
    why: str
    stored: str
    again: str
    similarity: float
    """Share of words in common, 0 to 1 (Ratcliff/Obershelp over words)."""


def sample(result: IssueResult, size: int) -> tuple[Translation, ...]:
    """Choose up to ``size`` passages that the model wrote at the first try: the same ones for the same bundle.

    A repaired passage depends on what its checks said of the tries before, so it is not asked again.
    """
    made = [t for u in result.units for t in u.translations if t.origin is Origin.MODEL and t.chosen == 0]
    salt = result.issue.source.sha256
    ranked = sorted(made, key=lambda t: hashlib.sha256(f"{salt}:{t.segment.id}".encode()).digest())
    return tuple(ranked[: max(0, size)])


def judge(stored: str, again: str, *, same_environment: bool) -> tuple[Outcome, str, float]:
    """Return the outcome, why, and the share of words in common."""
    if stored == again:
        return Outcome.IDENTICAL, "the same text", 1.0
    similarity = SequenceMatcher(None, stored.lower().split(), again.lower().split(), autojunk=False).ratio()
    least = SAME_ENVIRONMENT if same_environment else OTHER_ENVIRONMENT
    if Counter(_NUMBER.findall(stored)) != Counter(_NUMBER.findall(again)):
        return Outcome.TAMPERED, "the numbers differ", similarity
    if len(_NEGATION.findall(stored)) != len(_NEGATION.findall(again)):
        return Outcome.TAMPERED, "a negation differs", similarity
    if similarity < least:
        return Outcome.TAMPERED, f"only {similarity:.0%} of the words agree", similarity
    return Outcome.DRIFTED, f"{similarity:.0%} of the words agree, numbers and negations do", similarity


def compare(chosen: Sequence[Translation], again: Sequence[str], *, same_environment: bool) -> tuple[Retranslated, ...]:
    """Judge each passage of a sample.

    Raises:
        ValueError: the retranslation returned another number of texts.
    """
    out = []
    for translation, text in zip(chosen, again, strict=True):
        outcome, why, similarity = judge(translation.target, text, same_environment=same_environment)
        out.append(
            Retranslated(
                segment=translation.segment.id,
                outcome=outcome,
                why=why,
                stored=translation.target,
                again=text,
                similarity=round(similarity, 4),
            )
        )
    return tuple(out)
