"""The reference seq2seq engine: ``AutoModelForSeq2SeqLM`` and ``generate()``, on CPU or GPU."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

from pipeline.config import EngineConfig
from pipeline.engines.base import Reply, Request
from pipeline.engines.codec import Codec, quiet
from pipeline.engines.cores import physical_cores
from pipeline.engines.scoring import ScoreKeeper
from pipeline.engines.seq2seq import CheckpointEngine, Job, Output, batches, failed, refuse_foreign_settings, reply
from pipeline.errors import ConfigError, EngineError, ModelError
from pipeline.models.safety import check_loaded
from pipeline.records import EngineInfo, ModelInfo

CPU_ROWS: Final = 64
GPU_ROWS: Final = 1024
"""Sequences decoded together where the configuration leaves it to the engine."""


class TransformersEngine(CheckpointEngine):
    """A loaded checkpoint.  ``generate`` answers batch by batch, in the order of the requests."""

    def __init__(self, config: EngineConfig, codec: Codec, model: Any, info: EngineInfo) -> None:
        super().__init__(config, codec, info)
        self._model: Any = model

    @classmethod
    def open(cls, config: EngineConfig, folder: Path, model: ModelInfo) -> Self:
        """Load a checkpoint folder.

        Raises:
            ConfigError: a setting does not fit this engine or this machine.
            ModelError: the folder is unsafe, incomplete or not of a supported family.
        """
        refuse_foreign_settings(config)
        codec = Codec.open(folder, prefix=config.prefix)
        quiet()
        import tokenizers
        import torch
        import transformers
        from transformers import AutoModelForSeq2SeqLM, GenerationConfig

        device = _device(config)
        dtype = _dtype(config, device, codec.family.half)
        if device == "cpu":
            torch.set_num_threads(config.threads or physical_cores())
        try:
            loaded, report = AutoModelForSeq2SeqLM.from_pretrained(
                str(folder),
                dtype=getattr(torch, dtype),
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
        except (OSError, ValueError, KeyError, RuntimeError) as exc:
            raise ModelError(
                f"The weights in {folder} cannot be loaded: {' '.join(str(exc).split())[:300]}",
                hint="Download the checkpoint's files again.",
            ) from None
        check_loaded(folder, report["missing_keys"], report["unexpected_keys"])
        if loaded.get_input_embeddings().num_embeddings != len(codec.vocabulary):
            raise ModelError(f"The weights in {folder} do not fit its config.json.", hint="Take all files from the same revision.")
        loaded = loaded.eval().to(device)
        # A request states every setting; what the checkpoint was published with must not slip in beside it.
        loaded.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]
        info = EngineInfo(
            name="transformers",
            family="seq2seq",
            versions=tuple(
                sorted((m.__name__, str(m.__version__)) for m in (tokenizers, torch, transformers)),
            ),
            model=model,
            settings=tuple(
                sorted({"device": device, "dtype": dtype, "family": codec.family.name, "strict": str(config.strict).lower()}.items())
            ),
        )
        return cls(config, codec, loaded, info)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer every request; see ``Engine.generate``.

        Raises:
            EngineError: the engine is closed.
        """
        best = GPU_ROWS if self._model is not None and self._model.device.type == "cuda" else CPU_ROWS
        for batch in batches(self._codec, self._config, requests, rows=self._config.batch_rows or best):
            yield from self._answer(batch)

    def _answer(self, batch: list[Job]) -> Iterator[Reply]:
        import torch

        if self._model is None:
            raise EngineError("The transformers engine is closed.")
        started = time.perf_counter()
        try:
            outputs = self._decode(batch)
        except torch.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(batch) == 1:
                yield failed(batch[0], "out of GPU memory")
                return
            # Half the batch needs half the memory; nothing decoded so far is lost.
            middle = len(batch) // 2
            yield from self._answer(batch[:middle])
            yield from self._answer(batch[middle:])
            return
        seconds = (time.perf_counter() - started) / len(batch)
        for job, output in zip(batch, outputs, strict=True):
            yield reply(self._codec, job, output, seconds)

    def _decode(self, batch: list[Job]) -> list[Output]:
        import torch
        from transformers import GenerationConfig, LogitsProcessorList

        codec = self._codec
        request, limit = batch[0].request, batch[0].limit
        width = max(len(job.ids) for job in batch)
        ids = torch.full((len(batch), width), codec.pad, dtype=torch.long)
        mask = torch.zeros((len(batch), width), dtype=torch.long)
        for row, job in enumerate(batch):
            ids[row, : len(job.ids)] = torch.tensor(job.ids)
            mask[row, : len(job.ids)] = 1
        start, forced = codec.start_ids(request.task)
        device = self._model.device
        sampled = request.temperature > 0
        ngram = request.no_repeat_ngram or codec.settings.no_repeat_ngram
        settings = GenerationConfig(  # type: ignore[no-untyped-call]
            max_new_tokens=limit + len(forced),
            forced_bos_token_id=forced[0] if forced else None,
            num_beams=request.beam,
            # As in CTranslate2: a sentence is done once ``beam`` hypotheses are.
            early_stopping=request.beam > 1,
            length_penalty=codec.settings.length_penalty,
            do_sample=sampled,
            **({"temperature": request.temperature, "top_k": 0} if sampled else {}),
            no_repeat_ngram_size=ngram,
            decoder_start_token_id=start,
            eos_token_id=codec.eos,
            pad_token_id=codec.pad,
        )
        keeper = ScoreKeeper(
            codec.suppressed(request.constraint),
            eos=codec.eos,
            forced=len(forced),
            beam=request.beam,
            device=device,
            min_tokens=min(request.min_tokens, limit),
            repetition_penalty=request.repetition_penalty,
            renormalise=ngram > 0,
        )
        with _logits_to(keeper, self._model, request), torch.inference_mode(), torch.random.fork_rng(enabled=sampled):
            if sampled:
                torch.manual_seed(request.seed)
            written = self._model.generate(
                input_ids=ids.to(device),
                attention_mask=mask.to(device),
                generation_config=settings,
                logits_processor=LogitsProcessorList([keeper]),
            )
        rows = [tuple(row[1 + len(forced) :]) for row in written.tolist()]
        return [_output(sentence, ids, codec.eos, limit, keeper) for sentence, ids in enumerate(rows)]

    def close(self) -> None:
        self._model = None


