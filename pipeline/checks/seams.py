"""Two sentences run together without a mark: "… filtration technology The water quality …".

Small models lose a full stop where a quotation or a list begins.  A word that opens English sentences
stands with a capital in mid-sentence then, and goes on in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "seams"

# "The" inside a title goes on with a capital, and after these words it belongs to a name.
_INTO_NAME = r"(?!(?:[Ii]n|[Oo]f|[Tt]o|[Aa]t|[Oo]n|[Ff]or|[Bb]y|[Ff]rom|[Ww]ith|[Aa]nd|[Oo]r|[Aa]s|titled?|called|named|say|says|said)\b)"
_OPENS = r"(?:The|This|These|Those|It|He|She|They|We|There|However|After|When|While|During|Because|Although)"
_MAY_JOIN = re.compile(rf" (?<=[A-Za-z] ){_OPENS} [a-z]")
"""A cheap test that spares most sentences the full one: it begins with a plain character, which the engine looks for first."""
_SEAM = re.compile(rf"\b{_INTO_NAME}[A-Za-z]{{2,}} {_OPENS} [a-z]{{2,}}")


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a sentence that begins without the last one having ended; display lines have capitals of their own."""
    if reading.display:
        return
    hit = _SEAM.search(reading.plain) if _MAY_JOIN.search(reading.plain) else None
    if hit:
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"Two sentences run together (“… {hit[0]} …”): is a part garbled?",
            target=hit[0],
        )
