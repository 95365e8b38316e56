"""What all issues of a run share: settings, engines, tables, the journal.

Engines load when the first unfinished issue needs them, so that a run with nothing to do ends at once.
"""

from __future__ import annotations

import hashlib
import time
from functools import cached_property
from pathlib import Path
from typing import Self

import msgspec

from pipeline import __version__
from pipeline.bundle import corrections
from pipeline.config import Config, EngineConfig, digest
from pipeline.decoding import NoObserver, Observer
from pipeline.desk_memory import DeskMemory
from pipeline.engines import open_engine
from pipeline.engines.base import Engine, Reply
from pipeline.journal import FileJournal
from pipeline.locks import Locks
from pipeline.models.store import Store
from pipeline.records import ModelInfo, NameEntry, Provenance, Segmentation, TaskProvenance
from pipeline.shape import Shape
from pipeline.signature import signature
from pipeline.summarise import prompts as summary_prompts
from pipeline.terms import Lexicon, default_files, names
from pipeline.translate import prompts
from pipeline.version import Code, code

WORK_FOLDER = ".work"
"""Inside the output folder: the journal and the locks; safe to delete when no run is under way."""


class Totals(msgspec.Struct):
    """Running sums of a run; volatile."""

    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    resumed: int = 0
    replies: int = 0
    engine_seconds: float = 0.0


class _Counting:
    """Adds up every reply, then passes it on."""

    def __init__(self, totals: Totals, inner: Observer) -> None:
        self._totals = totals
        self._inner = inner

    def replied(self, reply: Reply, *, resumed: bool) -> None:
        totals = self._totals
        totals.replies += 1
        if resumed:
            totals.resumed += 1
        else:
            totals.prompt_tokens += reply.prompt_tokens
            totals.output_tokens += reply.output_tokens
            totals.cached_tokens += reply.cached_tokens
            totals.engine_seconds += reply.seconds
        self._inner.replied(reply, resumed=resumed)


