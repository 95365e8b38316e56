"""The quote ledger: every “…” of an article with its speaker and its English.

A quotation may run over several sentences of one paragraph, so quotes are found in the paragraph and
their English is looked for in the sentences they touch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records import Block, BlockKind, Field, NameEntry, Translation, UnitResult

_PAIRS: Final = {"“": "”", "「": "」", "『": "』"}
# Longest first: the alternation takes the first that fits.
_VERB: Final = (
    "告诉记者|告诉笔者|说道|表示|介绍|坦言|感慨|感叹|回忆|强调|指出|认为|解释|透露|补充|笑言|笑道|谈到|提到|称赞|"
    "呼吁|建议|坚信|写道|喊道|问道|答道|说|道|称"
)
_BEFORE: Final = re.compile(rf"(?P<who>[^。！？；“”「」\n]{{1,40}}?)(?:{_VERB})(?:道)?[^。！？；“”「」：:，,]{{0,6}}[：:，,]\s*$")
_AFTER: Final = re.compile(rf"^[，,。]?\s*(?P<who>[^。！？；“”「」\n]{{1,40}}?)(?:{_VERB})")
# How it was said, between the speaker and the verb: no part of who said it.
_MANNER: Final = re.compile(
    "(?:(?:高兴|自豪|激动|兴奋|感慨|开心|欣慰|坚定|深情|动情|热情|认真|骄傲|满意|欢喜|乐呵呵|笑呵呵|笑眯眯|无不自豪|深有感触|感激|由衷|信心满满)地"
    "|回答[^，,]{0,6}时|接受[^，,]{0,6}采访时|在采访中|[对向](?:记者|笔者|大家)|笑着)+$"
)
_ENGLISH: Final = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|‘([^‘’]{2,})’(?!\w)")
_CLAUSE_ENDS: Final = "，,、：:"
_SPEECH_ENDS: Final = "。！？!?，,；…"


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation of the Chinese and where its English stands."""

    text: str
    """Between the marks."""
    speech: bool
    """Somebody's words, not a quoted term or title."""
    speaker_zh: str
    """Empty where the text names none."""
    speaker_en: str
    """English from the name sheet; empty where it has none."""
    english: str
    """The English quotation, or the English sentences it lies in."""
    exact: bool
    """``english`` is the quotation itself, found between English quotation marks."""
    segments: tuple[str, ...]
    """Ids of the sentences it touches, in order."""
    closed: bool = True
    """The Chinese closes the quotation."""


def ledger(result: UnitResult, names: Sequence[NameEntry]) -> tuple[Quote, ...]:
    """Return the quotations of a unit's body in reading order."""
    english = {(t.segment.block, t.segment.index): t for t in result.translations if t.segment.field is Field.SENTENCE}
    persons = {n.source: n.target for n in names if n.kind == "person"}
    out: list[Quote] = []
    for b, block in enumerate(result.unit.blocks):
        if block.kind is BlockKind.PARAGRAPH:
            out += _of_block(result.unit.id, b, block, english, persons)
    return tuple(out)


def _of_block(unit: str, b: int, block: Block, english: Mapping[tuple[int, int], Translation], persons: Mapping[str, str]) -> list[Quote]:
    text = "".join(s.text for s in block.sentences)
    starts, at = [], 0
    for sentence in block.sentences:
        starts.append(at)
        at += len(sentence.text)
    found = list(_outermost(text))
    out: list[Quote] = []
    for start, end, closed in found:
        first, last = _index(starts, start), _index(starts, max(start, end - 1))
        speaker = _speaker(text, start, end)
        body = text[start + 1 : end - 1] if closed else text[start + 1 : end]
        touched = range(first, last + 1)
        target, exact = _english(found, starts, (start, end), touched, [english.get((b, i)) for i in touched])
        known = [(speaker.rfind(zh), zh) for zh in persons if zh in speaker]
        named = max(known)[1] if known else ""
        out.append(
            Quote(
                text=body,
                speech=bool(speaker) or (len(body) >= 10 and any(c in _SPEECH_ENDS for c in body)),
                speaker_zh=named or speaker,
                speaker_en=persons.get(named, ""),
                english=target,
                exact=exact,
                segments=tuple(t.segment.id if (t := english.get((b, i))) else f"{unit}.sentence.{b}.{i}" for i in touched),
                closed=closed,
            )
        )
    return out


def _outermost(text: str) -> list[tuple[int, int, bool]]:
    """Return ``(start, end, closed)`` of each outermost quotation, marks included."""
    out: list[tuple[int, int, bool]] = []
    stack: list[str] = []
    start = 0
    for at, char in enumerate(text):
        if char in _PAIRS:
            if not stack:
                start = at
            stack.append(_PAIRS[char])
        elif stack and char == stack[-1]:
            stack.pop()
            if not stack:
                out.append((start, at + 1, True))
    if stack:
        out.append((start, len(text), False))
    return out


def _index(starts: Sequence[int], at: int) -> int:
    return max(i for i, s in enumerate(starts) if s <= at)


def _speaker(text: str, start: int, end: int) -> str:
    """Return who the text around the quotation says is speaking, as it stands there."""
    before = _BEFORE.search(text[max(0, start - 60) : start])
    # Only a quotation that ends like a sentence is followed by its speaker: “基本功”，他说 names none.
    after = _AFTER.match(text[end : end + 60]) if text[end - 2 : end - 1] in tuple(_SPEECH_ENDS) else None
    match = before or after
    if match is None:
        return ""
    who = match["who"].strip()
    cut = max(who.rfind(c) for c in _CLAUSE_ENDS)
    return _MANNER.sub("", who[cut + 1 :].strip())


def _english(
    found: Sequence[tuple[int, int, bool]],
    starts: Sequence[int],
    this: tuple[int, int],
    touched: range,
    translations: Sequence[Translation | None],
) -> tuple[str, bool]:
    """Return the quotation's English, and whether it was told apart by its marks.

    It is when the sentences hold as many quotations in English as in Chinese, so that they pair in order.
    """
    english = " ".join(t.target for t in translations if t is not None and t.target)
    beside = [(s, e) for s, e, _ in found if _index(starts, s) in touched or _index(starts, max(s, e - 1)) in touched]
    quoted = [next(g for g in m.groups() if g) for m in _ENGLISH.finditer(english)]
    if len(quoted) == len(beside):
        return quoted[beside.index(this)], True
    return english, False
