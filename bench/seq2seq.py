"""Seq2seq engines side by side: plain generate(), its best batch, CTranslate2 called bare, and this pipeline on both.

Run: python -m bench.seq2seq

The checkpoint has opus-mt-zh-en's exact shape and random weights, so every row decodes the same fixed
number of tokens per sentence and only speed is measured.  Every row runs in a process of its own, the rows take
turns, and the table gives the median of the rounds with the peak memory of the row's process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
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
PLAIN_BATCHES = (8, 16, 32, 64)


def sentences(count: int) -> list[str]:
    """The page's own sentences in its own order, repeated if it has too few."""
    from pipeline.ingest import read_issue
    from pipeline.segment import segment

    page = next(path for path in PAGES if path.is_file())
    units = segment(read_issue(page, IngestConfig()), SegmentConfig()).units
    found = [s.text for unit in units for block in unit.blocks for s in block.sentences]
    return [found[i % len(found)] for i in range(count)]


def prepare(folder: Path) -> Path:
    """Build and convert the checkpoint once."""
    checkpoint = folder / "checkpoint"
    if not (checkpoint / "model.safetensors").is_file():
        chinese = sentences(400)
        english = (ROOT / "README.md").read_text(encoding="utf-8").splitlines() + (ROOT / "LICENSE").read_text(
            encoding="utf-8"
        ).splitlines()
        marian_shape.build(checkpoint, chinese, [line for line in english if line.strip()])
    converted(checkpoint, MODEL, "int8", folder / "converted")
    return checkpoint


# ------------------------------------------------------------------ the rows


def plain(folder: Path, texts: Sequence[str], args: argparse.Namespace, *, batch: int) -> Callable[[], int]:
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    torch.set_num_threads(physical_cores())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval().to(args.device)
    # Sorted by length: the best a plain batch can do.
    ordered = sorted(texts, key=lambda text: -len(tokenizer(text).input_ids)) if batch > 1 else list(texts)

    def run() -> int:
        with torch.inference_mode():
            for start in range(0, len(ordered), batch):
                inputs = tokenizer(ordered[start : start + batch], return_tensors="pt", padding=True).to(args.device)
                out = model.generate(
                    **inputs, num_beams=args.beam, max_new_tokens=args.tokens, min_new_tokens=args.tokens, early_stopping=True
                )
                tokenizer.batch_decode(out, skip_special_tokens=True)
        return len(ordered) * args.tokens

    return run


