"""What an editor should look at in a segmentation."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import SegmentConfig
from pipeline.records import Finding, Issue, JumpDirection, LedgerEntry, Owner, Severity, Unit, UnitKind


def findings_of(issue: Issue, config: SegmentConfig, ledger: Sequence[LedgerEntry], units: Sequence[Unit]) -> list[Finding]:
    """Characters that could not be read or belong to nothing, headlines and bodies alone, and pairs that are unsure."""
    out: list[Finding] = []
    if issue.source.undecodable:
        out.append(
            Finding(
                check="encoding",
                severity=Severity.WARNING,
                message=f"{issue.source.undecodable} characters could not be read in {issue.source.encoding}.",
            )
        )
    for entry in ledger:
        if entry.owner is Owner.RESIDUE:
            text = issue.text[entry.span.start : entry.span.end]
            out.append(
                Finding(
                    check="residue", severity=Severity.WARNING, message=f"Belongs to no item: {text[:60]}", source=text, span=entry.span
                )
            )
    for unit in units:
        if unit.kind is UnitKind.BRIEF and not unit.blocks and not unit.jumps and unit.headline is not None:
            out.append(_pairing(unit, "Headline without a body", unit.headline.text))
        elif unit.kind is UnitKind.ARTICLE and unit.headline is None and all(j.direction is JumpDirection.TO for j in unit.jumps):
            opening = unit.blocks[0].text[:40] if unit.blocks else ""
            out.append(_pairing(unit, "Body without a headline", opening))
        elif unit.pairing is not None and unit.headline is not None and unit.pairing.confidence < config.min_confidence:
            out.append(_pairing(unit, f"Unsure of this headline (confidence {unit.pairing.confidence:.2f})", unit.headline.text))
    return out


def _pairing(unit: Unit, what: str, text: str) -> Finding:
    return Finding(check="pairing", severity=Severity.WARNING, message=f"{what}: {text}", unit=unit.id, source=text)
