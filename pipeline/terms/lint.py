"""What is wrong with term tables: duplicates, conflicts, cycles, empty cells, terms inside terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import ConfigError
from pipeline.records import Record, Severity
from pipeline.terms.lexicon import COLUMNS, Term
from pipeline.terms.wordfinder import WordFinder

KINDS: Final = frozenset({"place", "org", "term", "title", "media", "unit", "slogan", "person"})


class LintFinding(Record, frozen=True):
    """One thing to look at in a table."""

    rule: str
    """``columns``, ``empty``, ``kind``, ``chinese``, ``duplicate``, ``override``, ``conflict``, ``cycle`` or ``inside``."""
    severity: Severity
    file: str
    """Base name of the table."""
    line: int
    """From 1."""
    message: str


def check(files: Sequence[Path]) -> tuple[LintFinding, ...]:
    """Look through term tables, in the order in which they are layered.

    Args:
        files: the tables, later ones winning.

    Returns:
        Findings by file and line.  Errors make a table unusable or wrong; warnings want a decision;
        the rest is for information (a desk's own row replacing another, a term inside a longer one).

    Raises:
        ConfigError: a file cannot be read.
    """
    found: list[LintFinding] = []
    rows: list[tuple[int, Term]] = []
    for path in files:
        rows += _rows(path, found)
    found += _repeated(rows)
    found += _cycles(rows)
    found += _inside(rows)
    order = {path.name: number for number, path in enumerate(files)}
    return tuple(sorted(found, key=lambda f: (order[f.file], f.line, f.rule, f.message)))


def _rows(path: Path, found: list[LintFinding]) -> Iterator[tuple[int, Term]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"Cannot read the term table {path}: {exc}.", hint="It must be a UTF-8 file of tab-separated columns.") from None
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("\t")]
        if not header:
            header = cells
            if header[:2] != ["zh", "en"] or not set(header) <= set(COLUMNS):
                message = f"The first line must name the columns {', '.join(COLUMNS)}."
                found.append(LintFinding(rule="columns", severity=Severity.ERROR, file=path.name, line=number, message=message))
                return
            continue
        values = dict(zip(header, cells, strict=False))
        problems = list(_of_row(values, cells, header))
        found += (LintFinding(rule=rule, severity=level, file=path.name, line=number, message=text) for rule, level, text in problems)
        if not any(level is Severity.ERROR for _, level, _ in problems):
            yield number, Term(**{"kind": "term", **{k: v for k, v in values.items() if v}}, file=path.name)


def _of_row(values: dict[str, str], cells: Sequence[str], header: Sequence[str]) -> Iterator[tuple[str, Severity, str]]:
    if len(cells) > len(header):
        yield "columns", Severity.ERROR, f"{len(cells)} cells for {len(header)} columns."
    for column in ("zh", "en"):
        if not values.get(column):
            yield "empty", Severity.ERROR, f"The column {column} is empty."
    zh = values.get("zh", "")
    for column in ("kind", "source"):
        if column in header and not values.get(column):
            yield "empty", Severity.WARNING, f"{zh}: the column {column} is empty."
    if values.get("kind") and values["kind"] not in KINDS:
        yield "kind", Severity.WARNING, f"{zh}: there is no kind {values['kind']!r}; known are {', '.join(sorted(KINDS))}."
    if any("\u3400" <= c <= "\u9fff" for c in values.get("en", "")):
        yield "chinese", Severity.ERROR, f"{zh}: the English {values['en']!r} holds Chinese."


def _repeated(rows: Iterable[tuple[int, Term]]) -> Iterator[LintFinding]:
    """The same Chinese twice: in one table a mistake, in a later one a decision that wins."""
    seen: dict[str, Term] = {}
    for line, term in rows:
        earlier = seen.get(term.zh)
        seen[term.zh] = term
        if earlier is None:
            continue
        same = earlier.en == term.en
        if earlier.file == term.file:
            rule, level = ("duplicate", Severity.WARNING) if same else ("conflict", Severity.ERROR)
            said = f"{term.zh} is given twice" + ("." if same else f": {earlier.en!r} and {term.en!r}.")
        else:
            rule, level = ("duplicate", Severity.INFO) if same else ("override", Severity.INFO)
            said = f"{term.zh} is in {earlier.file} too" + ("." if same else f", as {earlier.en!r}; {term.en!r} wins.")
        yield LintFinding(rule=rule, severity=level, file=term.file, line=line, message=said)


def _cycles(rows: Sequence[tuple[int, Term]]) -> Iterator[LintFinding]:
    """Terms whose English is itself a term's source, and so leads back to where it began."""
    leads = {term.zh: term.en for _, term in rows}
    for line, term in rows:
        path = [term.zh]
        while (following := leads.get(path[-1])) is not None and following not in path:
            path.append(following)
        if following == term.zh:
            shown = " → ".join([*path, term.zh])
            yield LintFinding(
                rule="cycle", severity=Severity.ERROR, file=term.file, line=line, message=f"The terms lead in a circle: {shown}."
            )


def _inside(rows: Sequence[tuple[int, Term]]) -> Iterator[LintFinding]:
    """Terms inside longer ones; the longest wins, so this is only worth knowing."""
    last = {term.zh: (line, term) for line, term in rows}
    finder = WordFinder({zh: zh for zh in last})
    for zh, (line, term) in last.items():
        inner = sorted({part for _, _, part in finder.find(zh) if part != zh and len(part) > 1})
        if inner:
            said = f"{zh} holds {', '.join(inner)}; the longer term wins."
            yield LintFinding(rule="inside", severity=Severity.INFO, file=term.file, line=line, message=said)
