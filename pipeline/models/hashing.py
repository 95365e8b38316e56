"""Digests of model files, computed once and remembered while the file is unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from pipeline.files import write_atomic
from pipeline.records import Record

_CHUNK = 1 << 20
Advance = Callable[[int], None]


def _ignore(_: int) -> None:
    return None


def sha256_file(path: Path, advance: Advance = _ignore) -> str:
    """SHA-256 of a file in hex; ``advance`` is told the bytes read as it goes."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            advance(len(chunk))
    return digest.hexdigest()


class FileStamp(Record, frozen=True):
    """A file as it was when its digest was taken; any change of size or time makes the digest stale."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


def stamp(path: Path, name: str, sha256: str) -> FileStamp:
    """Bind a digest to the file's present size and modification time."""
    stat = path.stat()
    return FileStamp(path=name, size=stat.st_size, mtime_ns=stat.st_mtime_ns, sha256=sha256)


def unchanged(path: Path, known: FileStamp) -> bool:
    """True while the file's size and time are those of the stamp."""
    try:
        stat = path.stat()
    except OSError:
        return False
    return stat.st_size == known.size and stat.st_mtime_ns == known.mtime_ns


def read_stamps(path: Path) -> tuple[FileStamp, ...]:
    """Stamps from a marker file; none when it is missing or damaged (the files are then hashed again)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[FileStamp, ...])
    except (OSError, msgspec.MsgspecError):
        return ()


def write_stamps(path: Path, stamps: tuple[FileStamp, ...]) -> None:
    """Write a marker file atomically."""
    write_atomic(path, msgspec.json.format(msgspec.json.encode(stamps), indent=1))


def fold(digests: list[tuple[str, str]]) -> str:
    """One digest for a folder: SHA-256 over its sorted ``name digest`` lines."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()