class Session:
    """The resources of one run; close it, or use it as a context."""

    def __init__(
        self,
        config: Config,
        out: Path,
        *,
        store: Store | None = None,
        observer: Observer | None = None,
        journal: str = "replies.sqlite",
    ) -> None:
        """Nothing is opened yet.

        ``journal`` names the file of replies; machines that share an output folder have one each.
        """
        self._journal = journal
        self.config = config
        self.out = out
        self.totals = Totals()
        self.observer: Observer = _Counting(self.totals, observer or NoObserver())
        self._store = store or Store()
        self._engines: dict[str, Engine] = {}
        self.load_seconds = 0.0

    @cached_property
    def journal(self) -> FileJournal:
        return FileJournal(self.out / WORK_FOLDER / self._journal, self.config.jobs.journal_mb * 2**20)

    @cached_property
    def locks(self) -> Locks:
        """The locks on issues in work, shared with every process that writes to the same output folder."""
        return Locks(self.out / WORK_FOLDER / "locks")

    @cached_property
    def code(self) -> Code:
        return code()

    @cached_property
    def tables(self) -> Lexicon:
        """The bundled term tables, then the configuration's."""
        return Lexicon.load([*default_files(), *(Path(f) for f in self.config.terms.files)])

    def names(self, segmentation: Segmentation) -> tuple[NameEntry, ...]:
        """The name sheet of an issue."""
        return names.collect(segmentation, self.lexicon, self.learned)

    @cached_property
    def learned(self) -> Lexicon:
        """Names and terms that editors set when they reviewed bundles of this output folder."""
        path = self.out / corrections.TERMS
        return Lexicon.load([path] if path.is_file() else [])

    @cached_property
    def lexicon(self) -> Lexicon:
        """All term tables; what editors set wins."""
        return Lexicon([*self.tables, *self.learned])

    def learned_in(self, text: str, issue: str) -> str:
        """Digest of the learned names and terms that ``text`` holds; empty where it holds none.

        An issue is new work when one of its own names was corrected, not when any name was.  What was set
        in a review of ``issue`` itself is worked into its bundle already and would undo its approvals.
        """
        bare = "".join(text.split())
        held = Lexicon(t for t in self.learned if t.zh in bare and f" {issue} " not in t.source)
        return held.digest if len(held) else ""

    @cached_property
    def memory(self) -> DeskMemory:
        """The translation memory: as it stood when it was first read from, and where the run's texts go."""
        return DeskMemory(self.config.memory, self.out, model=self.config.translate_engine.name != "rehearsal")

    def refresh(self) -> None:
        """Take in what people decided since the session was opened; engines stay as they are."""
        self.memory.close()
        for name in ("memory", "learned", "lexicon"):
            self.__dict__.pop(name, None)

    @property
    def summarise_config(self) -> EngineConfig:
        """The engine settings for summaries: their own, or the translations'."""
        return self.config.summarise_engine or self.config.translate_engine

    def model(self, config: EngineConfig) -> tuple[Path | None, ModelInfo | None]:
        """Path and identity of the model an engine section names; nothing is loaded.

        Raises:
            ModelError: it is not here, or not what it was.
        """
        return (None, None) if config.name == "rehearsal" else self._store.resolve(config.model)

    def engine(self, config: EngineConfig) -> Engine:
        """The engine for a section, loaded once; equal sections share one.

        Raises:
            ModelError: the model is missing, altered or unfit.
            EngineError: it cannot start.
        """
        key = digest(config)
        if key not in self._engines:
            started = time.monotonic()
            self._engines[key] = open_engine(config, *self.model(config))
            self.load_seconds += time.monotonic() - started
        return self._engines[key]

    @cached_property
    def shape(self) -> Shape:
        """Everything but the source that shapes a bundle, part by part."""
        models = {info for c in (self.config.translate_engine, self.summarise_config) if (info := self.model(c)[1]) is not None}
        return Shape(
            pipeline=__version__,
            code=self.code.revision + ("+changes" if self.code.dirty else ""),
            terms=self.tables.digest,
            models=tuple(sorted(f"{m.id}@{m.sha256 or m.revision}" for m in models)),
            config_sha256=digest(shaping(self.config)),
            config=msgspec.json.decode(msgspec.json.encode(shaping(self.config))),
        )

    @cached_property
    def fingerprint_base(self) -> str:
        """Digest of everything but the source that shapes a bundle."""
        return digest(self.shape)

    def signature(self, task: str) -> str:
        """The one-line signature of a task's texts."""
        config, prompt, section = self._task(task)
        return signature(task, self.engine(config).info, config, prompt=prompt, terms=self.tables.digest, section=section)

    def _task(self, task: str) -> tuple[EngineConfig, str, str]:
        config = self.config
        if task == "translate":
            section = (config.translate, config.terms.project, config.checks, config.repair)
            return config.translate_engine, prompts.digest(config.translate.examples), digest(section)
        return self.summarise_config, summary_prompts.digest(), digest(config.summarise)

    def provenance(self, learned: str = "", memory: str = "") -> Provenance:
        """What shapes a bundle of this run; ``learned`` as ``learned_in`` gives it, ``memory`` the digest of what was recalled."""
        tasks = []
        for task in ("translate", "summarise"):
            config, prompt, section = self._task(task)
            tasks.append(
                TaskProvenance(
                    task=task,
                    engine=self.engine(config).info,
                    prompt_sha256=prompt,
                    config_sha256=section,
                    signature=self.signature(task),
                )
            )
        return Provenance(
            pipeline_version=__version__,
            code_revision=self.code.revision,
            code_dirty=self.code.dirty,
            config_sha256=digest(shaping(self.config)),
            terms_sha256=hashlib.sha256(f"{self.tables.digest} {learned}".encode()).hexdigest() if learned else self.tables.digest,
            tasks=tuple(tasks),
            memory_sha256=memory,
        )

    def close(self) -> None:
        """Release the engines and the journal."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()
        if "journal" in self.__dict__:
            self.journal.close()
        if "memory" in self.__dict__:
            self.memory.close()
        if "locks" in self.__dict__:
            self.locks.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def shaping(config: Config) -> Config:
    """The configuration without what cannot change a bundle's bytes: threads, time-outs, windows, file paths.

    The term files' contents are in the lexicon's digest; where they lie is not part of a result.
    """

    def engine(section: EngineConfig) -> EngineConfig:
        return msgspec.structs.replace(section, threads=None, timeout=0.0)

    return msgspec.structs.replace(
        config,
        name="",
        base=None,
        translate_engine=engine(config.translate_engine),
        summarise_engine=engine(config.summarise_engine) if config.summarise_engine else None,
        terms=msgspec.structs.replace(config.terms, files=()),
        memory=msgspec.structs.replace(config.memory, path=None),
        jobs=type(config.jobs)(),
    )
