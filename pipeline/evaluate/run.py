"""One evaluation from end to end: score, compare with the floors, write the report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pipeline import __version__
from pipeline.checks.base import CheckInput
from pipeline.config import ChecksConfig
from pipeline.errors import OutputError
from pipeline.evaluate import expected, own_set, report, summaries, wmt
from pipeline.evaluate import floors as floor_file
from pipeline.evaluate.accuracy import measure
from pipeline.evaluate.check_table import alarmed, read_table, score_table
from pipeline.evaluate.floors import Shortfall
from pipeline.evaluate.report import CheckScore, CheckScores, Evaluation, NamedAccuracy, PeopleScore
from pipeline.evaluate.summaries import Summarise
from pipeline.evaluate.wmt import Translate
from pipeline.records import Record, encode


class Plan(Record, frozen=True):
    """What to evaluate on; parts left out are not measured."""

    wmt: Path | None = None
    """Folder of the translation test set."""
    whole: bool = False
    """All lines instead of the sample."""
    own: Path | None = None
    """A table of the desk's own passages with their approved English."""
    summaries: Path | None = None
    table: Path | None = None
    expected: Path | None = None
    """Sentences with the names, terms and figures their English must hold."""
    name: str = "this pipeline"
    """What to call our outputs."""
    signature: str = ""


def evaluate(
    plan: Plan,
    translate: Translate | None = None,
    summarise: Summarise | None = None,
    *,
    outputs: Sequence[tuple[str, Translate]] = (),
    baselines: Sequence[tuple[str, Translate]] = (),
    translations: Sequence[tuple[str, Sequence[CheckInput]]] = (),
    projected: Translate | None = None,
    config: ChecksConfig | None = None,
) -> Evaluation:
    """Measure everything the plan names.

    Args:
        plan: data and names.
        translate: our translations of Chinese lines; ``None`` scores the published systems alone.
        summarise: our Chinese summaries of articles.
        outputs: further outputs of ours; floors are kept for them too.
        baselines: other ways of translating, run on the same lines in the same call (the plain prompt).
        translations: named sets of finished translations whose names, terms and numbers are counted.
        projected: Chinese lines with known English put into them, which is what the model starts from.
        config: thresholds of the checks.

    Raises:
        InputError: data is missing or does not fit.
        MissingExtraError: sacreBLEU is not installed.
    """
    config = config or ChecksConfig()
    scored: list[wmt.TranslationScores] = []
    sets = [wmt.load(plan.wmt, sample=not plan.whole)] if plan.wmt is not None else []
    if plan.own is not None:
        sets.append(own_set.load(plan.own, sample=not plan.whole))
    for testset in sets:
        lines = list(testset.source)
        mine = [*(((plan.name, translate),) if translate is not None else ()), *outputs]
        scored.append(wmt.score(testset, [(name, way(lines)) for name, way in mine], [(name, way(lines)) for name, way in baselines]))
    summary_scores = None
    if plan.summaries is not None:
        reports = summaries.load(plan.summaries)
        ours = [(plan.name, summarise([r.article for r in reports]))] if summarise is not None else []
        summary_scores = summaries.score(plan.summaries, ours, config)
    return Evaluation(
        version=__version__,
        signature=plan.signature,
        translation=tuple(scored),
        summaries=summary_scores,
        checks=_checks(plan.table, config) if plan.table is not None else None,
        people=_people(plan.wmt, config) if plan.wmt is not None else (),
        accuracy=(
            *_expected(plan, [("put into the source", projected), (plan.name, translate)]),
            *(NamedAccuracy(name=name, accuracy=measure(items)) for name, items in translations),
        ),
    )


def _expected(plan: Plan, ways: Sequence[tuple[str, Translate | None]]) -> list[NamedAccuracy]:
    if plan.expected is None:
        return []
    rows = expected.read_expected(plan.expected)
    out = []
    for name, way in ways:
        if way is not None:
            accuracy, missing = expected.score(rows, way([r.source for r in rows]))
            out.append(NamedAccuracy(name=f"own set, {name}", accuracy=accuracy, sha256=expected.digest(plan.expected), missing=missing))
    return out


def _people(folder: Path, config: ChecksConfig) -> tuple[PeopleScore, ...]:
    """The checks over the whole test set's references: no model runs, so there is no need to sample."""
    testset = wmt.load(folder, sample=False)
    return tuple(
        PeopleScore(
            name=f"{testset.name} reference {number}",
            sha256=testset.sha256,
            lines=len(testset.source),
            alarmed=alarmed(testset.source, reference, config),
        )
        for number, reference in enumerate(testset.references, 1)
    )


def _checks(table: Path, config: ChecksConfig) -> CheckScores:
    rows = read_table(table)
    score = score_table(rows, config)
    missed = {r.row.line for r in score.missed}
    by_check = []
    for check in sorted({c for r in rows for c in r.expect}):
        own = [r for r in rows if check in r.expect]
        by_check.append(CheckScore(check=check, planted=len(own), found=sum(r.line not in missed for r in own)))
    return CheckScores(
        sha256=hashlib.sha256(table.read_bytes()).hexdigest(),
        planted=score.planted,
        found=score.found,
        clean=score.clean,
        false_alarms=score.false_alarms,
        by_check=tuple(by_check),
    )


def finish(
    evaluation: Evaluation, out: Path, floors: Path, *, raise_floors: bool = False, allow_lower: bool = False
) -> tuple[Shortfall, ...]:
    """Write ``report.md``, ``report.html`` and ``report.json`` into ``out`` and compare with the floors.

    Args:
        evaluation: what was measured.
        out: a folder; made if needed.
        floors: the floors file; written only with ``raise_floors``.
        raise_floors: let measured figures raise the floors.
        allow_lower: let them lower the floors too.

    Returns:
        The figures below their floors (as they were before this call).

    Raises:
        ConfigError: the floors file is unreadable.
        OutputError: the report cannot be written.
    """
    figures = report.measured(evaluation)
    kept = floor_file.read(floors)
    short = floor_file.shortfalls(figures, kept)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.md").write_text(report.markdown(evaluation, short), encoding="utf-8")
        (out / "report.html").write_text(report.html(evaluation, short), encoding="utf-8")
        (out / "report.json").write_bytes(encode(evaluation))
        if raise_floors:
            floor_file.write(floors, floor_file.raised(figures, kept, allow_lower=allow_lower))
    except OSError as exc:
        raise OutputError(f"Cannot write the evaluation: {exc}.", hint="Choose another folder.") from None
    return short


def outputs_of(path: Path) -> Translate:
    """A "system" that answers with the lines of a file made before, whatever it is asked."""
    lines = wmt.read_lines(path)
    return lambda _source: lines


def decode(data: bytes) -> Evaluation:
    """Read ``report.json`` back."""
    return msgspec.json.decode(data, type=Evaluation)
