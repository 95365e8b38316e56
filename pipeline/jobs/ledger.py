"""What was tried on which issue and how it ended, over all runs on one output folder.

The bundles are the truth about what is done; the ledger remembers what bundles cannot: failures,
crashes, and who is at work.  One row stands for one fingerprint, that is for the issue's bytes and
everything that shapes its bundle, so failures under old settings do not count under new ones.

A failure is an error the issue itself caused.  A crash is an end without a word (killed, out of
memory): the row still says *running* when its owner is gone.  An issue counts as guilty of a crash,
a *strike*, only when it was the only one that could be: alone in work, or being read and cut.
Failures and strikes together reach ``max_attempts``: the issue is set aside.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

import msgspec

from pipeline.errors import OutputError
from pipeline.files import database_aside, database_damaged, output_error
from pipeline.records import Record
from pipeline.shape import Shape

NAME: Final = "ledger.sqlite"
_BUSY_SECONDS: Final = 60.0
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS issue (
  fingerprint TEXT PRIMARY KEY, slug TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, shape TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT '', alone INTEGER NOT NULL DEFAULT 0,
  run INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, crashes INTEGER NOT NULL DEFAULT 0,
  strikes INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', code INTEGER NOT NULL DEFAULT 0,
  units INTEGER NOT NULL DEFAULT 0, findings INTEGER NOT NULL DEFAULT 0, failed_units INTEGER NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0, finished TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS issue_content ON issue (sha256, name);
CREATE INDEX IF NOT EXISTS issue_place ON issue (label);
CREATE INDEX IF NOT EXISTS issue_slug ON issue (slug);
CREATE INDEX IF NOT EXISTS issue_run ON issue (run, state);
CREATE TABLE IF NOT EXISTS shape (id TEXT PRIMARY KEY, parts BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS run (
  id INTEGER PRIMARY KEY, command TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,
  ended TEXT NOT NULL DEFAULT '', how TEXT NOT NULL DEFAULT '', seconds REAL NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  tokens INTEGER NOT NULL DEFAULT 0, engine_seconds REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS part (run INTEGER PRIMARY KEY, whole INTEGER NOT NULL);
"""


class WorkState(StrEnum):
    RUNNING = "running"
    OPEN = "open"
    """Begun and given back: a stop or a crash; its replies are kept."""
    DONE = "done"
    FAILED = "failed"
    SET_ASIDE = "set aside"
    """Failed too often; only ``--only-failed`` or new content or settings try it again."""


class Entry(Record, frozen=True):
    """One issue under one shape."""

    fingerprint: str
    slug: str
    label: str
    """Where it was last seen."""
    name: str
    sha256: str
    size: int
    shape: str
    state: WorkState
    stage: str = ""
    alone: bool = False
    run: int = 0
    failures: int = 0
    crashes: int = 0
    strikes: int = 0
    error: str = ""
    code: int = 0
    units: int = 0
    findings: int = 0
    failed_units: int = 0
    seconds: float = 0.0
    """From taking it up to its bundle, other issues' work between included."""
    finished: str = ""


class RunEntry(Record, frozen=True):
    """One run, for the estimate and the report."""

    id: int
    command: str
    host: str
    pid: int
    started: str
    ended: str = ""
    how: str = ""
    seconds: float = 0.0
    bytes: int = 0
    done: int = 0
    failed: int = 0
    unchanged: int = 0
    tokens: int = 0
    engine_seconds: float = 0.0


_COLUMNS: Final = ", ".join(Entry.__struct_fields__)
_RUN_COLUMNS: Final = ", ".join(RunEntry.__struct_fields__)


