"""A scripted engine: answers from a table or a function, behind the real protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.engines.base import Constraint, Finish, Limits, Reply, Request
from pipeline.errors import EngineError
from pipeline.records import EngineInfo, ModelInfo

Answer = Callable[[Request], str | Reply]


class ScriptedEngine:
    """Answers each request with ``answer``; remembers what it was asked; can be made to die."""

    def __init__(
        self, answer: Answer, *, family: str = "instruct", continuous: bool = True, die_after: int | None = None, model: str = "script"
    ) -> None:
        self.answer = answer
        self.asked: list[Request] = []
        self.batches: list[list[str]] = []
        self.closed = False
        self._die_after = die_after
        self._info = EngineInfo(
            name="scripted", family=family, versions=(("script", "1"),), model=ModelInfo(id=model, revision="1", sha256="0" * 64)
        )
        self._limits = Limits(
            max_input_tokens=4000, max_output_tokens=4000, continuous=continuous, batch_tokens=200, constraints=tuple(Constraint)
        )

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def limits(self) -> Limits:
        return self._limits

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        return tuple(len(t) for t in texts)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        self.batches.append([])
        for request in requests:
            if self._die_after is not None and len(self.asked) >= self._die_after:
                raise EngineError("the scripted engine died")
            self.asked.append(request)
            self.batches[-1].append(request.text)
            got = self.answer(request)
            if isinstance(got, Reply):
                yield got
            else:
                yield Reply(id=request.id, text=got, finish=Finish.STOP, prompt_tokens=len(request.text), output_tokens=len(got))

    def close(self) -> None:
        self.closed = True
