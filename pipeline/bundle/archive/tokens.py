"""How text is cut for searching: pairs of Chinese characters, and words of every other script.

Chinese has no spaces, so a run of Han characters is indexed as its overlapping pairs, the usual
way to search it without a dictionary (Lucene's CJKAnalyzer does the same).  The page's script cuts
queries in the same way; ``templates/front.js`` must change together with this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN: Final = re.compile(f"[{_HAN}]")


def fold(text: str) -> str:
    """Return ``text`` with width, compatibility forms and case made equal."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the folded runs of ``text`` and whether each is Han."""
    for match in _RUN.finditer(fold(text)):
        yield match[0], _IS_HAN.match(match[0]) is not None


def tokens(text: str) -> list[str]:
    """Return the index terms of ``text`` in order; a single Han character stands as itself."""
    out: list[str] = []
    for run, han in runs(text):
        if han and len(run) > 1:
            out += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run)
    return out


def fts_query(query: str) -> str:
    """Return ``query`` as an FTS5 expression: every run must occur, a Han run as one phrase.

    A lone Han character matches the pairs it begins.  Empty where the query has nothing to look for.
    """
    parts = []
    for run, han in runs(query):
        if han and len(run) == 1:
            parts.append(f'"{run}" *')
        else:
            parts.append(f'"{" ".join(tokens(run))}"')
    return " AND ".join(parts)


def term_hash(term: str) -> int:
    """Return the 32-bit FNV-1a hash over the term's code points, which places it in a shard."""
    value = 0x811C9DC5
    for char in term:
        value = ((value ^ ord(char)) * 0x01000193) & 0xFFFFFFFF
    return value
