"""Bytes to text, without losing a character.

The decoded text keeps everything that the bytes hold: a byte order mark stays as U+FEFF, line ends
and control characters stay as they are.  So ``text.encode(encoding)`` gives the bytes back whenever
``undecodable`` is 0 (code pages with two bytes for one character excepted).
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from pipeline.errors import ConfigError, InputError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES: Final = ("gb18030", "big5hkscs", "utf_16_le", "utf_16_be")
_SAMPLE: Final = 1 << 16
_DAMAGED_UTF8: Final = 0.02
"""Share of unreadable characters up to which a file still counts as (damaged) UTF-8."""
_PLAIN: Final = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026\x20-\x7e\s]")
_PLAIN_SHARE: Final = 0.8
"""Share of common Chinese characters, punctuation and ASCII below which a guessed encoding is not believed."""
HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Decoded(NamedTuple):
    """What the bytes say, and how that was settled."""

    text: str
    encoding: str
    how: str
    undecodable: int


def decode(data: bytes, *, forced: str | None = None, declared: str | None = None) -> Decoded:
    """Turn bytes into text.

    Args:
        data: the raw bytes.
        forced: a codec the operator insists on.
        declared: a codec that the document names itself (an HTML ``charset``); used when it fits.

    Raises:
        ConfigError: ``forced`` names no codec.
        InputError: the bytes are no text in any supported encoding.
    """
    if forced is not None:
        return _forced(data, forced)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _lenient(data, name, "bom")
    try:
        text = data.decode("utf-8")
        if text.count("\0") <= len(text) // 10:
            return Decoded(text, "utf-8", "strict", 0)
    except UnicodeDecodeError:
        damaged = _lenient(data, "utf-8", "guessed")
        han = sum(1 for _ in HAN.finditer(damaged.text))
        if han >= 10 and damaged.undecodable <= max(2, _DAMAGED_UTF8 * han):
            return damaged
    if declared is not None:
        try:
            return Decoded(data.decode(declared), codecs.lookup(declared).name, "declared", 0)
        except (LookupError, UnicodeDecodeError):
            pass
    return _guess(data)


def _forced(data: bytes, name: str) -> Decoded:
    try:
        codec = codecs.lookup(name)
        b"".decode(name)
    except LookupError:
        raise ConfigError(f"'{name}' is not a text encoding.", hint="Use a name such as utf-8, gb18030, big5 or utf-16-le.") from None
    return _lenient(data, codec.name, "forced")


def _lenient(data: bytes, name: str, how: str) -> Decoded:
    try:
        return Decoded(data.decode(name), name, how, 0)
    except UnicodeDecodeError:
        text = data.decode(name, errors="replace")
        return Decoded(text, name, how, text.count("\ufffd"))


def _guess(data: bytes) -> Decoded:
    # Imported here: most files are UTF-8 and never need the detector.
    from charset_normalizer import from_bytes

    sample = data[: _SAMPLE & ~1]
    best = from_bytes(sample, cp_isolation=list(_CANDIDATES)).best()
    names = [best.encoding] if best is not None else []
    # The detector insists on a flawless sample; a damaged file is tried with every candidate.
    names += [name for name in _CANDIDATES if name not in names]
    tries = [_lenient(data, codecs.lookup(name).name, "guessed") for name in names[: 1 if best is not None else None]]
    chosen = min(tries, key=lambda d: d.undecodable - len(HAN.findall(d.text[:_SAMPLE])) / 1000)
    odd = len(_PLAIN.findall(chosen.text[:_SAMPLE])) < _PLAIN_SHARE * len(chosen.text[:_SAMPLE])
    if odd or (chosen.undecodable > _DAMAGED_UTF8 * max(1, len(chosen.text)) and chosen.undecodable > 1):
        raise InputError(
            "The file is not text in UTF-8, UTF-16, GB18030 or Big5.",
            hint="Save it as UTF-8, or name its encoding with 'ingest.encoding' in the configuration.",
        )
    return chosen
