"""A segmentation for people (an outline) and for comparison (the shape of a reference file)."""

from __future__ import annotations

from typing import Any

from pipeline.records import BlockKind, Issue, Owner, Passage, Segmentation, Unit


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
    return "\n".join(lines) + "\n"


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
    for block in unit.blocks:
        mark = "##" if block.kind is BlockKind.SUBHEAD else "¶"
        out.append(f"   {mark} {_short(block.text)} ({len(block.text)} characters)")
    return out


def _short(text: str, limit: int = 28) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 10]}…{text[-9:]}"
