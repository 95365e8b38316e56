"""The whole stage on one screen, from lines to the character ledger."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.config import SegmentConfig
from pipeline.records import Finding, Issue, LedgerEntry, Owner, Segmentation, Severity, Unit
from pipeline.segment.assemble import drafts
from pipeline.segment.bodies import bodies
from pipeline.segment.corrections import confirm, correct, decided, mark_furniture
from pipeline.segment.elements import Element, Role, elements
from pipeline.segment.findings import findings_of
from pipeline.segment.jumps import link
from pipeline.segment.ledger import balance
from pipeline.segment.lines import fold, is_traditional, split_lines
from pipeline.segment.overrides import KINDS, Overrides
from pipeline.segment.page import Page
from pipeline.segment.pairing import pair
from pipeline.segment.prepare import prepare, sheets
from pipeline.segment.stated import take
from pipeline.segment.units import build


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cyclic garbage collector still: a large issue makes millions of objects, none of them in a circle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_at_rest()
def divide(issue: Issue, config: SegmentConfig, overrides: Overrides) -> Segmentation:
    """Divide an issue into its units; see ``pipeline.segment.segment``."""
    traditional = is_traditional(issue.text)
    rules = overrides.folded(lambda text: fold(text, traditional=traditional))
    used: set[str] = set()
    said = take(issue, split_lines(fold(issue.text, traditional=traditional)), rules)
    found = prepare(elements(said.lines, said.roles))
    mark_furniture(found, rules, used)
    pending = said.drafts
    spare: list[Element] = []
    for sheet in sheets(found):
        page = Page(sheet)
        made, starts, headings = bodies(page, rules, used)
        pairs = decided(made, headings, rules)
        matches = pair(page, made, starts, headings, pairs)
        if pairs:
            confirm(matches, pair(page, made, starts, headings), headings, pairs)
        ready, left = drafts(made, headings, matches)
        pending += ready
        spare += left
    if issue.regions:
        pending.sort(key=lambda d: d.position)
    furniture = [e for e in (*found, *spare, *said.furniture) if e.role is Role.FURNITURE]
    correct(pending, furniture, rules, used)
    units: list[Unit] = []
    claims: list[LedgerEntry] = []
    for draft in pending:
        unit, held = build(draft, issue)
        units.append(unit)
        claims += held
    claims += [LedgerEntry(span=s, owner=Owner.FURNITURE, role=e.kind) for e in furniture for s in e.stretch.spans()]
    units = link(units)
    ledger = balance(issue.text, claims)
    findings = findings_of(issue, config, ledger, units)
    for field in KINDS:
        for text in rules.keys(field):
            if text not in used:
                findings.append(Finding(check="override", severity=Severity.WARNING, message=f"The override on {text!r} matches nothing."))
    return Segmentation(issue=issue.id, units=tuple(units), ledger=ledger, findings=tuple(findings))
