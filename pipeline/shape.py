"""What shapes a bundle besides its source, and what changed in it, in words.

A bundle's fingerprint is one digest; this is what went into it, so that ``pipeline status`` can say
*why* finished work will be redone.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from pipeline.records import Provenance, Record

_NAMES: Final = {"pipeline": "pipeline version", "code": "code", "terms": "terms", "models": "model", "prompts": "prompts"}


class Shape(Record, frozen=True):
    """Everything but the source that shapes a bundle."""

    pipeline: str
    code: str
    """Commit, with ``+changes`` where the tree was edited."""
    terms: str
    """Digest of the term and name tables."""
    models: tuple[str, ...]
    """``id@digest`` of each model file, sorted."""
    config_sha256: str
    config: dict[str, Any] | None = None
    """The shaping configuration; ``None`` where only its digest survives (rebuilt from a bundle)."""


def of_bundle(provenance: Provenance) -> Shape:
    """What a bundle says of its own making."""
    # The rehearsal engine's stand-in has no digest and is no model.
    models = {f"{m.id}@{m.sha256}" for t in provenance.tasks if (m := t.engine.model).sha256}
    return Shape(
        pipeline=provenance.pipeline_version,
        code=provenance.code_revision + ("+changes" if provenance.code_dirty else ""),
        terms=provenance.terms_sha256,
        models=tuple(sorted(models)),
        config_sha256=provenance.config_sha256,
    )


def differences(old: Shape, new: Shape) -> tuple[str, ...]:
    """What changed from ``old`` to ``new``, one line each; empty when nothing did."""
    out: list[str] = []
    for field in ("pipeline", "code", "models", "terms"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            out.append(f"{_NAMES[field]}: {_short(before)} -> {_short(after)}")
    if old.config_sha256 != new.config_sha256:
        if old.config is not None and new.config is not None:
            out += _config(old.config, new.config, "")
        else:
            out.append("configuration")
    return tuple(out)


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_short(v) for v in value) or "none"
    return re.sub(r"\b([0-9a-f]{12})[0-9a-f]{28,}", r"\1", str(value))


def _config(old: dict[str, Any], new: dict[str, Any], where: str) -> list[str]:
    out: list[str] = []
    for key in sorted(set(old) | set(new)):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            out += _config(before, after, f"{where}{key}.")
        else:
            out.append(f"{where}{key}: {_plain(before)} -> {_plain(after)}")
    return out


def _plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()
