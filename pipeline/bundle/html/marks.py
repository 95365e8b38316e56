"""Text cut into pieces, so that terms and findings can be shown where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records import Finding, Translation

TERMS_SHOWN: Final = 12
"""Terms of one sentence that get a link between the languages; the style sheet has that many rules."""

_NAMED: Final = {0x00AD: "SHY", 0xFEFF: "BOM", 0x200B: "ZWSP"}
# U+200C and U+200D shape Uyghur and Kazakh in Arabic script and join emoji: they are text and stay.
_KEPT_FORMAT: Final = {0x200C, 0x200D}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one mark: plain, a projected term, or what a finding is about."""

    text: str
    kind: str = ""
    """Empty, ``term`` or ``finding``."""
    key: int = 0
    """Joins a term's Chinese with its English: 1 to ``TERMS_SHOWN``."""


def visible(text: str) -> str:
    """Return ``text`` with every character that could act unseen written out instead.

    Control characters become their Unicode control pictures, bidirectional controls and other
    format characters become ``[U+202E]``; lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(char: str) -> str:
    if char.isprintable() or char in "\n\t\u3000\u00a0":
        return char
    code = ord(char)
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code in _KEPT_FORMAT or category in {"Zs", "Cn", "Co"}:
        return char
    return f"[{_NAMED.get(code, f'U+{code:04X}')}]"


def pieces(translation: Translation, notes: Sequence[Finding]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the Chinese and the English of ``translation``, cut where something is marked.

    A term is marked only where its English really stands in the target; where marks overlap, what a
    finding is about wins.
    """
    source, target = translation.segment.text, translation.target
    zh: list[tuple[int, int, str, int]] = []
    en: list[tuple[int, int, str, int]] = []
    for note in notes:
        _add(zh, _find(source, note.source), "finding", 0)
        _add(en, _find(target, note.target), "finding", 0)
    key, cursor = 0, 0
    replacements = translation.projection.replacements if translation.projection else ()
    for replaced in (part for whole in replacements for part in (whole.parts or (whole,))):
        at = _find(target, replaced.target, cursor) or _find(target, replaced.target)
        inside = 0 <= replaced.start < replaced.end <= len(source)
        if at is None or not inside or key >= TERMS_SHOWN:
            continue
        if _add(en, at, "term", key + 1):
            key += 1
            cursor = at[1]
            _add(zh, (replaced.start, replaced.end), "term", key)
    return _cut(source, zh), _cut(target, en)


def _find(text: str, part: str, start: int = 0) -> tuple[int, int] | None:
    # A finding about the whole sentence needs no mark inside it.
    if not part or part == text:
        return None
    at = text.find(part, start)
    return None if at < 0 else (at, at + len(part))


def _add(marks: list[tuple[int, int, str, int]], at: tuple[int, int] | None, kind: str, key: int) -> bool:
    if at is None or any(at[0] < end and start < at[1] for start, end, _, _ in marks):
        return False
    marks.append((*at, kind, key))
    return True


def _cut(text: str, marks: Sequence[tuple[int, int, str, int]]) -> tuple[Piece, ...]:
    out: list[Piece] = []
    at = 0
    for start, end, kind, key in sorted(marks):
        if at < start:
            out.append(Piece(text[at:start]))
        out.append(Piece(text[start:end], kind, key))
        at = end
    if at < len(text) or not out:
        out.append(Piece(text[at:]))
    return tuple(out)
