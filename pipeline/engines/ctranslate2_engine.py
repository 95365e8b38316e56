"""The fast seq2seq engine: a checkpoint converted to CTranslate2, several workers on one copy of the weights."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from pipeline.config import EngineConfig
from pipeline.engines.base import Constraint, Reply, Request
from pipeline.engines.codec import Codec
from pipeline.engines.conversion import converted, default_root, refuse_two_vocabularies
from pipeline.engines.cores import physical_cores
from pipeline.engines.seq2seq import CheckpointEngine, Job, Output, batches, failed, refuse_foreign_settings, reply
from pipeline.errors import ConfigError, EngineError, ModelError
from pipeline.records import EngineInfo, ModelInfo

MOST_WORKERS: Final = 8
"""Beyond this, cores go to threads within a worker: each worker holds its own batch in memory."""
CPU_ROWS: Final = 48
GPU_ROWS: Final = 1024
"""Sequences one worker decodes together where the configuration leaves it to the engine.

On a CPU 64 cost 1 % less processor time at opus-mt-zh-en's shape, 32 cost 10 % more; each 16 are about 30 MB a worker.
"""
_POLL_SECONDS: Final = 0.002


class _Pending(NamedTuple):
    batch: list[Job]
    results: list[Any]
    started: float


class Ctranslate2Engine(CheckpointEngine):
    """A converted checkpoint.  ``generate`` keeps every worker busy and answers in the order of the requests."""

    def __init__(self, config: EngineConfig, codec: Codec, translator: Any, info: EngineInfo) -> None:
        super().__init__(config, codec, info)
        self._translator: Any = translator
        self._ahead = 2 * int(translator.num_translators)

    @classmethod
    def open(cls, config: EngineConfig, folder: Path, model: ModelInfo, *, root: Path | None = None) -> Self:
        """Convert a checkpoint folder unless that was done before, and load the result.

        Args:
            config: Threads, device, dtype and batch bounds.
            folder: The checkpoint.
            model: Its identity; the digest keys the conversion.
            root: Where conversions are kept; by default beside the models.

        Raises:
            ConfigError: a setting does not fit this engine or this machine.
            ModelError: the folder is unsafe, incomplete, not of a supported family, or cannot be converted.
        """
        refuse_foreign_settings(config)
        import ctranslate2

        device = _device(config)
        codec = Codec.open(folder, prefix=config.prefix)
        dtype = _dtype(config, device, codec.family.half)
        refuse_two_vocabularies(codec)
        path = converted(folder, model, dtype, root or default_root())
        workers, threads = layout(config.threads or physical_cores(), device)
        try:
            translator = ctranslate2.Translator(
                str(path), device=device, compute_type=dtype, inter_threads=workers, intra_threads=threads, max_queued_batches=-1
            )
        except (RuntimeError, ValueError) as exc:
            raise ModelError(f"The converted model {path} cannot be loaded: {exc}", hint="Delete that folder; it is made again.") from None
        info = EngineInfo(
            name="ctranslate2",
            family="seq2seq",
            versions=(("ctranslate2", str(ctranslate2.__version__)), *_tokenizer_versions()),
            model=model,
            settings=tuple(
                sorted(
                    {
                        "compute_type": translator.compute_type,
                        "device": device,
                        "family": codec.family.name,
                        "strict": str(config.strict).lower(),
                    }.items()
                )
            ),
        )
        return cls(config, codec, translator, info)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer every request; see ``Engine.generate``.  A few batches are in work ahead of the one answered.

        Raises:
            EngineError: the engine is closed, died, or made no progress for ``timeout`` seconds.
        """
        pending: deque[_Pending] = deque()
        best = GPU_ROWS if self._translator is not None and self._translator.device == "cuda" else CPU_ROWS
        for batch in batches(self._codec, self._config, requests, rows=self._config.batch_rows or best):
            if batch[0].request.temperature > 0:
                # CTranslate2 seeds each worker thread once, so a sampled answer could not be repeated.
                yield from (failed(job, "the ctranslate2 engine does not sample; set temperature to 0") for job in batch)
                continue
            pending.append(self._submit(batch))
            if len(pending) > self._ahead:
                yield from self._collect(pending.popleft())
        while pending:
            yield from self._collect(pending.popleft())

    def _submit(self, batch: list[Job]) -> _Pending:
        if self._translator is None:
            raise EngineError("The ctranslate2 engine is closed.")
        codec = self._codec
        request, limit = batch[0].request, batch[0].limit
        forced = codec.tokens(codec.start_ids(request.task)[1])
        never = [[codec.vocabulary[i]] for i in codec.suppressed(Constraint.NONE) if i not in self._absent]
        results = self._translator.translate_batch(
            [codec.tokens(job.ids) for job in batch],
            target_prefix=[forced] * len(batch) if forced else None,
            asynchronous=True,
            beam_size=request.beam,
            length_penalty=codec.settings.length_penalty,
            repetition_penalty=request.repetition_penalty,
            no_repeat_ngram_size=request.no_repeat_ngram or codec.settings.no_repeat_ngram,
            suppress_sequences=never,
            disable_unk=True,
            # The codec has cut and counted; the library's own silent limits (1,024 in, 256 out) stay off.
            max_input_length=0,
            max_decoding_length=limit + len(forced),
            min_decoding_length=min(request.min_tokens, limit) + len(forced),
            return_end_token=True,
            return_scores=True,
            use_vmap=request.constraint is Constraint.NO_HAN,
        )
        return _Pending(batch, results, time.perf_counter())

    @property
    def _absent(self) -> set[int]:
        """Ids the converted vocabulary does not have: Marian's padding is dropped by the converter."""
        return {self._codec.pad} if self._codec.family.name == "marian" else set()

    def _collect(self, pending: _Pending) -> Iterator[Reply]:
        deadline = time.monotonic() + self._config.timeout
        while not all(result.done() for result in pending.results):
            if time.monotonic() > deadline:
                raise EngineError(
                    f"CTranslate2 made no progress for {self._config.timeout:g} seconds.",
                    hint="Raise 'timeout', or lower batch_tokens, and run again.",
                )
            time.sleep(_POLL_SECONDS)
        seconds = (time.perf_counter() - pending.started) / len(pending.batch)
        for job, result in zip(pending.batch, pending.results, strict=True):
            try:
                found = result.result()
            except (RuntimeError, ValueError) as exc:
                yield failed(job, " ".join(str(exc).split())[:300])
            else:
                yield reply(self._codec, job, self._output(job, found), seconds)

    def _output(self, job: Job, found: Any) -> Output:
        codec = self._codec
        ids = codec.ids(found.hypotheses[0])
        forced = list(codec.start_ids(job.request.task)[1])
        if ids[: len(forced)] == forced:
            ids = ids[len(forced) :]
        ended = bool(ids) and ids[-1] == codec.eos
        kept = tuple(ids[:-1] if ended else ids)
        # The library divides the summed log-probability by length ** length_penalty, the forced token counted.
        count = len(kept) + ended
        score = found.scores[0] * float(count + len(forced)) ** codec.settings.length_penalty / count if count else None
        return Output(ids=kept, ended=ended, score=score)

    def close(self) -> None:
        self._translator = None


