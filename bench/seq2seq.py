"""Seq2seq engines side by side: plain generate(), its best batch, CTranslate2 called bare, and this pipeline on both.

Run: python -m bench.seq2seq

The checkpoint has opus-mt-zh-en's exact shape and random weights, so every row decodes the same fixed number of
tokens per sentence and only speed is measured.  All rows are loaded into one process and take turns, round by
round, after a warm-up; a ratio is the median of the rounds' own ratios, so that a slow minute of the machine
touches both sides of it.  Threads sleep where they wait for each other (``OMP_WAIT_POLICY``), or other work on the
machine would be counted as processor time of the rows on torch.  One by one decodes every fourth sentence; after
the first round only the two fastest plain batches go on.  Peak memory is taken before, each row in a process of
its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from bench import seq2seq_rows as rows
from pipeline.engines.cores import physical_cores
from pipeline.records import Record

FLIGHT = (200, 20_000)
ANSWERED = 128
"""Of the segments in flight, how many are decoded before the peak is read; the longest come first."""
IN_MEMORY_TABLE = (rows.TRANSFORMERS, rows.BARE, rows.CT2, rows.CT2_NO_HAN)
LONGEST = 48
"""Sentences decoded to read a row's peak: the longest of the page, enough to fill every worker."""


class Lap(Record, frozen=True):
    """One row in one round."""

    tokens: int
    seconds: float
    cpu: float
    """Processor seconds of the process: less touched by other work on the machine."""

    @property
    def rate(self) -> float:
        return self.tokens / self.seconds


Laps = dict[str, dict[int, Lap]]
"""Row, round, lap."""


def race(args: argparse.Namespace) -> Laps:
    """Every row, in turns."""
    texts = rows.sentences()
    texts = texts[: args.sentences or len(texts)]
    runs = {label: load() for label, load in rows.all_rows(args).items()}
    laps: Laps = {label: {} for label in runs}
    for run in runs.values():
        run(texts[:4])
    for number in range(args.rounds):
        for label, run in runs.items():
            if number and label.startswith(rows.PLAIN) and label not in fastest(laps):
                continue
            cpu, started = time.process_time(), time.perf_counter()
            tokens = run(texts[::4] if label == rows.ONE_BY_ONE else texts)
            lap = Lap(tokens=tokens, seconds=time.perf_counter() - started, cpu=time.process_time() - cpu)
            laps[label][number] = lap
            print(f"# round {number + 1}: {label}: {lap.rate:.0f} tokens/s", file=sys.stderr, flush=True)
    return laps


def fastest(laps: Laps) -> list[str]:
    """The two plain batches that won the first round."""
    plain = [label for label in laps if label.startswith(rows.PLAIN)]
    return sorted(plain, key=lambda label: -laps[label][0].rate)[:2]


def ratio(laps: Laps, ours: str, theirs: str, *, cpu: bool = False) -> float:
    """Median over the rounds of how much faster ``ours`` was; ``theirs`` may be ``rows.PLAIN``, the best batch of the round."""

    def cost(label: str, number: int) -> float:
        if label == rows.PLAIN:
            return min(cost(one, number) for one in fastest(laps))
        lap = laps[label][number]
        return (lap.cpu if cpu else lap.seconds) / lap.tokens

    return statistics.median(cost(theirs, number) / cost(ours, number) for number in laps[ours])


# ------------------------------------------------------------------ memory, in processes of their own


def one_row(args: argparse.Namespace) -> None:
    """Decode the longest sentences on one row, here; print the peak memory in MB."""
    rows.all_rows(args)[args.memory_of]()(sorted(rows.sentences(), key=len, reverse=True)[:LONGEST])
    print(json.dumps(_peak()))


def in_flight(args: argparse.Namespace) -> None:
    """Hold distinct segments in flight on CTranslate2 and decode the first of them; print the peak memory in MB."""
    texts = [f"{number}{text}" for number, text in enumerate(islice(cycle(rows.sentences()), args.flight_of))]
    for _ in islice(rows.loop_of(args, rows.open_engine(args, "ctranslate2"), texts).run(), ANSWERED):
        pass
    print(json.dumps(_peak()), flush=True)
    # The thousands still in flight need not be decoded.
    os._exit(0)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory(args: argparse.Namespace, option: str, value: str | int) -> float:
    """Peak memory in MB of a child; this process must be small still, for a child's figure begins at its parent's."""
    command = [sys.executable, "-m", "bench.seq2seq", option, str(value)]
    command += [part for key in ("beam", "tokens", "device", "rows") for part in (f"--{key}", str(getattr(args, key)))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=rows.ROOT)
    if done.returncode != 0:
        raise SystemExit(f"{value}: {done.stderr[-2000:]}")
    return float(done.stdout.strip().splitlines()[-1])


