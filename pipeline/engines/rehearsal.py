"""The rehearsal engine: no model, deterministic, and visibly not a translation.

It lets an operator see the segmentation and the plan before a long run, drives the whole job in
tests, and loads archives at the speed of everything but a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.config import EngineConfig
from pipeline.engines.base import Constraint, Finish, Limits, Reply, Request, Task
from pipeline.records import EngineInfo, ModelInfo

PREFIX = "[rehearsal]"


class RehearsalEngine:
    """Answers at once with labelled filler.  Digits and Latin text of the source are kept."""

    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._info = EngineInfo(
            name="rehearsal",
            family="instruct",
            versions=(),
            model=ModelInfo(id="rehearsal", revision="1", sha256="", licence="none"),
        )

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def limits(self) -> Limits:
        return Limits(
            max_input_tokens=4096,
            max_output_tokens=4096,
            continuous=True,
            constraints=(Constraint.NONE, Constraint.NO_HAN, Constraint.ONE_LINE),
        )

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """One token per character."""
        return tuple(len(text) for text in texts)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer each request in order."""
        for request in requests:
            text = _summary(request.text) if request.task is Task.SUMMARISE else _filler(request.text)
            yield Reply(id=request.id, text=text, finish=Finish.STOP, prompt_tokens=len(request.text), output_tokens=len(text))

    def close(self) -> None:
        """Nothing to release."""


def _filler(text: str) -> str:
    """Every stretch of Chinese becomes ``zh`` and its length; what is not Chinese stays."""
    out: list[str] = []
    run = 0
    for char in text:
        if "\u2e80" <= char <= "\u9fff" or char > "\uf8ff" or "\u3000" <= char <= "\u303f":
            run += 1
            continue
        if run:
            out.append(f" zh{run} ")
            run = 0
        out.append(char)
    if run:
        out.append(f" zh{run} ")
    return f"{PREFIX} {' '.join(''.join(out).split())}"


def _summary(text: str) -> str:
    """The text's first sentence, for a summary."""
    head, stop, _ = text.replace("\n", "").partition("。")
    return head + stop
