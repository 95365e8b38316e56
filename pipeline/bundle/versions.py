"""Superseded bundles: kept whole beside the current ones, still verifiable.

    outputs/<slug>/                                   the current bundle
    outputs/.versions/<slug>/<fingerprint>-<manifest>/   earlier ones, 12 hex digits of each

Each bundle's ``volatile.json`` names the manifest it superseded, so the order can be followed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from pipeline import files
from pipeline.bundle import layout, reader
from pipeline.errors import InputError, VerifyError
from pipeline.records import Record

FOLDER: Final = ".versions"


class Version(Record, frozen=True):
    """One bundle of an issue, current or superseded."""

    folder: str
    """Relative to the folder of all bundles."""
    fingerprint: str
    manifest_sha256: str
    supersedes: str
    """Digest of the manifest before it; empty for the first."""
    finished: str
    """UTC, RFC 3339."""
    human: int
    """Passages whose English a person wrote."""
    approved: int
    """Units a person vouches for."""
    current: bool


def digest_of(folder: Path) -> str:
    """SHA-256 of the manifest in ``folder``; empty where there is none."""
    try:
        return hashlib.sha256((folder / layout.MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return ""


def keep(target: Path, new: layout.Manifest) -> Path | None:
    """Keep the bundle at ``target`` before ``new`` takes its place; returns where, or ``None``.

    An editor's successive saves are one version: a bundle that people have edited is not kept when
    its successor has the same fingerprint and no less human work.  All else is kept, even what
    cannot be read as a bundle.

    Raises:
        OutputError: the versions folder cannot be written.
    """
    with files.output_errors(target):
        if not target.exists() or not any(target.iterdir()):
            return None
    try:
        old: layout.Manifest | None = reader.manifest(target)
    except (InputError, VerifyError):
        old = None
    shelf = target.parent / FOLDER / target.name
    if old is None:
        place = shelf / "unreadable"
    else:
        was, now = (m.counts.human + m.counts.approved + m.counts.corrections for m in (old, new))
        if old.fingerprint == new.fingerprint and 0 < was <= now:
            return None
        place = shelf / f"{_hex(old.fingerprint)}-{digest_of(target)[:12]}"
        if place.exists() and digest_of(place) == digest_of(target) and reader.finished(place):
            return place
    number, wanted = 1, place
    while place.exists():
        number += 1
        place = wanted.with_name(f"{wanted.name}-{number}")
    files.copy_folder(target, place)
    return place


def _hex(fingerprint: str) -> str:
    """Twelve hex digits of a fingerprint, whatever it is made of."""
    short = fingerprint[:12]
    good = len(short) == 12 and set(short) <= set("0123456789abcdef")
    return short if good else hashlib.sha256(fingerprint.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def history(out: Path, slug: str) -> tuple[Version, ...]:
    """All readable bundles of one issue, oldest first, the current one last."""
    shelf = out / FOLDER / slug
    folders = sorted(p for p in shelf.iterdir() if p.is_dir() and not p.name.startswith(".")) if shelf.is_dir() else []
    found: list[Version] = []
    for folder in [*folders, out / slug]:
        try:
            manifest, note = reader.manifest(folder), reader.volatile(folder)
        except (InputError, VerifyError):
            continue
        found.append(
            Version(
                folder=folder.relative_to(out).as_posix(),
                fingerprint=manifest.fingerprint,
                manifest_sha256=digest_of(folder),
                supersedes=note.supersedes,
                finished=note.run.finished,
                human=manifest.counts.human,
                approved=manifest.counts.approved,
                current=folder == out / slug,
            )
        )
    return tuple(sorted(found, key=lambda v: (v.current, v.finished, v.folder)))
