"""``pipeline verify``: is this bundle what was written, from that source, by that desk?

What anchors what: the manifest has every stable file's digest; the statement has those, the
manifest's and ``volatile.json``'s, and can be computed from these two; a signature covers the
statement.  So one changed bit in any file contradicts another file.  Someone who changes *all* of
them consistently is caught by the signature and a key that the reader already trusts, and by
nothing else; the report says which of the two was checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from pipeline.bundle import attest, layout, reader, signing, spans
from pipeline.bundle.naming import safe_relative
from pipeline.bundle.retranslate import Outcome, Retranslate, Retranslated, compare, sample
from pipeline.errors import InputError, MissingExtraError, VerifyError
from pipeline.records import IssueResult, Record, decode, encode

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


class Signature(StrEnum):
    NONE = "none"
    """The bundle is not signed."""
    UNTRUSTED = "untrusted"
    """Signed by the key in the bundle; no key was given to compare."""
    TRUSTED = "trusted"
    """Signed by the key that was given."""
    INVALID = "invalid"
    UNCHECKED = "unchecked"
    """Signed, but the extra ``sign`` is not installed."""


class SourceCheck(StrEnum):
    MATCHED = "matched"
    """The original bytes are at hand and are those the manifest names."""
    ABSENT = "absent"
    """The original is not in the bundle and none was given: only its decoded text was compared."""
    DIFFERENT = "different"


class Report(Record, frozen=True):
    """What ``verify`` found."""

    ok: bool
    files: int
    """Files whose digest was checked."""
    texts: int
    """Texts compared with the source."""
    signature: Signature
    key: str
    """Id of the signing key; empty where the bundle is not signed."""
    source: SourceCheck
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    retranslated: tuple[Retranslated, ...] = ()


def _sha(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _present(folder: Path) -> dict[str, bool]:
    """Every entry that is not a folder, and whether it is a plain file."""
    return {
        p.relative_to(folder).as_posix(): p.is_file() and not p.is_symlink()
        for p in sorted(folder.rglob("*"))
        if p.is_symlink() or not p.is_dir()
    }


def _paths(manifest: layout.Manifest) -> Iterator[str]:
    """Every path the manifest would have us open."""
    yield from (f.path for f in manifest.files)
    yield from (a.file for a in manifest.articles)
    if manifest.original:
        yield manifest.original


def _files(folder: Path, manifest: layout.Manifest) -> Iterator[Problem]:
    listed = {f.path: f for f in manifest.files}
    present = _present(folder)
    for path, entry in listed.items():
        if path not in present:
            yield Problem(kind=Kind.MISSING, file=path, message="The file is missing.")
        elif not present[path]:
            yield Problem(kind=Kind.ALTERED, file=path, message="A link stands where a file should be.")
        elif _sha(folder / path) != entry.sha256:
            yield Problem(kind=Kind.ALTERED, file=path, message="The file is not the one that was written.")
    known = {layout.MANIFEST, *layout.VOLATILE_FILES, *listed}
    for path in present:
        if path not in known and Path(path).name not in LITTER:
            yield Problem(kind=Kind.UNEXPECTED, file=path, message="The manifest does not know this file.")
    for name in (layout.VOLATILE, layout.STATEMENT):
        if name not in present:
            yield Problem(kind=Kind.MISSING, file=name, message="The file is missing.")


def _canonical(folder: Path, name: str, kind: type[msgspec.Struct]) -> Iterator[Problem]:
    """The file must decode strictly and be written as the pipeline writes it, byte for byte."""
    try:
        data = (folder / name).read_bytes()
        if encode(decode(data, kind)) != data:
            yield Problem(kind=Kind.ALTERED, file=name, message="The file is not written as the pipeline writes it.")
    except OSError:
        return  # reported as missing
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as exc:
        yield Problem(kind=Kind.SCHEMA, file=name, message=f"Not of bundle schema {layout.BUNDLE_SCHEMA}: {exc}.")


def _statement(folder: Path, manifest: layout.Manifest, manifest_bytes: bytes) -> Iterator[Problem]:
    if set(manifest.volatile) != set(layout.VOLATILE_FILES):
        yield Problem(kind=Kind.ALTERED, file=layout.MANIFEST, message="The manifest calls other files volatile than this schema does.")
    try:
        note = (folder / layout.VOLATILE).read_bytes()
        found = (folder / layout.STATEMENT).read_bytes()
        expected = attest.statement(manifest_bytes, note)
        recorded = decode(note, layout.VolatileFile).manifest_sha256
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return  # reported already
    if recorded != hashlib.sha256(manifest_bytes).hexdigest():
        yield Problem(kind=Kind.ALTERED, file=layout.MANIFEST, message="The manifest is not the one that volatile.json names.")
    if found != expected:
        message = "The statement does not belong to this manifest and volatile.json: one of the three was altered."
        yield Problem(kind=Kind.STATEMENT, file=layout.STATEMENT, message=message)


def _signature(folder: Path, key: Path | None) -> tuple[Signature, str, list[Problem]]:
    def bad(message: str, file: str = layout.ENVELOPE) -> list[Problem]:
        return [Problem(kind=Kind.SIGNATURE, file=file, message=message)]

    envelope, public = folder / layout.ENVELOPE, folder / layout.PUBLIC_KEY
    try:
        signer = reader.volatile(folder).signer
    except InputError:
        signer = ""
    if not (signer or envelope.exists() or public.exists()):
        if key is not None:
            return Signature.NONE, "", bad("A key was given, but the bundle is not signed.")
        return Signature.NONE, "", []
    try:
        own = public.read_bytes()
        known = signing.load_public(own, layout.PUBLIC_KEY)
        trusted = signing.load_public(key.read_bytes(), str(key)) if key else known
        signing.check(envelope.read_bytes(), (folder / layout.STATEMENT).read_bytes(), trusted)
    except MissingExtraError:
        if key is not None:
            raise
        return Signature.UNCHECKED, signer, []
    except OSError as exc:
        return Signature.INVALID, signer, bad(f"{Path(exc.filename or '').name} is missing or unreadable.")
    except (VerifyError, InputError) as exc:
        return Signature.INVALID, signer, bad(exc.message)
    if signer != signing.key_id(known) or own != signing.public_pem(known):
        return Signature.INVALID, signer, bad("The public key in the bundle is not the one that signed.", layout.PUBLIC_KEY)
    return (Signature.TRUSTED if key else Signature.UNTRUSTED), signer, []


def _source(folder: Path, manifest: layout.Manifest, given: Path | None) -> tuple[SourceCheck, list[Problem]]:
    def bad(file: str, message: str) -> tuple[SourceCheck, list[Problem]]:
        return SourceCheck.DIFFERENT, [Problem(kind=Kind.SOURCE, file=file, message=message)]

    wanted = manifest.source.sha256
    if given is not None:
        try:
            matched = _sha(given) == wanted
        except OSError as exc:
            raise InputError(f"Cannot read {given}: {exc.strerror}.", hint="Give the issue file the bundle was made from.") from None
        if not matched:
            return bad(given.name, "This is not the file the bundle was made from.")
    if not manifest.original:
        return (SourceCheck.MATCHED if given else SourceCheck.ABSENT), []
    try:
        if _sha(folder / safe_relative(manifest.original)) != wanted:
            return bad(manifest.original, "The original in the bundle is not the file the manifest names.")
    except OSError:
        return bad(manifest.original, "The original is missing.")
    return SourceCheck.MATCHED, []


def _texts(result: IssueResult) -> tuple[int, list[Problem]]:
    count, wrong = spans.unsupported(result)
    problems = [Problem(kind=Kind.SPAN, file=layout.SOURCE_TEXT, message=w) for w in wrong]
    gap = spans.unbalanced(result.segmentation, len(result.issue.text))
    if gap:
        problems.append(Problem(kind=Kind.SPAN, file=layout.SEGMENTATION, message=gap))
    return count, problems


def verify(
    folder: Path,
    *,
    source: Path | None = None,
    key: Path | None = None,
    retranslate: Retranslate | None = None,
    sample_size: int = 8,
    same_environment: bool = False,
) -> Report:
    """Check a bundle's files, digests, statement, signature, schema, source and spans.

    Args:
        folder: the bundle.
        source: the issue file it is said to be made from.
        key: PEM public key that the reader trusts; without it a signature only proves that the
            bundle agrees with the key it brought along.
        retranslate: translates passages anew; a sample is then compared with what the bundle says.
        sample_size: how many passages to translate anew.
        same_environment: model, engine versions and machine are those the bundle names.

    Raises:
        InputError: there is no manifest at all, or ``source`` or ``key`` cannot be read.
        MissingExtraError: ``key`` was given and the extra ``sign`` is not installed.
    """
    if not (folder / layout.MANIFEST).is_file():
        raise InputError(f"{folder} is no bundle: it has no {layout.MANIFEST}.", hint="Give the folder of one issue.")
    problems = list(_canonical(folder, layout.MANIFEST, layout.Manifest))
    problems += _canonical(folder, layout.VOLATILE, layout.VolatileFile)
    problems += _canonical(folder, layout.STATEMENT, attest.Statement)
    if any(p.file == layout.MANIFEST and p.kind is Kind.SCHEMA for p in problems):
        return _report(problems)
    manifest_bytes = (folder / layout.MANIFEST).read_bytes()
    manifest = decode(manifest_bytes, layout.Manifest)
    try:
        for path in _paths(manifest):
            safe_relative(path)
    except VerifyError as exc:
        return _report([*problems, Problem(kind=Kind.ALTERED, file=layout.MANIFEST, message=exc.message)])
    problems += _files(folder, manifest)
    problems += _statement(folder, manifest, manifest_bytes)
    signed, signer, wrong = _signature(folder, key)
    problems += wrong
    matched, wrong = _source(folder, manifest, source)
    problems += wrong
    count, again = 0, tuple[Retranslated, ...]()
    try:
        result = reader.read(folder)
    except (InputError, VerifyError) as exc:
        if not problems:
            problems.append(Problem(kind=Kind.SCHEMA, file=layout.MANIFEST, message=exc.message))
    else:
        count, wrong = _texts(result)
        problems += wrong
        if retranslate is not None:
            chosen = sample(result, sample_size)
            again = compare(chosen, retranslate(chosen), same_environment=same_environment)
            problems += [_tampered(r) for r in again if r.outcome is Outcome.TAMPERED]
    return _report(problems, files=len(manifest.files) + 3, texts=count, signature=signed, key=signer, source=matched, retranslated=again)


def _tampered(found: Retranslated) -> Problem:
    return Problem(
        kind=Kind.TAMPERED, file=layout.MANIFEST, message=f"{found.segment}: the model does not say what the bundle says ({found.why})."
    )


def _report(
    problems: list[Problem],
    *,
    files: int = 0,
    texts: int = 0,
    signature: Signature = Signature.NONE,
    key: str = "",
    source: SourceCheck = SourceCheck.ABSENT,
    retranslated: tuple[Retranslated, ...] = (),
) -> Report:
    notes = {
        Signature.NONE: "Not signed: agreement between the files is proved, their author is not.",
        Signature.UNTRUSTED: "Signed by the key in the bundle itself; give a key you trust with --key to prove the author.",
        Signature.TRUSTED: "Signed by the key that was given.",
        Signature.UNCHECKED: "Signed, but not checked: install the extra 'sign'.",
    }
    said = [notes[signature]] if signature in notes else []
    if source is SourceCheck.ABSENT:
        said.append("The original file is not in the bundle; give it with --source to check it.")
    return Report(
        ok=not problems,
        files=files,
        texts=texts,
        signature=signature,
        key=key,
        source=source,
        problems=tuple(problems),
        notes=tuple(said),
        retranslated=retranslated,
    )


def render(report: Report) -> str:
    """Return the report as plain lines for an operator."""
    lines = [f"{report.files} files and {report.texts} texts checked against their digests and the source."]
    lines += [f"{p.kind.value}: {p.file}: {p.message}" for p in report.problems]
    for outcome in Outcome:
        number = sum(r.outcome is outcome for r in report.retranslated)
        if number:
            lines.append(f"{number} of {len(report.retranslated)} passages translated again: {outcome.value}")
    for r in report.retranslated:
        if r.outcome is not Outcome.IDENTICAL:
            lines += [f"  {r.segment} {r.outcome.value}: {r.why}", f"    bundle: {r.stored}", f"    again:  {r.again}"]
    lines += list(report.notes)
    lines.append("The bundle is intact." if report.ok else "The bundle is NOT intact.")
    return "\n".join(lines)
