"""``issue.jsonl`` and ``issue.parquet``: one row per passage, for data tools.

Both hold the same rows, so ``datasets.load_dataset`` gives the same table from either.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec

from pipeline.bundle import disclosure
from pipeline.bundle.view import UnitView, views
from pipeline.records import Field, IssueResult, Translation

if TYPE_CHECKING:
    import pyarrow


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One passage with what is needed to use it alone."""

    issue: str
    source: str
    """File name of the issue."""
    article: int
    unit: str
    kind: str
    headline_zh: str
    headline_en: str
    id: str
    field: str
    block: int
    index: int
    zh: str
    en: str
    start: int | None
    """First code point of the Chinese in ``source.txt``; none for a summary sentence."""
    end: int | None
    label: str
    origin: str
    findings: tuple[str, ...]
    """Names of the checks that found something."""
    signature: str
    approved_by: str | None
    disclosure: str


def _row(result: IssueResult, view: UnitView, t: Translation, line: str) -> Row:
    spans = t.segment.spans
    return Row(
        issue=result.issue.id,
        source=result.issue.source.name,
        article=view.number,
        unit=t.segment.unit,
        kind=view.result.unit.kind.value,
        headline_zh=view.headline_zh,
        headline_en=view.english(Field.HEADLINE),
        id=t.segment.id,
        field=t.segment.field.value,
        block=t.segment.block,
        index=t.segment.index,
        zh=t.segment.text,
        en=t.target,
        start=spans[0].start if spans else None,
        end=spans[-1].end if spans else None,
        label=t.label.value,
        origin=t.origin.value,
        findings=tuple(f.check for f in t.findings),
        signature=t.signature,
        approved_by=view.approval.who if view.approval else None,
        disclosure=line,
    )


def rows(result: IssueResult) -> list[Row]:
    """All passages in reading order."""
    out: list[Row] = []
    for view in views(result):
        line = disclosure.for_unit(view, result.provenance)
        out += [_row(result, view, t, line) for t in view.in_order()]
    return out


def json_lines(result: IssueResult) -> bytes:
    """Return the rows as JSON Lines."""
    return msgspec.json.Encoder().encode_lines(rows(result))


def schema() -> pyarrow.Schema:
    """Columns of the Parquet form."""
    import pyarrow as pa

    kinds = {"article": pa.int32(), "block": pa.int32(), "index": pa.int32(), "start": pa.int64(), "end": pa.int64()}
    kinds["findings"] = pa.list_(pa.string())
    return pa.schema([(name, kinds.get(name, pa.string())) for name in Row.__struct_fields__])


def parquet(result: IssueResult) -> bytes:
    """Return the rows as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist([msgspec.to_builtins(r) for r in rows(result)], schema=schema())
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
