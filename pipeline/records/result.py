"""Where a result comes from, and the whole result of one issue."""

from __future__ import annotations

from pipeline.records.base import Record
from pipeline.records.decisions import Approval, Correction
from pipeline.records.finding import Finding
from pipeline.records.segmentation import Segmentation
from pipeline.records.source import Issue
from pipeline.records.translation import NameEntry, UnitResult


class ModelInfo(Record, frozen=True):
    """Exactly which weights ran."""

    id: str
    revision: str
    sha256: str
    """Digest of the weights file, or of the sorted list of file digests for a folder."""
    licence: str = ""


class EngineInfo(Record, frozen=True):
    """Exactly which engine ran, and how it was set."""

    name: str
    """``llamacpp``, ``transformers``, ``ctranslate2``, ``rehearsal``."""
    family: str
    """``instruct`` or ``seq2seq``."""
    versions: tuple[tuple[str, str], ...]
    """Library name and version, sorted."""
    model: ModelInfo
    settings: tuple[tuple[str, str], ...] = ()
    """Settings that shape the output (decoding, quantisation), sorted.  Not thread counts."""


class TaskProvenance(Record, frozen=True):
    """What shaped all passages of one task (``translate`` or ``summarise``)."""

    task: str
    engine: EngineInfo
    prompt_sha256: str
    config_sha256: str
    signature: str


class Provenance(Record, frozen=True):
    """What shaped the bundle.  Times and host names are kept elsewhere (``Volatile``)."""

    pipeline_version: str
    code_revision: str
    """Git commit of the code, or ``unknown``."""
    code_dirty: bool
    config_sha256: str
    terms_sha256: str
    tasks: tuple[TaskProvenance, ...]
    memory_sha256: str = ""
    """Digest of the remembered translations that met this issue's passages; empty where none did."""


class Volatile(Record, frozen=True):
    """Facts that differ from run to run and must not touch the other files' bytes."""

    started: str
    """UTC, RFC 3339."""
    finished: str
    seconds: float
    engine_seconds: float
    host: str
    platform: str
    python: str
    prompt_tokens: int
    output_tokens: int
    cached_tokens: int
    resumed: int
    """Replies taken from an interrupted run's journal."""
    peak_memory_bytes: int
    memory_sha256: str = ""
    """Digest of the whole translation memory as the run saw it; empty without one."""


class IssueResult(Record, frozen=True):
    """The whole outcome for one issue: what the bundle writers turn into files."""

    schema: str
    issue: Issue
    segmentation: Segmentation
    units: tuple[UnitResult, ...]
    names: tuple[NameEntry, ...]
    findings: tuple[Finding, ...]
    """Findings about the issue as a whole (encoding, residue, pairing)."""
    provenance: Provenance
    approvals: tuple[Approval, ...] = ()
    """At most one per unit: those that stand, withdrawn ones left out."""
    corrections: tuple[Correction, ...] = ()
    """Human decisions already worked into the texts above, oldest first."""

    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding of the issue, its units, summaries and translations, in reading order."""
        out: list[Finding] = [*self.findings]
        for u in self.units:
            out += u.findings
            out += u.summary.findings
            for t in u.translations:
                out += t.findings
        return tuple(out)
