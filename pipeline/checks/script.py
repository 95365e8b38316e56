"""Chinese left in the English, and letters of any other script.

``untranslated`` and ``wrong_script`` are told apart because they call for different repairs: the
first for another prompt or a Han-free grammar, the second for another seed or model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.text import CJK_MARK, HAN_RUN
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

UNTRANSLATED = "untranslated"
WRONG_SCRIPT = "wrong_script"

_GREEK = ("GREEK", "MICRO", "OHM")  # units and formulas: μm, Ω


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report Han characters, Chinese punctuation and foreign letters in the target."""
    target = reading.target
    if target.isascii():
        return
    runs = HAN_RUN.findall(target)
    if runs:
        shown = ", ".join(dict.fromkeys(runs))
        yield finding(
            reading,
            UNTRANSLATED,
            Severity.ERROR,
            f"Chinese is left in the English: {shorten(shown)}.",
            source=shorten(reading.source),
            target=shorten(shown),
        )
    marks = "".join(dict.fromkeys(CJK_MARK.findall(target)))
    if marks and not runs:
        yield finding(reading, UNTRANSLATED, Severity.INFO, f"Chinese punctuation is left in the English: {marks}", target=marks)
    foreign = _foreign(target, reading.source)
    if foreign:
        yield finding(
            reading,
            WRONG_SCRIPT,
            Severity.ERROR,
            f"The English has letters of another script: {shorten(foreign)}.",
            source=shorten(reading.source),
            target=shorten(foreign),
        )


def _foreign(target: str, source: str) -> str:
    """Letters of ``target`` that are neither Latin, Han nor Greek symbols, and are not copied from ``source``."""
    out = []
    for char in target:
        if char.isascii() or not char.isalpha() or char in source or HAN_RUN.match(char):
            continue
        name = unicodedata.name(char, "UNNAMED")
        if not name.startswith(("LATIN", "MODIFIER", "FULLWIDTH LATIN", "FEMININE", "MASCULINE", *_GREEK)):
            out.append(char)
    return "".join(out)
