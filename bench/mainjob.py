"""The main job against bare llama.cpp: time outside the engine, the engine's own rate, memory, prompt tokens.

    python -m bench.mainjob [ISSUE] [--config FILE]

The issue runs once through the pipeline with an empty journal.  Then the very requests it made go, in
the same order, to bare llama.cpp set up in the same way, with nothing around them.  Both run in this
process, one after the other, so the ratio holds whatever the machine is doing.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline import flow
from pipeline.config import EngineConfig, load
from pipeline.engines.base import Reply, Request
from pipeline.engines.llamacpp import LlamaCppEngine, _body, _start
from pipeline.resources import preset
from pipeline.session import Session


class Recording(LlamaCppEngine):
    """The engine, noting its requests and how long it had work."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: list[Request] = []
        self.busy = 0.0

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        def noted() -> Iterator[Request]:
            for request in requests:
                self.asked.append(request)
                yield request

        source = super().generate(noted())
        while True:
            started = time.monotonic()
            reply = next(source, None)
            self.busy += time.monotonic() - started
            if reply is None:
                return
            yield reply


def bare(config: EngineConfig, path: Path, requests: list[Request]) -> tuple[float, int]:
    """Seconds and tokens (evaluated and written) for the same requests on bare llama.cpp, one after the other."""
    server = _start(config, 1, path)
    tokens = 0
    started = time.monotonic()
    for request in requests:
        body = {**_body(request), "stream": False}
        body.pop("stream_options")
        timings = server.handle_chat_completions(body)["timings"]
        tokens += timings["prompt_n"] + timings["predicted_n"]
    return time.monotonic() - started, tokens


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("issue", type=Path, nargs="?", default=Path("examples/qinghe-county-daily.txt"))
    parser.add_argument("--config", default=None)
    args = parser.parse_args()
    config = load(preset(args.config))
    with tempfile.TemporaryDirectory() as folder, Session(config, Path(folder)) as session:
        path, model = session.model(config.translate_engine)
        assert path is not None
        assert model is not None
        engine = Recording(config.translate_engine, path, model)
        session._engines[_key(config.translate_engine)] = engine
        started = time.monotonic()
        (outcome,) = flow.run([args.issue], session)
        wall = time.monotonic() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        totals = session.totals
        asked, busy = engine.asked, engine.busy
        chars = sum(len(r.text) for r in asked)
    evaluated = totals.prompt_tokens - totals.cached_tokens
    bare_seconds, bare_tokens = bare(config.translate_engine, path, asked)
    ours = (evaluated + totals.output_tokens) / busy
    print(f"issue            {args.issue.name}: {outcome.state}, {len(asked)} requests, {outcome.findings} findings")
    outside = 100 * (1 - busy / wall)
    print(f"wall             {wall:.1f} s, {busy:.1f} s of it with the engine at work; {outside:.1f} % outside it")
    print(f"tokens           {evaluated} prompt evaluated, {totals.cached_tokens} reused, {totals.output_tokens} written")
    print(f"prompt tokens    {totals.prompt_tokens / chars:.2f} a source character, {evaluated / chars:.2f} of them evaluated")
    alone = bare_tokens / bare_seconds
    print(f"engine           {ours:.1f} tokens/s in the pipeline, {alone:.1f} bare: {ours / alone:.2f}")
    print(f"peak memory      {peak:,.0f} MB")


def _key(config: EngineConfig) -> str:
    from pipeline.config import digest

    return digest(config)


if __name__ == "__main__":
    main()
