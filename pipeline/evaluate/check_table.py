"""False and missed alarms of the checks on a table of planted errors and clean rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.checks import CheckInput, run
from pipeline.config import ChecksConfig
from pipeline.errors import InputError
from pipeline.evaluate.lines import line_segment
from pipeline.records import Field, Finding, NameEntry, Projection, Record, Replacement, Segment

CLEAN = "-"
COLUMNS = ("expect", "field", "source", "target", "known")

_NAME_KINDS = {"person", "place", "organisation"}


class Row(Record, frozen=True):
    """One row of the table."""

    line: int
    expect: tuple[str, ...]
    """Checks any of which must report; empty for a clean row."""
    item: CheckInput


class RowResult(Record, frozen=True):
    """What the checks said about one row."""

    row: Row
    findings: tuple[Finding, ...]

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Warnings and errors."""
        return tuple(f for f in self.findings if f.alarm)

    @property
    def found(self) -> bool:
        """A planted error was reported by a check that should (a note is enough for headline style)."""
        reported = {f.check for f in self.alarms} | {f.check for f in self.findings if f.check == "headline_style"}
        return bool(reported & set(self.row.expect))


class TableScore(Record, frozen=True):
    """Counts over the table."""

    planted: int
    found: int
    clean: int
    false_alarms: int
    missed: tuple[RowResult, ...]
    alarmed: tuple[RowResult, ...]

    @property
    def recall(self) -> float:
        """Share of planted errors found, 0 to 1."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def false_rate(self) -> float:
        """Share of clean rows with a warning or an error, 0 to 1."""
        return self.false_alarms / self.clean if self.clean else 0.0


def read_table(path: Path) -> tuple[Row, ...]:
    """Read the table; see its first lines for the columns.

    Raises:
        InputError: a line has the wrong number of cells or an unknown field.
    """
    rows = []
    header_seen = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header_seen:
            if tuple(cells) != COLUMNS:
                raise InputError(f"{path}:{number}: the columns must be {', '.join(COLUMNS)}.")
            header_seen = True
            continue
        if len(cells) != len(COLUMNS):
            raise InputError(f"{path}:{number}: {len(cells)} cells where {len(COLUMNS)} are needed.")
        rows.append(_row(path, number, cells))
    return tuple(rows)


def _row(path: Path, number: int, cells: Sequence[str]) -> Row:
    expect, field, source, target, known = cells
    try:
        kind = Field(field)
    except ValueError:
        raise InputError(f"{path}:{number}: there is no field '{field}'.") from None
    segment = Segment(id=f"row{number}.{field}.0.0", unit=f"row{number}", field=kind, block=0, index=0, text=source)
    names: list[NameEntry] = []
    replaced: list[Replacement] = []
    for entry in filter(None, (k.strip() for k in known.split(";"))):
        entry_kind, _, pair = entry.partition(" ")
        zh, _, en = pair.partition("=")
        if not en or zh not in source:
            raise InputError(f"{path}:{number}: '{entry}' is not 'kind Chinese=English' with Chinese of the row.")
        if entry_kind in _NAME_KINDS:
            names.append(NameEntry(source=zh, target=en, kind=entry_kind, decided_by="table:test", first_segment=segment.id, count=1))
        at = source.index(zh)
        replaced.append(Replacement(start=at, end=at + len(zh), source=zh, target=en, kind=entry_kind))
    projection = Projection(text=_project(source, replaced), replacements=tuple(replaced)) if replaced else None
    item = CheckInput(segment=segment, target=target, names=tuple(names), projection=projection)
    return Row(line=number, expect=() if expect == CLEAN else tuple(expect.split(",")), item=item)


def _project(source: str, replaced: Sequence[Replacement]) -> str:
    out, at = [], 0
    for r in sorted(replaced, key=lambda r: r.start):
        if r.start >= at:
            out += [source[at : r.start], r.target]
            at = r.end
    return "".join([*out, source[at:]])


def alarmed(source: Sequence[str], target: Sequence[str], config: ChecksConfig) -> int:
    """How many of the lines' translations raise an alarm; by people's translations, a bound on the false ones."""
    segments = (line_segment(n, line) for n, line in enumerate(source))
    found = (run(CheckInput(segment=s, target=t), config) for s, t in zip(segments, target, strict=True))
    return sum(any(f.alarm for f in findings) for findings in found)


def score_table(rows: Sequence[Row], config: ChecksConfig) -> TableScore:
    """Run every check over every row."""
    results = [RowResult(row=row, findings=run(row.item, config)) for row in rows]
    planted = [r for r in results if r.row.expect]
    clean = [r for r in results if not r.row.expect]
    missed = tuple(r for r in planted if not r.found)
    alarmed = tuple(r for r in clean if r.alarms)
    return TableScore(
        planted=len(planted), found=len(planted) - len(missed), clean=len(clean), false_alarms=len(alarmed), missed=missed, alarmed=alarmed
    )
