"""Where an issue's bytes come from: a file, a gzip file, or a member of a zip archive.

A source is a name, so a list of ten thousand weighs little; the bytes are read when its turn comes.
"""

from __future__ import annotations

import gzip
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.records import Record

PAGE_SUFFIXES: Final = frozenset({".txt", ".html", ".htm", ".xhtml", ".pdf"})
_INSIDE: Final = "!/"
"""Between an archive's path and the member's name in a label, as in Java's and fsspec's URLs."""
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    OverflowError,
    NotImplementedError,  # a method of packing it does not know
    RuntimeError,  # an encrypted member
)
"""What the standard library raises on packed files that are damaged or not for it."""


def readable(path: str) -> str:
    """``path`` as text that can be written down.

    On a disk written by an old Chinese system names are GBK bytes, which Python hands over as lone
    surrogates: good for opening the file, but no UTF-8 file or screen can hold them.
    """
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


class Source(Record, frozen=True, order=True):
    """One issue file, perhaps inside an archive."""

    path: str
    member: str = ""
    """Name inside the zip file at ``path``; empty for a plain or gzip file."""

    @property
    def name(self) -> str:
        """Base name of the page itself: ``.gz`` dropped, no folder."""
        if self.member:
            return PurePosixPath(self.member.replace("\\", "/")).name
        name = readable(Path(self.path).name)
        return name[:-3] if name.lower().endswith(".gz") and len(name) > 3 else name

    @property
    def label(self) -> str:
        """What people call it: the path, and the member behind ``!/``."""
        path = readable(self.path)
        return f"{path}{_INSIDE}{self.member}" if self.member else path


def read(source: Source, config: IngestConfig) -> bytes:
    """The page's bytes, unpacked.

    Raises:
        InputError: missing, unreadable, no regular file, damaged, encrypted, or larger than
            ``max_bytes`` once unpacked.
    """
    path = Path(source.path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{source.label} is not a file.", hint="Name one file; 'pipeline archive' takes a whole folder.")
        if source.member:
            return _member(path, source, config)
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as stream:
                return _bounded(stream, source, config)
        with path.open("rb") as stream:
            return _bounded(stream, source, config)
    except FileNotFoundError:
        raise InputError(f"There is no file {source.label}.", hint="Check the spelling and the current directory.") from None
    except (*_DAMAGE, gzip.BadGzipFile) as exc:
        raise InputError(f"{source.label} cannot be unpacked: {exc}.", hint="Send the file again, or unpack it by hand.") from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise InputError(f"Cannot read {source.label}: {reason}.", hint="Check that the file exists and that you may read it.") from None


def _member(path: Path, source: Source, config: IngestConfig) -> bytes:
    with _zip(path) as archive:
        try:
            info = archive.getinfo(source.member)
        except KeyError:
            raise InputError(f"There is no {source.member} in {source.path}.", hint="The archive changed; run again.") from None
        with archive.open(info) as stream:
            return _bounded(stream, source, config)


def _bounded(stream: IO[bytes] | gzip.GzipFile, source: Source, config: IngestConfig) -> bytes:
    # What an archive says of its members' sizes may be a lie; what comes out is counted.
    data = stream.read(config.max_bytes + 1)
    if len(data) > config.max_bytes:
        raise InputError(
            f"{source.label} holds more than the limit of {config.max_bytes:,} bytes.",
            hint="Split the file into issues, or raise 'ingest.max_bytes' in the configuration.",
        )
    return data


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        # Chinese systems write member names in their own code page and say nothing of it.
        return zipfile.ZipFile(path, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def walk(root: Path, skip: tuple[Path, ...] = (), unreadable: Callable[[str], None] = lambda _: None) -> Iterator[Source]:
    """Every issue under ``root``, folder by folder in the order of names.

    Hidden files and folders are left out, and so is what lies under ``skip`` (an output folder inside
    the archive).  Folders behind symbolic links are not entered, so no circle can form.

    Args:
        root: a folder, or one file.
        skip: folders not to enter.
        unreadable: told of each folder that cannot be listed.
    """
    if not root.is_dir():
        yield from _unpacked(root)
        return
    closed = {p.resolve() for p in skip}
    for where, folders, names in os.walk(root, onerror=lambda exc: unreadable(f"{exc.filename}: {exc.strerror}")):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and (Path(where) / f).resolve() not in closed)
        for name in sorted(names):
            if takes(name):
                yield from _unpacked(Path(where) / name)


def takes(name: str) -> bool:
    """Whether a file of this name is an issue or an archive of issues."""
    if name.startswith((".", "~")):
        return False
    inner = name[:-3] if name.lower().endswith(".gz") else name
    return Path(inner).suffix.lower() in PAGE_SUFFIXES or Path(name).suffix.lower() == ".zip"


def _unpacked(path: Path) -> Iterator[Source]:
    if path.suffix.lower() != ".zip":
        yield Source(path=str(path))
        return
    try:
        with _zip(path) as archive:
            names = sorted(name for name in archive.namelist() if name and not name.endswith("/"))
    except (*_DAMAGE, OSError, ValueError):
        # Handed on as it is: reading it says what is wrong, and the ledger keeps that.
        yield Source(path=str(path))
        return
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        hidden = any(p.startswith(".") or p == "__MACOSX" for p in parts)
        if not hidden and Path(parts[-1] if parts else "").suffix.lower() in PAGE_SUFFIXES:
            yield Source(path=str(path), member=name)
