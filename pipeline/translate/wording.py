"""What is done to a source before a model sees it and to its English afterwards, by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.checks.text import word_table
from pipeline.records import Field
from pipeline.translate import prompts

# "iPhone" and "pH" keep their small letter.
_LOWER_START: Final = re.compile(r"[“‘\"'(]*[a-z](?![A-Z])")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:Co|Ltd|Inc|Corp|No|St|Dr|Mr|Mrs|Jr|etc|[ap]\.m)|\b[A-Z](?:\.[A-Z])*|\.\.)\.$")
_SMALL_WORDS: Final = word_table("a an and as at but by for from in into nor of off on onto or over per so than the to up via vs with yet")
"""Words that headlines leave small (Chicago Manual of Style, 8.159)."""
_OPENERS: Final = _SMALL_WORDS | word_table(
    "also although because he however his how if it its not only our she some such that their then there these they this those "
    "through under we what when where which while who whose your"
)
"""Words that begin clauses and are never names."""
_REPORTER: Final = re.compile(r"(\A|[.:] )Reporter (?=(?:recently |yesterday |today )?[a-z]+(?:ed|t|w|nd)\b)")
"""An article that models leave out: Reporter learned."""
_FIRST_WORD: Final = re.compile("[A-Z][a-z]*(?![A-Za-z])")
_GOES_ON: Final = frozenset(",;:)–—")
_BETWEEN: Final = {"，": ",", "、": ",", "；": ";", "：": ":"}
_SMALL_START: Final = re.compile(r"([“‘\"'(]*)([a-z])([a-z]*)")
_MOSTLY: Final = 0.5
"""Share of a headline's words with a capital from which it is in title case."""
_HALVES: Final = re.compile(r"(?<=[\u3400-\u9fff”》])[ \u3000]+(?=[\u3400-\u9fff“《])")
_OPENING: Final = frozenset('“"')
_CLOSING: Final = frozenset('”"')


def has_han(text: str) -> bool:
    """True when any Chinese character is in the text."""
    return any("\u3400" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or c >= "\U00020000" for c in text)


def join(parts: Sequence[str]) -> str:
    """Put the English of consecutive pieces together with single spaces."""
    return " ".join(" ".join(p.split()) for p in parts if p.strip())


def run_on(sources: Sequence[str], english: Sequence[str]) -> tuple[str, ...]:
    """Pieces of one sentence with the marks between them, and without the capitals a model gives each: "…; however, we …".

    Only small words lose their capital; anything else may be a name.
    """
    out = list(english)
    for at in range(1, len(out)):
        if out[at - 1][-1:].isalnum() and (mark := _BETWEEN.get(sources[at - 1].rstrip()[-1:])):
            out[at - 1] += mark
        begins = _FIRST_WORD.match(out[at])
        if begins and out[at - 1].rstrip()[-1:] in _GOES_ON and begins[0].lower() in _OPENERS:
            out[at] = out[at][0].lower() + out[at][1:]
    return tuple(out)


def tidy(english: str, field: Field) -> str:
    """A capital where a sentence begins, no full stop where a headline ends, one style of capitals within it."""
    if field in prompts.DISPLAY:
        if english.endswith(".") and not _ABBREVIATION.search(english):
            english = english.removesuffix(".")
        english = _title_case(english)
    else:
        english = _REPORTER.sub(r"\1The reporter ", english)
    begins = _LOWER_START.match(english)
    return english if begins is None else english[: begins.end() - 1] + english[begins.end() - 1].upper() + english[begins.end() :]


def _title_case(headline: str) -> str:
    """Capitals for the rest of a headline that mostly has them; one in sentence case stays."""
    words = headline.split(" ")
    small = []
    for at, word in enumerate(words):
        begins = _SMALL_START.match(word)
        # "3 km" and "20 mu" keep their unit.
        if (
            begins
            and begins[2] + begins[3] not in _SMALL_WORDS
            and not (at and words[at - 1][-1:].isdigit())
            and not word[begins.end() :][:1].isupper()
        ):
            small.append(at)
    large = sum(word.lstrip("“‘\"'(")[:1].isupper() for word in words)
    if large < _MOSTLY * (large + len(small)):
        return headline
    for at in small:
        words[at] = _SMALL_START.sub(lambda m: m[1] + m[2].upper() + m[3], words[at], count=1)
    return " ".join(words)


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


def joined_lines(headline: str) -> str:
    """A comma where a headline's two halves stand apart: a model reads them as one sentence then."""
    return _HALVES.sub("，", headline)


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
