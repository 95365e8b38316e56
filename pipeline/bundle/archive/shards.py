"""The static search index: files of script that the front page loads straight from a disk.

A browser may load script, but not data, from ``file:``; so the index is cut into many small script
files, and a query loads only those that hold its terms.  The files form segments that never change.
New issues wait unindexed, and the page reads their text; sixteen of them make a segment, sixteen
segments of one level the next level's (a log-structured merge), so adding an issue rewrites little
and an archive of any size has few segments to ask.

A shard holds ``term -> postings``.  Postings are ascending document numbers as differences, each in
base-64 digits of five bits, least significant first, the sixth bit marking that more follow.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.bundle.archive.tokens import term_hash

FAN_OUT: Final = 16
"""Issues in a segment of the first level, and segments of one level in one of the next."""
SHARDS: Final = (16, 128, 1024, 8192)
"""Files of a segment, by level; each divides the next, so a shard's terms come from one shard below."""

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUE: Final = {c: i for i, c in enumerate(_DIGITS)}


def _digits(gap: int) -> str:
    out = ""
    while gap > 31:
        out += _DIGITS[(gap & 31) | 32]
        gap >>= 5
    return out + _DIGITS[gap]


_SMALL: Final = tuple(_digits(n) for n in range(2048))


def encode_postings(docs: Iterable[int]) -> str:
    """Return ascending document numbers as differences in base-64 digits."""
    out: list[str] = []
    last = 0
    for doc in docs:
        gap = doc - last
        out.append(_SMALL[gap] if gap < len(_SMALL) else _digits(gap))
        last = doc
    return "".join(out)


def decode_postings(text: str) -> list[int]:
    """Undo ``encode_postings``."""
    out: list[int] = []
    doc = gap = shift = 0
    for char in text:
        value = _VALUE[char]
        gap |= (value & 31) << shift
        if value & 32:
            shift += 5
        else:
            doc += gap
            out.append(doc)
            gap = shift = 0
    return out


def script(key: str, data: Any) -> bytes:
    """Return ``data`` as a script file that hands it to the page under ``key``."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Legal in JSON, line ends in older JavaScript; lone surrogates cannot be written as UTF-8.
    body = body.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"bundleArchive({json.dumps(key)},{body});\n".encode("utf-8", "replace")


def unscript(data: bytes) -> Any:
    """Return what ``script`` was given."""
    text = data.decode("utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def write_first_level(folder: Path, name: str, documents: Sequence[tuple[int, Iterable[str]]]) -> None:
    """Write the shards of a first-level segment into ``folder``.

    Args:
        folder: the new segment's folder; exists and is empty.
        name: the segment's name, part of each file's key.
        documents: document numbers, ascending, each with its terms.
    """
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for doc, terms in documents:
        for term in set(terms):
            postings[term].append(doc)
    shards: list[dict[str, str]] = [{} for _ in range(SHARDS[0])]
    for term, docs in postings.items():
        shards[term_hash(term) % SHARDS[0]][term] = encode_postings(docs)
    for number, shard in enumerate(shards):
        _write(folder, name, number, shard)


def merge(sources: Sequence[Path], folder: Path, name: str, level: int, alive: Container[int]) -> None:
    """Write into ``folder`` the segment of ``level`` that joins the segments ``sources`` of the level below.

    Args:
        sources: folders, in the order of their documents.
        alive: document numbers that still exist; the others are left out.
    """
    below, here = SHARDS[level - 1], SHARDS[level]
    for number in range(below):
        joined: defaultdict[str, list[int]] = defaultdict(list)
        for source in sources:
            for term, text in unscript((source / f"{number}.js").read_bytes()).items():
                joined[term] += [d for d in decode_postings(text) if d in alive]
        split: dict[int, dict[str, str]] = {number + below * k: {} for k in range(here // below)}
        for term, docs in joined.items():
            if docs:
                split[term_hash(term) % here][term] = encode_postings(docs)
        for shard, terms in split.items():
            _write(folder, name, shard, terms)


def _write(folder: Path, name: str, number: int, terms: Mapping[str, str]) -> None:
    (folder / f"{number}.js").write_bytes(script(f"{name}/{number}", terms))
