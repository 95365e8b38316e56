"""The engine protocol: requests in, replies with scores and token counts out.

An engine knows nothing of articles, prompts or policies.  Stages build requests; the decoding loop
(``pipeline.decoding``) decides what is sent when; an engine answers each request exactly once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pipeline.records import EngineInfo, Record


class Task(StrEnum):
    TRANSLATE = "translate"
    """Chinese to English."""
    SUMMARISE = "summarise"
    """Chinese to shorter Chinese."""


class Constraint(StrEnum):
    """What the output may hold.  An engine that cannot enforce one says so in ``Limits``."""

    NONE = "none"
    NO_HAN = "no_han"
    """No Chinese characters or Chinese punctuation."""
    ONE_LINE = "one_line"


class Message(Record, frozen=True):
    role: str
    """``system``, ``user`` or ``assistant``."""
    content: str


class Request(Record, frozen=True):
    """One passage to decode.  All but ``id`` shapes the reply and keys its cache entry."""

    id: str
    task: Task
    text: str
    """The source text, projected or not; what a seq2seq engine encodes."""
    messages: tuple[Message, ...] = ()
    """The chat prompt for an instruct engine; empty for seq2seq."""
    constraint: Constraint = Constraint.NONE
    max_tokens: int = 256
    min_tokens: int = 0
    beam: int = 1
    temperature: float = 0.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    """Longest n-gram that may not repeat; 0 is off (seq2seq)."""
    stop: tuple[str, ...] = ()
    seed: int = 0


class Finish(StrEnum):
    STOP = "stop"
    LENGTH = "length"
    """The output hit ``max_tokens``: the text is cut."""
    RUNAWAY = "runaway"
    """Stopped by the engine because it repeated itself."""
    ERROR = "error"


class Reply(Record, frozen=True):
    """What came back for one request."""

    id: str
    text: str
    finish: Finish
    prompt_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    """Prompt tokens whose evaluation was reused."""
    score: float | None = None
    """Mean log-probability per output token."""
    doubts: tuple[tuple[str, float], ...] = ()
    """Words the model gave less than one in twenty, in order, each with its log-probability; empty where an engine has none."""
    seconds: float = 0.0
    """Volatile; never written into a bundle's stable files."""
    error: str = ""
    input_cut: int = 0
    """Source tokens the engine had to leave out; always a finding."""


class Limits(Record, frozen=True):
    """What an engine can take."""

    max_input_tokens: int
    max_output_tokens: int
    continuous: bool
    """True: it pulls requests one by one as slots free up.  False: it wants them sorted by length."""
    batch_tokens: int = 0
    """Token budget of one batch (padding included) when not continuous."""
    constraints: tuple[Constraint, ...] = (Constraint.NONE,)
    """Constraints it enforces while decoding."""


@runtime_checkable
class Engine(Protocol):
    """A loaded model, ready to answer."""

    @property
    def info(self) -> EngineInfo: ...

    @property
    def limits(self) -> Limits: ...

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Source tokens of each text, without prompt or special tokens."""
        ...

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer every request once, in any order.

        A continuous engine pulls from ``requests`` only when it has room, so the iterable may grow
        while it is consumed.  A batch engine is handed requests sorted by length and cuts them into
        batches within its budget itself, several in work at once where it has workers.

        Raises:
            EngineError: the engine died or hung; requests without a reply were not answered.
        """
        ...

    def close(self) -> None:
        """Release the model.  Safe to call twice."""
        ...
