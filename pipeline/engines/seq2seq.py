"""What both seq2seq engines do with requests before and after the model runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

from pipeline.config import EngineConfig
from pipeline.engines.base import Constraint, Finish, Limits, Reply, Request
from pipeline.engines.batching import pack, rounded_limit
from pipeline.engines.codec import Codec
from pipeline.errors import ConfigError
from pipeline.records import EngineInfo, Record

CONSTRAINTS: Final = (Constraint.NONE, Constraint.NO_HAN, Constraint.ONE_LINE)
"""Seq2seq vocabularies have no line break, so one line comes by itself."""


class Job(Record, frozen=True):
    """One request, encoded and bounded."""

    request: Request
    ids: tuple[int, ...]
    cut: int
    limit: int
    """Output tokens the search may use, end of sentence included."""


class Output(Record, frozen=True):
    """What the model wrote for one job."""

    ids: tuple[int, ...]
    """Output tokens without start, language and end tokens."""
    ended: bool
    """The end-of-sentence token came."""
    score: float | None
    """Sum of log-probabilities divided by the tokens, end of sentence included."""


def refuse_foreign_settings(config: EngineConfig) -> None:
    """Refuse settings these engines have no use for.

    Raises:
        ConfigError: one is set.
    """
    if config.slots is not None:
        raise ConfigError(f"'slots' belongs to the llamacpp engine, not to {config.name}.", hint="Use batch_tokens and batch_rows instead.")


class CheckpointEngine:
    """What an engine on a seq2seq checkpoint says of itself; the two engines differ in how they decode."""

    def __init__(self, config: EngineConfig, codec: Codec, info: EngineInfo) -> None:
        self._config = config
        self._codec = codec
        self._info = info

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def limits(self) -> Limits:
        """Lengths in tokens, as the checkpoint and its family have them."""
        return Limits(
            max_input_tokens=self._codec.max_input(),
            max_output_tokens=self._codec.max_output(),
            continuous=False,
            batch_tokens=self._config.batch_tokens,
            constraints=CONSTRAINTS,
        )

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        return self._codec.count(texts)


def batches(codec: Codec, config: EngineConfig, requests: Iterable[Request], *, rows: int) -> Iterator[list[Job]]:
    """Encode a stream of requests and cut it into batches, lazily; ``rows`` bounds requests times beams.

    In strict mode, and for sampled requests, every batch holds one request: its answer then cannot
    depend on any other.
    """

    def job(request: Request) -> Job:
        encoded = codec.encode(request.text, request.task)
        return Job(request=request, ids=encoded.ids, cut=encoded.cut, limit=rounded_limit(request.max_tokens, codec.max_output()))

    def group(one: Job) -> Hashable:
        r = one.request
        settings = (r.task, r.constraint, r.beam, r.temperature, r.repetition_penalty, r.no_repeat_ngram, r.min_tokens, r.stop, r.seed)
        return (*settings, one.limit, id(one) if config.strict or r.temperature > 0 else 0)

    yield from pack(
        map(job, requests),
        length=lambda one: len(one.ids),
        group=group,
        tokens=config.batch_tokens,
        # The bound is on decoded sequences, and a request decodes as many as it has beams.
        rows=lambda one: max(1, rows // max(1, one.request.beam)),
    )


def reply(codec: Codec, job: Job, output: Output, seconds: float) -> Reply:
    """The answer to one job; text beyond the request's own limit is cut and said to be."""
    request = job.request
    allowed = min(request.max_tokens, job.limit)
    whole = output.ended and len(output.ids) < allowed
    ids: Sequence[int] = output.ids if whole else output.ids[:allowed]
    return Reply(
        id=request.id,
        text=codec.decode(ids, request.task),
        finish=Finish.STOP if whole else Finish.LENGTH,
        prompt_tokens=len(job.ids),
        output_tokens=len(ids),
        score=output.score,
        seconds=seconds,
        input_cut=job.cut,
    )


def failed(job: Job, message: str) -> Reply:
    """The answer to a job that could not be decoded."""
    return Reply(
        id=job.request.id, text="", finish=Finish.ERROR, prompt_tokens=len(job.ids), output_tokens=0, error=message, input_cut=job.cut
    )