@contextmanager
def _logits_to(keeper: ScoreKeeper, model: Any, request: Request) -> Iterator[None]:
    """Show the keeper every step's logits, where it needs them: a beam search hands over log-probabilities."""
    if request.beam == 1 or request.repetition_penalty == 1:
        yield
        return
    hook = model.register_forward_hook(lambda _module, _given, found: keeper.see(found.logits))
    try:
        yield
    finally:
        hook.remove()


def _output(sentence: int, ids: tuple[int, ...], eos: int, limit: int, keeper: ScoreKeeper) -> Output:
    ended = eos in ids
    kept = ids[: ids.index(eos)] if ended else ids[:limit]
    return Output(ids=kept, ended=ended, score=keeper.mean(sentence, kept, ended=ended))


def _device(config: EngineConfig) -> str:
    import torch

    if config.device == "cuda" and not torch.cuda.is_available():
        raise ConfigError(
            "device is 'cuda', but no GPU that torch can use was found.", hint="Set device: auto, or install a CUDA build of torch."
        )
    return "cuda" if config.device != "cpu" and torch.cuda.is_available() else "cpu"


def _dtype(config: EngineConfig, device: str, half: str) -> str:
    if config.dtype.startswith("int8"):
        raise ConfigError(f"The transformers engine has no dtype '{config.dtype}'.", hint="Use the ctranslate2 engine, or dtype: auto.")
    if config.dtype != "auto":
        if device == "cpu" and config.dtype == "float16":
            raise ConfigError("dtype 'float16' needs a GPU.", hint="Set dtype: auto (float32 on a CPU).")
        return config.dtype
    return half if device == "cuda" else "float32"
