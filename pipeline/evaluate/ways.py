"""Our own ways of translating and summarising, for the evaluation: the job's own code on bare lines.

Each line goes through the same first pass, checks and repair as a sentence of an issue; only the
segmentation is left out, because the lines of a test set are already apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.decoding import Job, Loop
from pipeline.desks import summary_desk, translation_desk
from pipeline.engines.base import Message, Reply, Request, Task
from pipeline.evaluate.lines import line_segment
from pipeline.records import (
    Block,
    BlockKind,
    NameEntry,
    Segmentation,
    Sentence,
    Span,
    Summary,
    Translation,
    Unit,
    UnitKind,
)
from pipeline.segment.sentences import boundaries
from pipeline.session import Session
from pipeline.summarise.job import summarise
from pipeline.terms import project
from pipeline.translate import repair
from pipeline.translate.job import first_pass

PLAIN_PROMPT: Final = "Translate the following Chinese text into English. Output only the translation."


def translate(session: Session, lines: Sequence[str]) -> list[Translation]:
    """Translate each line as the job would translate a sentence, with repair within its budget."""
    segments = [line_segment(n, line) for n, line in enumerate(lines)]
    desk = translation_desk(session, _names(session, lines), issue="")
    done = _run(session, [(str(n), first_pass(s, desk)) for n, s in enumerate(segments)])
    first = [done[str(n)] for n in range(len(lines))]
    config = session.config.repair
    again = _run(session, [(str(n), repair.second_pass(first[n], tries, desk)) for n, tries in repair.plan(first, config)])
    return [again.get(str(n), t) for n, t in enumerate(first)]


def projected(session: Session, lines: Sequence[str]) -> list[str]:
    """Each line with known English put into it, as the model gets it; no model runs."""
    names = _names(session, lines)
    return [project(line, session.lexicon, [n for n in names if n.source in line]).text for line in lines]


def translate_plainly(session: Session, lines: Sequence[str]) -> list[str]:
    """One plain prompt a line: no terms, no examples, no grammar, no checks, no second try."""

    def job(line: str) -> Job[str]:
        reply: Reply = yield Request(
            id="",
            task=Task.TRANSLATE,
            text=line,
            messages=(Message(role="system", content=PLAIN_PROMPT), Message(role="user", content=line)),
            max_tokens=512,
        )
        return " ".join(reply.text.split())

    loop: Loop[str] = Loop(session.engine(session.config.translate_engine), session.journal, session.observer)
    for number, line in enumerate(lines):
        loop.submit(str(number), job(line))
    done = dict(loop.run())
    return [done[str(n)] for n in range(len(lines))]


def summaries(session: Session, articles: Sequence[str]) -> list[str]:
    """Summarise each article as the job would; an article too short for a summary stands for itself."""
    desk = summary_desk(session)
    loop: Loop[Summary] = Loop(session.engine(session.summarise_config), session.journal, session.observer)
    for number, article in enumerate(articles):
        loop.submit(str(number), summarise(_unit(number, article), desk))
    done = dict(loop.run())
    return [done[str(n)].text or article for n, article in enumerate(articles)]


def _run(session: Session, jobs: Sequence[tuple[str, Job[Translation]]]) -> dict[str, Translation]:
    loop: Loop[Translation] = Loop(session.engine(session.config.translate_engine), session.journal, session.observer)
    for key, job in jobs:
        loop.submit(key, job)
    return dict(loop.run())


def _names(session: Session, lines: Sequence[str]) -> tuple[NameEntry, ...]:
    segmentation = Segmentation(issue="", units=tuple(_unit(n, line) for n, line in enumerate(lines)), ledger=())
    return session.names(segmentation)


def _unit(number: int, text: str) -> Unit:
    ends = boundaries(text)
    parts = [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    block = Block(
        kind=BlockKind.PARAGRAPH,
        text=text,
        spans=(Span(0, len(text)),),
        sentences=tuple(Sentence(text=p, spans=()) for p in parts if p),
    )
    return Unit(id=str(number), kind=UnitKind.ARTICLE, blocks=(block,))
