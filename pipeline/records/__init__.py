"""The frozen records that pass between stages.

Every record is an immutable ``msgspec.Struct``: stages take records and return new ones, and each
record survives a round trip through JSON (``encode`` / ``decode``) unchanged.  Offsets are always
0-based Unicode code points into ``Issue.text``, end exclusive.  Records hold no behaviour beyond
small derived properties; nothing here imports another part of the package.
"""

from __future__ import annotations

from pipeline.records.base import SCHEMA_VERSION, Record, decode, encode
from pipeline.records.decisions import Approval, Correction, CorrectionKind, QueueItem
from pipeline.records.finding import Finding, Severity
from pipeline.records.result import EngineInfo, IssueResult, ModelInfo, Provenance, TaskProvenance, Volatile
from pipeline.records.segmentation import (
    Block,
    BlockKind,
    Jump,
    JumpDirection,
    LedgerEntry,
    Owner,
    Pairing,
    Passage,
    Segmentation,
    Sentence,
    Unit,
    UnitKind,
)
from pipeline.records.source import Issue, Region, SourceFile, Span, slice_text
from pipeline.records.translation import (
    Attempt,
    Field,
    Label,
    NameEntry,
    Origin,
    Projection,
    Remembered,
    Replacement,
    Segment,
    Summary,
    SummarySentence,
    SummaryStatus,
    Translation,
    UnitResult,
)

__all__ = [
    "SCHEMA_VERSION",
    "Approval",
    "Attempt",
    "Block",
    "BlockKind",
    "Correction",
    "CorrectionKind",
    "EngineInfo",
    "Field",
    "Finding",
    "Issue",
    "IssueResult",
    "Jump",
    "JumpDirection",
    "Label",
    "LedgerEntry",
    "ModelInfo",
    "NameEntry",
    "Origin",
    "Owner",
    "Pairing",
    "Passage",
    "Projection",
    "Provenance",
    "QueueItem",
    "Record",
    "Region",
    "Remembered",
    "Replacement",
    "Segment",
    "Segmentation",
    "Sentence",
    "Severity",
    "SourceFile",
    "Span",
    "Summary",
    "SummarySentence",
    "SummaryStatus",
    "TaskProvenance",
    "Translation",
    "Unit",
    "UnitKind",
    "UnitResult",
    "Volatile",
    "decode",
    "encode",
    "slice_text",
]
