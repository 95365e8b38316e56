"""Translation quality on a WMT test set, beside published systems.

BLEU and chrF come from sacreBLEU (Post 2018; Popović 2015) with their signatures, against all
references the folder holds, with 95 % confidence intervals from its bootstrap (fixed seed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pipeline.checks.base import CheckInput, Reading
from pipeline.checks.text import han_count
from pipeline.errors import InputError, MissingExtraError
from pipeline.evaluate.lines import line_segment
from pipeline.records import Record

Translate = Callable[[list[str]], list[str]]
"""Chinese lines in, as many English lines out."""

BOOTSTRAP: Final = 1000


class TestSet(Record, frozen=True):
    """Line-aligned source, references, and published systems' outputs."""

    __test__ = False  # not a test class, whatever its name

    name: str
    sha256: str
    """Over the source and reference lines: scores of different data do not compare."""
    source: tuple[str, ...]
    references: tuple[tuple[str, ...], ...]
    systems: tuple[tuple[str, tuple[str, ...]], ...]


class SystemScore(Record, frozen=True):
    """One system on one test set."""

    system: str
    bleu: float
    bleu_margin: float
    """Half the 95 % confidence interval."""
    chrf: float
    chrf_margin: float
    with_chinese: int
    """Outputs that hold Chinese characters."""
    empty: int
    numbers: int
    """Numbers in the source lines."""
    numbers_right: int
    """Of them, those whose value the output has."""
    ours: bool = False

    @property
    def number_accuracy(self) -> float:
        return self.numbers_right / self.numbers if self.numbers else 1.0


class TranslationScores(Record, frozen=True):
    """All systems on one test set, best chrF first, with the metrics' signatures."""

    testset: str
    sha256: str
    lines: int
    bleu_signature: str
    chrf_signature: str
    systems: tuple[SystemScore, ...]


def load(folder: Path, *, sample: bool = True) -> TestSet:
    """Read ``source.zh``, ``reference-*.en``, ``system.*.en`` and, for a sample, ``sample100.txt`` (0-based line numbers).

    Raises:
        InputError: a file is missing or the line counts differ.
    """
    source = read_lines(folder / "source.zh")
    wanted = [int(n) for n in " ".join(read_lines(folder / "sample100.txt")).split()] if sample else list(range(len(source)))
    if not wanted or max(wanted) >= len(source):
        raise InputError(f"{folder / 'sample100.txt'} names lines that {folder / 'source.zh'} does not have.")

    def pick(path: Path) -> tuple[str, ...]:
        lines = read_lines(path)
        if len(lines) != len(source):
            raise InputError(f"{path} has {len(lines)} lines, the source {len(source)}.", hint="The files must be aligned line by line.")
        return tuple(lines[i] for i in wanted)

    references = tuple(pick(p) for p in sorted(folder.glob("reference-*.en")))
    if not references:
        raise InputError(f"{folder} has no reference-*.en.", hint="Name the folder that holds the test set.")
    systems = tuple((p.name.removeprefix("system.").removesuffix(".en"), pick(p)) for p in sorted(folder.glob("system.*.en")))
    chosen = tuple(source[i] for i in wanted)
    digest = hashlib.sha256("\n".join([*chosen, *(line for r in references for line in r)]).encode()).hexdigest()
    name = f"{folder.name}-sample{len(wanted)}" if sample else folder.name
    return TestSet(name=name, sha256=digest, source=chosen, references=references, systems=systems)


def read_lines(path: Path) -> list[str]:
    """Lines of a UTF-8 file, without a last empty one.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        # Not splitlines(): the data may hold U+2028 and its like inside a line.
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"Cannot read {path}: {exc}.", hint="Name the folder that holds the test set.") from None


def score(
    testset: TestSet,
    ours: Sequence[tuple[str, Sequence[str]]] = (),
    baselines: Sequence[tuple[str, Sequence[str]]] = (),
    *,
    bootstrap: int = BOOTSTRAP,
) -> TranslationScores:
    """Score ``ours`` (name and outputs), ``baselines`` made in the same run, and the published systems.

    Raises:
        InputError: a system has another number of lines.
        MissingExtraError: sacreBLEU is not installed.
    """
    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
    except ImportError:
        raise MissingExtraError("Scoring translations", "eval") from None
    references = [list(r) for r in testset.references]
    bleu, chrf = BLEU(references=references), CHRF(references=references)
    rows = []
    for name, outputs, mine in [*((n, o, True) for n, o in ours), *((n, o, False) for n, o in (*baselines, *testset.systems))]:
        if len(outputs) != len(testset.source):
            raise InputError(f"{name} has {len(outputs)} outputs for {len(testset.source)} lines.", hint="One output a line.")
        b = bleu.corpus_score(list(outputs), None, n_bootstrap=bootstrap)
        c = chrf.corpus_score(list(outputs), None, n_bootstrap=bootstrap)
        right, total = number_accuracy(testset.source, outputs)
        rows.append(
            SystemScore(
                system=name,
                bleu=round(float(b.score), 2),
                bleu_margin=round(float(b._ci), 2),
                chrf=round(float(c.score), 2),
                chrf_margin=round(float(c._ci), 2),
                with_chinese=sum(han_count(o) > 0 for o in outputs),
                empty=sum(not o.strip() for o in outputs),
                numbers=total,
                numbers_right=right,
                ours=mine,
            )
        )
    rows.sort(key=lambda r: (-r.chrf, r.system))
    return TranslationScores(
        testset=testset.name,
        sha256=testset.sha256,
        lines=len(testset.source),
        bleu_signature=str(bleu.get_signature()),
        chrf_signature=str(chrf.get_signature()),
        systems=tuple(rows),
    )


def number_accuracy(sources: Sequence[str], outputs: Sequence[str]) -> tuple[int, int]:
    """How many of the sources' numbers the outputs have by value, and how many there are (一个 and its like aside)."""
    from pipeline.checks.quantities import chinese, trifling

    right = total = 0
    for index, (source, output) in enumerate(zip(sources, outputs, strict=True)):
        segment = line_segment(index, source)
        reading = Reading(CheckInput(segment=segment, target=output))
        pairing = reading.numbers
        counted = [q for q in chinese(reading) if not q.weak and not trifling(q)]
        wrong = [q for q in (*(q for q, _ in pairing.changed), *pairing.lost) if not q.weak and not trifling(q)]
        total += len(counted)
        right += len(counted) - len(wrong)
    return right, total
