"""One streamed reply of llama.cpp, put together chunk by chunk and stopped when it goes round in circles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from pipeline.engines.base import Finish, Reply, Request
from pipeline.engines.runaway import looping

_CHECK_EVERY: Final = 12
"""Tokens between two looks for a loop."""
_DOUBT: Final = math.log(0.05)
"""Words less probable than this are handed on with the reply."""


class Owner(Protocol):
    """The engine a reply belongs to."""

    stopping: bool

    def beat(self) -> None:
        """Note that the model is alive."""


class ReplyStream:
    """Collects one streamed reply and decides when to stop it."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._pieces: list[str] = []
        self._tokens: list[tuple[str, float]] = []
        self._finish = ""
        self._timings: dict[str, Any] = {}
        self._usage: dict[str, Any] = {}
        self.error = ""

    def on_error(self, chunk: Any) -> bool:
        detail = chunk.get("error", chunk) if isinstance(chunk, dict) else chunk
        self.error = str(detail.get("message", detail)) if isinstance(detail, dict) else str(detail)
        return True

    def on_chunk(self, chunk: Any) -> bool:
        """Take one chunk; returning true makes llama.cpp drop the rest."""
        self._owner.beat()
        if "error" in chunk:
            return self.on_error(chunk)
        self._timings = chunk.get("timings") or self._timings
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices", ()):
            if piece := choice.get("delta", {}).get("content"):
                self._pieces.append(piece)
            for token in (choice.get("logprobs") or {}).get("content") or ():
                self._tokens.append((str(token.get("token", "")), float(token["logprob"])))
            self._finish = choice.get("finish_reason") or self._finish
        if self._owner.stopping:
            self.error = "stopped"
            return True
        if len(self._pieces) % _CHECK_EVERY == 0 and looping("".join(self._pieces)):
            self._finish = "runaway"
            return True
        return False

    def reply(self, request: Request, seconds: float) -> Reply:
        text = "".join(self._pieces)
        details = self._usage.get("prompt_tokens_details") or {}
        cached = int(details.get("cached_tokens", self._timings.get("cache_n", 0)))
        prompt = int(self._usage.get("prompt_tokens", self._timings.get("prompt_n", 0) + cached))
        output = int(self._usage.get("completion_tokens", self._timings.get("predicted_n", len(self._pieces))))
        finish = {"stop": Finish.STOP, "length": Finish.LENGTH, "runaway": Finish.RUNAWAY}.get(self._finish, Finish.ERROR)
        if self.error:
            finish = Finish.ERROR
        score = sum(p for _, p in self._tokens) / len(self._tokens) if self._tokens else None
        return Reply(
            id=request.id,
            text=text.strip(),
            finish=finish,
            prompt_tokens=prompt,
            output_tokens=output,
            cached_tokens=cached,
            score=None if score is None else round(score, 4),
            doubts=tuple((word, round(p, 2)) for word, p in _words(self._tokens) if p < _DOUBT),
            seconds=seconds,
            error=self.error if finish is Finish.ERROR else "",
        )


def _words(tokens: Sequence[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Words of a reply, with their punctuation, and the log-probability of each: the sum of its tokens'."""
    word, total = "", 0.0
    for piece, p in tokens:
        if piece[:1].isspace() and word.strip():
            yield word.strip(), total
            word, total = "", 0.0
        word, total = word + piece, total + p
    if word.strip():
        yield word.strip(), total
