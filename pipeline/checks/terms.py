"""Terms of the tables: the English should use the agreed rendering.

A term is official language, so another wording is worth a look, but English inflects and reorders:
"secretary of the county Party committee" is "county Party secretary".  The check therefore compares
the stems of the words that carry meaning.  A capitalised word missing, or most of them, is a warning;
fewer than the configured share a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.base import Known, Reading, finding, shorten
from pipeline.checks.names import KINDS
from pipeline.checks.text import FUNCTION_WORDS, content_stems, stem, word_table, words
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "terms"

_CAPITAL = re.compile(r"\b[A-Z][A-Za-z']*")

_SOME = 1 / 3
"""Share of a term's words below which its rendering is another one."""
_ADMINISTRATIVE = frozenset(map(stem, word_table("county city town township village provincial national state people's central")))
"""Words that half the bodies of a place share, and that tell none of them."""
_AKIN = 4
"""Letters that forms of one word share: region, regional."""
_LOOSE = frozenset({"unit", "measure", "number", "verb", "phrase", "dateline"})
"""Kinds of entry that other checks compare, or whose English depends on the sentence."""


_OTHERS = KINDS | _LOOSE


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report terms that the English does not render as the tables do."""
    terms = [k for k in reading.known if k.kind not in _OTHERS and not _in_so_many_words(k, reading)]
    if not terms:
        return
    have = reading.stems
    for term in sorted(terms, key=lambda k: (reading.source.find(k.source), k.source)):
        share, official = max(shown(rendering, have) for rendering in term.renderings)
        other = official and all(_other_word(rendering, reading) for rendering in term.renderings)
        if official and share >= config.term_share and not other:
            continue
        yield finding(
            reading,
            NAME,
            Severity.INFO if official and not other and (_told(term, have) or _plain(term)) else Severity.WARNING,
            f"{term.source} is “{term.target}” in the term tables; the English says it in another way.",
            source=term.source,
            target=shorten(reading.target),
        )


def _in_so_many_words(term: Known, reading: Reading) -> bool:
    """All words of some rendering are there, uninflected, which spares most terms a closer look."""
    return any((needed := _needed(rendering)) and needed <= reading.word_set for rendering in term.renderings)


@lru_cache(maxsize=50_000)  # asked for the tables' renderings
def _needed(rendering: str) -> frozenset[str]:
    """The words whose stems make a rendering whole; none where it has letters that the patterns do not all know."""
    return frozenset((*_content(rendering), *(w for c in _capitals(rendering) for w in words(c))) if rendering.isascii() else ())


def _content(rendering: str) -> list[str]:
    found = words(rendering)
    return [w for w in found if w not in FUNCTION_WORDS] or found


def _capitals(rendering: str) -> list[str]:
    return [w for w in _CAPITAL.findall(rendering) if w.lower() not in {"the", "of", "and"}]


def _told(term: Known, have: frozenset[str]) -> bool:
    """Enough of some rendering is there, and of the words by which the term is told from others at least one."""
    for rendering in term.renderings:
        own = set(content_stems(rendering)) - _ADMINISTRATIVE
        if shown(rendering, have)[0] >= _SOME and (not own or own & have):
            return True
    return False


def _other_word(rendering: str, reading: Reading) -> bool:
    """The term stands there with another word inside it: "rural tourism bureau" for the rural revitalization bureau."""
    own = words(rendering)
    missing = [i for i, word in enumerate(own) if stem(word) not in reading.stems]
    if len(missing) != 1 or not 0 < missing[0] < len(own) - 1:
        return False
    before, gone, after = own[missing[0] - 1 : missing[0] + 2]
    if not FUNCTION_WORDS.isdisjoint((before, gone, after)):
        return False
    there = zip(reading.words, reading.words[1:], reading.words[2:], strict=False)
    return any(one == before and other == after and word[:_AKIN] != gone[:_AKIN] for one, word, other in there)


def _plain(term: Known) -> bool:
    """One everyday word ("director"), which English varies, or a slogan, which it paraphrases."""
    return term.kind == "slogan" or all(len(content_stems(r)) == 1 for r in term.renderings)


def shown(rendering: str, have: frozenset[str]) -> tuple[float, bool]:
    """Share of the rendering's stems in ``have``, and whether all of its capitalised words are."""
    stems = content_stems(rendering)
    if not stems:
        return 1.0, True
    capitals = _capitals(rendering)
    initials = "".join(w[0] for w in capitals).lower()
    if len(initials) > 1 and initials in have:  # NPC for National People's Congress
        return 1.0, True
    official = all(content_stems(w)[0] in have for w in capitals)
    return sum(s in have for s in stems) / len(stems), official
