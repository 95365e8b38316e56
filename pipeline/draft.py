"""One issue in work: what was read and cut, and the results as they come in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pipeline.config import digest
from pipeline.decoding import Job
from pipeline.desks import summary_desk, translation_desk
from pipeline.errors import InputError
from pipeline.ingest import from_bytes
from pipeline.records import (
    SCHEMA_VERSION,
    Finding,
    Issue,
    IssueResult,
    NameEntry,
    Origin,
    Segment,
    Segmentation,
    Severity,
    SourceFile,
    Summary,
    SummaryStatus,
    Translation,
    Unit,
    UnitResult,
)
from pipeline.segment import segment
from pipeline.segment.overrides import Overrides, beside
from pipeline.segment.overrides import load as load_overrides
from pipeline.session import Session
from pipeline.sources import Source, read
from pipeline.summarise.job import summarise
from pipeline.translate import repair
from pipeline.translate.job import first_pass
from pipeline.translate.segments import segments_of, summary_segments


class Draft:
    """One issue, from bytes to result.  Jobs are keyed by segment or unit id."""

    def __init__(self, source: Source, session: Session) -> None:
        """Read the file and its overrides; nothing is cut or decoded yet.

        Raises:
            InputError: the file cannot be read as a Chinese newspaper page.
            ConfigError: the overrides file is wrong.
        """
        self.label = source.label
        self._session = session
        self.original = read(source, session.config.ingest)
        self.source = SourceFile(name=source.name, size=len(self.original), sha256=hashlib.sha256(self.original).hexdigest())
        self._learned = remembered = ""
        if len(session.learned) or session.memory.people:
            issue = from_bytes(self.source.name, self.original, session.config.ingest)
            self._learned = session.learned_in(issue.text, issue.id)
            remembered = session.memory.held_in(issue.text, issue.id)
        # A member of an archive has no neighbours that an editor could put overrides beside.
        found = beside(Path(source.path)) if not source.member else None
        self._overrides: Overrides | None = load_overrides(found) if found else None
        extra = [part for part in (self._learned, remembered) if part]
        if self._overrides is not None:
            extra.append(digest(self._overrides))
        parts = (session.fingerprint_base, source.name, self.source.sha256, *extra)
        self.fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def cut(self) -> None:
        """Decode, segment, and collect the names.

        Raises:
            InputError: it is no Chinese newspaper page.
        """
        config = self._session.config
        self.issue: Issue = from_bytes(self.source.name, self.original, config.ingest)
        self.segmentation: Segmentation = segment(self.issue, config.segment, self._overrides)
        if not self.segmentation.units:
            raise InputError(
                f"{self.source.name} holds Chinese text, but nothing in it reads as an article.",
                hint="Run 'pipeline segment' on it to see what was made of each line.",
            )
        self.names: tuple[NameEntry, ...] = self._session.names(self.segmentation)
        self.summaries: dict[str, Summary] = {}
        self.translations: dict[str, Translation] = {}
        self.broken: dict[str, Finding] = {}

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.segmentation.units

    # ---------------------------------------------------------------- the three rounds of jobs

    def summary_jobs(self) -> Iterator[tuple[str, Job[Summary]]]:
        """One job a unit."""
        desk = summary_desk(self._session)
        for unit in self.units:
            yield unit.id, summarise(unit, desk)

    def first_jobs(self) -> Iterator[tuple[str, Job[Translation]]]:
        """One job a segment: display lines, sentences, summary sentences."""
        self._desk = translation_desk(self._session, self.names, self.issue.id, self._learned)
        for unit in self.units:
            for item in self._segments(unit):
                yield item.id, first_pass(item, self._desk)

    def repair_jobs(self) -> Iterator[tuple[str, Job[Translation]]]:
        """Jobs for what the checks doubt; call when every first job is done."""
        ordered = [self.translations[s.id] for u in self.units for s in self._segments(u) if s.id in self.translations]
        config = self._session.config.repair
        for index, tries in repair.plan(ordered, config):
            yield ordered[index].segment.id, repair.second_pass(ordered[index], tries, self._desk)

    def _segments(self, unit: Unit) -> tuple[Segment, ...]:
        summary = self.summaries.get(unit.id)
        return (*segments_of(unit), *(summary_segments(summary) if summary else ()))

    # ---------------------------------------------------------------- the outcome

    def result(self) -> IssueResult:
        """Everything made of the issue; what failed is in it as findings."""
        units = tuple(self._unit_result(unit) for unit in self.units)
        recalled = sorted({digest(r) for u in units for t in u.translations for r in t.remembered})
        return IssueResult(
            schema=SCHEMA_VERSION,
            issue=self.issue,
            segmentation=msgspec.structs.replace(self.segmentation, findings=()),
            units=units,
            names=self.names,
            findings=self.segmentation.findings,
            provenance=self._session.provenance(self._learned, digest(recalled) if recalled else ""),
        )

    def _unit_result(self, unit: Unit) -> UnitResult:
        summary = self.summaries.get(unit.id) or Summary(unit=unit.id, status=SummaryStatus.FAILED)
        ids = [s.id for s in self._segments(unit)]
        lost = tuple(self.broken[i] for i in (unit.id, *ids) if i in self.broken)
        return UnitResult(
            unit=unit,
            summary=summary,
            translations=tuple(self.translations[i] for i in ids if i in self.translations),
            findings=lost,
        )

    def keep(self, key: str, made: Summary | Translation) -> None:
        """Take in a job's result."""
        if isinstance(made, Summary):
            self.summaries[key] = made
        else:
            self.translations[key] = made

    def lose(self, key: str, error: Exception) -> None:
        """Record that a job broke; the rest of the issue goes on."""
        unit = key.partition(".")[0]
        self.broken[key] = Finding(
            check="failed",
            severity=Severity.ERROR,
            message=f"This passage could not be processed ({type(error).__name__}: {error}).",
            unit=unit,
            segment=key if "." in key else None,
        )


def failed_units(result: IssueResult) -> int:
    """Units with a passage that could not be processed at all, or whose text has no English."""
    return sum(any(f.check == "failed" for f in u.findings) or any(t.origin is Origin.NONE for t in u.translations) for u in result.units)
