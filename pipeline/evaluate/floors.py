"""Quality floors: figures below which ``make eval`` fails, and which only rise.

A floor names the data it was measured on by digest: on other data it does not apply.  Setting
floors keeps the higher of old and new; lowering one takes an explicit flag, so it is a decision
somebody made and not a habit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pipeline.errors import ConfigError
from pipeline.records import Record


class Floor(Record, frozen=True):
    """The least a figure may be; all figures are such that more is better."""

    value: float
    data: str = ""
    """SHA-256 of the data it was measured on."""


class Measured(Record, frozen=True):
    """One figure of an evaluation."""

    name: str
    """``<data>/<system>/<metric>``."""
    value: float
    data: str = ""


class Shortfall(Record, frozen=True):
    """A figure below its floor."""

    name: str
    value: float
    floor: float


def read(path: Path) -> dict[str, Floor]:
    """Read a floors file; one that does not exist holds none.

    Raises:
        ConfigError: the file is not what ``write`` wrote.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Floor])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as exc:
        raise ConfigError(f"Cannot read the floors in {path}: {exc}.", hint="Restore it from version control.") from None


def shortfalls(measured: tuple[Measured, ...], floors: Mapping[str, Floor]) -> tuple[Shortfall, ...]:
    """Figures below their floor on the same data, in the order measured."""
    return tuple(
        Shortfall(name=m.name, value=m.value, floor=floors[m.name].value)
        for m in measured
        if m.name in floors and floors[m.name].data == m.data and m.value < floors[m.name].value
    )


def raised(measured: tuple[Measured, ...], floors: Mapping[str, Floor], *, allow_lower: bool = False) -> dict[str, Floor]:
    """Floors after taking in ``measured``.

    Without ``allow_lower`` a floor on the same data never falls.  Data that changed replaces a
    floor only with ``allow_lower`` too: else swapping the data would be a way round it.
    """
    out = dict(floors)
    for m in measured:
        old = out.get(m.name)
        if old is None or allow_lower or (old.data == m.data and m.value > old.value):
            out[m.name] = Floor(value=m.value, data=m.data)
    return dict(sorted(out.items()))


def write(path: Path, floors: Mapping[str, Floor]) -> None:
    """Write a floors file, sorted and readable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(dict(sorted(floors.items())), order="deterministic"), indent=1) + b"\n")
