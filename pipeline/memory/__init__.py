"""Translation memory: what was translated before, by people and by models.

One SQLite file.  It grows between runs (``Memory.record``) and is a fixed snapshot within one
(``Memory.open(path, readonly=True)``), so a run's output never depends on when it was started.
"""

from __future__ import annotations

from pipeline.memory.gather import from_corrections, from_result
from pipeline.memory.store import Entry, Maker, Match, Memory, key_of
from pipeline.memory.tmx import ImportReport, export_tmx, import_tmx

__all__ = ["Entry", "ImportReport", "Maker", "Match", "Memory", "export_tmx", "from_corrections", "from_result", "import_tmx", "key_of"]
