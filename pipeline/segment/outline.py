"""A segmentation for people (an outline) and for comparison (the shape of a reference file)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from pipeline.records import BlockKind, Issue, JumpDirection, Owner, Passage, Segmentation, Unit

_HAN_RUN: Final = re.compile(r"[\u3400-\u9fff]+")


def reference(segmentation: Segmentation) -> dict[str, Any]:
    """Return the units in the shape of a hand-made reference segmentation."""
    return {"units": [_unit(u) for u in segmentation.units]}


def _unit(unit: Unit) -> dict[str, Any]:
    def text(passage: Passage | None) -> str | None:
        return passage.text if passage is not None else None

    return {
        "kind": str(unit.kind),
        "headline": text(unit.headline),
        "kicker": text(unit.kicker),
        "subtitle": text(unit.subtitle),
        "column": text(unit.column),
        "byline": text(unit.byline),
        "authors": list(unit.authors),
        "credit": text(unit.credit),
        "subheads": [b.text for b in unit.subheads],
        "paragraphs": [b.text for b in unit.paragraphs],
    }


def outline(segmentation: Segmentation, issue: Issue) -> str:
    """Return a readable outline: units with their parts, how sure each pairing is, furniture, findings."""
    lines = [f"{issue.source.name}: {len(segmentation.units)} units, {sum(len(u.paragraphs) for u in segmentation.units)} paragraphs"]
    for number, unit in enumerate(segmentation.units, 1):
        lines += ["", *_entry(number, unit)]
    furniture = [e for e in segmentation.ledger if e.owner is Owner.FURNITURE]
    if furniture:
        lines += ["", "Page furniture"]
        lines += [f"  {e.role}: {_short(issue.text[e.span.start : e.span.end])}" for e in furniture]
    if segmentation.findings:
        lines += ["", "Findings"]
        lines += [f"  {f.severity}: {f.message}" for f in segmentation.findings]
    if rules := suggestions(segmentation):
        name = f"{Path(issue.source.name).stem}.overrides.yaml"
        lines += ["", f"If one of these is wrong, put the line that mends it under 'overrides:' in {name} beside the page:"]
        lines += [f"  - {rule}" for rule in rules]
    return "\n".join(lines) + "\n"


def suggestions(segmentation: Segmentation) -> list[str]:
    """Rules of an overrides file that would change the pairings in doubt: the runner-up, or a headline that no body has."""
    units = {u.id: u for u in segmentation.units}
    free = [u.headline.text for u in segmentation.units if u.headline is not None and not u.blocks]
    out: list[str] = []
    for finding in segmentation.findings:
        unit = units.get(finding.unit or "")
        if finding.check != "pairing" or unit is None or not unit.blocks:
            continue
        runner_up = unit.pairing.runner_up if unit.pairing is not None and unit.headline is not None else None
        body = _unique(unit.blocks[0].text, segmentation)
        out += [f"{{body: {body}, headline: {_longest(title)}}}" for title in ([runner_up] if runner_up else free[:2]) if body]
    return out


def _unique(text: str, segmentation: Segmentation) -> str:
    """A few characters of a paragraph that stand nowhere else; YAML takes them without quotes."""
    runs = [run[:12] for run in _HAN_RUN.findall(text) if len(run) >= 4]
    others = [b.text for u in segmentation.units for b in u.blocks if b.text != text]
    return next((run for run in runs if not any(run in other for other in others)), runs[0] if runs else "")


def _longest(title: str) -> str:
    return max(_HAN_RUN.findall(title), key=len, default=title)[:14]


def _entry(number: int, unit: Unit) -> list[str]:
    head = unit.headline.text if unit.headline is not None else "(no headline)"
    out = [f"{number}. [{unit.kind}] {head}"]
    pairing = unit.pairing
    if pairing is not None and pairing.how != "none":
        second = f"; next best: {_short(pairing.runner_up)}, behind by {pairing.margin:.2f}" if pairing.runner_up else ""
        out.append(f"   pairing: {pairing.how}, confidence {pairing.confidence:.2f}{second}")
    for name, passage in (
        ("column", unit.column),
        ("kicker", unit.kicker),
        ("subtitle", unit.subtitle),
        ("byline", unit.byline),
        ("credit", unit.credit),
    ):
        if passage is not None:
            out.append(f"   {name}: {passage.text}")
    for jump in unit.jumps:
        where = f" (unit {jump.unit})" if jump.unit else ""
        out.append(f"   {'goes on on' if jump.direction is JumpDirection.TO else 'begun on'} page {jump.page or '?'}{where}")
    for block in unit.blocks:
        mark = "##" if block.kind is BlockKind.SUBHEAD else "¶"
        out.append(f"   {mark} {_short(block.text)} ({len(block.text)} characters)")
    return out


def _short(text: str, limit: int = 28) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 10]}…{text[-9:]}"
