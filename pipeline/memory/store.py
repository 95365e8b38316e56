"""The SQLite store behind the translation memory.

A person's text is good whatever model runs, and the newest one counts.  A model's text is served
only under the key it was made with: a digest of the weights, the prompt, the settings and the terms.
So a new model never gets an old one's text.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from pipeline.errors import ConfigError, OutputError
from pipeline.records import Record

_APPLICATION_ID: Final = 0x4E44544D  # "NDTM"
_SCHEMA_VERSION: Final = 1
_BUSY_SECONDS: Final = 30.0

_SCHEMA: Final = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    norm TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    field TEXT NOT NULL,
    maker TEXT NOT NULL CHECK (maker IN ('human', 'machine')),
    key TEXT NOT NULL CHECK ((maker = 'human') = (key = '')),
    who TEXT NOT NULL,
    recorded TEXT NOT NULL,
    issue TEXT NOT NULL,
    segment TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX machine_once ON entry (norm, key, field) WHERE maker = 'machine';
CREATE UNIQUE INDEX human_once ON entry (norm, field, target, who, recorded) WHERE maker = 'human';
CREATE INDEX by_text ON entry (norm, maker, recorded);
"""
_INSERT: Final = """
INSERT INTO entry (norm, source, target, field, maker, key, who, recorded, issue, segment, signature)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (norm, key, field) WHERE maker = 'machine' DO UPDATE SET
    target = excluded.target, source = excluded.source, who = excluded.who, recorded = excluded.recorded,
    issue = excluded.issue, segment = excluded.segment, signature = excluded.signature
    WHERE target <> excluded.target
ON CONFLICT (norm, field, target, who, recorded) WHERE maker = 'human' DO NOTHING
"""


class Maker(StrEnum):
    """Who wrote a target text."""

    HUMAN = "human"
    MACHINE = "machine"


class Entry(Record, frozen=True):
    """One remembered translation."""

    source: str
    target: str
    field: str
    """``Field`` value of the segment: a headline's English does not serve for a sentence."""
    maker: Maker
    key: str = ""
    """What shaped a machine's text (``key_of``); empty for a person's."""
    who: str = ""
    """The person, or the model's id."""
    recorded: str = ""
    """UTC, RFC 3339."""
    issue: str = ""
    segment: str = ""
    signature: str = ""


class Match(Record, frozen=True):
    """A remembered translation of a similar text."""

    entry: Entry
    similarity: float
    """1 - normalised Levenshtein distance in characters, 0 to 1."""


def key_of(parts: Mapping[str, str]) -> str:
    """Digest of everything that shapes a machine translation; equal only if all of ``parts`` are equal.

    Name at least the weights' digest, the prompt's, the configuration section's and the terms'.
    """
    canonical = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def normalise(text: str) -> str:
    """What counts as the same Chinese: composed characters, without white space (line breaks are layout)."""
    # White space goes first: without it marks may meet that compose or change places.
    return unicodedata.normalize("NFC", "".join(text.split()))


