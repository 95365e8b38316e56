"""Which sentences of an article support a sentence of its summary.

Coverage of character pairs, weighted by how rare a pair is in the article: the pairs of a name or a
figure count, those of 的 and 了 hardly do.  Sentences are taken greedily while each still adds
something, the usual approximation for a weighted cover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import Final, NamedTuple

from pipeline.records import BlockKind, Field, SummarySentence, Unit

MOST: Final = 3
"""Sentences cited at most."""
_GAIN: Final = 0.12
"""A further sentence must cover at least this much more of the summary sentence."""


class Support(NamedTuple):
    """The sentences cited, and how much of the summary sentence they cover, 0 to 1."""

    segments: tuple[str, ...]
    coverage: float


def body(unit: Unit) -> Iterator[tuple[str, str]]:
    """Id and text of every body sentence of ``unit``, in reading order."""
    for number, block in enumerate(unit.blocks):
        if block.kind is BlockKind.PARAGRAPH:
            for index, sentence in enumerate(block.sentences):
                yield f"{unit.id}.{Field.SENTENCE}.{number}.{index}", sentence.text


def pairs(text: str) -> Counter[str]:
    """Pairs of neighbouring letters and digits, punctuation and spaces left out."""
    kept = [c for c in text if c.isalnum()]
    return Counter(a + b for a, b in pairwise(kept))


def find(sentences: Sequence[str], unit: Unit) -> tuple[Support, ...]:
    """Find the support of each summary sentence in the body of ``unit``."""
    source = [(key, pairs(text)) for key, text in body(unit)]
    spread = Counter(pair for _, counts in source for pair in counts)
    return tuple(_one(pairs(text), source, spread) for text in sentences)


def support(summary_sentences: Sequence[str], unit: Unit) -> tuple[SummarySentence, ...]:
    """Return the summary's sentences, each with the ids of the body sentences that support it, in reading order."""
    found = find(summary_sentences, unit)
    return tuple(SummarySentence(text=text, support=s.segments) for text, s in zip(summary_sentences, found, strict=True))


def _one(wanted: Counter[str], source: Sequence[tuple[str, Counter[str]]], spread: Mapping[str, int]) -> Support:
    size = len(source)
    # A pair the article does not have weighs as much as its rarest.
    weight = {pair: log(1 + size / max(1, spread.get(pair, 0))) for pair in wanted}
    total = sum(weight.values())
    if not total:
        return Support((), 1.0)
    left = set(wanted)
    chosen: list[int] = []
    while len(chosen) < MOST:
        gains = [sum(weight[p] for p in left if p in counts) for _, counts in source]
        best = max(range(size), key=lambda i: (gains[i], -i), default=None)
        if best is None or gains[best] < _GAIN * total:
            break
        chosen.append(best)
        left = {p for p in left if p not in source[best][1]}
    covered = 1 - sum(weight[p] for p in left) / total
    return Support(tuple(source[i][0] for i in sorted(chosen)), covered)
