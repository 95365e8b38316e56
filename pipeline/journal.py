"""Replies kept on disk as they come, so that a killed job loses at most what was in flight.

One SQLite file per output folder, in write-ahead mode: several processes may use it at once.  A
reply is found again by the digest of everything that shaped it, so a changed model, prompt, term or
setting never meets an old reply, and after an override only what changed is decoded again.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

import msgspec

from pipeline.engines.base import Reply
from pipeline.errors import OutputError
from pipeline.files import output_error

_SCHEMA = "CREATE TABLE IF NOT EXISTS reply (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
_BUSY_SECONDS = 60.0
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Reply)


class FileJournal:
    """The journal at ``path``; a damaged file is set aside and a new one begun."""

    def __init__(self, path: Path) -> None:
        """Open or create it.

        Raises:
            OutputError: the place cannot be written.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise output_error(exc, path) from exc
        try:
            self._db = self._open()
        except sqlite3.DatabaseError as exc:
            if isinstance(exc, sqlite3.OperationalError):
                raise self._failed(exc) from exc
            path.replace(path.with_suffix(".damaged"))
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        # A crash of the machine may lose the last replies, never the file; they are decoded again.
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(_SCHEMA)
        return db

    def get(self, key: str) -> Reply | None:
        """The reply kept under ``key``."""
        try:
            row = self._db.execute("SELECT value FROM reply WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as exc:
            raise self._failed(exc) from exc
        if row is None:
            return None
        try:
            return _DECODER.decode(row[0])
        except msgspec.MsgspecError:
            # Written by another version: as good as absent.
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply; on the disk before this returns, as far as the process is concerned."""
        try:
            self._db.execute("INSERT OR REPLACE INTO reply VALUES (?, ?)", (key, _ENCODER.encode(reply)))
        except sqlite3.Error as exc:
            raise self._failed(exc) from exc

    def close(self) -> None:
        """Fold the write-ahead log into the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _failed(self, exc: sqlite3.Error) -> OutputError:
        return OutputError(
            f"Cannot keep results in {self._path}: {exc}.",
            hint="Free space or mend the permissions there, then run the same command again: finished work is kept.",
        )
