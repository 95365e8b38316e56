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

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from math import inf, log
from typing import Final

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.text import content_stems, source_size
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.wordfinder import WordFinder

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
_LONGEST_RUN: Final = 100
"""Clauses that can have been left out together."""
_COPIED: Final = re.compile("[A-Za-z]{2,}|[0-9]{2,}")
_ROUNDING: Final = 1e-9


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report the run of clauses most likely to be missing, if the evidence is strong enough."""
    if not reading.running:
        return
    text = " " + " ".join(reading.words) + " "
    shown = _shown(text, reading)
    most = _most_in_a_row(shown)
    if not most:
        return
    length = len(reading.target.strip())
    from_length = _most_from_length(length, reading)
    # Most sentences show their words: what follows is for the few in which the words alone leave room for doubt.
    if most + from_length < config.dropped_evidence:
        return
    parts = reading.clauses
    if len(parts) < 2:
        return
    words = _evidence(parts, shown, text, reading)
    if _most(words) + from_length < config.dropped_evidence:
        return
    sizes = [_size(part, reading) for part in parts]
    total = sum(sizes)
    if total < config.min_chars_for_ratio:
        return
    ratio = length / total
    # With English to spare no clause is missing; far too little is the length check's finding.
    if not config.min_ratio <= ratio <= RATIO + _SPREAD:
        return
    best, first, last = 0.0, 0, 0
    for i in range(len(parts)):
        size, weight, missing = 0.0, 0.0, 0
        for j in range(i, min(i + _LONGEST_RUN, len(parts))):
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


def _most_in_a_row(shown: Sequence[tuple[int, bool, int]]) -> float:
    """No run of clauses is given more by its words: the most of any words in a row, and of all known stretches; 0 where none is missing."""
    best = run = 0.0
    for end, there, times in shown:
        if end < 0:
            best += 0.0 if there else times * _MISSING
            continue
        run += -_FOUND if there else _MISSING
        if run > best:
            best = run
        elif run < 0.0:
            run = 0.0
    return best


def _most(words: Sequence[tuple[float, int]]) -> float:
    """The strongest evidence that the words of any run of clauses give."""
    best = run = -inf
    for weight, _ in words:
        run = max(run, 0.0) + weight
        best = max(best, run)
    return best


def _most_from_length(length: int, reading: Reading) -> float:
    """No run of clauses can be given more by the length: its maximum over every share of the source."""
    most = reading.size + sum(max(_growth(k.source, k.target), 0.0) * reading.source.count(k.source) for k in reading.known)
    short = max(RATIO - length / most, 0.0) if most else 0.0
    return short * short / (2 * _SPREAD * _SPREAD) + _ROUNDING


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
            size += _growth(known.source, known.target)
    return max(size, 0.0)


@lru_cache(maxsize=50_000)  # asked for the tables' and the name sheet's entries
def _growth(chinese: str, english: str) -> float:
    """How much longer a known stretch counts than its Chinese is."""
    return len(english) / RATIO - source_size(chinese)


def _shown(text: str, reading: Reading) -> list[tuple[int, bool, int]]:
    """The table's words in the source, then the known stretches.

    Where it ends (a stretch: -1), whether the English has it, and how many clauses it may count for.
    """
    has = text.__contains__
    out = [(end, any(map(has, beginnings)), 1) for _, end, beginnings in anchors().find(reading.source)]
    for known in reading.known:
        there = any(any(map(has, _beginnings(rendering))) for rendering in known.renderings)
        out.append((-1, there, reading.source.count(known.source)))
    return out


def _evidence(parts: Sequence[str], shown: Sequence[tuple[int, bool, int]], text: str, reading: Reading) -> list[tuple[float, int]]:
    """Of each clause, the summed evidence of its words that it is gone, and how many of its words are missing."""
    ends = []
    at = 0
    for part in parts:
        at = reading.source.index(part, at) + len(part)
        ends.append(at)
    found, missing = [0] * len(parts), [0] * len(parts)
    clause = 0
    words = len(shown) - len(reading.known)
    for end, there, _ in shown[:words]:
        while end > ends[clause]:
            clause += 1
        (found if there else missing)[clause] += 1
    for known, (_, there, _) in zip(reading.known, shown[words:], strict=True):
        for clause, part in enumerate(parts):
            if known.source in part:
                (found if there else missing)[clause] += 1
    for clause, part in enumerate(parts):
        # Copied letters and figures show that a clause is there; their absence shows nothing, since both may be put into words.
        found[clause] += sum(f" {copied.lower()}" in text for copied in _COPIED.findall(part))
    return [(gone * _MISSING - there * _FOUND, gone) for there, gone in zip(found, missing, strict=True)]


@lru_cache(maxsize=50_000)  # asked for the tables' and the name sheet's entries
def _beginnings(english: str) -> tuple[str, ...]:
    return tuple(f" {stem}" for stem in content_stems(english))


@lru_cache(maxsize=1)
def anchors() -> WordFinder[tuple[str, ...]]:
    """The word table: Chinese words, each with the beginnings of its usual English, a space before each."""
    raw = resources.files("pipeline.checks").joinpath("data/anchors.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in raw.splitlines() if not line.startswith("#") and line != "zh\ten")
    return WordFinder({zh: tuple(f" {beginning}" for beginning in en.split("|")) for zh, _, en in rows}, longest=True)
