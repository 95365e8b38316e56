"""The contestants of ``bench.seq2seq``: each is loaded once and then decodes the sentences it is given."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import marian_shape
from pipeline.config import EngineConfig, IngestConfig, SegmentConfig
from pipeline.decoding import Job, Loop
from pipeline.engines.base import Constraint, Reply, Request, Task
from pipeline.engines.conversion import converted
from pipeline.engines.cores import physical_cores
from pipeline.records import ModelInfo

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT.parent / "shared/issues/changji-daily.txt", ROOT / "examples/qinghe-county-daily.txt")
MODEL = ModelInfo(id="opus-mt-zh-en-shape", revision="random", sha256="random-weights-seed-0")
FOLDER = Path(tempfile.gettempdir()) / "newsdesk-bench-marian"
CHECKPOINT = FOLDER / "checkpoint"
PLAIN_BATCHES = (8, 16, 32, 64)

ONE_BY_ONE = "generate(), one by one"
PLAIN = "generate(), sorted batches of "
BARE = "CTranslate2 int8, bare"
TRANSFORMERS = "pipeline, transformers"
CT2 = "pipeline, CTranslate2 int8"
CT2_NO_HAN = "pipeline, CTranslate2 int8, no Chinese"
CT2_STRICT = "pipeline, CTranslate2 int8, strict"

Run = Callable[[Sequence[str]], int]
"""Decodes the sentences; returns the output tokens."""


def sentences() -> list[str]:
    """The page's own sentences in its own order, each once: the pipeline would compute a repeated one only once."""
    from pipeline.ingest import read_issue
    from pipeline.segment import segment

    page = next(path for path in PAGES if path.is_file())
    units = segment(read_issue(page, IngestConfig()), SegmentConfig()).units
    return list(dict.fromkeys(s.text for unit in units for block in unit.blocks for s in block.sentences))


def prepare() -> None:
    """Build and convert the checkpoint, once."""
    if not (CHECKPOINT / "model.safetensors").is_file():
        english = [line for name in ("README.md", "LICENSE") for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
        marian_shape.build(CHECKPOINT, sentences(), [line for line in english if line.strip()])
    converted(CHECKPOINT, MODEL, "int8", FOLDER / "converted")


def plain(args: argparse.Namespace, batch: int) -> Run:
    """What a script with the library's own calls does, the sentences sorted by length where it batches."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    torch.set_num_threads(physical_cores())
    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    model = AutoModelForSeq2SeqLM.from_pretrained(CHECKPOINT).eval().to(args.device)

    def run(texts: Sequence[str]) -> int:
        ordered = sorted(texts, key=lambda text: -len(tokenizer(text).input_ids)) if batch > 1 else list(texts)
        with torch.inference_mode():
            for start in range(0, len(ordered), batch):
                inputs = tokenizer(ordered[start : start + batch], return_tensors="pt", padding=True).to(args.device)
                out = model.generate(
                    **inputs, num_beams=args.beam, max_new_tokens=args.tokens, min_new_tokens=args.tokens, early_stopping=True
                )
                tokenizer.batch_decode(out, skip_special_tokens=True)
        return len(ordered) * args.tokens

    return run


def bare(args: argparse.Namespace) -> Run:
    """CTranslate2 without this pipeline, fed with the batches the pipeline makes; tokenised and detokenised within the time, too."""
    import ctranslate2
    from transformers import AutoTokenizer

    from pipeline.engines.ctranslate2_engine import CPU_ROWS, GPU_ROWS, layout

    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINT)
    path = converted(CHECKPOINT, MODEL, "int8", FOLDER / "converted")
    workers, threads = layout(physical_cores(), args.device)
    translator = ctranslate2.Translator(str(path), device=args.device, compute_type="int8", inter_threads=workers, intra_threads=threads)
    rows = max(1, (args.rows or (GPU_ROWS if args.device == "cuda" else CPU_ROWS)) // args.beam)

    def run(texts: Sequence[str]) -> int:
        encoded = sorted((tokenizer.convert_ids_to_tokens(tokenizer(text).input_ids) for text in texts), key=len, reverse=True)
        pending = [
            translator.translate_batch(
                encoded[start : start + rows],
                beam_size=args.beam,
                max_decoding_length=args.tokens,
                min_decoding_length=args.tokens,
                asynchronous=True,
            )
            for start in range(0, len(encoded), rows)
        ]
        for batch in pending:
            for result in batch:
                tokenizer.decode(tokenizer.convert_tokens_to_ids(result.result().hypotheses[0]))
        return len(texts) * args.tokens

    return run


def open_engine(args: argparse.Namespace, name: str, **changes: Any) -> Any:
    """One of the pipeline's engines on the checkpoint, with the settings a preset would have."""
    config = EngineConfig(name=name, device=args.device, beam=args.beam, **({"batch_rows": args.rows} if args.rows else {}), **changes)
    if name == "ctranslate2":
        from pipeline.engines.ctranslate2_engine import Ctranslate2Engine

        return Ctranslate2Engine.open(config, CHECKPOINT, MODEL, root=FOLDER / "converted")
    from pipeline.engines.transformers_engine import TransformersEngine

    return TransformersEngine.open(config, CHECKPOINT, MODEL)


def request(args: argparse.Namespace, text: str, constraint: Constraint = Constraint.NONE) -> Request:
    """``text``, to be decoded to a fixed length."""
    return Request(
        id="", task=Task.TRANSLATE, text=text, beam=args.beam, max_tokens=args.tokens, min_tokens=args.tokens, constraint=constraint
    )


def loop_of(args: argparse.Namespace, engine: Any, texts: Sequence[str], constraint: Constraint = Constraint.NONE) -> Loop[Reply]:
    """The pipeline's own decoding loop, a job per sentence, all of them submitted."""

    def job(text: str) -> Job[Reply]:
        reply = yield request(args, text, constraint)
        return reply

    loop: Loop[Reply] = Loop(engine)
    for number, text in enumerate(texts):
        loop.submit(str(number), job(text))
    return loop


def ours(args: argparse.Namespace, name: str, constraint: Constraint = Constraint.NONE, *, strict: bool = False) -> Run:
    """Through the pipeline."""
    engine = open_engine(args, name, strict=strict)
    return lambda texts: sum(reply.output_tokens for _, reply in loop_of(args, engine, texts, constraint).run())


def all_rows(args: argparse.Namespace) -> dict[str, Callable[[], Run]]:
    """How to load each contestant, in the order of the table."""
    return {
        ONE_BY_ONE: lambda: plain(args, 1),
        **{f"{PLAIN}{size}": lambda size=size: plain(args, size) for size in PLAIN_BATCHES},  # type: ignore[misc]
        TRANSFORMERS: lambda: ours(args, "transformers"),
        BARE: lambda: bare(args),
        CT2: lambda: ours(args, "ctranslate2"),
        CT2_NO_HAN: lambda: ours(args, "ctranslate2", Constraint.NO_HAN),
        CT2_STRICT: lambda: ours(args, "ctranslate2", strict=True),
    }
