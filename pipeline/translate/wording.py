"""What is done to a source before a model sees it and to its English afterwards, by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.records import Field
from pipeline.translate import prompts

# "iPhone" and "pH" keep their small letter.
_LOWER_START: Final = re.compile(r"[“‘\"'(]*[a-z](?![A-Z])")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:Co|Ltd|Inc|Corp|No|St|Dr|Mr|Mrs|Jr|etc|[ap]\.m)|\b[A-Z](?:\.[A-Z])*|\.\.)\.$")
_OPENING: Final = frozenset('“"')
_CLOSING: Final = frozenset('”"')


def has_han(text: str) -> bool:
    """True when any Chinese character is in the text."""
    return any("\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or c >= "\U00020000" for c in text)


def join(parts: Sequence[str]) -> str:
    """Put the English of consecutive pieces together with single spaces."""
    return " ".join(" ".join(p.split()) for p in parts if p.strip())


def tidy(english: str, field: Field) -> str:
    """A capital where a sentence begins, no full stop where a headline ends."""
    if field in prompts.DISPLAY and english.endswith(".") and not _ABBREVIATION.search(english):
        english = english.removesuffix(".")
    begins = _LOWER_START.match(english)
    return english if begins is None else english[: begins.end() - 1] + english[begins.end() - 1].upper() + english[begins.end() :]


def requote(sources: Sequence[str], english: Sequence[str]) -> tuple[str, ...]:
    """Marks of a quotation that runs over several pieces of one sentence: opened once, closed once.

    A model that sees one piece closes what it sees opened, and opens or forgets what it sees closed.
    """
    out: list[str] = []
    inside = 0
    for source, text in zip(sources, english, strict=True):
        begins, inside = inside, max(0, inside + source.count("“") - source.count("”"))
        made = text.strip()
        if begins and source[:1] != "“" and made[:1] in _OPENING:
            made = made[1:]
        if inside and source[-1:] != "”" and made[-1:] in _CLOSING:
            made = made[:-1]
        if begins and not inside and source[-1:] == "”" and made and made.count("“") >= made.count("”") and made[-1:] not in _CLOSING:
            made += "”"
        out.append(made)
    return tuple(out)


def enclosed(text: str) -> str | None:
    """What stands between the quotation marks of a text that is one quotation and nothing else, or ``None``."""
    if len(text) < 3 or text[0] not in _OPENING or text[-1] not in _CLOSING:
        return None
    depth = 0
    for char in text[1:-1]:
        depth += (char == "“") - (char == "”")
        if depth < 0 or char == '"':
            return None
    return text[1:-1].strip() or None if not depth else None


def glossed(source: str, glosses: Sequence[tuple[str, str]]) -> str:
    """Write English words in the places of Chinese ones."""
    for zh, english in glosses:
        source = source.replace(zh, f" {english} ")
    return " ".join(source.split()) if glosses else source


def speaker_first(text: str) -> str:
    """Move an attribution from behind its quotation to the front: “……”王某说。 becomes 王某说：“……”

    Small models drop a speaker that comes last.  The text is returned unchanged where the sentence
    does not have that shape.
    """
    if not text.startswith("“"):
        return text
    close = text.rfind("”")
    tail = text[close + 1 :].rstrip("。！!?？ ")
    if close < 0 or not tail or len(tail) > 60 or not tail.endswith(("说", "道", "表示", "介绍", "告诉记者", "感慨", "回忆")):
        return text
    return f"{tail}：{text[: close + 1]}"
