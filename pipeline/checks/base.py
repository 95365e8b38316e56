"""What a check is given, and the helpers every check shares.

A check is a pure function ``check(reading, config) -> Iterator[Finding]``.  It sees one segment and
one candidate translation, never other segments, so the repair loop can score any candidate at any
time and always gets the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Generic, TypeVar

from pipeline.checks import text
from pipeline.checks.quantities import Pairing, chinese, english, pair
from pipeline.records import Field, Finding, NameEntry, Projection, Record, Replacement, Segment, Severity
from pipeline.terms.lexicon import Lexicon, Term
from pipeline.terms.quantity import Quantity

DISPLAY_FIELDS = frozenset({Field.HEADLINE, Field.KICKER, Field.SUBTITLE, Field.COLUMN, Field.SUBHEAD})
"""Fields set in display type: no full stop, headline capitals."""
RUNNING_FIELDS = frozenset({Field.SENTENCE, Field.SUMMARY})
"""Fields of running text."""

T = TypeVar("T")

_MARK = re.compile('[“”「」『』"]')
_CAPITALISED = re.compile(r"[A-Z][a-zü']+")

QUOTED_LENGTH = 60
"""Longest stretch of text a message repeats, in characters."""


class CheckInput(Record, frozen=True):
    """One candidate translation of one segment, with what is known about it."""

    segment: Segment
    target: str
    finish: str = "stop"
    """The engine's finish reason: ``stop``, ``length``, ``runaway``, ``error``."""
    input_cut: int = 0
    """Source tokens the engine had to leave out."""
    projection: Projection | None = None
    names: tuple[NameEntry, ...] = ()
    """Entries of the name sheet whose Chinese occurs in the segment."""
    score: float | None = None
    """Mean log-probability per output token."""
    doubts: tuple[tuple[str, float], ...] = ()
    """Words of the engine's output that it thought improbable, with their log-probabilities."""

    @property
    def source(self) -> str:
        """The segment's untouched Chinese."""
        return self.segment.text


class Known(Record, frozen=True, gc=False):
    """Chinese in the segment whose English is settled, by the name sheet, the projection or the tables."""

    source: str
    target: str
    """The rendering the desk prefers."""
    kind: str
    others: tuple[str, ...] = ()
    """Renderings that serve as well."""

    @classmethod
    def of(cls, term: Term) -> Known:
        """A row of the tables."""
        if ";" not in term.en:
            return cls(source=term.zh, target=term.en.strip(), kind=term.kind)
        first, *others = (part.strip() for part in term.en.split(";"))
        return cls(source=term.zh, target=first, kind=term.kind, others=tuple(others))

    @property
    def renderings(self) -> tuple[str, ...]:
        """All that serve, the preferred one first."""
        return (self.target, *self.others) if self.others else (self.target,)


class lazy(Generic[T]):
    """``functools.cached_property`` without its lock, which is dearer than most of what is read here: a reading stays in one thread."""

    def __init__(self, read: Callable[[Any], T]) -> None:
        self._read = read
        self._name = read.__name__
        self.__doc__ = read.__doc__

    def __get__(self, reading: Any, owner: type | None = None) -> T:
        value: T = self._read(reading)
        reading.__dict__[self._name] = value
        return value


