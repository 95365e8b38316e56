"""Numbers of the source that the English has lost or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "numbers"

_ZH = re.compile(r"(\d+(?:[,，]\d{3})*(?:\.\d+)?)\s*(百万|千万|百亿|千亿|万亿|万|亿|千|百)?")
_EN = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*-?(hundred|thousand|million|billion|trillion)?", re.IGNORECASE)
_SCALE = {
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen twenty"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report every Arabic numeral of the source whose value the target does not have."""
    have = _values(reading.target)
    for match in _ZH.finditer(reading.source):
        value = float(re.sub("[,，]", "", match.group(1))) * _SCALE.get(match.group(2) or "", 1.0)
        if not any(abs(value - other) <= 1e-6 * max(1.0, abs(value)) for other in have):
            shown = match.group(0).strip()
            yield finding(
                reading, NAME, Severity.ERROR, f"The source says {shown} ({value:,.10g}); no such number is in the English.", source=shown
            )


def _values(target: str) -> list[float]:
    out = []
    for match in _EN.finditer(target):
        base = float(match.group(1).replace(",", ""))
        out.append(base)
        if match.group(2):
            out.append(base * _SCALE[match.group(2).lower()])
    lower = target.lower()
    out += [float(i) for i, word in enumerate(_WORDS.split()) if re.search(rf"\b{word}\b", lower)]
    out += [float(i) for i, word in enumerate(_MONTHS, 1) if re.search(rf"\b{word}", lower)]
    return out
