"""The doors in: a file's bytes become an ``Issue``.

The bytes are hashed before anything else happens.  ``Issue.text`` is the whole decoded text (of an
HTML page: the whole text it shows); nothing is removed here, cleaning happens later through
spans.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

from pipeline.config import IngestConfig
from pipeline.errors import InputError, TooLargeError
from pipeline.ingest import htmldoor
from pipeline.ingest.encodings import HAN, decode
from pipeline.ingest.pdfdoor import read_pdf
from pipeline.records import Issue, SourceFile

__all__ = ["from_bytes", "read_issue"]

_SIGNATURES: Final = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_PDF: Final = re.compile(rb"[\x00\s\xef\xbb\xbf]*%PDF-")
"""Some programs write a byte order mark or white space before the header."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_BINARY_SHARE: Final = 0.05
"""Share of control characters above which a text is taken for a binary file."""


def read_issue(path: Path, config: IngestConfig) -> Issue:
    """Read one issue file.

    Raises:
        InputError: the file is missing, a directory, unreadable, empty, too large, binary, or holds too
            little Chinese; its subclasses for PDF files that are encrypted, damaged or pictures.
        MissingExtraError: it is a PDF, and the ``pdf`` extra is not installed.
    """
    return from_bytes(path.name, read_bytes(path, config), config)


def read_bytes(path: Path, config: IngestConfig) -> bytes:
    """A file's bytes, before anything is done to them.

    Raises:
        InputError: the file is missing, a directory, unreadable, or too large.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory, not an issue file.", hint="Name one file, or use 'pipeline batch' for a folder.")
        size = path.stat().st_size
        if size > config.max_bytes:
            raise _too_large(path.name, size, config)
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.", hint="Check the spelling and the current directory.") from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise InputError(f"Cannot read {path}: {reason}.", hint="Check that the file exists and that you may read it.") from None


def from_bytes(name: str, data: bytes, config: IngestConfig) -> Issue:
    """Make an issue of a file's bytes; ``name`` is its base name.

    Raises:
        InputError: the data is empty, too large, binary, or holds too little Chinese; its subclasses for
            PDF files that are encrypted, damaged or pictures.
        MissingExtraError: it is a PDF, and the ``pdf`` extra is not installed.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if not data:
        raise InputError(f"{name} is empty.", hint="Export the page again; the file has no bytes.")
    if len(data) > config.max_bytes:
        raise _too_large(name, len(data), config)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name} is {what}, not text.", hint="Give the page's text or HTML.")
    issue = _through_door(name, data, sha256, config)
    _refuse_binary(name, issue.text)
    if (count := sum(1 for _, _ in zip(range(config.min_han), HAN.finditer(issue.text), strict=False))) < config.min_han:
        raise InputError(
            f"{name} has only {count} Chinese characters." if count else f"{name} has no Chinese text.",
            hint="Is it the right file? 'ingest.min_han' in the configuration sets how many are needed.",
        )
    return issue


def _through_door(name: str, data: bytes, sha256: str, config: IngestConfig) -> Issue:
    if _PDF.match(data, 0, 1024) is not None:
        found_pdf = read_pdf(name, data, max_pages=config.max_pages)
        source = SourceFile(
            name=name, size=len(data), sha256=sha256, door="pdf", encoding="pdf", encoding_how="declared", undecodable=found_pdf.undecodable
        )
        return Issue(id=sha256[:16], source=source, text=found_pdf.text, regions=found_pdf.regions)
    found = decode(data, forced=config.encoding, declared=htmldoor.declared_charset(data))
    html = htmldoor.is_html(found.text)
    source = SourceFile(
        name=name,
        size=len(data),
        sha256=sha256,
        encoding=found.encoding,
        encoding_how=found.how,
        undecodable=found.undecodable,
        door="html" if html else "text",
    )
    if html:
        shown = htmldoor.read_html(found.text)
        return Issue(id=sha256[:16], source=source, text=shown.text, regions=shown.regions)
    return Issue(id=sha256[:16], source=source, text=found.text)


def _too_large(name: str, size: int, config: IngestConfig) -> TooLargeError:
    return TooLargeError(
        f"{name} has {size:,} bytes, more than the limit of {config.max_bytes:,}.",
        hint="Split the file into issues, or raise 'ingest.max_bytes' in the configuration.",
    )


def _refuse_binary(name: str, text: str) -> None:
    sample = text[:1_000_000]
    if len(_CONTROL.findall(sample)) > _BINARY_SHARE * len(sample):
        raise InputError(f"{name} is a binary file, not text.", hint="Give the page's text or HTML.")
