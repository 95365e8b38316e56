"""What the jobs of a run need besides their passage, put together from the session."""

from __future__ import annotations

from pipeline import checks
from pipeline.checks import summary as summary_checks
from pipeline.records import NameEntry, Projection
from pipeline.session import Session
from pipeline.summarise.job import Desk as SummaryDesk
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


def translation_desk(session: Session, names: tuple[NameEntry, ...]) -> Desk:
    """For translations of one issue, whose name sheet is given; loads the engine if need be."""
    config = session.config
    engine = session.engine(config.translate_engine)

    def put_in(text: str) -> Projection:
        return Projection(text=text)

    return Desk(
        family=engine.info.family,
        config=config.translate,
        checks_config=config.checks,
        beam=config.translate_engine.beam,
        check=lambda item: checks.run(item, config.checks),
        project=put_in,
        compose=lambda text: None,
        recall=lambda segment: None,
        names=lambda text: tuple(n for n in names if n.source in text),
        count_tokens=engine.count_tokens,
        signature=session.signature("translate"),
    )
