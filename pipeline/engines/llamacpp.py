"""llama.cpp in this process, through xllamacpp: GGUF chat models with grammars.

Reproducible by construction.  With one slot a reply depends on its request alone, not on what ran
before it, because every kernel in use works row by row whatever the batch: weight repacking and
flash attention are switched off, since both take other code paths for other batch sizes and so
change the last bits, and with a greedy decoder the words.  More slots are faster on machines with
many cores or a GPU, and give up that guarantee (docs/decisions/0002-reproducible-decoding.md).
"""

from __future__ import annotations

import os
import queue
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pipeline.config import EngineConfig
from pipeline.engines.base import Constraint, Limits, Reply, Request
from pipeline.engines.cores import physical_cores
from pipeline.engines.llamacpp_stream import ReplyStream
from pipeline.errors import EngineError, ModelError
from pipeline.records import EngineInfo, ModelInfo

# All CJK ideographs, radicals, kana, Hangul, bopomofo, CJK punctuation and full-width forms: what may not stand in English.
_HAN: Final = r"\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
GRAMMARS: Final = {
    Constraint.NO_HAN: f"root ::= [^{_HAN}\\n\\r]+",
    Constraint.ONE_LINE: r"root ::= [^\n\r]+",
}
_GGUF_MAGIC: Final = b"GGUF"


class _Worker(threading.Thread):
    """Feeds one slot: takes a request, streams the reply, hands it back."""

    def __init__(
        self, server: Any, inbox: queue.SimpleQueue[Request | None], outbox: queue.SimpleQueue[Reply], owner: LlamaCppEngine
    ) -> None:
        super().__init__(daemon=True, name="llama-slot")
        self._server = server
        self._inbox = inbox
        self._outbox = outbox
        self._owner = owner

    def run(self) -> None:
        while (request := self._inbox.get()) is not None:
            self._outbox.put(self._answer(request))

    def _answer(self, request: Request) -> Reply:
        stream = ReplyStream(self._owner)
        started = time.monotonic()
        try:
            self._server.handle_chat_completions(_body(request), stream.on_chunk)
        except Exception as exc:  # noqa: BLE001 - whatever the native library raises becomes a failed reply
            stream.error = f"{type(exc).__name__}: {exc}"
        return stream.reply(request, time.monotonic() - started)


class LlamaCppEngine:
    """A GGUF chat model.  See ``pipeline.engines.base.Engine`` for the contract."""

    def __init__(self, config: EngineConfig, path: Path, model: ModelInfo) -> None:
        """Load the model.

        Raises:
            ModelError: the file is not a GGUF model llama.cpp can load.
            EngineError: the native library refuses these settings.
        """
        self._config = config
        self._slots = config.slots or 1
        self._timeout = config.timeout
        self.stopping = False
        self._last_beat = time.monotonic()
        _refuse_unfit(path)
        self._server = _start(config, self._slots, path)
        self._info = EngineInfo(
            name="llamacpp",
            family="instruct",
            versions=(("xllamacpp", version("xllamacpp")),),
            model=model,
            settings=(("context", str(config.context)), ("decoding", "greedy"), ("slots", str(self._slots))),
        )
        self._inbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self._workers = [_Worker(self._server, self._inbox, self._outbox, self) for _ in range(self._slots)]
        for worker in self._workers:
            worker.start()

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def limits(self) -> Limits:
        return Limits(
            max_input_tokens=self._config.context,
            max_output_tokens=self._config.context,
            continuous=True,
            constraints=(Constraint.NONE, Constraint.NO_HAN, Constraint.ONE_LINE),
        )

    def beat(self) -> None:
        """Note that the model is alive."""
        self._last_beat = time.monotonic()

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Upper estimates, for sizing: one token per non-ASCII character, one per two ASCII characters.

        Qwen's tokenizer needs about 0.7 per Chinese character; exact counts come with each reply.
        """
        return tuple(sum(2 if ord(c) > 127 else 1 for c in text) // 2 + 1 for text in texts)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        """Answer every request, keeping each slot busy and never more than one request per slot in flight."""
        source = iter(requests)
        flying = 0
        more = True
        self.beat()
        while True:
            while more and flying < self._slots:
                request = next(source, None)
                if request is None:
                    more = False
                    break
                self._inbox.put(request)
                flying += 1
            if flying == 0:
                return
            yield self._wait()
            flying -= 1

    def _wait(self) -> Reply:
        while True:
            try:
                return self._outbox.get(timeout=min(1.0, self._timeout))
            except queue.Empty:
                if time.monotonic() - self._last_beat > self._timeout:
                    raise EngineError(
                        f"The model gave no token for {self._timeout:.0f} seconds.",
                        hint="Finished work is kept. Check the machine's load and memory, then run the same command again.",
                    ) from None

    def close(self) -> None:
        """Stop the slots and release the model."""
        self.stopping = True
        for _ in self._workers:
            self._inbox.put(None)
        for worker in self._workers:
            worker.join(timeout=30)
        self._workers = []
        self._server = None


def _refuse_unfit(path: Path) -> None:
    try:
        with path.open("rb") as handle:
            magic = handle.read(4)
    except OSError as exc:
        raise ModelError(f"Cannot read the model {path}: {exc.strerror}.", hint="llama.cpp needs one GGUF file.") from None
    if magic != _GGUF_MAGIC:
        raise ModelError(f"{path} is not a GGUF file.", hint="Name a .gguf file, or another engine for this model.")


def _start(config: EngineConfig, slots: int, path: Path) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = slots
    params.n_ctx = config.context * slots
    params.kv_unified = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads or physical_cores()
    params.no_extra_bufts = True
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.ctx_shift = False
    params.cache_ram_mib = 0
    params.n_ctx_checkpoints = 0
    params.warmup = False
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.verbosity = -1
    if config.device == "cpu":
        params.n_gpu_layers = 0
    # The library always opens a listener.  A socket file in a private folder, removed at once, is reachable by no one.
    with tempfile.TemporaryDirectory(prefix="pipeline-") as folder:
        params.hostnames = [str(Path(folder) / "llama.sock")]
        try:
            with _quiet_stderr():
                return xllamacpp.Server(params)
        except Exception as exc:
            raise EngineError(
                f"llama.cpp cannot load {path.name}: {exc}.",
                hint="Check free memory, 'pipeline models verify', and the engine's 'context' and 'slots'.",
            ) from exc


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": m.role, "content": _inert(m.content)} for m in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "timings_per_token": False,
        "temperature": request.temperature,
        "top_k": 1 if request.temperature == 0 else 40,
        "seed": request.seed,
        "max_tokens": request.max_tokens,
        "repeat_penalty": request.repetition_penalty,
        "cache_prompt": True,
        "logprobs": True,
        "top_logprobs": 1,
    }
    if request.stop:
        body["stop"] = list(request.stop)
    if grammar := GRAMMARS.get(request.constraint):
        body["grammar"] = grammar
    return body


def _inert(text: str) -> str:
    """Break up chat-template markers: a page that prints ``<|im_end|>`` must not end the message."""
    return text.replace("<|", "< |").replace("|>", "| >")


class _quiet_stderr:
    """Keep the native library's loading chatter out of the operator's terminal.

    llama.cpp writes to file descriptor 2 before its own verbosity setting applies.
    """

    def __enter__(self) -> None:
        self._saved = os.dup(2)
        self._null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(self._null, 2)

    def __exit__(self, *_: object) -> None:
        os.dup2(self._saved, 2)
        os.close(self._saved)
        os.close(self._null)
