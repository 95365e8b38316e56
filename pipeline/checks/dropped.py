"""A clause of the Chinese that nothing in the English answers to.

Small models leave out whole clauses of long sentences.  No single sign proves it, so two are weighed
together as log-likelihood ratios, "left out" against "there":

* the words: common Chinese words with the beginnings of their usual English (``data/anchors.tsv``),
  and names and terms whose English is known.  A clause whose words all fail to show up in the
  English, while its neighbours' do, is probably gone.
* the length: English characters per Chinese character, taken as normally distributed.

The probabilities below were set by hand from the hand-written clean rows of the check table and are
deliberately cautious; ``ChecksConfig.dropped_evidence`` is the sum from which a clause is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from math import log
from typing import Final

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.text import content_stems, source_size
from pipeline.config import ChecksConfig
from pipeline.records import Field, Finding, Severity

NAME = "dropped"

RATIO: Final = 4.4
"""Mean English characters per Han-character equivalent."""
_SPREAD: Final = 1.0
_MISS_IF_THERE: Final = 0.22
"""Chance that a translated word shows up under none of its listed beginnings."""
_MISS_IF_GONE: Final = 0.88
_MISSING: Final = log(_MISS_IF_GONE / _MISS_IF_THERE)
_FOUND: Final = log((1 - _MISS_IF_THERE) / (1 - _MISS_IF_GONE))
_MIN_CLAUSE: Final = 4.0
"""Shorter stretches (接着, 近日) are often folded into their neighbours."""
_LONGEST: Final = 6


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report the run of clauses most likely to be missing, if the evidence is strong enough."""
    if reading.item.segment.field not in {Field.SENTENCE, Field.SUMMARY}:
        return
    parts = reading.clauses
    length = len(reading.target.strip())
    sizes = [_size(part, reading) for part in parts]
    total = sum(sizes)
    if total < config.min_chars_for_ratio or len(parts) < 2:
        return
    ratio = length / total
    # With English to spare no clause is missing; far too little is the length check's finding.
    if not config.min_ratio <= ratio <= RATIO + _SPREAD:
        return
    text = " " + " ".join(reading.words) + " "
    words = [_evidence(part, text, reading) for part in parts]
    best, first, last = 0.0, 0, 0
    for i in range(len(parts)):
        size, weight, missing = 0.0, 0.0, 0
        for j in range(i, len(parts)):
            size, weight, missing = size + sizes[j], weight + words[j][0], missing + words[j][1]
            if j - i + 1 == len(parts):
                continue  # everything missing is another check's matter
            share = size / total
            evidence = weight + _length_evidence(ratio, share)
            if evidence > best and size >= _MIN_CLAUSE and missing:
                best, first, last = evidence, i, j
    if best >= config.dropped_evidence:
        gone = "，".join(parts[first : last + 1])
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"Nothing in the English seems to say “{shorten(gone)}”: has a clause been left out?",
            source=shorten(gone),
            target=shorten(reading.target),
        )


def _length_evidence(ratio: float, share: float) -> float:
    """Log-likelihood ratio of the observed length, with ``share`` of the source gone against none gone."""
    there = (ratio - RATIO) ** 2
    gone = (ratio - RATIO * (1 - share)) ** 2
    return (there - gone) / (2 * _SPREAD * _SPREAD)


def _size(clause: str, reading: Reading) -> float:
    """Size of a clause; a stretch whose English is known counts with the length of that English."""
    size = source_size(clause)
    for known in reading.known:
        if known.source in clause:
            size += len(known.target) / RATIO - source_size(known.source)
    return max(size, 0.0)


def _evidence(clause: str, text: str, reading: Reading) -> tuple[float, int]:
    """Summed evidence of a clause's words that it is gone, and how many words are missing."""
    groups = list(_anchors_in(clause))
    groups += [content_stems(n.target) for n in reading.known if n.source in clause]
    missing = 0
    for group in groups:
        missing += not any(f" {stem}" in text for stem in group)
    return missing * _MISSING - (len(groups) - missing) * _FOUND, missing


def _anchors_in(clause: str) -> Iterator[tuple[str, ...]]:
    table = anchors()
    at = 0
    while at < len(clause):
        for word, stems in table.get(clause[at], ()):
            if clause.startswith(word, at):
                yield stems
                at += len(word)
                break
        else:
            at += 1


@lru_cache(maxsize=1)
def anchors() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """The word table by first character, longest words first."""
    raw = resources.files("pipeline.checks").joinpath("data/anchors.tsv").read_text(encoding="utf-8")
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for line in raw.splitlines():
        if line.startswith("#") or line == "zh\ten":
            continue
        zh, _, en = line.partition("\t")
        table.setdefault(zh[0], []).append((zh, tuple(en.split("|"))))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}
