"""An archive as a streaming dataset, and bundles as sharded Parquet that ``datasets`` reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline import bundle
from pipeline.bundle.rows import rows, schema
from pipeline.config import Config
from pipeline.errors import InputError, PipelineError
from pipeline.files import publish_folder, staged_folder
from pipeline.ingest import from_bytes
from pipeline.sources import read, walk

if TYPE_CHECKING:
    from datasets import IterableDataset

ROWS_PER_SHARD: Final = 50_000


def issues(root: Path, config: Config) -> IterableDataset:
    """The issues under ``root``, read one by one as they are asked for.

    Each row has ``label``, ``name``, ``id``, ``sha256``, ``encoding``, ``text`` and ``error``; a file that
    cannot be read is a row with an error and no text.
    """
    from datasets import Features, IterableDataset, Value

    features = Features({name: Value("string") for name in ("label", "name", "id", "sha256", "encoding", "text", "error")})
    found: IterableDataset = IterableDataset.from_generator(_issues, gen_kwargs={"root": str(root), "config": config}, features=features)
    return found


def _issues(root: str, config: Config) -> Iterator[dict[str, str]]:
    for source in walk(Path(root)):
        row = dict.fromkeys(("id", "sha256", "encoding", "text", "error"), "") | {"label": source.label, "name": source.name}
        try:
            issue = from_bytes(source.name, read(source, config.ingest), config.ingest)
        except PipelineError as exc:
            yield row | {"error": exc.message}
            continue
        yield row | {"id": issue.id, "sha256": issue.source.sha256, "encoding": issue.source.encoding, "text": issue.text}


def export(out: Path, target: Path, rows_per_shard: int = ROWS_PER_SHARD) -> int:
    """Write the passages of every finished bundle under ``out`` to ``target/data/*.parquet``; returns the rows.

    Bundles come in the order of their names, so equal bundles give equal shards.  ``target`` appears whole
    or not at all; ``datasets.load_dataset(str(target))`` reads it.

    Raises:
        InputError: there is no finished bundle.
        OutputError: the target cannot be written.
    """
    folders = sorted(p for p in out.iterdir() if not p.name.startswith(".") and bundle.finished(p)) if out.is_dir() else []
    if not folders:
        raise InputError(f"There is no finished bundle in {out}.", hint="Name the folder the bundles are in with --output.")
    with staged_folder(target) as staged:
        (staged / "data").mkdir()
        number = _shards(folders, staged / "data", rows_per_shard)
        publish_folder(staged, target)
    return number


def _shards(folders: list[Path], data: Path, rows_per_shard: int) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = shard = 0
    waiting: list[dict[str, Any]] = []

    def flush() -> None:
        nonlocal shard, number
        table = pa.Table.from_pylist(waiting, schema=schema())
        pq.write_table(table, data / f"passages-{shard:05}.parquet", compression="zstd")
        number += len(waiting)
        shard += 1
        waiting.clear()

    for folder in folders:
        waiting += [msgspec.to_builtins(row) for row in rows(bundle.read(folder))]
        if len(waiting) >= rows_per_shard:
            flush()
    if waiting or not shard:
        flush()
    return number
