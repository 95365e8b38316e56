"""Why finished work would be done again."""

from __future__ import annotations

from collections import Counter

from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.session import Session
from pipeline.shape import differences


def redo_reasons(ledger: Ledger, session: Session) -> dict[str, int]:
    """For each reason the number of finished issues that this session's settings would do again.

    Changed pages are found when the archive is read (``pipeline archive --dry-run``); here only
    what the ledger knows is compared.
    """
    reasons: Counter[str] = Counter()
    verdicts: dict[str, str] = {}
    for entry in ledger.entries(WorkState.DONE):
        if entry.shape not in verdicts:
            verdicts[entry.shape] = _verdict(ledger, session, entry.shape)
        if verdicts[entry.shape]:
            reasons[verdicts[entry.shape]] += 1
    return dict(reasons)


def _verdict(ledger: Ledger, session: Session, name: str) -> str:
    if name == session.fingerprint_base:
        return ""
    shape = ledger.shape(name)
    if shape is None:
        return "settings unknown to this ledger"
    return "; ".join(differences(shape, session.shape))
