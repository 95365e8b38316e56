"""The model catalogue ``configs/models.lock``: what each model is, its licence, and every file's digest."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import ConfigError, ModelError
from pipeline.records import Record
from pipeline.resources import configs_dir

_CARD_HEAD: Final = 20_000
"""Characters of a model card that are looked at."""


class WheelPart(Record, frozen=True):
    """A slice of a file, carried as data inside a wheel of the package index."""

    package: str
    version: str
    member: str
    """Path of the slice inside the wheel."""
    size: int
    sha256: str


class ModelFile(Record, frozen=True):
    """One file of a model.  Without a ``sha256`` the first verified download's digest is recorded and held to."""

    name: str
    size: int = 0
    sha256: str = ""
    parts: tuple[WheelPart, ...] = ()
    """Wheels that together hold the very same bytes, in order."""


class Model(Record, frozen=True):
    """One entry of the catalogue."""

    id: str
    family: str
    """``instruct`` or ``seq2seq``."""
    task: str
    """``translate``, ``summarise`` or ``both``."""
    licence: str
    """SPDX identifier, or the licence's own name."""
    hub: str
    """Repository on the model hub, ``owner/name``."""
    revision: str
    """Commit on the hub."""
    files: tuple[ModelFile, ...]
    note: str = ""
    """Shown to the operator beside the licence."""

    @property
    def size(self) -> int:
        """Bytes of all files whose size is known."""
        return sum(f.size for f in self.files)

    @property
    def terms(self) -> str:
        """The licence, and in words what it forbids a newspaper that sells."""
        return in_words(self.licence)

    @property
    def single(self) -> bool:
        """True for a one-file model (GGUF): its path is the file, not the folder."""
        return len(self.files) == 1


def in_words(licence: str) -> str:
    """A licence as the operator sees it."""
    return f"licence {licence}" + (": NON-COMMERCIAL use only" if "NC" in licence.upper().split("-") else "")


def card_licence(folder: Path) -> str:
    """The licence that a local copy's model card (``README.md``) states at its head; ``unknown`` where there is none."""
    try:
        with (folder / "README.md").open(encoding="utf-8") as card:
            head = card.read(_CARD_HEAD)
    except (OSError, UnicodeDecodeError):
        return "unknown"
    block = re.match(r"---\n(.*?)\n---", head, re.DOTALL)
    found = re.search(r"^license:[ \t]*([\w.+-]+)[ \t]*$", block[1], re.MULTILINE) if block else None
    return found[1] if found else "unknown"


class _Catalogue(Record, frozen=True):
    model: tuple[Model, ...]


def load(path: Path | None = None) -> tuple[Model, ...]:
    """Read the catalogue.

    Raises:
        ConfigError: the file is missing or does not have the catalogue's shape.
    """
    path = path or configs_dir() / "models.lock"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(data, _Catalogue).model
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        raise ConfigError(f"The model catalogue {path} cannot be read: {exc}.", hint="Restore it from the release.") from None


def find(model_id: str, models: tuple[Model, ...] | None = None) -> Model:
    """Return the entry with this id.

    Raises:
        ModelError: there is none; the message names the nearest id.
    """
    models = load() if models is None else models
    for model in models:
        if model.id == model_id:
            return model
    near = difflib.get_close_matches(model_id, [m.id for m in models], n=1, cutoff=0.3)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    raise ModelError(
        f"There is no model '{model_id}': not in the catalogue, and not a local file or folder.",
        hint=f"{hint}Run 'pipeline models list' for the known ids, or give the path of a local model.",
    )
