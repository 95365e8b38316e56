"""The archive's database: which issues are in, and a full-text index for the command line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline.bundle.archive.entry import Entry, IssueRow
from pipeline.bundle.archive.tokens import tokens

VERSION: Final = 2
"""Kept in ``user_version``; a database of another version is built anew from the bundles."""

_SCHEMA: Final = """
CREATE TABLE issue (seq INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, base INTEGER NOT NULL,
                    size INTEGER NOT NULL, open_stop INTEGER NOT NULL, open_check INTEGER NOT NULL, row BLOB NOT NULL);
CREATE INDEX issue_open ON issue (open_stop DESC, open_check DESC);
CREATE TABLE article (doc INTEGER PRIMARY KEY, seq INTEGER NOT NULL, n INTEGER NOT NULL, en TEXT NOT NULL, zh TEXT NOT NULL);
CREATE INDEX article_seq ON article (seq);
CREATE VIRTUAL TABLE fts USING fts5 (zh, en, content='', tokenize="unicode61 remove_diacritics 0");
CREATE TABLE segment (name TEXT PRIMARY KEY, level INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO counter VALUES ('seq', 0), ('doc', 0);
"""


class Placed(msgspec.Struct, frozen=True):
    """Where an issue stands in the archive."""

    seq: int
    """Grows with every addition; an issue written again gets a new one."""
    base: int
    """Document number of its first article."""
    size: int
    """Articles."""


class Segment(msgspec.Struct, frozen=True):
    name: str
    level: int
    first: int
    """Sequence numbers it covers, both ends included."""
    last: int


class Store:
    """The database, open for one update or search.

    Raises:
        sqlite3.Error: the file is damaged; the caller builds it anew.
    """

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not self.db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            self.db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            self.db.close()
            raise sqlite3.DatabaseError(f"version {version}, not {VERSION}")

    def close(self) -> None:
        self.db.close()

    def stamps(self) -> dict[str, str]:
        """Return each issue's stamp by slug."""
        return dict(self.db.execute("SELECT slug, stamp FROM issue"))

    def placed(self, slug: str) -> Placed | None:
        found = self.db.execute("SELECT seq, base, size FROM issue WHERE slug = ?", (slug,)).fetchone()
        return Placed(*found) if found else None

    def all_placed(self) -> list[Placed]:
        """Return every issue's place, oldest first."""
        return [Placed(*r) for r in self.db.execute("SELECT seq, base, size FROM issue ORDER BY seq")]

    def add(self, entry: Entry, stamp: str) -> Placed:
        """Add an issue; one of the same slug must have been removed before."""
        seq, base = self._take("seq", 1), self._take("doc", max(1, len(entry.articles)))
        row = entry.row
        self.db.execute(
            "INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, row.slug, stamp, base, len(entry.articles), row.open_dont_quote, row.open_check, msgspec.json.encode(row)),
        )
        for doc, article in enumerate(entry.articles, base):
            self.db.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", (doc, seq, article.n, _clean(article.en), _clean(article.zh)))
            self.db.execute("INSERT INTO fts (rowid, zh, en) VALUES (?, ?, ?)", (doc, _cut(article.body_zh), _cut(article.body_en)))
        return Placed(seq, base, len(entry.articles))

    def remove(self, placed: Placed, old: Entry | None) -> None:
        """Remove an issue.

        Args:
            old: what was added; a contentless index needs the old text to forget it.  Without it the
                terms stay, and ``find`` leaves out what no article stands for.
        """
        if old is not None:
            for doc, article in enumerate(old.articles, placed.base):
                self.db.execute(
                    "INSERT INTO fts (fts, rowid, zh, en) VALUES ('delete', ?, ?, ?)", (doc, _cut(article.body_zh), _cut(article.body_en))
                )
        self.db.execute("DELETE FROM article WHERE seq = ?", (placed.seq,))
        self.db.execute("DELETE FROM issue WHERE seq = ?", (placed.seq,))

    def _take(self, name: str, by: int) -> int:
        value = self.db.execute("UPDATE counter SET value = value + ? WHERE name = ? RETURNING value", (by, name)).fetchone()[0]
        return int(value) - by

    def rows(self, first: int, last: int) -> list[tuple[int, IssueRow]]:
        """Return the issues with sequence numbers ``first`` to ``last``, newest first."""
        found = self.db.execute("SELECT seq, row FROM issue WHERE seq BETWEEN ? AND ? ORDER BY seq DESC", (first, last))
        return [(seq, msgspec.json.decode(row, type=IssueRow)) for seq, row in found]

    def newest(self, limit: int) -> list[IssueRow]:
        found = self.db.execute("SELECT row FROM issue ORDER BY seq DESC LIMIT ?", (limit,))
        return [msgspec.json.decode(row, type=IssueRow) for (row,) in found]

    def worst(self, limit: int) -> list[IssueRow]:
        """Return the issues with most left to review, worst first."""
        found = self.db.execute(
            "SELECT row FROM issue WHERE open_stop + open_check > 0 ORDER BY open_stop DESC, open_check DESC, seq DESC LIMIT ?", (limit,)
        )
        return [msgspec.json.decode(row, type=IssueRow) for (row,) in found]

    def totals(self) -> tuple[int, int, int, int]:
        """Return issues, articles, passages not to quote and passages to check, approved articles' left out."""
        found = self.db.execute("SELECT count(*), total(size), total(open_stop), total(open_check) FROM issue").fetchone()
        return int(found[0]), int(found[1]), int(found[2]), int(found[3])

    def needing_review(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM issue WHERE open_stop + open_check > 0").fetchone()[0])

    def seqs_after(self, seq: int) -> list[int]:
        return [s for (s,) in self.db.execute("SELECT seq FROM issue WHERE seq > ? ORDER BY seq", (seq,))]

    def last_seq(self) -> int:
        """Return the highest sequence number ever given, -1 before the first."""
        return int(self.db.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()[0]) - 1

    def segments(self) -> list[Segment]:
        """Return the static index's segments in the order of their documents."""
        return [Segment(*r) for r in self.db.execute("SELECT name, level, first, last FROM segment ORDER BY first")]

    def put_segment(self, new: Segment, instead_of: Sequence[Segment] = ()) -> None:
        self.db.executemany("DELETE FROM segment WHERE name = ?", [(s.name,) for s in instead_of])
        self.db.execute("INSERT INTO segment VALUES (?, ?, ?, ?)", (new.name, new.level, new.first, new.last))

    def find(self, expression: str, limit: int) -> Iterator[tuple[str, int, int, int]]:
        """Yield slug, sequence number, document and article number of the best matches of an FTS5 expression."""
        yield from self.db.execute(
            "SELECT issue.slug, article.seq, article.doc, article.n FROM fts JOIN article ON article.doc = fts.rowid "
            "JOIN issue ON issue.seq = article.seq WHERE fts MATCH ? ORDER BY bm25(fts), article.doc DESC LIMIT ?",
            (expression, limit),
        )


def _cut(text: str) -> str:
    return " ".join(tokens(text)).encode("utf-8", "replace").decode()


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