def layout(cores: int, device: str) -> tuple[int, int]:
    """Workers and threads per worker.

    Sentences decode in many small matrices, which split badly over threads, so cores become workers
    first; they share one copy of the weights.  A GPU takes one batch at a time.
    """
    if device == "cuda":
        return 1, 1
    workers = min(cores, MOST_WORKERS)
    return workers, max(1, cores // workers)


def _device(config: EngineConfig) -> str:
    import ctranslate2

    gpus = ctranslate2.get_cuda_device_count()
    if config.device == "cuda" and not gpus:
        raise ConfigError(
            "device is 'cuda', but CTranslate2 found no GPU.", hint="Set device: auto, or install the CUDA libraries it needs."
        )
    return "cuda" if config.device != "cpu" and gpus else "cpu"


def _dtype(config: EngineConfig, device: str, half: str) -> str:
    import ctranslate2

    supported = ctranslate2.get_supported_compute_types(device)
    if config.dtype == "auto":
        mixed = f"int8_{half}"
        return mixed if mixed in supported and device == "cuda" else "int8"
    if config.dtype not in supported:
        raise ConfigError(
            f"CTranslate2 cannot compute in '{config.dtype}' on this {device}.",
            hint=f"Here it can: {', '.join(sorted(supported))}. Or set dtype: auto.",
        )
    return config.dtype


def _tokenizer_versions() -> tuple[tuple[str, str], ...]:
    import tokenizers
    import transformers

    return tuple(sorted((m.__name__, str(m.__version__)) for m in (tokenizers, transformers)))
