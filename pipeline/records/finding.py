"""What a check or a stage has to say to an editor."""

from __future__ import annotations

from enum import StrEnum

from pipeline.records.base import Record
from pipeline.records.source import Span


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Finding(Record, frozen=True):
    """One thing an editor should know, in words an editor understands."""

    check: str
    """Name of the check or stage: ``numbers``, ``untranslated``, ``residue`` …"""
    severity: Severity
    message: str
    unit: str | None = None
    segment: str | None = None
    source: str = ""
    """The Chinese the finding is about, if any."""
    target: str = ""
    """The English the finding is about, if any."""
    span: Span | None = None

    @property
    def alarm(self) -> bool:
        """True for what an editor has to look at: anything worse than a remark."""
        return self.severity is not Severity.INFO
