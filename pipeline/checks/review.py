"""The review queue: what an editor should look at, most important first, with the time it takes.

Importance is the penalty of the findings times the prominence of the place: a wrong figure in a
headline is printed larger than one in the tenth paragraph.  Reading rates are the means of the IReST
study (Trauzettel-Klosinski and Dietz, Invest. Ophthalmol. Vis. Sci. 53, 2012): 228 English words and
255 Chinese characters a minute.  The time to decide is an assumption, not a measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.checks.labels import rank
from pipeline.records import Field, Finding, IssueResult, Label, QueueItem, Severity, Translation, UnitResult

_ENGLISH_WPM: Final = 228.0
_CHINESE_CPM: Final = 255.0
_DECIDE_SECONDS: Final = 10.0

_PROMINENCE: Final = {
    Field.HEADLINE: 3.0,
    Field.SUMMARY: 2.5,
    Field.KICKER: 1.5,
    Field.SUBTITLE: 2.0,
    Field.SUBHEAD: 1.2,
    Field.COLUMN: 0.5,
    Field.BYLINE: 1.2,
    Field.CREDIT: 0.8,
}
_LEAD: Final = 1.5
"""Sentences of the first paragraph, which summaries and wire copy are made from."""


def queue(result: IssueResult) -> tuple[QueueItem, ...]:
    """Return every place of the issue that is not simply *read*, ordered by what matters.

    Whole-unit items (an uncertain headline) have no segment.  Equal
    importance keeps reading order.
    """
    ranked: list[tuple[float, int, QueueItem]] = []
    for unit in result.units:
        about = [f for f in result.segmentation.findings if f.unit == unit.unit.id]
        ranked += _whole(unit, [*about, *unit.findings], len(ranked))
        ranked += [_place(t, len(ranked) + i) for i, t in enumerate(t for t in unit.translations if t.label is not Label.READ)]
    return tuple(item for _, _, item in sorted(ranked, key=lambda r: (-r[0], r[1])))


def _place(t: Translation, position: int) -> tuple[float, int, QueueItem]:
    prominence = _LEAD if t.segment.field is Field.SENTENCE and t.segment.block == 0 else _PROMINENCE.get(t.segment.field, 1.0)
    importance = (rank(t.findings) or 1.0) * prominence
    if t.label is Label.DONT_QUOTE:
        importance += 100.0
    seconds = _reading(t.segment.text, t.target) + _DECIDE_SECONDS * max(1, sum(f.alarm for f in t.findings))
    reason = _reason(t.findings) or "The model was unsure of this sentence."
    return importance, position, QueueItem(unit=t.segment.unit, segment=t.segment.id, label=t.label, reason=reason, seconds=round(seconds))


def _whole(unit: UnitResult, about: Sequence[Finding], position: int) -> list[tuple[float, int, QueueItem]]:
    summary = [f for f in unit.summary.findings if f.alarm]
    # A finding about a summary is shown beside the summary's first English.
    first = next((t.segment.id for t in unit.translations if t.segment.field is Field.SUMMARY), None)
    out = []
    for findings, prominence, text, segment in (
        ([f for f in about if f.alarm and f.segment is None], 2.0, "", None),
        (summary, _PROMINENCE[Field.SUMMARY], unit.summary.text, first),
    ):
        if findings:
            worst = any(f.severity is Severity.ERROR for f in findings)
            item = QueueItem(
                unit=unit.unit.id,
                segment=segment,
                label=Label.DONT_QUOTE if worst else Label.CHECK,
                reason=_reason(findings),
                seconds=round(_reading(text, "") + _DECIDE_SECONDS * len(findings)),
            )
            out.append((rank(findings) * prominence + (100.0 if worst else 0.0), position, item))
    return out


def _reading(chinese: str, english: str) -> float:
    """Seconds to read both texts once."""
    return len(chinese) / _CHINESE_CPM * 60 + len(english.split()) / _ENGLISH_WPM * 60


def _reason(findings: Sequence[Finding]) -> str:
    """The worst finding's message, and how many more there are."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    told = sorted((f for f in findings if f.alarm), key=lambda f: order[f.severity])
    if not told:
        return ""
    more = len(told) - 1
    return told[0].message + (f" (and {more} more)" if more else "")
