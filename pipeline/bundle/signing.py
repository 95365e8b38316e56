"""Signing the statement with a local Ed25519 key, and checking such a signature.

The signature is a DSSE envelope around the statement, made by ``securesystemslib`` (the library of
in-toto and TUF), so that other in-toto tools can check it.  Needs the extra ``sign``.

Source: DSSE, the Dead Simple Signing Envelope, v1.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import files
from pipeline.bundle.attest import PAYLOAD_TYPE
from pipeline.errors import InputError, MissingExtraError, UsageError, VerifyError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey


def _need() -> None:
    try:
        import cryptography  # noqa: F401
        import securesystemslib  # noqa: F401
    except ImportError:
        raise MissingExtraError("Signing", "sign") from None


def new_key(private: Path) -> Path:
    """Make an Ed25519 key pair: ``private`` (readable by its owner only) and ``private`` + ``.pub``.

    Returns:
        Path of the public key, to hand to whoever verifies.

    Raises:
        UsageError: ``private`` exists already.
        OutputError: the folder cannot be written.
    """
    _need()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.with_name(private.name + ".pub")
    with files.output_errors(private):
        private.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(f"{private} exists already.", hint="Choose another name; keys are never overwritten.") from None
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
    files.write_atomic(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def load_signer(path: Path) -> CryptoSigner:
    """Read a private key.

    Raises:
        MissingExtraError: the extra ``sign`` is not installed.
        InputError: the file is missing or no unencrypted Ed25519 PEM key.
    """
    _need()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    hint = "Make one with: openssl genpkey -algorithm ed25519 -out key.pem"
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as exc:
        raise InputError(f"Cannot read the signing key {path}: {exc.strerror}.", hint=hint) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(f"{path} is no usable private key: it must be PEM and have no passphrase.", hint=hint) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path} holds no Ed25519 key.", hint=hint)
    return CryptoSigner(key)


def key_id(key: SSlibKey) -> str:
    """The id by which envelopes name a key."""
    return str(key.keyid)


def public_pem(key: SSlibKey) -> bytes:
    """A public key as PEM, the only way it is written here."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    # The library keeps an Ed25519 key as the hex of its 32 bytes.
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public(data: bytes, name: str) -> SSlibKey:
    """Read a PEM public key.

    Raises:
        MissingExtraError: the extra ``sign`` is not installed.
        InputError: the data is no Ed25519 public key.
    """
    _need()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey

    hint = "Give the .pub file that belongs to the signing key."
    try:
        key = load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(f"{name} is no PEM public key.", hint=hint) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{name} holds no Ed25519 key.", hint=hint)
    return SSlibKey.from_crypto(key)


def _dump(envelope: object) -> bytes:
    return (json.dumps(envelope, indent=1, sort_keys=True) + "\n").encode("ascii")


def sign(statement: bytes, signer: CryptoSigner) -> bytes:
    """Return a DSSE envelope around ``statement``; Ed25519 signatures are deterministic."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope(statement, PAYLOAD_TYPE, {})
    envelope.sign(signer)
    return _dump(envelope.to_dict())


def check(envelope: bytes, statement: bytes, key: SSlibKey) -> None:
    """Check that ``envelope`` holds exactly ``statement``, signed by ``key``.

    Raises:
        VerifyError: it does not.  The envelope's own bytes count too: one that decodes to the same
            thing but was written differently is refused.
    """
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import Error as LibraryError
    from securesystemslib.exceptions import VerificationError

    hint = "Do not rely on this bundle; ask the desk that published it."
    try:
        found = Envelope.from_dict(json.loads(envelope))
        # from_dict changes the dictionary it is given, so the text is parsed anew.
        canonical = _dump(found.to_dict())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, LibraryError) as exc:
        raise VerifyError(f"The signature file is malformed: {exc}.", hint=hint) from None
    if canonical != envelope:
        raise VerifyError("The signature file was altered.", hint=hint)
    if found.payload != statement or found.payload_type != PAYLOAD_TYPE:
        raise VerifyError("The signature is over another statement.", hint=hint)
    try:
        found.verify([key], 1)
    except VerificationError:
        raise VerifyError(f"The signature was not made by key {key_id(key)[:16]}.", hint=hint) from None
