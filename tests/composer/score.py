"""Scores of a segmentation against a page's known answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.segment.compare import squeeze


@dataclass(slots=True)
class Tally:
    """Counts over many pages."""

    hits: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)

    def f1(self, name: str) -> float:
        total = self.found[name] + self.wanted[name]
        return 2 * self.hits[name] / total if total else 1.0


def add(tally: Tally, found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[str]:
    """Count one page in; return what is wrong with it, a line each."""
    wrong: list[str] = []
    key = [tuple(squeeze(u["paragraphs"])) or (squeeze(u["headline"]),) for u in found]
    gold = [tuple(squeeze(u["paragraphs"])) or (squeeze(u["headline"]),) for u in wanted]
    _count(tally, "unit", Counter(key), Counter(gold))
    _count(tally, "paragraph", Counter(p for k in key for p in k), Counter(p for k in gold for p in k))
    owner = {p: unit for unit, k in zip(found, key, strict=True) for p in k}
    for unit, paragraphs in zip(wanted, gold, strict=True):
        mine = owner.get(paragraphs[0])
        if paragraphs not in key:
            wrong.append(f"unit {unit['kind']} {unit['headline']}: {paragraphs[0][:16]}")
        for name in ("headline", "byline", "kicker", "subtitle", "column", "credit", "authors", "subheads", "kind"):
            tally.found[name] += 1
            tally.wanted[name] += 1
            if mine is not None and squeeze(mine[name]) == squeeze(unit[name]):
                tally.hits[name] += 1
            else:
                wrong.append(f"{name} of {paragraphs[0][:14]}: {mine and mine[name]!r} for {unit[name]!r}")
    return wrong


def _count(tally: Tally, name: str, found: Counter[Any], wanted: Counter[Any]) -> None:
    tally.hits[name] += sum((found & wanted).values())
    tally.found[name] += sum(found.values())
    tally.wanted[name] += sum(wanted.values())
