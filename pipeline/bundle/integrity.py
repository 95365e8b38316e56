"""Do the files of a bundle agree with each other?

Nothing here depends on how this version of the code would write a file, so that bundles of earlier
versions stay verifiable: files are compared by digest and read, never written again and compared.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from pipeline.bundle import attest, layout
from pipeline.records import Record, decode

LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that desktop systems drop into folders they show."""


class Kind(StrEnum):
    MISSING = "missing"
    ALTERED = "altered"
    UNEXPECTED = "unexpected"
    SCHEMA = "schema"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    SPAN = "span"
    SOURCE = "source"
    TAMPERED = "tampered"


class Problem(Record, frozen=True):
    """One reason not to trust the bundle."""

    kind: Kind
    file: str
    message: str


_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f\\]+)")


def sums(contents: Mapping[str, bytes]) -> bytes:
    """Return ``SHA256SUMS`` for these files: ``sha256sum -c`` reads it."""
    return "".join(f"{hashlib.sha256(contents[p]).hexdigest()}  {p}\n" for p in sorted(contents)).encode("utf-8")


def sha(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """Digest of every file under ``folder``; empty for a link or whatever else is no plain file."""
    out = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            name = path.relative_to(folder).as_posix()
            if path.name not in LITTER:
                out[name] = sha(path) if path.is_file() and not path.is_symlink() else ""
    return out


def paths(manifest: layout.Manifest) -> Iterator[str]:
    """Every path the manifest would have us open."""
    yield from (f.path for f in manifest.files)
    yield from (a.file for a in manifest.articles)
    if manifest.original:
        yield manifest.original


def against_manifest(manifest: layout.Manifest, found: Mapping[str, str]) -> Iterator[Problem]:
    """Files that are missing, altered or not known to the manifest."""
    listed = {f.path: f.sha256 for f in manifest.files}
    for path, digest in listed.items():
        if path not in found:
            yield Problem(kind=Kind.MISSING, file=path, message="The file is missing.")
        elif not found[path]:
            yield Problem(kind=Kind.ALTERED, file=path, message="A link stands where a file should be.")
        elif found[path] != digest:
            yield Problem(kind=Kind.ALTERED, file=path, message="The file is not the one that was written.")
    for path in found:
        if path not in (layout.MANIFEST, *layout.VOLATILE_FILES, *listed):
            yield Problem(kind=Kind.UNEXPECTED, file=path, message="The manifest does not know this file.")
    for name in (layout.VOLATILE, layout.STATEMENT, layout.SUMS):
        if not found.get(name):
            yield Problem(kind=Kind.MISSING, file=name, message="The file is missing.")


def against_sums(folder: Path, found: Mapping[str, str]) -> Iterator[Problem]:
    """Where ``SHA256SUMS`` and the files differ; its own form counts too, to the last byte."""
    try:
        text = (folder / layout.SUMS).read_bytes().decode("utf-8")
    except OSError:
        return  # reported as missing
    except UnicodeDecodeError:
        text = ""
    lines = [_LINE.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    said = {m.group(2): m.group(1) for m in lines if m}
    if len(said) != len(lines) or list(said) != sorted(said) or not text.endswith("\n"):
        yield Problem(kind=Kind.ALTERED, file=layout.SUMS, message="The list of digests was altered.")
        return
    for path in sorted({*said, *found} - {layout.SUMS}):
        if said.get(path) != found.get(path):
            yield Problem(kind=Kind.ALTERED, file=path, message=f"The file and its digest in {layout.SUMS} differ.")


def decodes(folder: Path, name: str, kind: type[msgspec.Struct]) -> Iterator[Problem]:
    """The file must be of the schema, without a field too many."""
    try:
        decode((folder / name).read_bytes(), kind)
    except OSError:
        return  # reported as missing
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        yield Problem(kind=Kind.SCHEMA, file=name, message=f"Not of bundle schema {layout.BUNDLE_SCHEMA}: {exc}.")


def against_statement(folder: Path, manifest: layout.Manifest, found: Mapping[str, str]) -> Iterator[Problem]:
    """The statement must be about exactly the files that are here, and ``volatile.json`` about this manifest."""
    try:
        note = decode((folder / layout.VOLATILE).read_bytes(), layout.VolatileFile)
        statement = decode((folder / layout.STATEMENT).read_bytes(), attest.Statement)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return  # reported already
    if note.manifest_sha256 != found[layout.MANIFEST]:
        yield Problem(kind=Kind.ALTERED, file=layout.MANIFEST, message="The manifest is not the one that volatile.json names.")
    about = {s.name: s.digest.sha256 for s in statement.subject}
    covered = {f.path: f.sha256 for f in manifest.files}
    covered |= {name: found.get(name, "") for name in (layout.MANIFEST, layout.VOLATILE)}
    if statement.type != attest.STATEMENT_TYPE or statement.predicate_type != attest.PREDICATE_TYPE:
        yield Problem(kind=Kind.STATEMENT, file=layout.STATEMENT, message="It is no in-toto statement of SLSA provenance.")
    if about != covered or len(about) != len(statement.subject):
        message = "The statement is not about this manifest, its files and volatile.json."
        yield Problem(kind=Kind.STATEMENT, file=layout.STATEMENT, message=message)
