"""The model talking about its task instead of doing it, or leaking its prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "chatter"

_MARKUP = re.compile(r"<\|[^|>]*\|?>|</?(?:s|pad|unk|bos|eos|think|source|target|text|zh|en)>|```|\*\*|^#+ |\[/?INST\]|▁", re.MULTILINE)
_PREAMBLE = re.compile(
    r"\W*(?:(?:sure|certainly|of course|okay|ok)[,!.:]|(?:here(?:'s| is| are)|below is|the following is)[^.:]{0,40}\btranslat\w+|"
    r"(?:the )?(?:english )?translat(?:ion|ed text|ed)(?: [^.:]{0,30})?:|"
    r"(?:english|chinese|output|input|user|assistant|translated text)\s*:|"
    r"as an ai\b|i(?:'m| am) sorry,? but i\b|i (?:can(?:no|')t|am unable to) (?:translate|assist|help)|please (?:provide|translate)\b)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\(?\b(?:translator'?s )?note:|\btranslat(?:ed|ion) (?:from|into|of) (?:the )?(?:chinese|english)\b|"
    r"\btranslated (?:the|this) (?:text|article|passage|sentence)\b|\(literally[,: ]",
    re.IGNORECASE,
)
# Cheap tests that spare most sentences the full ones.
_MARKS = "<`*#[▁"
_NOTE_HINTS = ("ote:", "ranslat", "iterally")
_MULTILINE = re.compile(r"\S\s*\n\s*\S")
_SOURCE_NOTE = re.compile("注[:：]|译|备注|说明|提示")
_SOURCE_SORRY = re.compile("对不起|抱歉|遗憾|请提供|请翻译|好的|当然")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report preambles, notes, prompt markup and list layout that the source has no part in."""
    found = _MARKUP.search(reading.target) if any(map(reading.target.__contains__, _MARKS)) else None
    if found and found[0] in reading.source:
        found = None  # a code with its figures hidden: 688***.SH
    if not found:
        found = _PREAMBLE.match(reading.plain)
        if found and _SOURCE_SORRY.search(reading.source):
            found = None
    if not found and any(map(reading.plain.__contains__, _NOTE_HINTS)) and not _SOURCE_NOTE.search(reading.source):
        found = _NOTE.search(reading.plain)
    if found:
        shown = shorten(found.group(0).strip())
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            f"The model talks about its task instead of only translating: “{shown}”.",
            source=shorten(reading.source),
            target=shown,
        )
    elif "\n" in reading.target and _MULTILINE.search(reading.target) and "\n" not in reading.source.strip():
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            "One Chinese sentence became several lines: check that nothing was added.",
            source=shorten(reading.source),
            target=shorten(reading.target),
        )
