"""YAML from files that people edit: data, or an error they can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def read_yaml(path: Path) -> Any:
    """The file's content as plain data; ``None`` where it is empty.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not UTF-8, or no YAML; the message is one line and says where.
    """
    # Imported here: --help must not pay for a YAML parser.
    from ruamel.yaml import YAML

    text = path.read_text(encoding="utf-8")
    try:
        # Duplicate keys are an error here, where PyYAML would silently keep the last.
        return YAML(typ="safe", pure=True).load(text)
    except Exception as exc:  # noqa: BLE001 - whatever it is, the text is at fault
        # Beside YAMLError the parser lets RecursionError, AttributeError and others out on damaged text.
        raise ValueError(" ".join(str(exc).split())[:300] or type(exc).__name__) from None