class Ledger:
    """The ledger at ``path``; a damaged file is set aside, and ``fresh`` says the bundles must be read again."""

    def __init__(self, path: Path) -> None:
        """Open or create it.

        Raises:
            OutputError: the place cannot be written.
        """
        self.path = path
        self.run = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.fresh = not path.exists()
            try:
                self._db = self._open()
            except (sqlite3.Error, UnicodeDecodeError) as exc:
                if not database_damaged(exc):
                    raise
                database_aside(path)
                self.fresh = True
                self._db = self._open()
        except sqlite3.Error as exc:
            raise self._failed(exc) from exc
        except OSError as exc:
            raise output_error(exc, path) from exc

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        # A byte that changed on the disk must not hide the rest of its row, nor the rows after it.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError(f"ledger version {version}")
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the file is damaged")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version={_VERSION}")
            # A file that is a sound database of something else shows here, not in mid-run.
            db.execute(f"SELECT {_COLUMNS} FROM issue LIMIT 1").fetchall()  # noqa: S608
            db.execute(f"SELECT {_RUN_COLUMNS} FROM run LIMIT 1").fetchall()  # noqa: S608
        except BaseException:
            db.close()
            raise
        return db

    # ---------------------------------------------------------------- runs

    def begin(self, command: str, host: str, pid: int, *, part_of: int | None = None) -> int:
        """Enter a new run, perhaps a worker's share of another; the issues taken up from here on are its."""
        with self._errors():
            row = self._db.execute(
                "INSERT INTO run (command, host, pid, started) VALUES (?, ?, ?, ?) RETURNING id", (command, host, pid, utc_now())
            ).fetchone()
            if part_of is not None:
                self._db.execute("INSERT INTO part VALUES (?, ?)", (int(row[0]), part_of))
        self.run = int(row[0])
        return self.run

    def end(self, how: str, **figures: float) -> None:
        """Close the run with its figures (columns of ``RunEntry``)."""
        names = [n for n in figures if n in RunEntry.__struct_fields__]
        sets = ", ".join(f"{n} = ?" for n in names)
        with self._errors():
            self._db.execute(
                f"UPDATE run SET ended = ?, how = ?{', ' if names else ''}{sets} WHERE id = ?",  # noqa: S608 - column names of our own
                (utc_now(), how, *(figures[n] for n in names), self.run),
            )

    def end_whole(self, how: str, seconds: float) -> None:
        """Close a run that worked through parts, with their figures together.

        What was done is counted over the issues, so that a worker that was killed counts for what it did.
        """
        parts = "SELECT run FROM part WHERE whole = ?"
        with self._errors():
            done, size = self._db.execute(
                f"SELECT COUNT(*), TOTAL(size) FROM issue WHERE state = 'done' AND run IN ({parts})",  # noqa: S608
                (self.run,),
            ).fetchone()
            (failed,) = self._db.execute(
                f"SELECT COUNT(*) FROM issue WHERE state IN ('failed', 'set aside') AND run IN ({parts})",  # noqa: S608
                (self.run,),
            ).fetchone()
            tokens, engine, unchanged = self._db.execute(
                f"SELECT TOTAL(tokens), TOTAL(engine_seconds), TOTAL(unchanged) FROM run WHERE id IN ({parts})",  # noqa: S608
                (self.run,),
            ).fetchone()
        figures = {"done": done, "failed": failed, "bytes": int(size), "tokens": int(tokens), "unchanged": int(unchanged)}
        self.end(how, seconds=seconds, engine_seconds=engine, **figures)

    def runs(self) -> tuple[RunEntry, ...]:
        """All runs, oldest first; workers' parts are in their whole."""
        with self._errors():
            rows = self._db.execute(
                f"SELECT {_RUN_COLUMNS} FROM run WHERE id NOT IN (SELECT run FROM part) ORDER BY id"  # noqa: S608
            ).fetchall()
        found: list[RunEntry] = []
        for row in rows:
            with contextlib.suppress(msgspec.ValidationError):  # a row no version of ours wrote
                found.append(msgspec.convert(dict(zip(RunEntry.__struct_fields__, row, strict=True)), RunEntry))
        return tuple(found)

    # ---------------------------------------------------------------- shapes

    def keep_shape(self, name: str, shape: Shape) -> None:
        """Remember what a fingerprint base stands for."""
        with self._errors():
            self._db.execute("INSERT OR REPLACE INTO shape VALUES (?, ?)", (name, msgspec.json.encode(shape, order="deterministic")))

    def shape(self, name: str) -> Shape | None:
        """What was remembered under ``name``."""
        with self._errors():
            row = self._db.execute("SELECT parts FROM shape WHERE id = ?", (name,)).fetchone()
        try:
            return msgspec.json.decode(row[0], type=Shape) if row else None
        except msgspec.MsgspecError:
            return None

    # ---------------------------------------------------------------- issues

    def find(self, fingerprint: str) -> Entry | None:
        """The row of this very work."""
        return next(self._entries("WHERE fingerprint = ?", (fingerprint,)), None)

    def same_content(self, name: str, sha256: str) -> tuple[Entry, ...]:
        """Rows of the same file under any settings, the last written first, whatever the clock said."""
        return tuple(self._entries("WHERE sha256 = ? AND name = ? ORDER BY rowid DESC", (sha256, name)))

    def same_place(self, label: str) -> Entry | None:
        """The row last written of what lay at this path."""
        return next(self._entries("WHERE label = ? ORDER BY rowid DESC LIMIT 1", (label,)), None)

    def entries(self, *states: WorkState, run: int | None = None) -> Iterator[Entry]:
        """All rows in these states (all, when none is named), by label; ``run`` with its parts."""
        marks = ", ".join("?" for _ in states)
        where = [f"state IN ({marks})"] if states else []
        values: list[str | int] = [s.value for s in states]
        if run is not None:
            where.append("(run = ? OR run IN (SELECT part.run FROM part WHERE whole = ?))")
            values += [run, run]
        return self._entries(("WHERE " + " AND ".join(where) if where else "") + " ORDER BY label, fingerprint", tuple(values))

    def counts(self, shape: str | None = None) -> dict[WorkState, int]:
        """How many rows are in each state, under one shape or under all."""
        where, values = ("WHERE shape = ?", (shape,)) if shape is not None else ("", ())
        with self._errors():
            rows = self._db.execute(f"SELECT state, COUNT(*) FROM issue {where} GROUP BY state", values).fetchall()  # noqa: S608
        return {WorkState(state): number for state, number in rows if state in set(WorkState)}

    def put(self, entry: Entry) -> None:
        """Write a row, whatever it was before."""
        marks = ", ".join("?" for _ in Entry.__struct_fields__)
        with self._errors():
            self._db.execute(
                f"INSERT OR REPLACE INTO issue ({_COLUMNS}) VALUES ({marks})",  # noqa: S608
                tuple(msgspec.structs.astuple(entry)),
            )

    def put_all(self, entries: Iterable[Entry]) -> int:
        """Write many rows in one transaction; returns how many."""
        number = 0
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for number, entry in enumerate(entries, start=1):  # noqa: B007 - the count is the result
                    self.put(entry)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        return number

    def supersede(self, entry: Entry) -> None:
        """Forget the rows of the same file under other settings: a newer bundle stands in their place."""
        with self._errors():
            self._db.execute("DELETE FROM issue WHERE slug = ? AND fingerprint != ?", (entry.slug, entry.fingerprint))

    def _entries(self, clause: str, values: tuple[str | int, ...]) -> Iterator[Entry]:
        with self._errors():
            cursor = self._db.execute(f"SELECT {_COLUMNS} FROM issue {clause}", values)  # noqa: S608
            # Page by page: a ledger may hold more rows than memory should.
            while rows := cursor.fetchmany(500):
                for row in rows:
                    with contextlib.suppress(msgspec.ValidationError):  # a row no version of ours wrote
                        yield _entry(row)

    # ---------------------------------------------------------------- the file

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as exc:
            raise self._failed(exc) from exc

    def _failed(self, exc: Exception) -> OutputError:
        return OutputError(
            f"Cannot use the ledger {self.path}: {exc}.",
            hint="Free space or mend the permissions there; 'pipeline status --rebuild' makes it anew from the bundles.",
        )

    def close(self) -> None:
        """Fold the write-ahead log into the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _entry(row: tuple[object, ...]) -> Entry:
    values = dict(zip(Entry.__struct_fields__, row, strict=True))
    values["alone"] = bool(values["alone"])
    return msgspec.convert(values, Entry)


def utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