# ------------------------------------------------------------------ the report


def report(args: argparse.Namespace, laps: Laps, peaks: dict[str, float], flight: tuple[float, float]) -> Iterator[str]:
    yield f"opus-mt-zh-en's shape, random weights, beam {args.beam}, {args.tokens} output tokens a sentence, {physical_cores()} cores,"
    yield f"device {args.device}; median of {args.rounds} rounds (lowest-highest), every row in turn in one process"
    yield ""
    best = max(_rate(found) for found in laps.values())
    for label, found in laps.items():
        rates = [lap.rate for lap in found.values()]
        bar = "█" * max(1, round(30 * _rate(found) / best))
        peak = f"{peaks[label]:5.0f} MB" if label in peaks else " " * 8
        busy = statistics.median(lap.tokens / lap.cpu for lap in found.values())
        yield (
            f"{label:39} {_rate(found):6.0f} tok/s ({min(rates):.0f}-{max(rates):.0f})".ljust(66)
            + f"{busy:5.0f} a CPU second  {peak}  {bar}"
        )
    yield ""
    yield f"{'ratios':44} {'by the clock':>12} {'by processor time':>18} {'floor':>6}"
    for ours, theirs, floor in (
        (rows.CT2, rows.ONE_BY_ONE, "15"),
        (rows.CT2, rows.PLAIN, "3.5"),
        (rows.CT2, rows.BARE, "0.95"),
        (rows.CT2_NO_HAN, rows.PLAIN, ""),
        (rows.CT2_NO_HAN, rows.BARE, ""),
        (rows.TRANSFORMERS, rows.PLAIN, "0.95"),
    ):
        name = f"{ours.removeprefix('pipeline, ')} / {'best batch' if theirs == rows.PLAIN else theirs.removeprefix('CTranslate2 int8, ')}"
        yield f"{name:44} {ratio(laps, ours, theirs):12.2f} {ratio(laps, ours, theirs, cpu=True):18.2f} {floor:>6}"
    yield ""
    yield f"peak memory with {FLIGHT[0]} and {FLIGHT[1]:,} segments in flight: {flight[0]:.0f} and {flight[1]:.0f} MB"


def _rate(found: dict[int, Lap]) -> float:
    return statistics.median(lap.rate for lap in found.values())


def chart(laps: Laps, path: Path) -> None:
    """A bar per row, as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    labels = list(laps)[::-1]
    figure, axes = pyplot.subplots(figsize=(9, 0.45 * len(labels) + 1.2))
    colours = ["#1f6f8b" if label.startswith("pipeline") else "#b0b7bd" for label in labels]
    axes.bar_label(axes.barh(labels, [_rate(laps[label]) for label in labels], color=colours), fmt="%.0f", padding=3)
    axes.set_xlabel("output tokens per second (opus-mt-zh-en's shape)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--beam", type=int, default=4)
    p.add_argument("--tokens", type=int, default=32, help="output tokens per sentence, a multiple of 32")
    p.add_argument("--sentences", type=int, default=0, help="of the page; 0 takes all")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--rows", type=int, default=0, help="batch_rows; 0 keeps the engine's own")
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    p.add_argument("--out", type=Path, default=Path("outputs/bench"))
    p.add_argument("--memory-of", help=argparse.SUPPRESS)
    p.add_argument("--flight-of", type=int, help=argparse.SUPPRESS)
    return p


def main() -> None:
    args = parser().parse_args()
    # Read when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if args.memory_of:
        one_row(args)
        return
    if args.flight_of:
        in_flight(args)
        return
    rows.prepare()
    peaks = {label: memory(args, "--memory-of", label) for label in IN_MEMORY_TABLE}
    few, many = (memory(args, "--flight-of", count) for count in FLIGHT)
    laps = race(args)
    lines = list(report(args, laps, peaks, (few, many)))
    print("\n".join(lines))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / f"seq2seq-{args.device}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    chart(laps, args.out / f"seq2seq-{args.device}.png")


if __name__ == "__main__":
    main()
