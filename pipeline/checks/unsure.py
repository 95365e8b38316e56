"""Text the model itself was unsure of, by its own probabilities.

A low mean log-probability per token is the plainest sign of a garbled passage that no other check can
name; one improbable word in a sound sentence is often a coinage or a name it made up.  How low is low
depends on the model, so the thresholds stand in its configuration.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "unsure"

_DISPLAY = 0.15
"""How much lower the score of a display line may be: its few words are freer, and so are less probable."""
_AROUND = " \t,.;:!?\"'()[]“”‘’…—"


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a candidate whose score is below ``config.min_score``, else its words below ``config.min_word_score``."""
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
    elif config.min_word_score is not None and (words := _doubted(reading, config.min_word_score)):
        listed = ", ".join(f"“{word}”" for word in words)
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"The model was unsure of {listed}: compare with the Chinese.",
            source=shorten(reading.source),
            target=words[0],
        )


def _doubted(reading: Reading, least: float) -> list[str]:
    """Words of the target below ``least``, in order, each once; words whose English is settled are not the model's."""
    out: dict[str, None] = {}
    for written, p in reading.item.doubts:
        word = written.strip(_AROUND)
        if p < least and word and word in reading.target and not any(word in r for known in reading.known for r in known.renderings):
            out[word] = None
    return list(out)
