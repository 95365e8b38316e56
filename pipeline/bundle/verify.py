"""``pipeline verify``: is this bundle what was written, from that source, by that desk?

What anchors what: the manifest has the digests of the stable files, ``SHA256SUMS`` those of all
others, the manifest's included; the statement repeats them for the record, and a signature covers
the statement.  So one changed bit in any file contradicts another file.  Someone who changes *all*
of them consistently is caught by the signature and a key that the reader already trusts, and by
nothing else; the report says which of the two was checked.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.bundle import attest, layout, reader, signing, spans
from pipeline.bundle.integrity import Kind, Problem, against_manifest, against_statement, against_sums, decodes, digests, paths, sha
from pipeline.bundle.naming import safe_relative
from pipeline.bundle.retranslate import Outcome, Retranslate, Retranslated, compare, sample
from pipeline.errors import InputError, MissingExtraError, VerifyError
from pipeline.records import IssueResult, Record, decode

if TYPE_CHECKING:
    from securesystemslib.signer import SSlibKey


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


def _trusted(key: Path | None) -> SSlibKey | None:
    """The public key the reader trusts.

    Raises:
        InputError: it cannot be read.
        MissingExtraError: the extra ``sign`` is not installed.
    """
    if key is None:
        return None
    try:
        return signing.load_public(key.read_bytes(), str(key))
    except OSError as exc:
        raise InputError(f"Cannot read the key {key}: {exc.strerror}.", hint="Give the .pub file of the desk.") from None


def _signature(folder: Path, key: SSlibKey | None) -> tuple[Signature, str, list[Problem]]:
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
        signing.check(envelope.read_bytes(), (folder / layout.STATEMENT).read_bytes(), key or known)
    except MissingExtraError:
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
            matched = sha(given) == wanted
        except OSError as exc:
            raise InputError(f"Cannot read {given}: {exc.strerror}.", hint="Give the issue file the bundle was made from.") from None
        if not matched:
            return bad(given.name, "This is not the file the bundle was made from.")
    if not manifest.original:
        return (SourceCheck.MATCHED if given else SourceCheck.ABSENT), []
    try:
        if sha(folder / safe_relative(manifest.original)) != wanted:
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
    trusted = _trusted(key)
    problems = list(decodes(folder, layout.MANIFEST, layout.Manifest))
    problems += decodes(folder, layout.VOLATILE, layout.VolatileFile)
    problems += decodes(folder, layout.STATEMENT, attest.Statement)
    if any(p.file == layout.MANIFEST for p in problems):
        return _report(problems)
    manifest = decode((folder / layout.MANIFEST).read_bytes(), layout.Manifest)
    try:
        for path in paths(manifest):
            safe_relative(path)
    except VerifyError as exc:
        return _report([*problems, Problem(kind=Kind.ALTERED, file=layout.MANIFEST, message=exc.message)])
    found = digests(folder)
    problems += against_manifest(manifest, found)
    named = {p.file for p in problems}
    problems += (p for p in against_sums(folder, found) if p.file not in named)
    problems += against_statement(folder, manifest, found)
    signed, signer, wrong = _signature(folder, trusted)
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
    return _report(problems, files=len(found), texts=count, signature=signed, key=signer, source=matched, retranslated=again)


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
