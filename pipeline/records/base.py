"""The base of every record, and its canonical JSON."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec

SCHEMA_VERSION: Final = "1.0"

T = TypeVar("T")

_PAIR: Final = re.compile(rb"\[\n +(\d+),\n +(\d+)\n +\]")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Base of every record: immutable, keyword only, strict when read back."""


def encode(record: Any) -> bytes:
    """Return ``record`` as canonical, human-readable UTF-8 JSON ending in a newline."""
    text = msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1)
    # A span belongs on one line.  Line breaks stand between values only: inside strings they are escaped.
    return _PAIR.sub(rb"[\1, \2]", text) + b"\n"


def decode(data: bytes, kind: type[T]) -> T:
    """Read a record back; raises ``msgspec.ValidationError`` where the data does not fit."""
    return msgspec.json.decode(data, type=kind)
