"""The SQLite store behind the translation memory.

A person's text is good whatever model runs, and the newest one counts.  A model's text is served
only under the key it was made with, a digest of the weights, the prompt, the settings and the terms,
and only for the same Chinese with the same English put into it.  So a new model never gets an old
one's text, and a corrected name never meets a text with the old one.

A snapshot is a number.  Entries never change once they are published; each carries the generation it
was published in, and a reader sees none younger than itself.  A person's entry is published as it is
recorded.  A model's entries wait for ``settle``, at the end of a run, so that a run that was killed
and goes on sees what it saw before.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from pipeline.errors import ConfigError, OutputError
from pipeline.memory.entries import Entry, Maker, Match, normalise

_APPLICATION_ID: Final = 0x4E44544D  # "NDTM"
_SCHEMA_VERSION: Final = 2
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
    context TEXT NOT NULL,
    who TEXT NOT NULL,
    recorded TEXT NOT NULL,
    issue TEXT NOT NULL,
    segment TEXT NOT NULL,
    signature TEXT NOT NULL,
    generation INTEGER
) STRICT;
CREATE UNIQUE INDEX machine_once ON entry (norm, key, field, context) WHERE maker = 'machine';
CREATE UNIQUE INDEX human_once ON entry (norm, field, target, who, recorded) WHERE maker = 'human';
CREATE INDEX by_text ON entry (norm, maker, recorded);
CREATE INDEX waiting ON entry (id) WHERE generation IS NULL;
CREATE TABLE due (fingerprint TEXT NOT NULL, slug TEXT NOT NULL, PRIMARY KEY (fingerprint, slug)) STRICT;
CREATE TABLE state (generation INTEGER NOT NULL) STRICT;
INSERT INTO state VALUES (0)
"""
# Of two texts that wait, the one of the lower issue and segment stays, whichever came first: what a run
# leaves behind must not depend on the order in which its issues were done.
_INSERT: Final = """
INSERT INTO entry (norm, source, target, field, maker, key, context, who, recorded, issue, segment, signature, generation)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (norm, key, field, context) WHERE maker = 'machine' DO UPDATE SET
    target = excluded.target, source = excluded.source, who = excluded.who, recorded = excluded.recorded,
    issue = excluded.issue, segment = excluded.segment, signature = excluded.signature
    WHERE generation IS NULL AND (excluded.issue, excluded.segment) < (issue, segment)
ON CONFLICT (norm, field, target, who, recorded) WHERE maker = 'human' DO NOTHING
"""
_COLUMNS: Final = "source, target, field, maker, key, context, who, recorded, issue, segment, signature"