def bare(folder: Path, texts: Sequence[str], args: argparse.Namespace) -> Callable[[], int]:
    """CTranslate2 without this pipeline, fed the very batches the pipeline makes."""
    import ctranslate2
    from transformers import AutoTokenizer

    from pipeline.engines.ctranslate2_engine import CPU_ROWS, GPU_ROWS, layout

    tokenizer = AutoTokenizer.from_pretrained(folder)
    path = converted(folder, MODEL, "int8", folder.parent / "converted")
    workers, threads = layout(physical_cores(), args.device)
    translator = ctranslate2.Translator(str(path), device=args.device, compute_type="int8", inter_threads=workers, intra_threads=threads)
    rows = max(1, (args.rows or (GPU_ROWS if args.device == "cuda" else CPU_ROWS)) // args.beam)

    def run() -> int:
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


def engine_config(args: argparse.Namespace, name: str = "ctranslate2", **changes: Any) -> EngineConfig:
    return EngineConfig(name=name, device=args.device, beam=args.beam, **({"batch_rows": args.rows} if args.rows else {}), **changes)


def ours(
    folder: Path, texts: Sequence[str], args: argparse.Namespace, *, name: str, constraint: Constraint, strict: bool = False
) -> Callable[[], int]:
    """Through the pipeline's own decoding loop: one job per sentence, all submitted at once."""
    config = engine_config(args, name, strict=strict)
    if name == "ctranslate2":
        from pipeline.engines.ctranslate2_engine import Ctranslate2Engine

        engine: Any = Ctranslate2Engine.open(config, folder, MODEL, root=folder.parent / "converted")
    else:
        from pipeline.engines.transformers_engine import TransformersEngine

        engine = TransformersEngine.open(config, folder, MODEL)

    def job(text: str) -> Job[Reply]:
        reply = yield Request(
            id="", task=Task.TRANSLATE, text=text, beam=args.beam, max_tokens=args.tokens, min_tokens=args.tokens, constraint=constraint
        )
        return reply

    def run() -> int:
        loop: Loop[Reply] = Loop(engine)
        for number, text in enumerate(texts):
            loop.submit(str(number), job(text))
        return sum(reply.output_tokens for _, reply in loop.run())

    return run


def all_rows(args: argparse.Namespace) -> dict[str, Callable[[Path, Sequence[str]], Callable[[], int]]]:
    table: dict[str, Callable[[Path, Sequence[str]], Callable[[], int]]] = {
        "generate(), one by one": lambda folder, texts: plain(folder, texts, args, batch=1)
    }
    for size in PLAIN_BATCHES:
        table[f"generate(), sorted batches of {size}"] = lambda folder, texts, size=size: plain(folder, texts, args, batch=size)
    table["CTranslate2 int8, bare"] = lambda folder, texts: bare(folder, texts, args)
    for label, name, constraint, strict in (
        ("pipeline, transformers", "transformers", Constraint.NONE, False),
        ("pipeline, CTranslate2 int8", "ctranslate2", Constraint.NONE, False),
        ("pipeline, CTranslate2 int8, no Chinese", "ctranslate2", Constraint.NO_HAN, False),
        ("pipeline, CTranslate2 int8, strict", "ctranslate2", Constraint.NONE, True),
    ):
        table[label] = lambda folder, texts, name=name, constraint=constraint, strict=strict: ours(
            folder, texts, args, name=name, constraint=constraint, strict=strict
        )
    return table


# ------------------------------------------------------------------ running them


def one(args: argparse.Namespace) -> None:
    """Run one row here and print its measurement."""
    texts = sentences(args.sentences)
    if args.numbered:
        # Distinct texts: equal ones would be decoded once.
        texts = [f"{number}{text[:12]}" for number, text in enumerate(texts)]
    run = all_rows(args)[args.only](Path(args.folder) / "checkpoint", texts)
    started = time.perf_counter()
    tokens = run()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"tokens": tokens, "seconds": seconds, "peak_mb": peak}, sys.stdout)


