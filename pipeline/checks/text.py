"""Small readings of Chinese and English text that several checks need."""

from __future__ import annotations

import re
from typing import Final

HAN_CLASS: Final = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f〇々"
"""Inside a character class: Han ideographs, 〇 and 々."""

HAN: Final = re.compile(f"[{HAN_CLASS}]")
HAN_RUN: Final = re.compile(f"[{HAN_CLASS}]+")
CJK_MARK: Final = re.compile(r"[、。〈〉《》「」『』【】〔〕〖〗！（），－．：；？～]")
WORD: Final = re.compile(r"[A-Za-zÀ-ɏ]+(?:[’'][A-Za-z]+)*|\d+(?:[.,]\d+)*")
CLAUSE_END: Final = re.compile(r"[，。！？；：,;!?]+[”’」』）)]*|——+|……")

# A digit or Latin letter of the source is copied, not translated into several letters.
_COPIED_WEIGHT: Final = 0.35


_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "‑": "-", "‐": "-", "\u00a0": " ", "\u202f": " "})


def plain(text: str) -> str:
    """Return ``text`` with straight quotes, plain hyphens and ordinary spaces; lengths are kept."""
    return text.translate(_PLAIN)


def han_count(text: str) -> int:
    """Number of Han characters in ``text``."""
    return len(HAN.findall(text))


def words(text: str) -> list[str]:
    """Words and numbers of an English text in order, lower case, apostrophes straight."""
    return [w.lower().replace("’", "'") for w in WORD.findall(text)]


def source_size(text: str) -> float:
    """Size of a Chinese text in Han-character equivalents: copied digits and letters count about a third."""
    han = han_count(text)
    other = sum(1 for c in text if c.isascii() and c.isalnum())
    return han + _COPIED_WEIGHT * other


def clauses(text: str) -> list[str]:
    """Clauses of a Chinese sentence, punctuation dropped, empty ones left out."""
    return [part for part in (p.strip() for p in CLAUSE_END.split(text)) if part]
