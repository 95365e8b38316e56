"""Everything a result's bundle holds, as bytes: equal input, equal bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import msgspec

from pipeline.bundle import disclosure, formats, layout, provjson
from pipeline.bundle.naming import issue_slug, safe_relative
from pipeline.bundle.view import UnitView, views
from pipeline.config import BundleConfig
from pipeline.records import Field, IssueResult, Label, Origin, SummaryStatus, decode, encode


def sha256(data: bytes) -> str:
    """Lower-case hex SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def default_fingerprint(result: IssueResult) -> str:
    """SHA-256 over the source's digest and the provenance, for callers that have none of their own."""
    return sha256(encode((result.issue.source.sha256, result.provenance)))


def encodable(result: IssueResult) -> IssueResult:
    """Return ``result`` with lone surrogates, which no UTF-8 file can hold, replaced by U+FFFD.

    They come from file names that are not UTF-8 (old Chinese archives hold GBK ones).  Every text
    keeps its length, so spans stay true; a result without any is returned as it is.
    """
    try:
        msgspec.json.encode(result)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(result), ensure_ascii=False)
        return decode(re.sub("[\ud800-\udfff]", "\ufffd", text).encode("utf-8"), IssueResult)
    return result


def source_bytes(result: IssueResult) -> bytes:
    """The decoded issue text as ``source.txt`` holds it; line ends are kept as they came."""
    return result.issue.text.encode("utf-8")


def article_file(view: UnitView, result: IssueResult) -> layout.ArticleFile:
    """The record behind ``articles/NN-slug.json``."""
    r = view.result
    return layout.ArticleFile(
        schema=layout.BUNDLE_SCHEMA,
        issue=result.issue.id,
        number=view.number,
        disclosure=disclosure.for_unit(view, result.provenance),
        passages=tuple(layout.align(t) for t in r.translations),
        summary=r.summary,
        findings=r.findings,
        unit=r.unit,
    )


def _segmentation(result: IssueResult) -> layout.SegmentationFile:
    done = {u.unit.id: u.unit for u in result.units}
    seg = result.segmentation
    return layout.SegmentationFile(
        schema=layout.BUNDLE_SCHEMA,
        issue=seg.issue,
        units=tuple(u.id for u in seg.units),
        unfinished=tuple(u for u in seg.units if done.get(u.id) != u),
        ledger=seg.ledger,
        findings=seg.findings,
        regions=result.issue.regions,
    )


def _counts(result: IssueResult) -> layout.Counts:
    translations = [t for u in result.units for t in u.translations]
    labels = Counter(t.label for t in translations)
    origins = Counter(t.origin for t in translations)
    done = {u.unit.id for u in result.units}
    return layout.Counts(
        units=len(result.units),
        failed_units=sum(u.id not in done for u in result.segmentation.units),
        kinds=tuple(sorted(Counter(u.unit.kind.value for u in result.units).items())),
        segments=len(translations),
        sentences=sum(t.segment.field is Field.SENTENCE for t in translations),
        summaries=sum(u.summary.status is SummaryStatus.WRITTEN for u in result.units),
        read=labels[Label.READ],
        check=labels[Label.CHECK],
        dont_quote=labels[Label.DONT_QUOTE],
        human=origins[Origin.HUMAN],
        untranslated=origins[Origin.NONE],
        approved=len(result.approvals),
        source_chars=len(result.issue.text),
        corrections=len(result.corrections),
    )


def _entry(view: UnitView) -> layout.ArticleEntry:
    r = view.result
    column = r.unit.column
    return layout.ArticleEntry(
        number=view.number,
        unit=r.unit.id,
        kind=r.unit.kind,
        file=f"articles/{view.stem}.json",
        headline_zh=view.headline_zh,
        headline_en=view.english(Field.HEADLINE),
        column_zh=column.text if column else "",
        column_en=view.english(Field.COLUMN),
        segments=len(r.translations),
        check=sum(t.label is Label.CHECK for t in r.translations),
        dont_quote=sum(t.label is Label.DONT_QUOTE for t in r.translations),
        findings=len(r.findings) + len(r.summary.findings) + sum(len(t.findings) for t in r.translations),
        approved_by=view.approval.who if view.approval else None,
    )


def _finding_counts(result: IssueResult) -> tuple[layout.FindingCount, ...]:
    found = Counter((f.check, f.severity) for f in result.all_findings())
    return tuple(layout.FindingCount(check=c, severity=s, count=n) for (c, s), n in sorted(found.items()))


def _original(result: IssueResult, original: bytes | None) -> tuple[str, dict[str, bytes]]:
    """Where the raw bytes are kept, and the file that this takes."""
    source = result.issue.source
    if sha256(source_bytes(result)) == source.sha256:
        return layout.SOURCE_TEXT, {}
    if original is None or sha256(original) != source.sha256:
        return "", {}
    suffix = Path(source.name).suffix.lower()
    suffix = suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 8 else ".bin"
    name = f"original{suffix}"
    return name, {name: original}


def stable_files(result: IssueResult, config: BundleConfig, fingerprint: str, original: bytes | None = None) -> dict[str, bytes]:
    """Every file that depends on the result alone, the manifest included: equal input, equal bytes.

    Raises:
        ConfigError: ``config`` names an unknown format.
    """
    units = views(result)
    kept, out = _original(result, original)
    out[layout.SOURCE_TEXT] = source_bytes(result)
    out[layout.SEGMENTATION] = encode(_segmentation(result))
    if result.approvals or result.corrections:
        out[layout.REVIEW] = encode(
            layout.ReviewFile(schema=layout.BUNDLE_SCHEMA, approvals=result.approvals, corrections=result.corrections)
        )
    for view in units:
        out[f"articles/{view.stem}.json"] = encode(article_file(view, result))
    out[layout.PROV] = provjson.render(result)
    out.update(formats.render(result, config.formats))
    manifest = layout.Manifest(
        schema=result.schema,
        slug=issue_slug(result.issue.source),
        fingerprint=fingerprint,
        issue=result.issue.id,
        source=result.issue.source,
        original=kept,
        provenance=result.provenance,
        disclosure=disclosure.for_issue(units, result.provenance),
        counts=_counts(result),
        findings=result.findings,
        finding_counts=_finding_counts(result),
        articles=tuple(_entry(v) for v in units),
        names=result.names,
        files=tuple(layout.FileEntry(path=safe_relative(p), size=len(out[p]), sha256=sha256(out[p])) for p in sorted(out)),
    )
    out[layout.MANIFEST] = encode(manifest)
    return out