class Reading:
    """An item as the checks read it: both texts taken apart once, and only when a check asks."""

    def __init__(self, item: CheckInput, lexicon: Lexicon | None = None) -> None:
        self.item = item
        self.lexicon = lexicon
        self.source = item.segment.text
        self.target = item.target
        self.display = item.segment.field in DISPLAY_FIELDS
        self.running = item.segment.field in RUNNING_FIELDS

    @lazy
    def plain(self) -> str:
        """The target with straight quotes and apostrophes, plain hyphens and single spaces."""
        return text.plain(self.target)

    @lazy
    def lower(self) -> str:
        """``plain`` in lower case."""
        return self.plain.lower()

    @lazy
    def source_lower(self) -> str:
        """The source with its Latin letters in lower case."""
        return self.source.lower()

    @lazy
    def words(self) -> list[str]:
        """Words and numbers of the target in order, lower case."""
        return text.words(self.plain)

    @lazy
    def word_set(self) -> frozenset[str]:
        return frozenset(self.words)

    @lazy
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of neighbouring words."""
        return list(pairwise(self.words))

    @lazy
    def pairs_to_come(self) -> list[int]:
        """Where the pairs stand that come again later."""
        last = dict(zip(self.pairs, range(len(self.pairs)), strict=True))
        if len(last) == len(self.pairs):
            return []
        return [at for at, last_at in enumerate(map(last.__getitem__, self.pairs)) if at != last_at]

    @lazy
    def capitalised(self) -> frozenset[str]:
        """Runs of the target that begin with a capital, apostrophes included: ``County's``."""
        return frozenset(_CAPITALISED.findall(self.plain))

    @lazy
    def marked(self) -> bool:
        """The source has a quotation mark."""
        return _MARK.search(self.source) is not None

    @lazy
    def stems(self) -> frozenset[str]:
        """Stems of the target's words."""
        return frozenset(map(text.stem, self.word_set))

    @lazy
    def size(self) -> float:
        """Size of the source in Han-character equivalents."""
        return text.source_size(self.source)

    @lazy
    def known(self) -> tuple[Known, ...]:
        """Names and terms of the source, each once: the name sheet's, else the projection's, else the tables'."""
        out: dict[str, Known] = {}
        for name in self.item.names:
            if name.source in self.source:
                out.setdefault(name.source, Known(source=name.source, target=name.target, kind=name.kind))
        if self.item.projection is None:
            self._look_up(self.source, out)
        else:
            # A phrase was joined in English order: each of its parts is compared by itself.
            for r in (part for whole in self.item.projection.replacements for part in (whole.parts or (whole,))):
                if r.kind != "number":
                    out.setdefault(r.source, self._put_in(r))
        return tuple(out.values())

    def _put_in(self, replacement: Replacement) -> Known:
        """What was put in, with all that the tables accept for it where it is theirs."""
        term = self.lexicon.get(replacement.source) if self.lexicon is not None else None
        others = Known.of(term).others if term is not None and term.preferred == replacement.target else ()
        return Known(source=replacement.source, target=replacement.target, kind=replacement.kind, others=others)

    def _look_up(self, chinese: str, out: dict[str, Known]) -> None:
        """Add the terms of ``chinese``, the longest where they overlap, save inside names already known."""
        hits = self.lexicon.find(chinese) if self.lexicon is not None else ()
        if not hits:
            return
        taken = bytearray(len(chinese))
        for known in out:
            for m in re.finditer(re.escape(known), chinese):
                taken[m.start() : m.end()] = b"\1" * len(known)
        for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
            if not any(taken[hit.start : hit.end]):
                taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
                out.setdefault(hit.term.zh, Known.of(hit.term))

    @lazy
    def figures(self) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...]]:
        """The numbers of either side, in order."""
        return chinese(self), english(self)

    @lazy
    def numbers(self) -> Pairing:
        """The numbers of both sides, paired."""
        return pair(self)

    @lazy
    def settled(self) -> str:
        """Everything whose English is known, in lower case, one rendering a line."""
        return "\n".join(rendering for known in self.known for rendering in known.renderings).lower()

    @lazy
    def clauses(self) -> list[str]:
        """Clauses of the source."""
        return text.clauses(self.source)


def finding(  # every check reports through here, so that each finding knows its unit and segment
    reading: Reading,
    check: str,
    severity: Severity,
    message: str,
    *,
    source: str = "",
    target: str = "",
) -> Finding:
    """Return a finding about the item; ``source`` and ``target`` are the stretches it is about."""
    return Finding(
        check=check,
        severity=severity,
        message=message,
        unit=reading.item.segment.unit,
        segment=reading.item.segment.id,
        source=source,
        target=target,
    )


def shorten(words: str, limit: int = QUOTED_LENGTH) -> str:
    """Return ``words`` on one line, cut to at most ``limit`` characters with an ellipsis."""
    flat = " ".join(words.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
