"""The files of a bundle, as records.  ``docs/schema/bundle-1.0.json`` is generated from these."""

from __future__ import annotations

from typing import Final

from pipeline.records import (
    SCHEMA_VERSION,
    Approval,
    Attempt,
    Correction,
    Field,
    Finding,
    Label,
    LedgerEntry,
    NameEntry,
    Origin,
    Projection,
    Provenance,
    Record,
    Region,
    Remembered,
    Segment,
    Severity,
    SourceFile,
    Span,
    Summary,
    Translation,
    Unit,
    UnitKind,
    Volatile,
)

BUNDLE_SCHEMA: Final = SCHEMA_VERSION

MANIFEST: Final = "issue.json"
SEGMENTATION: Final = "segmentation.json"
SOURCE_TEXT: Final = "source.txt"
REVIEW: Final = "review.json"
PROV: Final = "provenance.json"
VOLATILE: Final = "volatile.json"
STATEMENT: Final = "attestation.json"
ENVELOPE: Final = "attestation.dsse.json"
PUBLIC_KEY: Final = "attestation.pub"
SUMS: Final = "SHA256SUMS"

VOLATILE_FILES: Final = (SUMS, STATEMENT, ENVELOPE, PUBLIC_KEY, VOLATILE)
"""Files that differ from run to run.  The manifest cannot list their digests; ``SHA256SUMS`` does."""


class FileEntry(Record, frozen=True):
    """One file of the bundle."""

    path: str
    """Relative to the bundle, ``/`` between folders."""
    size: int
    """Bytes."""
    sha256: str


class FindingCount(Record, frozen=True):
    check: str
    severity: Severity
    count: int


class Counts(Record, frozen=True):
    """The issue in numbers."""

    units: int
    failed_units: int
    """Units of the segmentation without a result."""
    kinds: tuple[tuple[str, int], ...]
    """Unit kinds and how many of each, sorted."""
    segments: int
    """Passages translated, display fields included."""
    sentences: int
    """Body sentences among them."""
    summaries: int
    """Units with a written summary."""
    read: int
    check: int
    dont_quote: int
    """Passages by label."""
    human: int
    """Passages whose English a person wrote."""
    untranslated: int
    """Passages without usable English."""
    approved: int
    """Units a person vouches for."""
    source_chars: int
    corrections: int = 0
    """Decisions of people worked in: edits, names, terms, approvals and their withdrawals."""


class ArticleEntry(Record, frozen=True):
    """One unit in the manifest's table of contents."""

    number: int
    """1-based, in reading order."""
    unit: str
    kind: UnitKind
    file: str
    headline_zh: str
    headline_en: str
    column_zh: str
    column_en: str
    segments: int
    check: int
    dont_quote: int
    findings: int
    approved_by: str | None = None


class Manifest(Record, frozen=True):
    """``issue.json``: what the bundle is, and every file in it by digest."""

    schema: str
    slug: str
    fingerprint: str
    """Digest of everything that shaped the bundle; equal for a run that would give the same."""
    issue: str
    source: SourceFile
    original: str
    """File that holds the bytes as they came in; ``source.txt`` where the two are equal; empty where they were not kept."""
    provenance: Provenance
    disclosure: str
    counts: Counts
    findings: tuple[Finding, ...]
    """Findings about the issue as a whole; each article's stand in its file."""
    finding_counts: tuple[FindingCount, ...]
    """All findings, the articles' included."""
    articles: tuple[ArticleEntry, ...]
    names: tuple[NameEntry, ...]
    files: tuple[FileEntry, ...]
    """Every file but this one and the volatile ones, sorted by path."""
    volatile: tuple[str, ...] = VOLATILE_FILES


class Aligned(Record, frozen=True):
    """One passage: the Chinese, the English, and how the English came about."""

    id: str
    field: Field
    block: int
    index: int
    zh: str
    en: str
    spans: tuple[Span, ...]
    """Where the Chinese stands in ``source.txt``, in code points; empty for a summary sentence."""
    label: Label
    origin: Origin
    findings: tuple[Finding, ...] = ()
    projection: Projection | None = None
    attempts: tuple[Attempt, ...] = ()
    chosen: int = 0
    signature: str = ""
    remembered: tuple[Remembered, ...] = ()
    """Of a text from the memory, where it comes from; of a model's draft, what people wrote for similar texts."""


class ArticleFile(Record, frozen=True):
    """``articles/NN-slug.json``: one unit with its English, sentence by sentence."""

    schema: str
    issue: str
    number: int
    disclosure: str
    passages: tuple[Aligned, ...]
    summary: Summary
    findings: tuple[Finding, ...]
    unit: Unit


class SegmentationFile(Record, frozen=True):
    """``segmentation.json``: who owns which characters of the source."""

    schema: str
    issue: str
    units: tuple[str, ...]
    """Ids in order."""
    unfinished: tuple[Unit, ...]
    """Units that no article file holds as they were segmented."""
    ledger: tuple[LedgerEntry, ...]
    findings: tuple[Finding, ...]
    regions: tuple[Region, ...]


class ReviewFile(Record, frozen=True):
    """``review.json``: what people decided; absent where nobody has."""

    schema: str
    approvals: tuple[Approval, ...]
    corrections: tuple[Correction, ...]


class VolatileFile(Record, frozen=True):
    """``volatile.json``: what differs between runs that made the same bundle."""

    schema: str
    manifest_sha256: str
    run: Volatile
    supersedes: str = ""
    """Digest of the manifest that stood here before; that bundle is kept under ``.versions``."""
    signer: str = ""
    """Key id of the signature over the statement; empty where it is not signed."""


def align(translation: Translation) -> Aligned:
    """Flatten a translation into a bundle passage."""
    s = translation.segment
    return Aligned(
        id=s.id,
        field=s.field,
        block=s.block,
        index=s.index,
        zh=s.text,
        en=translation.target,
        spans=s.spans,
        label=translation.label,
        origin=translation.origin,
        findings=translation.findings,
        projection=translation.projection,
        attempts=translation.attempts,
        chosen=translation.chosen,
        signature=translation.signature,
        remembered=translation.remembered,
    )


def unalign(passage: Aligned, unit: str) -> Translation:
    """Undo ``align``."""
    segment = Segment(
        id=passage.id, unit=unit, field=passage.field, block=passage.block, index=passage.index, text=passage.zh, spans=passage.spans
    )
    return Translation(
        segment=segment,
        target=passage.en,
        origin=passage.origin,
        label=passage.label,
        attempts=passage.attempts,
        chosen=passage.chosen,
        projection=passage.projection,
        findings=passage.findings,
        signature=passage.signature,
        remembered=passage.remembered,
    )
