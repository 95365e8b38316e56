"""Chinese sentences.

A sentence ends at 。！？ or a closing ellipsis, with the quotes and brackets that close there.  Nothing
is cut inside brackets or a quotation, so a quotation of several sentences stays in one piece, with
its speaker where he follows it (“……。”X说。).  A half-width period never ends a sentence, so 3.5% and
Latin abbreviations stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# Patterns that open with a set of characters are searched for much more quickly than those that open with alternatives.
_TOKEN: Final = re.compile(
    r"[。！？!?…“”‘’（）()《》【】「」『』\".．](?:(?<=[。！？!?])[。！？!?]*|(?<=…)…*|(?<![。！？!?….．])|(?<=[\u3400-\u9fff][.．])(?=\s|$))"
)
"""Marks that end sentences together, an ellipsis, one quotation mark or bracket, a full stop after a Chinese character."""
_OPEN: Final = {"“": "”", "‘": "’", "（": "）", "(": ")", "《": "》", "【": "】", "「": "」", "『": "』"}
_SHUT: Final = frozenset(_OPEN.values())
_OPENING: Final = re.compile(r"[“‘（(《【「『]")
_CLOSERS: Final = re.compile(r"[”’）)》】」』\"]*")
_END: Final = re.compile(rf"[。！？!?.．](?:(?<=[。！？!?])[。！？!?]*|(?<=[\u3400-\u9fff][.．])(?=\s|$)){_CLOSERS.pattern}")
"""The end of a sentence outside quotations and brackets."""
_STOPS: Final = frozenset("。！？!?.．")
_SAID: Final = re.compile(
    r"^[^。！？!?“”]{0,48}?(?:说|道|表示|介绍|告诉|称|指出|强调|认为|回忆|感慨|感叹|坦言|直言|透露|解释|补充|笑言|写|问|答|喊|叹|念叨|赞|夸|云|曰)[^。！？!?“”]{0,12}[。！？!?]"
)
_LONGEST_QUOTE: Final = 1200
"""Characters after which an open quotation no longer holds sentences together (its closing mark is missing)."""


def boundaries(text: str) -> list[int]:
    """Return the end offset of every sentence of a paragraph; the last is ``len(text)``."""
    if _OPENING.search(text) is None:
        # Nothing holds sentences together: they end at their marks.
        return _whole([m.end() for m in _END.finditer(text)], text)
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    closing = _matched(tokens)
    ends: list[int] = []
    skip_to = 0
    for mark, at, after in tokens:
        if at < skip_to:
            continue
        if at in closing:
            skip_to = closing[at]
            end = skip_to
            # A quotation that ends its own sentence ends ours too, unless its speaker follows.
            if mark in "“「『" and text[end - 2 : end - 1] and text[end - 2] in "。！？!?…" and _ends_after_quote(text, at, end, ends):
                ends.append(end)
            continue
        if mark[0] in _STOPS:
            ends.append(_CLOSERS.match(text, after).end())  # type: ignore[union-attr]
            skip_to = ends[-1]
        elif mark[0] == "…":
            end = _CLOSERS.match(text, after).end()  # type: ignore[union-attr]
            if text[end : end + 1] in {"“", "「"} and end > 1:
                ends.append(end)
                skip_to = end
    return sorted(set(_whole(ends, text)))


def _whole(ends: list[int], text: str) -> list[int]:
    """The ends with that of the text itself for the last."""
    if not ends or ends[-1] < len(text):
        if ends and not text[ends[-1] :].strip():
            ends[-1] = len(text)
        else:
            ends.append(len(text))
    return ends


def _ends_after_quote(text: str, start: int, end: int, ends: list[int]) -> bool:
    if end >= len(text):
        return True
    opens_sentence = start == (ends[-1] if ends else 0) or text[start - 1] in "”」』"
    following = text[end]
    if following in "，、；。,;：":
        return False
    if following in "“「『":
        return text[end - 2] != "…"
    # “……。”X说。 belongs together; X说：“……。”Y… does not.
    return not (opens_sentence and _SAID.match(text[end : end + 70]))


def _matched(tokens: Sequence[tuple[str, int, int]]) -> dict[int, int]:
    """Map each opening mark that is closed to the offset after its closing mark; nested ones are inside."""
    out: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    for mark, at, after in tokens:
        if mark in _OPEN:
            stack.append((_OPEN[mark], at))
        elif stack and mark in _SHUT:
            for depth in range(len(stack) - 1, max(-1, len(stack) - 6), -1):
                if stack[depth][0] == mark:
                    opened = stack[depth][1]
                    del stack[depth:]
                    if after - opened <= _LONGEST_QUOTE:
                        out[opened] = after
                    break
    return out


# ------------------------------------------------------------------ pieces for a model

_CUTS: Final = (
    re.compile(r"[。！？!?][”’）)》】」』]*"),
    re.compile(r"[；;][”’）)》】」』]*"),
    re.compile(r"[，,：:][”’）)》】」』]*(?!\d)|——|……"),
    re.compile(r"[、][”’）)》】」』]*|(?<=[”’）)》】」』])(?=[\u3400-\u9fff])|\s+"),
)
_ATOM: Final = re.compile(
    r"[A-Za-z0-9.,%·•\u00b7+-]+|[0-9０-９]+[.,．，]?[0-9０-９]*[\u4e07\u4ebf\u5343\u767e%％]*[\u5143\u4ea9\u5428\u4eba\u6237]?|[\u3400-\u9fff]{1,12}(?:·[\u3400-\u9fff]{1,12})+"
)


def split_for_model(text: str, max_chars: int) -> tuple[str, ...]:
    """Cut a long sentence into pieces of at most ``max_chars`` characters at the safest points.

    Sentence ends come first, then ；, then ，： and dashes, then 、.  The pieces concatenated equal
    ``text``.  Only a stretch without any such mark is cut elsewhere, and then outside numbers, Latin
    words and names with a middle dot where one is shorter than a piece.

    Raises:
        ValueError: ``max_chars`` is below 1.
    """
    if max_chars < 1:
        raise ValueError("max_chars must be at least 1")
    pieces: list[str] = []
    at = 0
    while len(text) - at > max_chars:
        cut = at + _best_cut(text, at, max_chars)
        pieces.append(text[at:cut])
        at = cut
    if at < len(text) or not pieces:
        pieces.append(text[at:])
    return tuple(pieces)


def _best_cut(text: str, at: int, limit: int) -> int:
    # Look no further than a piece and a bit: the text may be very long.
    head = text[at : at + limit + 8]
    left = len(text) - at
    # Even pieces read better than a full one and a stump.
    total = left if left < 4 * limit else limit
    parts = -(-total // limit)
    ideal = min(limit, -(-total // parts))
    for pattern in _CUTS:
        cuts = [m.end() for m in pattern.finditer(head) if 0 < m.end() <= limit and m.end() < left]
        cuts = [c for c in cuts if c >= limit // 4]
        if cuts:
            return min(cuts, key=lambda c: (abs(c - ideal), c))
    for atom in _ATOM.finditer(head):
        if atom.start() < limit < atom.end() and atom.start() > 0:
            return atom.start()
    return limit
