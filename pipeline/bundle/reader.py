"""Read a bundle folder back into the records it was written from."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.bundle import layout
from pipeline.bundle.naming import safe_relative
from pipeline.errors import InputError, VerifyError
from pipeline.records import SCHEMA_VERSION, Issue, IssueResult, Segmentation, Unit, UnitResult, decode

T = TypeVar("T")


def load(folder: Path, name: str, kind: type[T]) -> T:
    """Read one JSON file of a bundle.

    Raises:
        InputError: it is missing, unreadable, or not of this schema.
    """
    path = folder / safe_relative(name)
    try:
        return decode(path.read_bytes(), kind)
    except OSError as exc:
        raise InputError(f"Cannot read {path}: {exc.strerror}.", hint=f"A bundle is a folder with {layout.MANIFEST} in it.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        raise InputError(
            f"{path} is not a file of bundle schema {layout.BUNDLE_SCHEMA}: {exc}.",
            hint="Run 'pipeline verify' on the bundle; a newer pipeline may have written it.",
        ) from None


def manifest(folder: Path) -> layout.Manifest:
    """Read a bundle's manifest.

    Raises:
        InputError: there is none, or it is not of this schema.
    """
    return load(folder, layout.MANIFEST, layout.Manifest)


def finished(folder: Path) -> str | None:
    """Fingerprint of the complete bundle at ``folder``; ``None`` where there is none.

    Takes milliseconds: sizes are looked at, digests are ``verify``'s business.
    """
    try:
        found = manifest(folder)
        complete = all((folder / safe_relative(f.path)).stat().st_size == f.size for f in found.files)
        complete = complete and (folder / layout.VOLATILE).is_file()
    except (OSError, InputError, VerifyError):
        return None
    return found.fingerprint if complete else None


def read(folder: Path) -> IssueResult:
    """Return the result that ``write`` was given.

    Raises:
        InputError: the folder is no bundle, or a file of it is missing or malformed.
        VerifyError: its manifest names files outside the folder.
    """
    top = manifest(folder)
    seg = load(folder, layout.SEGMENTATION, layout.SegmentationFile)
    try:
        text = (folder / layout.SOURCE_TEXT).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"Cannot read {folder / layout.SOURCE_TEXT}: {exc}.", hint="Run 'pipeline verify' on the bundle.") from None
    units: list[UnitResult] = []
    for entry in top.articles:
        article = load(folder, entry.file, layout.ArticleFile)
        translations = tuple(layout.unalign(p, article.unit.id) for p in article.passages)
        units.append(UnitResult(unit=article.unit, summary=article.summary, translations=translations, findings=article.findings))
    review = layout.ReviewFile(schema=layout.BUNDLE_SCHEMA, approvals=(), corrections=())
    if any(f.path == layout.REVIEW for f in top.files):
        review = load(folder, layout.REVIEW, layout.ReviewFile)
    return IssueResult(
        schema=SCHEMA_VERSION,
        issue=Issue(id=top.issue, source=top.source, text=text, regions=seg.regions),
        segmentation=_segmentation(seg, units, folder),
        units=tuple(units),
        names=top.names,
        findings=top.findings,
        provenance=top.provenance,
        approvals=review.approvals,
        corrections=review.corrections,
    )


def volatile(folder: Path) -> layout.VolatileFile:
    """Read what differs from run to run.

    Raises:
        InputError: the file is missing or malformed.
    """
    return load(folder, layout.VOLATILE, layout.VolatileFile)


def _segmentation(seg: layout.SegmentationFile, units: list[UnitResult], folder: Path) -> Segmentation:
    known: dict[str, Unit] = {u.unit.id: u.unit for u in units}
    known.update((u.id, u) for u in seg.unfinished)
    try:
        ordered = tuple(known[i] for i in seg.units)
    except KeyError as exc:
        raise InputError(f"{folder}: no file holds unit {exc}.", hint="Run 'pipeline verify' on the bundle.") from None
    return Segmentation(issue=seg.issue, units=ordered, ledger=seg.ledger, findings=seg.findings)
