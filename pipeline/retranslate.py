"""Translate passages of a bundle again, the way the bundle says they were made.

The page is cut again and its jobs are built by the same code as in a run, from the same settings;
only the journal is left out, which would answer from memory.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.bundle import reader
from pipeline.bundle.naming import safe_relative
from pipeline.decoding import Loop
from pipeline.draft import Draft
from pipeline.errors import InputError
from pipeline.records import Translation
from pipeline.session import Session
from pipeline.sources import Source


class Retranslator:
    """Translates passages of one bundle anew; call it with a sample of them."""

    def __init__(self, folder: Path, session: Session, source: Path | None = None) -> None:
        """Prepare for the bundle at ``folder``.

        Args:
            folder: the bundle.
            session: settings and engines; they should be those the bundle was made with.
            source: the issue file, where the bundle does not hold its bytes.

        Raises:
            InputError: the original is neither in the bundle nor given, or the bundle cannot be read.
        """
        manifest = reader.manifest(folder)
        if source is None and not manifest.original:
            raise InputError(f"{folder} does not hold the original file.", hint="Give it with --source.")
        self._file = source or folder / safe_relative(manifest.original)
        self._name = manifest.source.name
        self._result = reader.read(folder)
        self._volatile = reader.volatile(folder).run
        self._session = session

    @property
    def same_environment(self) -> bool:
        """Model, engine, libraries, prompts, settings, terms and platform are those the bundle names."""
        now, then = self._session.provenance(), self._result.provenance
        same = (now.tasks, now.terms_sha256) == (then.tasks, then.terms_sha256)
        return same and self._volatile.platform == platform.platform()

    def __call__(self, chosen: Sequence[Translation]) -> list[str]:
        """Return the passages' English anew, in their order.

        Raises:
            InputError: under these settings the page has no such passage.
            EngineError: the engine stopped.
        """
        # The file's name and bytes shape the ids, so the page is read under its own name.
        with tempfile.TemporaryDirectory() as place:
            page = Path(place) / (Path(self._name).name or "page.txt")
            page.write_bytes(self._file.read_bytes())
            draft = Draft(Source(path=str(page)), self._session)
            draft.cut()
        draft.summaries = {u.unit.id: u.summary for u in self._result.units}
        jobs = dict(draft.first_jobs())
        loop: Loop[Translation] = Loop(self._session.engine(self._session.config.translate_engine))
        for t in chosen:
            if t.segment.id not in jobs:
                raise InputError(
                    f"Under this configuration the page has no passage {t.segment.id}.",
                    hint="Give the configuration that the bundle was made with (--config).",
                )
            loop.submit(t.segment.id, jobs[t.segment.id])
        made = dict(loop.run())
        return [made[t.segment.id].target for t in chosen]
