"""Does a sentence's translation depend on what it is batched with?  Measured on both engines, with and without ``strict``.

Run: python -m bench.invariance

Every sentence of the page is decoded alone, in the engine's own batches, and in the batches of another order.  The
checkpoint has opus-mt-zh-en's exact shape and random weights: how far scores move is the real model's arithmetic, how
often that changes a text depends on how near a model's best tokens lie.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import seq2seq_rows as rows
from pipeline.engines.base import Reply, Request, Task

CASES: tuple[tuple[str, str], ...] = (("ctranslate2", "int8"), ("ctranslate2", "float32"), ("transformers", "float32"))


def decode(engine: Any, texts: Sequence[str], args: argparse.Namespace) -> dict[str, Reply]:
    """Replies by text; the batches are those of the order given."""
    requests = [
        Request(id=text, task=Task.TRANSLATE, text=text, beam=args.beam, max_tokens=args.tokens, min_tokens=args.tokens) for text in texts
    ]
    return {reply.id: reply for reply in engine.generate(requests)}


def differences(one: dict[str, Reply], other: dict[str, Reply]) -> tuple[int, float]:
    """Sentences whose text differs, and the largest difference of score among the others (log-probability per token)."""
    same = [text for text in one if one[text].text == other[text].text]
    drift = max((abs((one[text].score or 0.0) - (other[text].score or 0.0)) for text in same), default=0.0)
    return len(one) - len(same), drift


def measure(name: str, dtype: str, args: argparse.Namespace) -> str:
    texts = sorted(rows.sentences(), key=lambda text: (-len(text), text))[:: args.every]
    shuffled = list(texts)
    random.Random(0).shuffle(shuffled)
    engine = rows.open_engine(args, name, dtype=dtype)
    batched, mixed = decode(engine, texts, args), decode(engine, shuffled, args)
    alone = {text: decode(engine, [text], args)[text] for text in texts}
    strict = rows.open_engine(args, name, dtype=dtype, strict=True)
    strictly = [decode(strict, order, args) for order in (texts, shuffled)]
    found = (differences(alone, batched), differences(batched, mixed), differences(alone, strictly[0]), differences(*strictly))
    return f"{name:13} {dtype:8} {args.beam:4} {len(texts):9} " + " ".join(f"{count:10} {drift:9.1e}" for count, drift in found)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--beam", type=int, default=4)
    p.add_argument("--tokens", type=int, default=32, help="output tokens per sentence, a multiple of 32")
    p.add_argument("--every", type=int, default=1, help="take every n-th sentence of the page")
    p.add_argument("--rows", type=int, default=0, help="batch_rows; 0 keeps the engine's own")
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    p.add_argument("--out", type=Path, default=Path("outputs/bench"))
    return p


def main() -> None:
    args = parser().parse_args()
    rows.prepare()
    args.out.mkdir(parents=True, exist_ok=True)
    pairs = ("alone/batched", "sorted/shuffled", "alone/strict", "strict/shuffled")
    lines = [
        "Sentences whose text differs, and the largest difference of score (log-probability per token) among the rest",
        f"{'engine':13} {'dtype':8} {'beam':>4} {'sentences':>9} " + " ".join(f"{pair:>20}" for pair in pairs),
    ]
    print("\n".join(lines), flush=True)
    for name, dtype in CASES:
        lines.append(measure(name, dtype, args))
        print(lines[-1], flush=True)
    (args.out / "invariance.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
