"""Files and folders that appear whole or not at all.

A file is written beside its place, flushed to the disk and renamed over it.  A folder is built
beside its place and swapped in by one rename, so a reader sees the old folder or the new one and a
crash at any moment loses neither.  What a killed process leaves behind is swept by the next one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import re
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.errors import OutputError

_HINTS: Final = {
    errno.ENOSPC: ("the disk is full", "Free some space there, or choose another folder; earlier results are intact."),
    errno.EDQUOT: ("the disk quota is used up", "Free some space there, or choose another folder; earlier results are intact."),
    errno.EROFS: ("that disk is read-only", "Choose a folder on a disk that can be written."),
    errno.EACCES: ("permission is denied", "Choose a folder that this user may write to, or change its permissions."),
    errno.EPERM: ("the operation is not permitted", "Choose a folder that this user may write to, or change its permissions."),
    errno.ENOTDIR: ("a file stands where a folder is needed", "Move that file away, or choose another folder."),
    errno.EISDIR: ("a folder stands where a file is needed", "Move that folder away, or choose another name."),
    errno.ENAMETOOLONG: ("the path is too long for that disk", "Choose a folder with a shorter path."),
    errno.EFBIG: ("the file would be larger than that disk or a limit allows", "Raise the limit (ulimit -f), or choose another disk."),
    errno.EIO: ("the disk reports an input/output error", "Check the disk; earlier results may still be readable."),
}

_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100


def output_error(exc: OSError, path: Path) -> OutputError:
    """Turn an operating system error into one an operator can act on."""
    what, hint = _HINTS.get(exc.errno or 0, (exc.strerror or str(exc), "Check that folder, or choose another."))
    return OutputError(f"Cannot write {path}: {what}.", hint=hint)


@contextlib.contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Raise ``OutputError`` naming ``path`` for any ``OSError`` inside."""
    try:
        yield
    except OSError as exc:
        raise output_error(exc, path) from exc


def sync_folder(path: Path) -> None:
    """Flush a folder's entries to the disk, where the platform can."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError:
        return  # Windows opens no folders; network shares may refuse.
    try:
        os.fsync(fd)
    except OSError as exc:
        if exc.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.EACCES):
            raise
    finally:
        os.close(fd)


def write_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: afterwards it holds all of it, or what it held before.

    Parent folders are made as needed.

    Raises:
        OutputError: the disk is full, read-only or not permitted; nothing half-written is left.
    """
    with output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(prefix=_prefix(path, os.getpid()), suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(fd, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(_file_mode(path))
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def _file_mode(path: Path) -> int:
    """Mode of the file being replaced, or what a plain ``open`` would give."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o666 & ~_umask()


def _umask() -> int:
    # The only portable way to read the mask is to set it; /proc gives it without that race.
    try:
        found = re.search(r"^Umask:\s*([0-7]+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return int(found.group(1), 8) if found else 0o022


@contextlib.contextmanager
def staged_folder(target: Path, *, sweeping: bool = True) -> Iterator[Path]:
    """A new folder beside ``target`` to build its next content in; gone afterwards unless published.

    Args:
        target: where it is to be published.
        sweeping: remove what dead writers of ``target`` left.  It takes a look at every entry of the parent,
            so who writes thousands of folders into one calls ``sweep_all`` once instead.

    Raises:
        OutputError: the parent cannot be written.
    """
    with output_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        if sweeping:
            sweep(target)
        staged = Path(tempfile.mkdtemp(prefix=_prefix(target, os.getpid()), suffix=".part", dir=target.parent))
        staged.chmod(0o777 & ~_umask())
    try:
        with output_errors(target):
            yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9]", "", socket.gethostname())[:24] or "host"


def _prefix(target: Path, pid: int) -> str:
    return f".{_short(target.name)}.{_host()}.{pid}."


def _short(name: str) -> str:
    """``name`` cut so that a staging name of it stays within 255 bytes."""
    return name.encode("utf-8", "surrogateescape")[:160].decode("utf-8", "ignore")


def sweep(target: Path) -> None:
    """Remove staging files and folders of ``target`` whose process on this host has died."""
    _sweep(target.parent, re.escape(f".{_short(target.name)}."))


def sweep_all(folder: Path) -> None:
    """Remove what dead processes of this host left in ``folder``: a killed run may have been at its last bundle."""
    if folder.is_dir():
        _sweep(folder, r"\..+\.")


def _sweep(folder: Path, names: str) -> None:
    wanted = re.compile(names + re.escape(f"{_host()}.") + r"(\d+)\.[^.]*\.part")
    for entry in list(folder.iterdir()):
        found = wanted.fullmatch(entry.name)
        if found and not _alive(int(found.group(1))):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    entry.unlink()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def sync_tree(folder: Path) -> None:
    """Flush every file and folder under ``folder`` to the disk."""
    for where, _, names in os.walk(folder, topdown=False):
        for name in names:
            with (Path(where) / name).open("rb") as stream:
                os.fsync(stream.fileno())
        sync_folder(Path(where))


def publish_folder(staged: Path, target: Path) -> None:
    """Put ``staged`` where ``target`` is in one step; a folder that was there is dropped.

    Call inside ``staged_folder``.  Where the file system cannot exchange two names at once
    (``renameat2``), the old folder is moved aside first and put back if the second step fails.

    Raises:
        OSError: inside ``staged_folder`` it becomes an ``OutputError``; ``target`` is then as before.
    """
    sync_tree(staged)
    if not os.path.lexists(target):
        staged.rename(target)
    elif not _exchange(staged, target):
        aside = staged.with_name(staged.name[: -len(".part")] + "old.part")
        target.rename(aside)
        try:
            staged.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two names atomically; false where the platform or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def copy_folder(source: Path, target: Path) -> None:
    """Make ``target`` a copy of ``source``, sharing the files' data where hard links work.

    ``target`` appears whole or not at all and must not exist yet.

    Raises:
        OutputError: the place cannot be written.
    """
    with staged_folder(target) as staged:
        for where, folders, names in os.walk(source):
            inside = staged / Path(where).relative_to(source)
            for name in folders:
                (inside / name).mkdir()
            for name in names:
                try:
                    os.link(Path(where) / name, inside / name, follow_symlinks=False)
                except OSError as exc:
                    if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                        raise
                    shutil.copy2(Path(where) / name, inside / name, follow_symlinks=False)
        publish_folder(staged, target)


def database_damaged(exc: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Whether the file itself is at fault, not its disk, its permissions or another process.

    Damage to the header or the schema comes as a plain ``SQLITE_ERROR``: an unsupported format, a missing table.
    A message that quotes what is damaged may itself be no UTF-8.
    """
    if not isinstance(exc, sqlite3.OperationalError):
        return isinstance(exc, sqlite3.DatabaseError | UnicodeDecodeError)
    return getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def database_aside(path: Path) -> Path:
    """Move a damaged SQLite file out of the way, its log with it; returns the new name.

    Raises:
        OSError: it cannot be moved.
    """
    target = path.with_suffix(f".damaged-{time.time_ns()}")
    # A log left behind would be played into the next file of this name.
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(target)
    return target
