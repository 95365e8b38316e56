"""Replies kept on disk as they come, so that a killed job loses at most what was in flight.

One SQLite file per output folder, in write-ahead mode: several processes may use it at once.  A
reply is found again by the digest of everything that shaped it, so a changed model, prompt, term or
setting never meets an old reply, and after an override only what changed is decoded again.

The file is bounded: past ``max_bytes`` the oldest replies go, which are those of issues long
finished.  A reply that is gone costs its decoding again, never a result.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from pathlib import Path
from typing import Final, Self

import msgspec

from pipeline.engines.base import Reply
from pipeline.errors import OutputError
from pipeline.files import database_aside, database_damaged, output_error

_VERSION: Final = 2
# Numbered as they come: new rows go to the table's end and the oldest leave whole pages free.
_SCHEMA: Final = "CREATE TABLE reply (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"
_BUSY_SECONDS: Final = 60.0
_TRIM_EVERY: Final = 256
"""Replies between two looks at the size."""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Reply)


class FileJournal:
    """The journal at ``path``; a damaged file is set aside and a new one begun."""

    def __init__(self, path: Path, max_bytes: int = 4096 * 2**20) -> None:
        """Open or create it.

        Raises:
            OutputError: the place cannot be written.
        """
        self._path = path
        self._max_bytes = max_bytes
        self._puts = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._db = self._open()
            except (sqlite3.Error, UnicodeDecodeError) as exc:
                if not database_damaged(exc):
                    raise
                database_aside(path)
                self._db = self._open()
        except sqlite3.Error as exc:
            raise self._failed(exc) from exc
        except OSError as exc:
            raise output_error(exc, path) from exc

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            # A crash of the machine may lose the last replies, never the file; they are decoded again.
            db.execute("PRAGMA synchronous=NORMAL")
            if db.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                db.execute("BEGIN IMMEDIATE")
                # Another process may have been quicker.
                if db.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                    db.execute("DROP TABLE IF EXISTS reply")
                    db.execute(_SCHEMA)
                    db.execute(f"PRAGMA user_version={_VERSION}")
                db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def get(self, key: str) -> Reply | None:
        """The reply kept under ``key``."""
        rows = self._run("SELECT value FROM reply WHERE key = ?", (_short(key),))
        try:
            return _unpack(rows[0][0]) if rows else None
        except (ValueError, TypeError):  # msgspec's among them
            # Written by another version, or damaged: as good as absent.
            return None

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply; on the disk before this returns, as far as the process is concerned."""
        self._run("INSERT OR REPLACE INTO reply (key, value) VALUES (?, ?)", (_short(key), _pack(reply)))
        self._puts += 1
        if self._puts % _TRIM_EVERY == 0:
            self._trim()

    def _trim(self) -> None:
        """Drop the oldest replies while there is more than ``max_bytes``; their pages are used again."""
        while self._used() > self._max_bytes:
            # In small steps: each is a transaction, and other processes wait for it.
            oldest = "SELECT number FROM reply ORDER BY number LIMIT ?"
            if not self._run(f"DELETE FROM reply WHERE number IN ({oldest}) RETURNING 1", (2 * _TRIM_EVERY,)):  # noqa: S608
                return

    def _used(self) -> int:
        pages, free, size = (int(self._run(f"PRAGMA {name}")[0][0]) for name in ("page_count", "freelist_count", "page_size"))
        return (pages - free) * size

    def _run(self, statement: str, values: tuple[bytes | int, ...] = ()) -> list[tuple[bytes]]:
        try:
            try:
                return self._db.execute(statement, values).fetchall()
            except (sqlite3.Error, UnicodeDecodeError) as exc:
                if not database_damaged(exc):
                    raise
                # Damage that opening did not meet.  What was kept is lost; the work goes on.
                self._db.close()
                database_aside(self._path)
                self._db = self._open()
                return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as exc:
            raise self._failed(exc) from exc
        except OSError as exc:
            raise output_error(exc, self._path) from exc

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


def _short(key: str) -> bytes:
    """128 bits stand for the key: a third of a reply's place would go to keys otherwise."""
    return hashlib.blake2b(key.encode(), digest_size=16).digest()


def _pack(reply: Reply) -> bytes:
    data = _ENCODER.encode(reply)
    return zlib.crc32(data).to_bytes(4) + data


def _unpack(value: bytes) -> Reply:
    """Undo ``_pack``; SQLite does not notice a byte that changed on the disk, and it may be a digit of someone's sum."""
    if zlib.crc32(value[4:]).to_bytes(4) != value[:4]:
        raise ValueError("the checksum is wrong")
    return _DECODER.decode(value[4:])