def measure(args: argparse.Namespace, folder: Path, label: str, **changes: Any) -> dict[str, float]:
    settings = {"beam": args.beam, "tokens": args.tokens, "sentences": args.sentences, "device": args.device, "rows": args.rows, **changes}
    command = [sys.executable, "-m", "bench.seq2seq", "--only", label, "--folder", str(folder)]
    for key, value in settings.items():
        command += [f"--{key}", str(value)] if not isinstance(value, bool) else ([f"--{key}"] if value else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        raise SystemExit(f"{label}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def table(args: argparse.Namespace, folder: Path) -> dict[str, dict[str, float]]:
    """Every row, the rounds interleaved so that a slow minute of the machine touches all of them."""
    found: dict[str, list[dict[str, float]]] = {}
    for round_number in range(args.rounds):
        for label in all_rows(args):
            found.setdefault(label, []).append(measure(args, folder, label))
            last = found[label][-1]
            print(f"# round {round_number + 1}: {label}: {last['tokens'] / last['seconds']:.0f} tokens/s", file=sys.stderr, flush=True)
    return {
        label: {
            "rate": statistics.median(r["tokens"] / r["seconds"] for r in results),
            "low": min(r["tokens"] / r["seconds"] for r in results),
            "high": max(r["tokens"] / r["seconds"] for r in results),
            "peak_mb": max(r["peak_mb"] for r in results),
        }
        for label, results in found.items()
    }


def report(args: argparse.Namespace, found: dict[str, dict[str, float]], flight: tuple[float, float] | None) -> Iterator[str]:
    yield f"opus-mt-zh-en's shape, random weights, beam {args.beam}, {args.sentences} sentences x {args.tokens} tokens, "
    yield f"{physical_cores()} cores, device {args.device}; median of {args.rounds} rounds (lowest-highest)"
    yield ""
    best = max(result["rate"] for result in found.values())
    for label, r in found.items():
        bar = "█" * max(1, round(34 * r["rate"] / best))
        yield f"{label:42} {r['rate']:7.0f} tok/s ({r['low']:.0f}-{r['high']:.0f}) {r['peak_mb']:6.0f} MB  {bar}"
    yield ""
    by_one = found["generate(), one by one"]["rate"]
    batch = max(r["rate"] for label, r in found.items() if label.startswith("generate(), sorted"))
    fast = found["pipeline, CTranslate2 int8"]["rate"]
    yield f"pipeline on CTranslate2 / one by one     {fast / by_one:6.2f}   (floor 15)"
    yield f"pipeline on CTranslate2 / best batch     {fast / batch:6.2f}   (floor 3.5)"
    yield f"pipeline on CTranslate2 / bare           {fast / found['CTranslate2 int8, bare']['rate']:6.2f}   (floor 0.95)"
    yield f"pipeline on transformers / best batch    {found['pipeline, transformers']['rate'] / batch:6.2f}   (floor 0.95)"
    yield f"no Chinese / best batch                  {found['pipeline, CTranslate2 int8, no Chinese']['rate'] / batch:6.2f}"
    if flight:
        yield f"peak memory, 200 and 20,000 segments in flight: {flight[0]:.0f} MB and {flight[1]:.0f} MB (floor: 200 MB more)"


def chart(found: dict[str, dict[str, float]], path: Path) -> None:
    from matplotlib import pyplot

    labels = list(found)[::-1]
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(labels) + 1.2))
    colours = ["#1f6f8b" if label.startswith("pipeline") else "#b0b7bd" for label in labels]
    bars = axes.barh(labels, [found[label]["rate"] for label in labels], color=colours)
    axes.bar_label(bars, fmt="%.0f", padding=3)
    axes.set_xlabel("output tokens per second (opus-mt-zh-en's shape)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--beam", type=int, default=4)
    p.add_argument("--tokens", type=int, default=32, help="output tokens per sentence, a multiple of 32")
    p.add_argument("--sentences", type=int, default=128)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--rows", type=int, default=0, help="batch_rows; 0 keeps the engine's own")
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    p.add_argument("--out", type=Path, default=Path("outputs/bench"))
    p.add_argument("--flight", action=argparse.BooleanOptionalAction, default=True, help="also the memory of 20,000 segments in flight")
    p.add_argument("--folder", default=str(Path(tempfile.gettempdir()) / "newsdesk-bench-marian"), help=argparse.SUPPRESS)
    p.add_argument("--only", help=argparse.SUPPRESS)
    p.add_argument("--numbered", action="store_true", help=argparse.SUPPRESS)
    return p


def main() -> None:
    args = parser().parse_args()
    if args.only:
        one(args)
        return
    folder = Path(args.folder)
    prepare(folder)
    found = table(args, folder)
    flight = None
    if args.flight:
        few, many = (
            measure(args, folder, "pipeline, CTranslate2 int8", sentences=count, tokens=1, numbered=True)["peak_mb"]
            for count in (200, 20_000)
        )
        flight = (few, many)
    lines = list(report(args, found, flight))
    print("\n".join(lines))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / f"seq2seq-{args.device}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (args.out / f"seq2seq-{args.device}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    try:
        chart(found, args.out / f"seq2seq-{args.device}.png")
    except ImportError:
        print("The PNG chart needs matplotlib (development group).", file=sys.stderr)


if __name__ == "__main__":
    main()
