"""Numbers by value: 20亿元 is 2 billion yuan, and nothing else will do.

A figure that became another figure is an error; one that is simply not there is a warning, because
what the English does say may still be right.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.quantities import trifling
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity
from pipeline.terms.numbers import render_en

NAME = "numbers"


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report numbers of the Chinese whose value the English changed, lost, converted or made exact."""
    pairing = reading.numbers
    for q, e in pairing.changed:
        yield finding(
            reading,
            NAME,
            Severity.ERROR,
            f"The source says {q.text.strip()} ({render_en(q)}); the English has {e.text.strip()}.",
            source=q.text.strip(),
            target=e.text.strip(),
        )
    for q in pairing.lost:
        if q.weak:
            continue
        yield finding(
            reading,
            NAME,
            Severity.INFO if trifling(q) else Severity.WARNING,
            f"The source says {q.text.strip()} ({render_en(q)}); the English does not give it.",
            source=q.text.strip(),
            target=shorten(reading.target),
        )
    for q, e in pairing.converted:
        yield finding(
            reading,
            NAME,
            Severity.INFO,
            f"{q.text.strip()} ({render_en(q)}) has been converted to {e.text.strip()}: right, to within rounding.",
            source=q.text.strip(),
            target=e.text.strip(),
        )
    for q, e in pairing.softened:
        yield finding(
            reading,
            NAME,
            Severity.INFO,
            f"The source says {q.text.strip()} ({render_en(q)}), not exactly {e.text.strip()}.",
            source=q.text.strip(),
            target=e.text.strip(),
        )
