"""Quotation marks: opened and closed, kept where someone speaks, and not invented.

Words in quotation marks are what a foreign desk may print as somebody's own.  Three things matter:
a mark opened must be closed, direct speech must stay direct speech, and no speech may appear that
the Chinese does not have.  Marks around a coined term (“最后一公里”) are style, and not reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.text import han_count
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "quotes"

_OPEN, _CLOSE = "“「『", "”」』"
_ZH_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"]*)(?:[”」』\"]|\Z)")
_SPEECH = "说道称讲答问喊叫笑叹赞坦言介绍表示告诉感慨直言强调指出回忆解释补充认为"
_BEFORE = re.compile(rf"(?:[{_SPEECH}][^，。]{{0,6}}[：:，,]|[：:])\s*\Z")
_ZH_SET_OFF = re.compile(r"[“「『\"《‘][^”」』\"》’]*")
_TOPIC = re.compile("[的之]|这|等(?:问题|疑问|难题|课题)")
_EN_MARKED = re.compile(r"\"([^\"]*)(?:\"|\Z)")
_EN_SAY = re.compile(r"\b(?:said|says|say|told|asked|asks|added|adds|recalled|explained|noted|replied|answered|shouted|exclaimed)\b")
# An apostrophe is not a single quotation mark; a mark stands at a word's edge.
_SINGLE = re.compile(r"(?<![\w.])'(?=\w)|(?<=[.,!?])'(?!\w)")

_SPEECH_CHARS = 6
"""Quoted Chinese of at least this many Han characters after a verb of saying, or with a stop of its own, is speech."""
_SPEECH_WORDS = 6
"""Quoted English of at least this many words reads as speech."""
_MORE_WORDS, _MORE_WORDS_UNPAIRED = 8, 3
"""Words beyond two for each Han character that quoted English may have, where as many stretches are quoted as in the Chinese or not."""


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report marks that do not pair, direct speech turned indirect, and invented speech."""
    source, target = reading.source, reading.target
    marks = reading.plain.count('"')
    if not marks and not reading.marked:
        return
    opened, closed = (sum(map(source.count, chars)) for chars in (_OPEN, _CLOSE))
    source_pairs = opened == closed and source.count('"') % 2 == 0
    if source_pairs and _unpaired(target, reading.plain):
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            "A quotation mark has no partner in the English: find where the quotation begins or ends.",
            source=shorten(source),
            target=shorten(target),
        )
    if not marks and not _SINGLE.search(reading.plain):
        speech = _speech(source)
        if speech:
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                "Somebody speaks in quotation marks in the Chinese; the English has no quotation: do not quote it as their words.",
                source=shorten(speech),
                target=shorten(target),
            )
    elif marks:
        invented = (
            _spread(source, reading.plain)
            if opened or closed or '"' in source or "《" in source or "‘" in source
            else _invented(reading.plain)
        )
        if invented:
            yield finding(
                reading,
                NAME,
                Severity.WARNING,
                "The English puts words in quotation marks that the Chinese does not.",
                source=shorten(source),
                target=shorten(invented),
            )


def _unpaired(target: str, plain: str) -> bool:
    if "“" in target or "”" in target:
        return target.count("“") != target.count("”") or target.count('"') % 2 == 1
    return plain.count('"') % 2 == 1


def _speech(source: str) -> str:
    """The first stretch of direct speech in the source, or nothing."""
    for match in _ZH_QUOTED.finditer(source):
        quoted = match.group(1)
        if han_count(quoted) < _SPEECH_CHARS:
            continue
        if _BEFORE.search(source[: match.start()]):
            return quoted
        # A term in quotation marks holds no stop of its own: “最后一公里”; nor is a question speech
        # that only says what something is about: “怎么办？”的问题.
        if quoted[-1:] in "，。！？,!?…" and not _TOPIC.match(source, match.end()):
            return quoted
    return ""


def _spread(source: str, plain: str) -> str:
    """Quoted English far longer than anything set off in the Chinese: a mark has been moved."""
    sizes = [han_count(m.group(0)) for m in _ZH_SET_OFF.finditer(source)]
    quoted = [m.group(1) for m in _EN_MARKED.finditer(plain)]
    most = max(_SPEECH_WORDS, 2 * max(sizes, default=0) + (_MORE_WORDS if len(sizes) == len(quoted) else _MORE_WORDS_UNPAIRED))
    for words in quoted:
        if len(words.split()) >= most:
            return words
    return ""


def _invented(plain: str) -> str:
    for match in _EN_MARKED.finditer(plain):
        quoted = match.group(1)
        beside = plain[max(0, match.start() - 30) : match.start()] + " " + plain[match.end() : match.end() + 30]
        size = len(quoted.split())
        if size >= _SPEECH_WORDS or (size >= 3 and _EN_SAY.search(beside)):
            return quoted
    return ""
