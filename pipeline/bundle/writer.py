"""Publish a bundle folder, whole or not at all, and keep the one it supersedes."""

from __future__ import annotations

from pathlib import Path

from pipeline import files
from pipeline.bundle import attest, formats, integrity, layout, reader, signing, versions
from pipeline.bundle.contents import default_fingerprint, encodable, sha256, stable_files
from pipeline.bundle.naming import issue_slug
from pipeline.config import BundleConfig
from pipeline.errors import InputError, VerifyError
from pipeline.records import IssueResult, SourceFile, Volatile, decode, encode


def check(config: BundleConfig, *, sign_key: Path | None = None) -> None:
    """Find out before a long job whether its bundle could be written and signed as asked.

    Raises:
        ConfigError: unknown format.
        MissingExtraError: a format or the signature needs an optional package.
        InputError: the signing key cannot be read.
    """
    formats.check(config.formats)
    if sign_key is not None:
        signing.load_signer(sign_key)


def write(
    result: IssueResult,
    volatile: Volatile,
    out: Path,
    config: BundleConfig,
    *,
    fingerprint: str = "",
    original: bytes | None = None,
    sign_key: Path | None = None,
) -> Path:
    """Write ``<out>/<issue slug>/`` and return it.

    Where that very bundle stands already, undamaged, nothing is written.  Where another stands, it is
    first kept under ``<out>/.versions`` (see ``versions.keep``) and then superseded in one step.

    Args:
        result: the issue's outcome.
        volatile: times, host and token counts; they touch the volatile files only.
        out: folder of all bundles.
        config: which formats.
        fingerprint: digest of everything that shapes the bundle, as ``finished`` gives it back;
            empty takes ``default_fingerprint``.
        original: the file's raw bytes, kept where ``source.txt`` does not already equal them.
        sign_key: PEM file of an Ed25519 private key to sign the statement with.

    Raises:
        OutputError: the folder cannot be written; what was there is as before.
        ConfigError: unknown format.
        MissingExtraError: a format or the signature needs an optional package.
        InputError: the signing key cannot be read, or the folder's name is another issue's already.
    """
    signer = signing.load_signer(sign_key) if sign_key else None
    result = encodable(result)
    built = stable_files(result, config, fingerprint or default_fingerprint(result), original)
    target = out / issue_slug(result.issue.source)
    _refuse_another(target, result.issue.source)
    digest = sha256(built[layout.MANIFEST])
    key = signing.key_id(signer.public_key) if signer else ""
    if _stands(target, built, key):
        return target
    note = layout.VolatileFile(
        schema=layout.BUNDLE_SCHEMA, manifest_sha256=digest, run=volatile, supersedes=versions.digest_of(target), signer=key
    )
    built[layout.VOLATILE] = encode(note)
    built[layout.STATEMENT] = attest.statement(built[layout.MANIFEST], built[layout.VOLATILE])
    if signer:
        built[layout.ENVELOPE] = signing.sign(built[layout.STATEMENT], signer)
        built[layout.PUBLIC_KEY] = signing.public_pem(signer.public_key)
    built[layout.SUMS] = integrity.sums(built)
    # Swept once a run, by pipeline.flow.
    with files.staged_folder(target, sweeping=False) as staged:
        for path, data in built.items():
            place = staged / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        versions.keep(target, decode(built[layout.MANIFEST], layout.Manifest))
        files.publish_folder(staged, target)
    return target


def _refuse_another(target: Path, source: SourceFile) -> None:
    """Raise ``InputError`` where ``target`` holds the bundle of another file: their digests begin alike."""
    try:
        there = reader.manifest(target).source
    except (InputError, VerifyError):
        return
    if (there.name, there.sha256) != (source.name, source.sha256):
        raise InputError(
            f"{target} holds the bundle of another file, {there.name} with SHA-256 {there.sha256}.",
            hint="Rename this file, or write its bundle to another output folder.",
        )


def _stands(target: Path, built: dict[str, bytes], key: str) -> bool:
    """Whether the bundle at ``target`` already holds exactly these stable files, signed as asked, and undamaged."""
    try:
        if any((target / path).read_bytes() != data for path, data in built.items()):
            return False
        found = reader.volatile(target)
        if list(integrity.against_sums(target, integrity.digests(target))) or not (target / layout.SUMS).is_file():
            return False
    except (OSError, InputError):
        return False
    return not key or (found.signer == key and (target / layout.ENVELOPE).is_file())
