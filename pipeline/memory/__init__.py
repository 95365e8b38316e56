"""Translation memory: what was translated before, by people and by models.

One SQLite file.  It grows between runs (``Memory.record``) and is a fixed snapshot within one
(``Memory.open(path, readonly=True)``), so a run's output never depends on when it was started.
"""

from __future__ import annotations

from pipeline.memory.entries import Entry, Maker, Match, context_of, key_of
from pipeline.memory.gather import bundle_key, from_corrections, from_result
from pipeline.memory.store import Memory
from pipeline.memory.tmx import ImportReport, export_tmx, import_tmx

__all__ = [
    "Entry",
    "ImportReport",
    "Maker",
    "Match",
    "Memory",
    "bundle_key",
    "context_of",
    "export_tmx",
    "from_corrections",
    "from_result",
    "import_tmx",
    "key_of",
]
