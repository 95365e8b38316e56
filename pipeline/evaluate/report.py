"""The evaluation as one record, as Markdown and as one self-contained HTML page with charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.evaluate.accuracy import Accuracy
from pipeline.evaluate.floors import Measured, Shortfall
from pipeline.evaluate.summaries import SummaryScores
from pipeline.evaluate.wmt import TranslationScores
from pipeline.records import Record


class CheckScore(Record, frozen=True):
    """One check on the table of planted errors."""

    check: str
    planted: int
    found: int


class CheckScores(Record, frozen=True):
    """The checks on the table."""

    sha256: str
    planted: int
    found: int
    clean: int
    false_alarms: int
    by_check: tuple[CheckScore, ...]

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def silent(self) -> float:
        """Share of clean rows without an alarm."""
        return 1 - self.false_alarms / self.clean if self.clean else 1.0


class PeopleScore(Record, frozen=True):
    """The checks on translations that people made."""

    name: str
    sha256: str
    """Of the test set."""
    lines: int
    alarmed: int
    """Lines with a warning or an error: false alarms, save where the people erred or took liberties."""

    @property
    def silent(self) -> float:
        """Share of lines without an alarm."""
        return 1 - self.alarmed / self.lines if self.lines else 1.0


class NamedAccuracy(Record, frozen=True):
    """Accuracy over one set of translations."""

    name: str
    accuracy: Accuracy
    sha256: str = ""
    """Of the set; empty where it is no file."""
    missing: tuple[str, ...] = ()
    """Expected forms that are not there, one line each."""


class Evaluation(Record, frozen=True):
    """Everything one ``make eval`` measured."""

    version: str
    """Version of the pipeline."""
    signature: str = ""
    """The one-line signature of what made our outputs."""
    translation: tuple[TranslationScores, ...] = ()
    summaries: SummaryScores | None = None
    checks: CheckScores | None = None
    people: tuple[PeopleScore, ...] = ()
    accuracy: tuple[NamedAccuracy, ...] = ()


def measured(evaluation: Evaluation) -> tuple[Measured, ...]:
    """The figures that floors are kept for: ours, and only such that more is better."""
    out: list[Measured] = []
    for t in evaluation.translation:
        for s in t.systems:
            if s.ours:
                out += [
                    Measured(name=f"{t.testset}/{s.system}/bleu", value=s.bleu, data=t.sha256),
                    Measured(name=f"{t.testset}/{s.system}/chrf", value=s.chrf, data=t.sha256),
                    Measured(
                        name=f"{t.testset}/{s.system}/without_chinese", value=_share(t.lines - s.with_chinese, t.lines), data=t.sha256
                    ),
                    Measured(name=f"{t.testset}/{s.system}/numbers", value=round(s.number_accuracy, 4), data=t.sha256),
                ]
    if evaluation.summaries is not None:
        data = evaluation.summaries
        out += [Measured(name=f"summaries/{s.system}/rouge_l", value=s.rouge_l, data=data.sha256) for s in data.systems if s.ours]
    if evaluation.checks is not None:
        checks = evaluation.checks
        out += [
            Measured(name="checks/recall", value=round(checks.recall, 4), data=checks.sha256),
            Measured(name="checks/silent_on_clean", value=round(checks.silent, 4), data=checks.sha256),
        ]
    out += [Measured(name=f"checks/silent_on {p.name}", value=round(p.silent, 4), data=p.sha256) for p in evaluation.people]
    for a in evaluation.accuracy:
        out += [Measured(name=f"{a.name}/{kind}", value=round(rate, 4), data=a.sha256) for kind, rate in a.accuracy.rates.items()]
    return tuple(out)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


class Bar(NamedTuple):
    """One bar of a chart; lengths in the chart's own units."""

    label: str
    value: str
    y: int
    width: float
    ours: bool
    margin: float


class Chart(NamedTuple):
    """A horizontal bar chart, laid out."""

    title: str
    height: int
    bars: tuple[Bar, ...]


BAR_WIDTH = 300.0


def chart(title: str, rows: Sequence[tuple[str, float, float, bool]], *, top: float, digits: int = 1) -> Chart:
    """Lay out a chart of (label, value, margin, ours); ``top`` is the value of a full bar."""
    scale = BAR_WIDTH / top if top else 0.0
    bars = tuple(
        Bar(
            label=label,
            value=f"{value:.{digits}f}",
            y=i * 26,
            width=round(min(value, top) * scale, 1),
            ours=ours,
            margin=round(margin * scale, 1),
        )
        for i, (label, value, margin, ours) in enumerate(rows)
    )
    return Chart(title=title, height=max(26, 26 * len(bars)), bars=bars)


def charts(evaluation: Evaluation) -> tuple[Chart, ...]:
    """All charts of an evaluation, in the report's order."""
    out: list[Chart] = []
    for t in evaluation.translation:
        for metric, top in (("chrF", 100.0), ("BLEU", 60.0)):
            rows = [
                (s.system, s.chrf, s.chrf_margin, s.ours) if metric == "chrF" else (s.system, s.bleu, s.bleu_margin, s.ours)
                for s in t.systems
            ]
            out.append(chart(f"{t.testset}: {metric}", rows, top=top))
    if evaluation.accuracy:
        shares = [(f"{a.name}: {kind}", 100 * rate, 0.0, True) for a in evaluation.accuracy for kind, rate in a.accuracy.rates.items()]
        out.append(chart("Names, terms and numbers right, per cent", shares, top=100.0, digits=0))
    if evaluation.summaries is not None:
        scored = [(s.system, s.rouge_l, 0.0, s.ours) for s in evaluation.summaries.systems if s.system != "reference"]
        out.append(chart("Summaries: character ROUGE-L", scored, top=1.0, digits=3))
    if evaluation.checks is not None:
        found = [(c.check, 100 * c.found / c.planted, 0.0, True) for c in evaluation.checks.by_check]
        out.append(chart("Planted errors found, per cent", found, top=100.0, digits=0))
    return tuple(out)


def markdown(evaluation: Evaluation, shortfalls: Sequence[Shortfall] = ()) -> str:
    """Render the report as Markdown."""
    return _render("report.md.j2", evaluation, shortfalls)


def html(evaluation: Evaluation, shortfalls: Sequence[Shortfall] = ()) -> str:
    """Render the report as one HTML page that loads nothing."""
    return _render("report.html.j2", evaluation, shortfalls)


def _render(template: str, evaluation: Evaluation, shortfalls: Sequence[Shortfall]) -> str:
    # Imported here: only a report pays for the template engine.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.evaluate"),
        autoescape=template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(
        e=evaluation, shortfalls=shortfalls, charts=charts(evaluation), measured=measured(evaluation), bar_width=BAR_WIDTH
    )
