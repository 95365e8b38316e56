"""Where the bundled configuration lives: the repository's ``configs/`` or the copy in an installed wheel."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.errors import ConfigError


def configs_dir() -> Path:
    """Return the folder that holds the presets, the model catalogue and the term tables.

    Raises:
        ConfigError: neither the repository's folder nor the installed copy exists.
    """
    package = Path(__file__).resolve().parent
    # A checkout keeps configs/ beside the package; a wheel puts it under the environment's share/.
    for candidate in (package.parent / "configs", Path(sys.prefix) / "share" / "newsdesk-pipeline" / "configs"):
        if candidate.is_dir():
            return candidate
    raise ConfigError("The bundled configs/ folder is missing.", hint="Reinstall the package or run from a checkout.")


def preset(name: str | None) -> Path:
    """Path of a configuration: a file as given, or a preset's bare name; ``None`` is the default preset."""
    if name is None:
        return configs_dir() / "default.yaml"
    path = Path(name)
    if path.suffix or path.exists():
        return path
    return configs_dir() / f"{name}.yaml"
