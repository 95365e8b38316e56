"""The translation memory of one run: a snapshot to read from, and the file that grows when bundles are out.

People's corrections stand in ``corrections.jsonl`` first and a bundle is noted as due before it is
published, so a process may die anywhere: the next run records what is missing, and nothing twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from pipeline import bundle
from pipeline.bundle import corrections
from pipeline.config import MemoryConfig
from pipeline.errors import OutputError
from pipeline.memory import Entry, Maker, Memory, context_of, from_corrections, from_result
from pipeline.records import CorrectionKind, IssueResult, Origin, Remembered, Segment

NAME: Final = "desk-memory.sqlite"
"""Beside the bundles, where the configuration names no other place."""
_SHOWN: Final = 2
"""Similar texts shown beside a draft."""

log = logging.getLogger(__name__)


def memory_path(config: MemoryConfig, out: Path) -> Path | None:
    """Where the memory of an output folder lies; ``None`` where it is turned off."""
    if not config.enabled:
        return None
    return Path(config.path) if config.path else out / NAME


def settle_memory(config: MemoryConfig, out: Path) -> None:
    """At the end of a run that left nothing undone: let later runs see its texts.

    Raises:
        OutputError: the memory cannot be written.
    """
    path = memory_path(config, out)
    if path is not None and path.is_file():
        with Memory.open(path, readonly=False) as memory:
            memory.settle()


class DeskMemory:
    """What a run may recall, and what it adds."""

    def __init__(self, config: MemoryConfig, out: Path, *, model: bool) -> None:
        """Open nothing yet.

        Args:
            config: where the memory lies and what it is for.
            out: the output folder.
            model: whether the run's texts are a model's; a rehearsal's are not worth keeping.
        """
        self._config = config
        self._out = out
        self._path = memory_path(config, out)
        self._records = model and config.machine != "off"

    @cached_property
    def snapshot(self) -> Memory | None:
        """The memory as it stood when this was first asked for; ``None`` where there is none.

        Raises:
            ConfigError: the file is no translation memory.
            OutputError: it cannot be opened.
        """
        return Memory.open(self._path) if self._path is not None and self._path.is_file() else None

    @cached_property
    def digest(self) -> str:
        """Digest of the snapshot; empty without one."""
        return self.snapshot.digest if self.snapshot is not None else ""

    @property
    def people(self) -> bool:
        """Whether anything a person wrote can be recalled."""
        return self.snapshot is not None and self.snapshot.people

    @cached_property
    def _corrected(self) -> frozenset[tuple[str, str | None]]:
        """Issue and segment of the texts that were corrected in this output folder."""
        saved, _ = corrections.load(self._out)
        return frozenset((c.issue, c.segment) for c in saved if c.kind is CorrectionKind.TEXT)

    def catch_up(self) -> None:
        """Record what an earlier process could not before it died.

        Raises:
            ConfigError: the file is no translation memory.
            OutputError: it cannot be written.
        """
        if self._path is None:
            return
        saved, _ = corrections.load(self._out)
        texts = tuple(from_corrections(saved))
        if not texts and not self._path.is_file():
            return
        with Memory.open(self._path, readonly=False) as memory:
            memory.record(texts)
            for slug, fingerprint in memory.due():
                if bundle.finished(self._out / slug) == fingerprint:
                    memory.record(from_result(bundle.read(self._out / slug), recorded=_now()), bundle=(slug, fingerprint))

    # ---------------------------------------------------------------- recalling

    def held_in(self, text: str, issue: str) -> str:
        """Digest of what people wrote for passages of this text; empty where there is nothing.

        An issue is new work when a passage of its own was corrected elsewhere.  What was corrected in the issue itself is
        worked into its bundle already.
        """
        return self.snapshot.held_in(text, but=issue) if self.snapshot is not None else ""

    def recall(
        self, segment: Segment, issue: str, *, key: Callable[[], str], projected: Callable[[], str]
    ) -> tuple[Origin, Remembered] | None:
        """The text remembered for exactly this passage.

        Args:
            segment: what is to be translated.
            issue: its issue's id.
            key: what a model's text would be shaped by now (``bundle_key``); asked only where model texts are served.
            projected: the segment's text with its English put in; asked likewise.
        """
        if self.snapshot is None or (issue, segment.id) in self._corrected:
            # An own correction is worked in at the end, over the same draft as before.
            return None
        serves = self._config.machine == "serve"
        made, saw = (key(), context_of(projected())) if serves else ("", "")
        found = self.snapshot.exact(segment.text, made, field=segment.field.value, context=saw, issue=issue)
        return None if found is None else (Origin.HUMAN if found.maker is Maker.HUMAN else Origin.MEMORY, _remembered(found, 1.0))

    def similar(self, segment: Segment) -> tuple[Remembered, ...]:
        """What people wrote for similar texts, the most similar first."""
        if self.snapshot is None or not self._config.fuzzy:
            return ()
        found = self.snapshot.fuzzy(segment.text, field=segment.field.value, lowest=self._config.fuzzy, limit=_SHOWN)
        return tuple(_remembered(m.entry, round(m.similarity, 3)) for m in found)

    # ---------------------------------------------------------------- growing

    def expect(self, slug: str, fingerprint: str) -> None:
        """Say that a bundle is about to be published."""
        self._grow(lambda memory: memory.expect(slug, fingerprint))

    def record(self, result: IssueResult, slug: str, fingerprint: str) -> None:
        """Keep a published issue's texts; where that fails the next run makes up for it."""
        self._grow(lambda memory: memory.record(from_result(result, recorded=_now()), bundle=(slug, fingerprint)))

    def _grow(self, change: Callable[[Memory], object]) -> None:
        if self._path is None or not self._records:
            return
        try:
            with Memory.open(self._path, readonly=False) as memory:
                change(memory)
        except OutputError as exc:
            # What is remembered is a help, and must not cost a bundle.
            log.error("%s", exc)

    def close(self) -> None:
        """Close the snapshot."""
        if self.__dict__.get("snapshot") is not None:
            self.__dict__["snapshot"].close()


def _remembered(entry: Entry, similarity: float) -> Remembered:
    human = entry.maker is Maker.HUMAN
    return Remembered(
        source=entry.source,
        target=entry.target,
        similarity=similarity,
        who=entry.who,
        # When a model's text was kept is an accident of the runs.
        when=entry.recorded if human else "",
        issue=entry.issue,
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
