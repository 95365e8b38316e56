"""A desk's own evaluation set: a table with Chinese and its accepted English, read with the ``datasets`` library.

The export of an archive (``pipeline export``) is such a table: the passages that editors approved become a test set
of the desk's own news.  Any Parquet, JSON Lines or CSV table with the columns ``zh`` and ``en`` will do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.evaluate.wmt import TestSet

READERS: Final = {".parquet": "parquet", ".jsonl": "json", ".csv": "csv"}
SAMPLE: Final = 100
_HINT: Final = "Export approved bundles with 'pipeline export', or write a table with the columns zh and en."


def load(path: Path, *, sample: bool = True) -> TestSet:
    """Read a table, or all tables of one kind below a folder, without copying it into a cache.

    Where the table says who approved a passage, only approved ones count.  A passage that occurs twice counts once.
    The sample is the 100 passages whose SHA-256 is lowest: it stays the same however the table is cut or ordered, and
    only those are held in memory.

    Raises:
        InputError: there is no such table, it cannot be read, or holds no usable passage.
    """

    kept: dict[str, tuple[str, str]] = {}
    for pair in _pairs(path):
        key = hashlib.sha256(pair[0].encode()).hexdigest()
        kept[key] = min(pair, kept.get(key, pair))
        if sample and len(kept) > 2 * SAMPLE:
            kept = dict(nsmallest(SAMPLE, kept.items()))
    chosen = [pair for _, pair in nsmallest(SAMPLE if sample else len(kept), kept.items())]
    if not chosen:
        raise InputError(f"{path} holds no passage with Chinese and approved English.", hint=_HINT)
    whole = "\n".join(f"{zh}\t{en}" for zh, en in chosen)
    source, english = zip(*chosen, strict=True)
    return TestSet(
        name=f"{path.stem}-sample{len(chosen)}" if sample else path.stem,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        source=source,
        references=(english,),
        systems=(),
    )


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    for row in _rows(path):
        zh, en = row.get("zh"), row.get("en")
        if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip() and row.get("approved_by", "-"):
            yield " ".join(zh.split()), " ".join(en.split())


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    files = sorted(p for p in path.rglob("*") if p.suffix in READERS) if path.is_dir() else [path]
    kinds = sorted({p.suffix for p in files if p.is_file()})
    if len(kinds) != 1 or kinds[0] not in READERS:
        raise InputError(f"{path} is not one kind of table ({', '.join(READERS)}).", hint=_HINT)
    from datasets import load_dataset

    try:
        # Streamed: a table of millions of passages is read a batch at a time and nothing is written.
        stream = load_dataset(READERS[kinds[0]], data_files=[str(p) for p in files], split="train", streaming=True)
        if stream.column_names is not None and not {"zh", "en"} <= set(stream.column_names):
            raise InputError(f"{path} has no columns zh and en (but: {', '.join(stream.column_names)}).", hint=_HINT)
        yield from stream
    except InputError:
        raise
    except Exception as exc:  # noqa: BLE001 - Arrow, pandas and datasets each have their own errors for a damaged table
        raise InputError(f"{path} cannot be read as a table: {' '.join(str(exc).split())[:200]}.", hint=_HINT) from None
