"""Names, terms and figures against forms a person wrote down, not against the tables that put them there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.checks.text import plain
from pipeline.errors import InputError
from pipeline.evaluate.accuracy import Accuracy
from pipeline.records import Record

COLUMNS: Final = ("source", "names", "terms", "numbers")


class Expected(Record, frozen=True):
    """One sentence and what its English must hold; each wanted form with those that serve as well."""

    source: str
    names: tuple[tuple[str, ...], ...] = ()
    terms: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[tuple[str, ...], ...] = ()


def read_expected(path: Path) -> tuple[Expected, ...]:
    """Read the set; its first lines say what the columns are.

    Raises:
        InputError: it cannot be read, or a line has another number of cells.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"Cannot read {path}: {exc}.", hint="Name the table of expected forms.") from None
    cells = [line.split("\t") for line in lines]
    if not cells or tuple(cells[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in cells):
        raise InputError(f"{path}: every line needs the columns {', '.join(COLUMNS)}, set off by tabs.")
    return tuple(Expected(source=row[0], names=_forms(row[1]), terms=_forms(row[2]), numbers=_forms(row[3])) for row in cells[1:])


def digest(path: Path) -> str:
    """SHA-256 of the set, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _forms(cell: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(form.strip() for form in item.split("|")) for item in cell.split(";") if item.strip())


def score(rows: Sequence[Expected], outputs: Sequence[str]) -> tuple[Accuracy, tuple[str, ...]]:
    """Count the expected forms that ``outputs`` hold as whole words.

    Returns:
        The counts, and what is missing, one line each.
    """
    missing: list[str] = []

    def right(wanted: tuple[tuple[str, ...], ...], row: Expected, output: str) -> int:
        found = 0
        for forms in wanted:
            if any(_holds(output, form) for form in forms):
                found += 1
            else:
                missing.append(f"{' | '.join(forms)}: {row.source} -> {output}")
        return found

    totals = [0, 0, 0]
    for row, output in zip(rows, outputs, strict=True):
        text = " ".join(plain(output).split()).lower()
        for number, wanted in enumerate((row.names, row.terms, row.numbers)):
            totals[number] += right(wanted, row, text)
    accuracy = Accuracy(
        names=sum(len(r.names) for r in rows),
        names_right=totals[0],
        terms=sum(len(r.terms) for r in rows),
        terms_right=totals[1],
        numbers=sum(len(r.numbers) for r in rows),
        numbers_right=totals[2],
    )
    return accuracy, tuple(missing)


def _holds(text: str, form: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(plain(form).lower())}s?(?![\w]|[.,]\d)", text) is not None
