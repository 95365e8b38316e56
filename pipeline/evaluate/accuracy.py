"""How often names, terms and numbers come out as the desk wants them, over any set of translations."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.checks.base import CheckInput, Reading
from pipeline.checks.names import KINDS, Presence, flatten, presence
from pipeline.checks.quantities import chinese, trifling
from pipeline.checks.terms import shown
from pipeline.records import Record
from pipeline.terms.lexicon import Lexicon


class Accuracy(Record, frozen=True):
    """Counts over a set of translations."""

    names: int = 0
    names_right: int = 0
    """In the agreed form, or a person by family name alone."""
    terms: int = 0
    terms_right: int = 0
    """All of the rendering's meaningful words are there."""
    numbers: int = 0
    numbers_right: int = 0
    """The value is there."""

    @property
    def rates(self) -> dict[str, float]:
        """Shares from 0 to 1; a kind that does not occur counts as 1."""
        return {
            "names": self.names_right / self.names if self.names else 1.0,
            "terms": self.terms_right / self.terms if self.terms else 1.0,
            "numbers": self.numbers_right / self.numbers if self.numbers else 1.0,
        }


def measure(items: Iterable[CheckInput], lexicon: Lexicon | None = None) -> Accuracy:
    """Count over ``items`` the names of the name sheet, the projected terms and the numbers of the source.

    With the tables, ``lexicon``, every rendering they accept counts; without them only what was put in.
    """
    names = names_right = terms = terms_right = numbers = numbers_right = 0
    for item in items:
        reading = Reading(item, lexicon)
        flat = flatten(reading.plain)
        for known in reading.known:
            if known.kind in KINDS:
                names += 1
                names_right += presence(known, flat) >= Presence.PARTIAL
            else:
                terms += 1
                terms_right += any(shown(r, reading.stems) == (1.0, True) for r in known.renderings)
        wrong = [q for q in (*(q for q, _ in reading.numbers.changed), *reading.numbers.lost) if not q.weak and not trifling(q)]
        counted = [q for q in chinese(reading) if not q.weak and not trifling(q)]
        numbers += len(counted)
        numbers_right += len(counted) - len(wrong)
    return Accuracy(
        names=names, names_right=names_right, terms=terms, terms_right=terms_right, numbers=numbers, numbers_right=numbers_right
    )
