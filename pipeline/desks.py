"""What the jobs of a run need besides their passage, put together from the session."""

from __future__ import annotations

from functools import cache

from pipeline import checks
from pipeline.checks import summary as summary_checks
from pipeline.memory import bundle_key
from pipeline.records import NameEntry, Origin, Projection, Remembered, Segment
from pipeline.session import Session
from pipeline.summarise.job import Desk as SummaryDesk
from pipeline.terms import Figures, compose, project, settled
from pipeline.terms.dateline import read_dateline
from pipeline.translate.job import Desk


def summary_desk(session: Session) -> SummaryDesk:
    """For summaries; loads the engine if need be."""
    engine = session.engine(session.summarise_config)
    config = session.config
    return SummaryDesk(
        family=engine.info.family,
        config=config.summarise,
        limits=engine.limits,
        beam=session.summarise_config.beam,
        check=lambda text, unit: summary_checks.run(text, unit, config.checks),
        support=summary_checks.support,
        count_tokens=engine.count_tokens,
        signature=session.signature("summarise"),
    )


def translation_desk(session: Session, names: tuple[NameEntry, ...], issue: str, learned: str = "") -> Desk:
    """For translations of one issue; loads the engine if need be.

    Args:
        session: settings, engines, tables, memory.
        names: the issue's name sheet.
        issue: its id.
        learned: as ``Session.learned_in`` gives it.
    """
    config = session.config
    engine = session.engine(config.translate_engine)

    lexicon, memory = session.lexicon, session.memory

    def put_in(text: str, every_number: bool) -> Projection:
        if not config.terms.project:
            return Projection(text=text)
        return project(text, lexicon, relevant(text), figures=Figures.ALL if every_number else Figures.HARD)

    def relevant(text: str) -> tuple[NameEntry, ...]:
        return tuple(n for n in names if n.source in text)

    @cache
    def key() -> str:
        return bundle_key(session.provenance(learned))

    def recall(segment: Segment) -> tuple[Origin, Remembered] | None:
        return memory.recall(segment, issue, key=key, projected=lambda: put_in(segment.text, False).text)

    return Desk(
        family=engine.info.family,
        config=config.translate,
        beam=config.translate_engine.beam,
        check=lambda item: checks.run(item, config.checks, lexicon),
        remedy=lambda finding: checks.remedy(finding, lexicon),
        project=put_in,
        settled=lambda text: settled(text, lexicon),
        compose=lambda text: compose(text, lexicon, relevant(text)),
        recall=recall,
        similar=memory.similar,
        show_similar=config.memory.examples,
        dateline=lambda text: read_dateline(text, lexicon, relevant(text)),
        names=relevant,
        count_tokens=engine.count_tokens,
        signature=session.signature("translate"),
    )
