"""Names of folders and files, safe on every file system whatever the page said.

No name made here holds a path separator, a control or bidirectional character, a leading dot, or a
word that Windows reserves; none is longer than a file share takes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from pipeline.errors import VerifyError
from pipeline.records import SourceFile

_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in "0123456789¹²³")})
_MAX_BYTES: Final = 96


def _clean(text: str, *, ascii_only: bool, limit: int) -> str:
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        good = char.isalnum() and (char.isascii() or not ascii_only)
        kept.append(char if good else "-")
    slug = re.sub(r"-+", "-", "".join(kept)).strip("-")
    while len(slug.encode("utf-8", "replace")) > limit:
        # Drop whole words while there are any, so that the name stays readable.
        head, _, _ = slug[: max(1, len(slug) - 1)].rpartition("-")
        slug = head if len(head) > limit // 4 else slug[:-1]
    slug = slug.strip("-")
    return f"{slug}-" if slug.lower() in _RESERVED else slug


def issue_slug(source: SourceFile) -> str:
    """Name of an issue's bundle folder: the file's stem and twelve digits of a digest of its name and content.

    The digest keeps apart two files of one name, and two names that differ only in what no folder name can
    show or in their suffix.  Among 100,000 issues of one name the chance that any two share 48 bits is 2e-5;
    ``writer.write`` refuses the second then.
    """
    stem = PurePosixPath(source.name.replace("\\", "/")).stem
    slug = _clean(stem, ascii_only=False, limit=_MAX_BYTES).strip("-")
    # Lone surrogates as the bundle's own files write them.
    name = re.sub("[\ud800-\udfff]", "\ufffd", source.name)
    digest = hashlib.sha256(f"{source.sha256} {name}".encode()).hexdigest()
    return f"{slug or 'issue'}-{digest[:12]}"


def article_slug(headline: str, kind: str) -> str:
    """Readable ASCII part of an article's file name, from its English headline or its kind."""
    text = unicodedata.normalize("NFKD", headline).replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _clean(text.lower(), ascii_only=True, limit=60) or kind


def safe_relative(path: str) -> str:
    """Return ``path`` unchanged if it names a file inside a bundle.

    Raises:
        VerifyError: it is absolute, climbs out, or holds a character no bundle uses.
    """
    parts = path.split("/")
    bad = any(p in ("", ".", "..") for p in parts) or re.search(r"[\\:\x00-\x1f\x7f]", path)
    if bad:
        raise VerifyError(f"The manifest names a file outside the bundle: {path!r}.", hint="Do not use this bundle; it was altered.")
    return path
