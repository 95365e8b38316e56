"""Sign a bundle that is finished: the key need not be on the machine that translated."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from pipeline import files
from pipeline.bundle import attest, integrity, layout, reader, signing
from pipeline.bundle.verify import verify
from pipeline.errors import VerifyError
from pipeline.records import encode


def seal(folder: Path, key: Path) -> str:
    """Sign the bundle at ``folder`` in place of any signature it has; nothing else in it changes.

    Args:
        folder: a finished bundle.
        key: PEM file of an Ed25519 private key.

    Returns:
        The key's id.

    Raises:
        InputError: the folder is no bundle, or the key cannot be read.
        VerifyError: the bundle is not intact; nobody should vouch for it.
        OutputError: the folder cannot be written.
        MissingExtraError: the extra ``sign`` is not installed.
    """
    signer = signing.load_signer(key)
    report = verify(folder)
    if not report.ok:
        first = report.problems[0]
        raise VerifyError(f"{folder} is not intact ({first.file}: {first.message})", hint="Run 'pipeline verify' on it; it was not signed.")
    note = msgspec.structs.replace(reader.volatile(folder), signer=signing.key_id(signer.public_key))
    volatile = encode(note)
    statement = attest.statement((folder / layout.MANIFEST).read_bytes(), volatile)
    new = {
        layout.VOLATILE: volatile,
        layout.STATEMENT: statement,
        layout.ENVELOPE: signing.sign(statement, signer),
        layout.PUBLIC_KEY: signing.public_pem(signer.public_key),
    }
    with files.staged_folder(folder) as staged:
        shutil.copytree(folder, staged, dirs_exist_ok=True)
        for name, data in new.items():
            (staged / name).write_bytes(data)
        names = [n for n in integrity.digests(staged) if n != layout.SUMS]
        (staged / layout.SUMS).write_bytes(integrity.sums({n: (staged / n).read_bytes() for n in names}))
        files.publish_folder(staged, folder)
    return note.signer
