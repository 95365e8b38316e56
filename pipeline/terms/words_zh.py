"""The word segmenter: where it sees words, what it takes them for, and which stand in its dictionary."""

from __future__ import annotations

from collections.abc import Iterator


def tagged(text: str) -> Iterator[tuple[int, str, str]]:
    """Words of ``text``: where each begins (code points), the word, and its tag (``nr`` a person, ``ns`` a place, ``t`` a time …)."""
    import rjieba

    at = 0
    for word, tag in rjieba.tag(text):
        yield at, word, tag
        at += len(word)


def in_dictionary(word: str) -> bool:
    """The segmenter has the word as it is; anything else that it keeps whole it put together by itself."""
    import rjieba

    return len(rjieba.cut(word, False)) == 1
