"""The term tables: Chinese, English, kind, source and note; layered, and searched for the longest match.

A term's ``note`` may begin with ``alone``: it is then used only where punctuation, a digit, Latin
text or the text's edge stands on both sides, because inside other words it misfires.
``not-before:`` and ``not-after:`` list characters that may not follow or precede it, and ``reference``
keeps a common noun for lookup alone; see ``docs/terms.md``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Final

from pipeline.errors import ConfigError
from pipeline.records import Record
from pipeline.resources import configs_dir
from pipeline.terms.wordfinder import WordFinder

COLUMNS: Final = ("zh", "en", "kind", "source", "note")
REFERENCE_KINDS: Final = frozenset({"unit"})
"""Kept for lookup, never put into a source: the number reader deals with them."""
_SHORT: Final = 2
"""Names and offices up to this many characters must be whole words; longer ones do not arise by chance."""
_PROPER: Final = frozenset({"place", "person", "title", "media", "org"})
"""Kinds that word lists do not know well enough to be held against them when they are long."""

_GLUED: Final = frozenset(
    {"部门", "部分", "部队", "部件", "部位", "会议", "会场", "会员", "会上", "会长", "院长", "院校", "校长", "社区", "村民"}
)
"""Words over the end of an organ's or a place's name: 农业农村部门 is not the ministry 农业农村部."""


class Term(Record, frozen=True, gc=False):
    """One row of a table.  It holds strings alone, so a hundred thousand of them are none of the collector's business."""

    zh: str
    en: str
    kind: str
    """``place``, ``org``, ``term``, ``title``, ``media``, ``slogan``, ``person``, ``unit``."""
    source: str = ""
    note: str = ""
    file: str = ""
    """Base name of the table."""

    @property
    def preferred(self) -> str:
        """The first of the renderings in ``en``; others that serve as well follow it after semicolons."""
        return self.en.split(";")[0].strip()

    @property
    def alone(self) -> bool:
        """True where the term may only stand by itself."""
        return self.note.startswith("alone")

    @property
    def reference(self) -> bool:
        """True where the term is kept for lookup and never put into a source."""
        return self.kind in REFERENCE_KINDS or "reference" in self._notes

    @property
    def always(self) -> bool:
        """True where the term is put into a source however short it is."""
        return "always" in self._notes

    @property
    def _notes(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.note.split(";"))

    def guarded(self, before: str, after: str) -> bool:
        """True where the character before or after the term makes it part of other words."""
        if "not-" not in self.note:
            return False
        return any(
            bool(neighbour) and part.startswith(rule) and neighbour in part.removeprefix(rule)
            for part in self._notes
            for rule, neighbour in (("not-before:", after), ("not-after:", before))
        )


class Hit(Record, frozen=True, gc=False):
    """A term found in a text."""

    start: int
    end: int
    """Code points."""
    term: Term


def default_files() -> tuple[Path, ...]:
    """The bundled tables, in the order of their names."""
    return tuple(sorted((configs_dir() / "terms").glob("*.tsv")))


def read_table(path: Path) -> tuple[Term, ...]:
    """Rows of one table.  Lines that begin with ``#`` are comments; the first other line names the columns.

    Raises:
        ConfigError: the file is missing, not UTF-8, or a row lacks its Chinese or English.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"Cannot read the term table {path}: {exc}.", hint="It must be a UTF-8 file of tab-separated columns.") from None
    rows = [(n, line.split("\t")) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not rows:
        return ()
    header = [c.strip() for c in rows[0][1]]
    if header[:2] != ["zh", "en"] or not set(header) <= set(COLUMNS):
        raise ConfigError(f"{path}: the first line must name the columns {', '.join(COLUMNS)}.", hint="See configs/terms/ for examples.")
    out = []
    for number, cells in rows[1:]:
        values = dict(zip(header, (c.strip() for c in cells), strict=False))
        if len(cells) > len(header) or not values.get("zh") or not values.get("en"):
            raise ConfigError(
                f"{path}, line {number}: a term needs its Chinese and its English, and no more than {len(header)} columns.",
                hint="Correct that line; 'pipeline terms check' looks for more.",
            )
        out.append(Term(**{"kind": "term", **{k: v for k, v in values.items() if v}}, file=path.name))
    return tuple(out)


class Lexicon:
    """All tables as one; later tables win."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {t.zh: t for t in terms}

    @classmethod
    def load(cls, files: Sequence[Path]) -> Lexicon:
        """Read tables in order; a later row for the same Chinese replaces an earlier one.

        Raises:
            ConfigError: a table is missing or malformed.
        """
        return cls(t for f in files for t in read_table(f))

    def __len__(self) -> int:
        return len(self._terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self._terms.values())

    def get(self, zh: str) -> Term | None:
        """The term that is exactly ``zh``."""
        return self._terms.get(zh)

    def of_kind(self, kind: str) -> tuple[Term, ...]:
        """All terms of a kind, by their Chinese."""
        return tuple(t for _, t in sorted(self._terms.items()) if t.kind == kind)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all rows that take effect, in hex; file names do not count."""
        lines = "".join(f"{t.zh}\t{t.en}\t{t.kind}\t{t.note}\n" for t in sorted(self._terms.values(), key=lambda t: t.zh))
        return hashlib.sha256(lines.encode()).hexdigest()

    @cached_property
    def _finder(self) -> WordFinder[Term]:
        return WordFinder({zh: term for zh, term in self._terms.items() if len(zh) > 1 and not term.reference})

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every occurrence of every term, overlapping ones too, by start and then longest first."""
        hits = []
        edges: dict[tuple[int, int], frozenset[int]] = {}
        for start, end, term in self._finder.find(text):
            note = term.note
            if note and term.alone and not _stands_alone(text, start, end):
                continue
            if len(term.zh) <= _SHORT or term.kind not in _PROPER:
                clause = text.rfind("，", 0, start) + 1, text.find("，", end)
                if clause not in edges:
                    edges[clause] = _word_edges(text, *clause)
                # An office may run into what is before it (…局局长), which word lists do not know.
                if end not in edges[clause] or (start not in edges[clause] and term.kind != "title"):
                    continue
            if text[end - 1 : end + 1] in _GLUED or (note and term.guarded(text[max(0, start - 1) : start], text[end : end + 1])):
                continue
            hits.append(Hit(start=start, end=end, term=term))
        if len(hits) > 1:
            hits.sort(key=lambda h: (h.start, -h.end))
        return tuple(hits)


def _word_edges(text: str, start: int, end: int) -> frozenset[int]:
    """Where words begin and end between two commas (``end`` -1: the text's end): 成都 is no city in 形成都受影响.

    No word has a comma in it, so what is beyond one changes nothing.
    """
    import rjieba

    return frozenset(accumulate(map(len, rjieba.cut(text[start : end if end >= 0 else None])), initial=start))


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (start and _is_han(text[start - 1])) and not (end < len(text) and _is_han(text[end]))


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
