"""Chinese summaries against references, beside published systems and the article's first sentences.

ROUGE-L over characters (Lin 2004, sentence level): the F1 of the longest common subsequence, which
needs no word segmentation.  The subsequence is RapidFuzz's.  A high score means "says what the
reference says in its words"; it is no measure of good writing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

import msgspec

from pipeline.checks import summary as summary_checks
from pipeline.checks.support import find
from pipeline.config import ChecksConfig
from pipeline.errors import InputError
from pipeline.records import Block, BlockKind, Record, Sentence, Unit, UnitKind

Summarise = Callable[[list[str]], list[str]]
"""Chinese articles in, as many Chinese summaries out."""

LEAD_CHARS: Final = 125


class Report(msgspec.Struct, frozen=True):
    """One line of the data file."""

    article: str
    summary: str
    systems: dict[str, str] = {}


class SummaryScore(Record, frozen=True):
    """One system over the file."""

    system: str
    rouge_l: float
    """Mean character ROUGE-L F1, 0 to 1."""
    coverage: float
    """Mean share of each summary that the article's sentences cover (``pipeline.checks.support``), 0 to 1."""
    flagged: int
    """Summaries with a warning or an error."""
    characters: float
    """Mean length."""
    ours: bool = False


class SummaryScores(Record, frozen=True):
    """All systems, best first."""

    file: str
    sha256: str
    articles: int
    systems: tuple[SummaryScore, ...]


def load(path: Path) -> tuple[Report, ...]:
    """Read a JSON Lines file of articles, reference summaries and systems' outputs.

    Raises:
        InputError: the file is missing or a line does not fit.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as exc:
        raise InputError(f"Cannot read {path}: {exc}.", hint="Name the file of articles and reference summaries.") from None
    out = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                out.append(msgspec.json.decode(line, type=Report))
            except msgspec.DecodeError as exc:
                raise InputError(f"{path}:{number}: {exc}.") from None
    if not out:
        raise InputError(f"{path} holds no article.")
    return tuple(out)


def rouge_l(candidate: str, reference: str) -> float:
    """F1 of the longest common subsequence in characters, white space left out; 0 to 1."""
    from rapidfuzz.distance import LCSseq

    a, b = "".join(candidate.split()), "".join(reference.split())
    if not a or not b:
        return float(a == b)
    return 2 * LCSseq.similarity(a, b) / (len(a) + len(b))


def lead(article: str, limit: int = LEAD_CHARS) -> str:
    """The first sentences of ``article`` up to ``limit`` characters; always at least one."""
    out = ""
    for sentence in summary_checks.sentences(article):
        if out and len(out) + len(sentence) > limit:
            break
        out += sentence
    return out


def score(path: Path, ours: Sequence[tuple[str, Sequence[str]]] = (), config: ChecksConfig | None = None) -> SummaryScores:
    """Score ``ours`` (name and summaries), the systems in the file, and the first sentences.

    Raises:
        InputError: the file does not fit, or a system has another number of summaries.
    """
    reports = load(path)
    config = config or ChecksConfig()
    units = [_unit(i, r.article) for i, r in enumerate(reports)]
    names = sorted(set.intersection(*(set(r.systems) for r in reports)))
    systems: list[tuple[str, Sequence[str], bool]] = [(name, outputs, True) for name, outputs in ours]
    systems += [(name, [r.systems[name] for r in reports], False) for name in names]
    systems += [("first sentences", [lead(r.article) for r in reports], False), ("reference", [r.summary for r in reports], False)]
    rows = []
    for name, outputs, mine in systems:
        if len(outputs) != len(reports):
            raise InputError(f"{name} has {len(outputs)} summaries for {len(reports)} articles.")
        rows.append(
            SummaryScore(
                system=name,
                rouge_l=round(fmean(rouge_l(o, r.summary) for o, r in zip(outputs, reports, strict=True)), 4),
                coverage=round(fmean(_coverage(o, u) for o, u in zip(outputs, units, strict=True)), 4),
                flagged=sum(_flagged(o, u, config) for o, u in zip(outputs, units, strict=True)),
                characters=round(fmean(len("".join(o.split())) for o in outputs), 1),
                ours=mine,
            )
        )
    rows.sort(key=lambda r: (-r.rouge_l, r.system))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return SummaryScores(file=path.name, sha256=digest, articles=len(reports), systems=tuple(rows))


def _unit(number: int, article: str) -> Unit:
    parts = summary_checks.sentences(article)
    block = Block(kind=BlockKind.PARAGRAPH, text=article, spans=(), sentences=tuple(Sentence(text=s, spans=()) for s in parts))
    return Unit(id=f"{number:016x}", kind=UnitKind.ARTICLE, blocks=(block,))


def _coverage(text: str, unit: Unit) -> float:
    parts = summary_checks.sentences(text)
    return fmean(s.coverage for s in find(parts, unit)) if parts else 0.0


def _flagged(text: str, unit: Unit, config: ChecksConfig) -> bool:
    return any(f.alarm for f in summary_checks.run(text, unit, config))