class Memory:
    """A translation memory, open for reading or for growing."""

    def __init__(self, connection: sqlite3.Connection, *, readonly: bool) -> None:
        self._db = connection
        self.readonly = readonly
        self.generation = self._newest()

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
            # A reader may have to undo what a killed writer left half done; where it may not write, SQLite reads only.
            uri = f"{path.resolve().as_uri()}?mode={'rw' if readonly else 'rwc'}"
            connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as exc:
            raise OutputError(f"Cannot open the translation memory {path}: {exc}.", hint="Check the path and its permissions.") from None
        try:
            cls._prepare(connection, readonly)
            return cls(connection, readonly=readonly)
        except sqlite3.Error as exc:
            connection.close()
            if any(sign in str(exc) for sign in ("readonly", "unable to open", "locked", "disk")):
                raise OutputError(f"Cannot use the translation memory {path}: {exc}.", hint="Check its permissions and the disk.") from None
            raise ConfigError(f"{path} is not a translation memory: {exc}.", hint="Name another file in memory.path.") from None
        except ConfigError:
            connection.close()
            raise

    @staticmethod
    def _prepare(connection: sqlite3.Connection, readonly: bool) -> None:
        # No write-ahead log: the machines of a cluster may share the file.
        if readonly:
            connection.execute("PRAGMA query_only = ON")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not tables and not readonly:
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

    # ---------------------------------------------------------------- reading

    def entries(self) -> Iterator[Entry]:
        """All entries, those that wait too, oldest first."""
        for row in self._db.execute(f"SELECT {_COLUMNS} FROM entry ORDER BY id"):  # noqa: S608 - constants
            yield _entry(row)

    @property
    def digest(self) -> str:
        """SHA-256 over what this reader sees, whatever the order in which it was recorded."""
        total = hashlib.sha256()
        for row in self._db.execute(
            "SELECT norm, field, maker, key, context, target, who, iif(maker = 'human', recorded, '') FROM entry "
            "WHERE generation <= ? ORDER BY norm, field, maker, key, context, recorded, target, who",
            (self.generation,),
        ):
            total.update(msgspec.json.encode(row))
        return total.hexdigest()

    def exact(self, text: str, key: str, *, field: str, context: str = "", issue: str = "") -> Entry | None:
        """The remembered translation of exactly this text (white space aside), or ``None``.

        The newest a person wrote for a segment of this field, else the machine's.

        Args:
            text: the Chinese to be translated.
            key: what a machine's text must have been shaped by.
            field: the segment's.
            context: what a machine must have seen (``context_of``).
            issue: a machine's text made in this issue is left out: done again, an issue must come out the same.
        """
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM entry WHERE norm = ? AND field = ? AND generation <= ? "  # noqa: S608 - constants
            "AND (maker = 'human' OR (key = ? AND context = ? AND (issue <> ? OR issue = ''))) "
            "ORDER BY maker = 'human' DESC, recorded DESC, id DESC LIMIT 1",
            (normalise(text), field, self.generation, key, context, issue),
        ).fetchone()
        return None if row is None else _entry(row)

    def fuzzy(self, text: str, *, field: str, lowest: float, limit: int = 3) -> tuple[Match, ...]:
        """What people wrote for similar texts of this field, most similar first; the text's own exact match is left out.

        A model's text of another sentence is no better than its own draft of this one.

        Args:
            text: the Chinese to be translated.
            field: the segment's.
            lowest: least similarity, above 0 and up to 1.
            limit: most matches returned.
        """
        norm, texts = normalise(text), self._texts.get(field)
        if not norm or not texts:
            return ()
        # Imported here: a run without fuzzy matches does not pay for it.
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        found = process.extract(norm, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=lowest, limit=limit + 1)
        matches = []
        for similar, score, _ in found:
            entry = self.exact(similar, "", field=field) if similar != norm else None
            if entry is not None:
                matches.append(Match(entry=entry, similarity=score))
        matches.sort(key=lambda m: (-m.similarity, m.entry.source))
        return tuple(matches[:limit])

    @property
    def people(self) -> bool:
        """Whether a person's text is in it at all."""
        return bool(self._texts)

    def held_in(self, text: str, *, but: str) -> str:
        """Digest of what people wrote for passages that stand in ``text``; empty where there are none.

        Args:
            text: a whole issue.
            but: an issue whose own entries do not count.
        """
        bare = normalise(text)
        held = []
        for size, heads in self._heads.items():
            for at in range(len(bare) - size + 1):
                held += [norm for norm in heads.get(bare[at : at + size], ()) if bare.startswith(norm, at)]
        total = hashlib.sha256()
        count = 0
        for norm in sorted(set(held)):
            for row in self._db.execute(
                "SELECT norm, field, target, who, recorded FROM entry WHERE norm = ? AND maker = 'human' AND generation <= ? "
                "AND (issue <> ? OR issue = '') ORDER BY field, recorded, target, who",
                (norm, self.generation, but),
            ):
                total.update(msgspec.json.encode(row))
                count += 1
        return total.hexdigest() if count else ""

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        """The Chinese that people translated, by field."""
        out: dict[str, list[str]] = {}
        for field, norm in self._db.execute(
            "SELECT DISTINCT field, norm FROM entry WHERE maker = 'human' AND generation <= ? ORDER BY norm", (self.generation,)
        ):
            out.setdefault(field, []).append(norm)
        return out

    @cached_property
    def _heads(self) -> dict[int, dict[str, list[str]]]:
        """The same by their first characters, so that one pass over an issue finds them all."""
        out: dict[int, dict[str, list[str]]] = {}
        for norm in sorted({norm for texts in self._texts.values() for norm in texts}):
            size = min(len(norm), 6)
            out.setdefault(size, {}).setdefault(norm[:size], []).append(norm)
        return out

    # ---------------------------------------------------------------- growing

    def record(self, entries: Iterable[Entry], *, bundle: tuple[str, str] | None = None) -> int:
        """Add entries in one transaction and return how many were new or changed something.

        A person's entries are all kept, and the newest is served.  Recording twice changes nothing.

        Args:
            entries: a machine's need a key, a person's must have none.
            bundle: slug and fingerprint of the bundle whose entries these are; it is then no longer ``due``.

        Raises:
            OutputError: the memory is open for reading only, or the disk refuses.
        """
        rows = [_row(entry) for entry in entries if entry.source.strip() and entry.target.strip()]
        with self._writing():
            before = self._db.total_changes
            human = [r for r in rows if r[4] == Maker.HUMAN.value]
            self._db.executemany(_INSERT, [(*r, None) for r in rows if r[4] == Maker.MACHINE.value])
            machine = self._db.total_changes - before
            self._db.executemany(_INSERT, [(*r, self._newest() + 1) for r in human])
            changed = self._db.total_changes - before
            if changed > machine:
                self._db.execute("UPDATE state SET generation = generation + 1")
            if bundle is not None:
                self._db.execute("DELETE FROM due WHERE slug = ? AND fingerprint = ?", bundle)
        return changed

    def expect(self, slug: str, fingerprint: str) -> None:
        """Note that a bundle is about to be published: should the process die before it is recorded, it is ``due``.

        Raises:
            OutputError: as ``record``.
        """
        with self._writing():
            self._db.execute("INSERT OR IGNORE INTO due (slug, fingerprint) VALUES (?, ?)", (slug, fingerprint))

    def due(self) -> tuple[tuple[str, str], ...]:
        """Slug and fingerprint of the bundles that were expected and not recorded."""
        return tuple(self._db.execute("SELECT slug, fingerprint FROM due ORDER BY slug, fingerprint"))

    def settle(self) -> int:
        """Publish what waits, for readers that open the memory from now on; returns how many entries.

        Raises:
            OutputError: as ``record``.
        """
        with self._writing():
            count = self._db.execute("UPDATE entry SET generation = ? WHERE generation IS NULL", (self._newest() + 1,)).rowcount
            if count:
                self._db.execute("UPDATE state SET generation = generation + 1")
        return count

    def _newest(self) -> int:
        (generation,) = self._db.execute("SELECT generation FROM state").fetchone()
        return int(generation)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.readonly:
            raise OutputError("The translation memory is open for reading only.", hint="Record after the run.")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self.generation = self._newest()
        except sqlite3.Error as exc:
            hint = "Nothing was recorded; free the disk or the lock and record again."
            raise OutputError(f"Cannot write the translation memory: {exc}.", hint=hint) from None
        for name in ("_texts", "_heads"):
            self.__dict__.pop(name, None)


def _row(entry: Entry) -> tuple[str, ...]:
    if (entry.maker is Maker.HUMAN) != (entry.key == ""):
        raise ValueError("a person's entry has no key, a machine's must have one")
    written = (entry.source, entry.target, entry.field, entry.maker.value, entry.key, entry.context, entry.who)
    return (normalise(entry.source), *written, entry.recorded, entry.issue, entry.segment, entry.signature)


def _entry(row: tuple[str, ...]) -> Entry:
    source, target, field, maker, *rest = row
    key, context, who, recorded, issue, segment, signature = rest
    return Entry(
        source=source,
        target=target,
        field=field,
        maker=Maker(maker),
        key=key,
        context=context,
        who=who,
        recorded=recorded,
        issue=issue,
        segment=segment,
        signature=signature,
    )
