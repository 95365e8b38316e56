"""Text the model itself was unsure of, by its own probabilities.

A low mean log-probability per token is the plainest sign of a garbled passage that no other check can
name.  How low is low depends on the model, so the threshold stands in its configuration.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "unsure"

_DISPLAY = 0.15
"""How much lower the score of a display line may be: its few words are freer, and so are less probable."""


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a candidate whose score is below ``config.min_score``; nothing where either is not known."""
    score = reading.item.score
    if score is not None and config.min_score is not None and score < config.min_score - _DISPLAY * reading.display:
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"The model was unsure of its words here ({score:.2f} a token): read the whole passage against the Chinese.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )
