"""``index.html``: the page an editor reads, one self-contained file.

``render`` is pure: equal records give equal bytes.  It holds no time, host or path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import checks
from pipeline.bundle import disclosure
from pipeline.bundle.html import article as screen
from pipeline.bundle.html import words
from pipeline.bundle.html.page import asset, render_page
from pipeline.bundle.html.quotes import Quote, ledger
from pipeline.bundle.view import views
from pipeline.records import IssueResult, Label, Origin, Owner, QueueItem, Severity, slice_text

_QUEUE_SHOWN = 6
"""Entries of the review queue in sight before it is opened."""
_SECONDS_PER_PLACE = 20
"""Reading time of a queue entry that states none."""


@dataclass(frozen=True, slots=True)
class Task:
    """An entry of the review queue."""

    anchor: str
    label: Label
    article: int
    title: str
    reason: str
    english: str


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A quotation with the place it stands in."""

    quote: Quote
    anchor: str
    article: screen.Article


@dataclass(frozen=True, slots=True)
class ReviewLinks:
    """What the page needs to send corrections; only the review server gives one."""

    token: str
    who: str


def render(
    result: IssueResult,
    *,
    queue: Sequence[QueueItem] | None = None,
    review: ReviewLinks | None = None,
    archive: str = "../index.html",
) -> str:
    """Return the issue's page.

    Args:
        result: the whole outcome.
        queue: what to look at, most important first; ``None`` takes the checks' queue, less the
            units that a person has approved.
        review: set by the review server; adds the editing controls.
        archive: where the archive's front page is, seen from this one; empty for no link.
    """
    articles: list[screen.Article] = []
    anchors: dict[str, str] = {}
    quotes: list[QuoteLine] = []
    units = views(result)
    if queue is None:
        approved = {a.unit for a in result.approvals}
        queue = [item for item in checks.queue(result) if item.unit not in approved]
    for unit in units:
        article, places = screen.article(result, unit)
        articles.append(article)
        anchors |= places
        quotes += [QuoteLine(q, anchors.get(q.segments[0], article.anchor), article) for q in ledger(unit.result, result.names)]
    tasks = _tasks(articles, anchors, queue)
    style = asset("page.css") + asset("issue.css")
    script = asset("issue.js")
    if review is not None:
        style += asset("review.css")
        script += asset("review.js")
    return render_page(
        "issue.html.j2",
        style=style,
        script=script,
        connect="'self'" if review else "'none'",
        result=result,
        title=_title(result),
        masthead=_masthead(result),
        articles=articles,
        columns=list(dict.fromkeys(a.column for a in articles if a.column)),
        tasks=tasks,
        tasks_shown=_QUEUE_SHOWN,
        minutes=_minutes(tasks, queue),
        issue_notes=screen.notes(result.findings),
        counts={label.value: sum(a.counts[label.value] for a in articles) for label in Label},
        approved=sum(a.approval is not None for a in articles),
        errors=sum(f.severity is Severity.ERROR for f in result.all_findings()),
        speech=[q for q in quotes if q.quote.speech],
        phrases=[q for q in quotes if not q.quote.speech],
        names=[(n, anchors.get(n.first_segment, ""), words.NAME_KINDS.get(n.kind, n.kind), words.decided_by(n)) for n in result.names],
        disclosure=disclosure.for_issue(units, result.provenance),
        rehearsal=disclosure.is_rehearsal(result.provenance),
        models=", ".join(disclosure.models(result.provenance)),
        labels=words.LABELS,
        meanings=words.LABEL_MEANINGS,
        origins=words.ORIGINS,
        quiet_origins=(Origin.MODEL, Origin.NONE, Origin.RULE, Origin.COPIED),
        review=review,
        archive=archive,
    )


def _title(result: IssueResult) -> str:
    return result.issue.source.name


def _masthead(result: IssueResult) -> str:
    """Return what the page prints as its own name, where segmentation found it."""
    spans = [e.span for e in result.segmentation.ledger if e.owner is Owner.FURNITURE and e.role == "masthead"]
    return " ".join(slice_text(result.issue.text, spans[:1]).split())[:80]


def _tasks(articles: Sequence[screen.Article], anchors: dict[str, str], queue: Sequence[QueueItem]) -> list[Task]:
    by_unit = {a.unit: a for a in articles}
    lines = {line.segment: line for a in articles for line in a.lines()}
    out: list[Task] = []
    for item in queue:
        article = by_unit.get(item.unit)
        if article is None:
            continue
        line = lines.get(item.segment or "")
        anchor = anchors.get(item.segment or "", article.anchor)
        out.append(Task(anchor, item.label, article.number, article.title_en, item.reason, line.en_text if line else ""))
    return out


def _minutes(tasks: Sequence[Task], queue: Sequence[QueueItem]) -> int:
    seconds = sum(item.seconds for item in queue) or _SECONDS_PER_PLACE * len(tasks)
    return -(-seconds // 60)
