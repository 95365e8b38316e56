"""Taking bundles in and out of the archive, and answering queries."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline import files
from pipeline.bundle import layout
from pipeline.bundle.archive import front, shards
from pipeline.bundle.archive.entry import ArticleText, Entry, read_entry
from pipeline.bundle.archive.store import Placed, Segment, Store
from pipeline.bundle.archive.tokens import fold, fts_query, runs, tokens
from pipeline.errors import InputError, PipelineError
from pipeline.records import Record

FOLDER: Final = "archive"
"""Beside the bundles and the front page; no bundle's name can equal it, for theirs end in a digest."""
_DATABASE: Final = "archive.db"
_BATCH: Final = 256
"""Bundles taken in by one transaction."""
_CONTEXT: Final = 90
"""Characters of an excerpt on either side of a match."""


class Report(Record, frozen=True):
    """What an update did."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]
    """Folders that are no whole bundle, and why; the archive goes on without them."""


class Hit(Record, frozen=True):
    """One article that matches a query."""

    slug: str
    number: int
    """Article's number on the issue's page."""
    title_en: str
    title_zh: str
    excerpt_en: str
    excerpt_zh: str
    """The passage that holds most of the query, in both languages."""


def update(outputs: Path, *, stop: Callable[[], bool] = lambda: False) -> Report:
    """Bring ``outputs/index.html`` and ``outputs/archive`` up to date with the bundles in ``outputs``.

    Looks at every bundle's manifest by time and size, and reads those that changed, a batch at a time;
    what a batch took in stays in, whatever becomes of the next.

    Args:
        outputs: folder of all bundles.
        stop: asked between batches; the next update goes on from there.

    Raises:
        OutputError: the folder cannot be written.
    """
    added: list[str] = []
    unreadable: list[tuple[str, str]] = []
    with _locked(outputs), _store(outputs) as store:
        known = store.stamps()
        found = dict(_bundles(outputs))
        gone = sorted(set(known) - set(found))
        changed = sorted(slug for slug, stamp in found.items() if known.get(slug) != stamp)
        if gone or not (outputs / "index.html").is_file():
            apply(outputs, store, [], gone)
        for at in range(0, len(changed), _BATCH):
            if stop():
                break
            entries: list[tuple[Entry, str]] = []
            lost: list[str] = []
            for slug in changed[at : at + _BATCH]:
                try:
                    entries.append((read_entry(outputs / slug), found[slug]))
                except (PipelineError, OSError) as exc:
                    unreadable.append((slug, getattr(exc, "message", str(exc))))
                    lost += [slug] if slug in known else []
            if entries or lost:
                apply(outputs, store, entries, lost)
            added += [e.row.slug for e, _ in entries]
            gone += lost
    return Report(added=tuple(added), removed=tuple(gone), unreadable=tuple(unreadable))


def apply(outputs: Path, store: Store, entries: Sequence[tuple[Entry, str]], gone: Sequence[str] = ()) -> None:
    """Take ``entries`` in, each with its stamp, and ``gone`` out; then write index and pages."""
    folder = outputs / FOLDER
    (folder / "text").mkdir(parents=True, exist_ok=True)
    touched: set[int] = set()
    forgotten: list[int] = []
    with _transaction(store):
        for slug in [*gone, *(e.row.slug for e, _ in entries)]:
            placed = store.placed(slug)
            if placed is not None:
                store.remove(placed, _old(folder, slug, placed))
                forgotten.append(placed.seq)
        for entry, stamp in entries:
            placed = store.add(entry, stamp)
            touched.add(placed.seq)
            (folder / "text" / f"{placed.seq}.js").write_bytes(shards.script(f"text/{placed.seq}", msgspec.to_builtins(entry)))
        _grow(folder, store)
        front.write(outputs, store, touched | set(forgotten))
    # Only now does no page name these any more.
    for seq in forgotten:
        (folder / "text" / f"{seq}.js").unlink(missing_ok=True)
    kept = {s.name for s in store.segments()}
    for old in folder.glob("s[0-9]*-[0-9]*"):
        if old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)


def search(outputs: Path, query: str, limit: int = 20) -> list[Hit]:
    """Return the articles of the archive that hold every word of ``query``, best first.

    Chinese of two characters and more is found anywhere in a run of text; other scripts by whole words.

    Raises:
        InputError: there is no archive in ``outputs``.
    """
    if not (outputs / FOLDER / _DATABASE).is_file():
        raise InputError(f"There is no archive in {outputs}.", hint="Make it with 'pipeline index' and the folder of the bundles.")
    expression = fts_query(query)
    if not expression:
        return []
    words = [run for run, _ in runs(query)]
    out: list[Hit] = []
    store = Store(outputs / FOLDER / _DATABASE)
    try:
        for slug, seq, _, number in store.find(expression, limit):
            entry = _read_text(outputs / FOLDER, seq)
            article = next((a for a in entry.articles if a.n == number), None) if entry else None
            if article is not None:
                en, zh = _excerpt(article, words)
                out.append(Hit(slug=slug, number=number, title_en=article.en, title_zh=article.zh, excerpt_en=en, excerpt_zh=zh))
    finally:
        store.close()
    return out


def _bundles(outputs: Path) -> Iterator[tuple[str, str]]:
    with files.output_errors(outputs):
        for folder in outputs.iterdir():
            if folder.name.startswith(".") or folder.name == FOLDER:
                continue
            with contextlib.suppress(OSError):
                stat = (folder / layout.MANIFEST).stat()
                yield folder.name, f"{stat.st_mtime_ns}:{stat.st_size}"


@contextlib.contextmanager
def _locked(outputs: Path) -> Iterator[None]:
    from filelock import FileLock

    with files.output_errors(outputs):
        (outputs / FOLDER).mkdir(parents=True, exist_ok=True)
        lock = FileLock(outputs / FOLDER / ".lock")
        lock.acquire()
    try:
        files.sweep_all(outputs / FOLDER)
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _store(outputs: Path) -> Iterator[Store]:
    """Open the database; one that is damaged or of another version is dropped and built anew."""
    path = outputs / FOLDER / _DATABASE
    try:
        store = Store(path)
        store.segments()
    except sqlite3.Error:
        shutil.rmtree(outputs / FOLDER, ignore_errors=True)
        (outputs / FOLDER).mkdir(parents=True, exist_ok=True)
        store = Store(path)
    try:
        with files.output_errors(outputs):
            yield store
    finally:
        store.close()


@contextlib.contextmanager
def _transaction(store: Store) -> Iterator[None]:
    store.db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        store.db.execute("ROLLBACK")
        raise
    store.db.execute("COMMIT")


def _read_text(folder: Path, seq: int) -> Entry | None:
    try:
        return msgspec.convert(shards.unscript((folder / "text" / f"{seq}.js").read_bytes()), Entry)
    except (OSError, ValueError):
        return None


def _old(folder: Path, slug: str, placed: Placed) -> Entry | None:
    old = _read_text(folder, placed.seq)
    return old if old is not None and old.row.slug == slug and len(old.articles) == placed.size else None


def _grow(folder: Path, store: Store) -> None:
    """Make segments of waiting issues and merge full levels; the folders they replace stay for now."""
    placed = {p.seq: p for p in store.all_placed()}
    covered = max((s.last for s in store.segments()), default=-1)
    waiting = [seq for seq in placed if seq > covered]
    while len(waiting) >= shards.FAN_OUT:
        batch, waiting = waiting[: shards.FAN_OUT], waiting[shards.FAN_OUT :]
        documents = []
        for seq in batch:
            entry = _read_text(folder, seq)
            for doc, article in enumerate(entry.articles if entry else (), placed[seq].base):
                documents.append((doc, tokens(f"{article.body_zh}\n{article.body_en}")))
        segment = Segment(f"s1-{batch[0]}", 1, batch[0], batch[-1])
        with files.staged_folder(folder / segment.name) as staged:
            shards.write_first_level(staged, segment.name, documents)
            files.publish_folder(staged, folder / segment.name)
        store.put_segment(segment)
        _merge_full(folder, store, placed)


def _merge_full(folder: Path, store: Store, placed: dict[int, Placed]) -> None:
    for level in range(1, len(shards.SHARDS)):
        full = [s for s in store.segments() if s.level == level]
        if len(full) < shards.FAN_OUT:
            break
        alive = {d for p in placed.values() for d in range(p.base, p.base + p.size)}
        merged = Segment(f"s{level + 1}-{full[0].first}", level + 1, full[0].first, full[-1].last)
        with files.staged_folder(folder / merged.name) as staged:
            shards.merge([folder / s.name for s in full], staged, merged.name, level, alive)
            files.publish_folder(staged, folder / merged.name)
        store.put_segment(merged, full)


def _excerpt(article: ArticleText, words: Sequence[str]) -> tuple[str, str]:
    """Return the English and the Chinese of the passage that holds most of ``words``, the first of equals."""
    passages = list(zip(article.body_en.split("\n"), article.body_zh.split("\n"), strict=False))
    scores = [sum(w in fold(f"{en} {zh}") for w in words) for en, zh in passages]
    if not scores:
        return "", ""
    en, zh = passages[scores.index(max(scores))]
    return _around(en, words), _around(zh, words)


def _around(text: str, words: Sequence[str]) -> str:
    """Return ``text``, cut on both sides where it is long, about the first of ``words`` in it."""
    # Folding can change lengths; then the place is only near.
    folded = fold(text)
    at = min((i for i in (folded.find(w) for w in words) if i >= 0), default=0)
    start = max(0, at - _CONTEXT) if len(text) > 2 * _CONTEXT else 0
    end = start + 2 * _CONTEXT
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