class Memory:
    """A translation memory, open for reading or for growing."""

    def __init__(self, connection: sqlite3.Connection, *, readonly: bool) -> None:
        self._db = connection
        self._db.row_factory = sqlite3.Row
        self.readonly = readonly

    @classmethod
    def open(cls, path: Path, *, readonly: bool = True) -> Self:
        """Open the memory at ``path``; one that does not exist is made, unless ``readonly``.

        A read-only memory is a snapshot: what others record meanwhile is not seen.

        Raises:
            ConfigError: there is no such file to read, or it is no translation memory.
            OutputError: the file cannot be created or written.
        """
        if readonly and not path.is_file():
            raise ConfigError(f"There is no translation memory {path}.", hint="Correct memory.path, or remove it to run without one.")
        try:
            if not readonly:
                path.parent.mkdir(parents=True, exist_ok=True)
            uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rwc'}"
            connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as exc:
            raise OutputError(f"Cannot open the translation memory {path}: {exc}.", hint="Check the path and its permissions.") from None
        try:
            cls._prepare(connection, readonly)
        except sqlite3.Error as exc:
            connection.close()
            if "readonly" in str(exc) or "unable to open" in str(exc):
                raise OutputError(f"Cannot write the translation memory {path}: {exc}.", hint="Check its permissions.") from None
            raise ConfigError(f"{path} is not a translation memory: {exc}.", hint="Name another file in memory.path.") from None
        except ConfigError:
            connection.close()
            raise
        return cls(connection, readonly=readonly)

    @staticmethod
    def _prepare(connection: sqlite3.Connection, readonly: bool) -> None:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not tables and not readonly:
            # Write-ahead logging: a run that reads is not held up by one that records.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if not tables:  # nobody else was quicker
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            connection.execute("COMMIT")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION_ID or version != _SCHEMA_VERSION:
            what = f"version {version}" if application == _APPLICATION_ID else "another program's database"
            raise ConfigError(
                f"The file is no translation memory this program can read ({what}).", hint="Name another file in memory.path."
            )
        if readonly:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM entry").fetchone()  # the snapshot begins with the first read

    def close(self) -> None:
        """Close the file.  Safe to call twice."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM entry").fetchone()
        return int(count)

    def entries(self) -> Iterator[Entry]:
        """All entries, oldest first."""
        for row in self._db.execute("SELECT * FROM entry ORDER BY id"):
            yield _entry(row)

    @property
    def digest(self) -> str:
        """SHA-256 over every entry: a run that used the memory is reproduced only with the same one."""
        total = hashlib.sha256()
        for entry in self.entries():
            total.update(msgspec.json.encode(entry, order="deterministic"))
        return total.hexdigest()

    def exact(self, text: str, key: str, *, field: str) -> Entry | None:
        """The remembered translation of exactly this text (white space aside), or ``None``.

        The newest a person wrote for a segment of this field, else the machine's under ``key``.
        """
        norm = normalise(text)
        row = self._db.execute(
            "SELECT * FROM entry WHERE norm = ? AND (maker = 'human' OR key = ?) AND field = ? "
            "ORDER BY maker = 'human' DESC, recorded DESC, id DESC LIMIT 1",
            (norm, key, field),
        ).fetchone()
        return None if row is None else _entry(row)

    def fuzzy(self, text: str, key: str, *, lowest: float, limit: int = 3) -> tuple[Match, ...]:
        """Remembered translations of similar texts, most similar first, a person's before a machine's.

        Args:
            text: the Chinese to be translated.
            key: machine entries of other keys are left out.
            lowest: least similarity, above 0 and up to 1.
            limit: most matches returned.
        """
        # Imported here: a run without fuzzy matches does not pay for it.
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        norm = normalise(text)
        if not norm:
            return ()
        found = process.extract(norm, self._texts, scorer=Levenshtein.normalized_similarity, score_cutoff=lowest, limit=limit * 4)
        matches: list[Match] = []
        for similar, score, _ in found:
            for row in self._db.execute(
                "SELECT * FROM entry WHERE norm = ? AND (maker = 'human' OR key = ?) "
                "ORDER BY maker = 'human' DESC, recorded DESC, id DESC LIMIT 1",
                (similar, key),
            ):
                matches.append(Match(entry=_entry(row), similarity=score))
        matches.sort(key=lambda m: (-m.similarity, m.entry.maker != Maker.HUMAN, m.entry.source))
        return tuple(matches[:limit])

    @cached_property
    def _texts(self) -> list[str]:
        return [norm for (norm,) in self._db.execute("SELECT DISTINCT norm FROM entry ORDER BY norm")]

    def record(self, entries: Iterable[Entry]) -> int:
        """Add entries in one transaction and return how many were new or changed something.

        A machine's entry replaces the one of its key and text; a person's entries are all kept, and
        the newest is served.

        Raises:
            OutputError: the memory is open for reading only, or the disk refuses.
        """
        if self.readonly:
            raise OutputError("The translation memory is open for reading only.", hint="Record after the run.")
        rows = [_row(entry) for entry in entries if entry.source.strip() and entry.target.strip()]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                before = self._db.total_changes
                self._db.executemany(_INSERT, rows)
                changed = self._db.total_changes - before
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            hint = "Nothing was recorded; free the disk or the lock and record again."
            raise OutputError(f"Cannot write the translation memory: {exc}.", hint=hint) from None
        self.__dict__.pop("_texts", None)
        return changed


def _row(entry: Entry) -> tuple[str, ...]:
    if (entry.maker is Maker.HUMAN) != (entry.key == ""):
        raise ValueError("a person's entry has no key, a machine's must have one")
    return (
        normalise(entry.source),
        entry.source,
        entry.target,
        entry.field,
        entry.maker.value,
        entry.key,
        entry.who,
        entry.recorded,
        entry.issue,
        entry.segment,
        entry.signature,
    )


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        source=row["source"],
        target=row["target"],
        field=row["field"],
        maker=Maker(row["maker"]),
        key=row["key"],
        who=row["who"],
        recorded=row["recorded"],
        issue=row["issue"],
        segment=row["segment"],
        signature=row["signature"],
    )
