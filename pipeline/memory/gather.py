"""What is worth remembering: an issue's good sentences, and what people corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.memory.store import Entry, Maker
from pipeline.records import Correction, CorrectionKind, IssueResult, Label, Origin, Segment


def from_result(result: IssueResult, key: str, *, recorded: str) -> Iterator[Entry]:
    """The issue's own machine translations that passed every check.

    Args:
        result: a finished issue.
        key: ``key_of`` everything that shaped its translations.
        recorded: UTC, RFC 3339.
    """
    model = next((t.engine.model.id for t in result.provenance.tasks if t.task == "translate"), "")
    for unit in result.units:
        for t in unit.translations:
            # A flagged sentence is not remembered: once served, nothing would flag it again.
            if t.origin is Origin.MODEL and t.label is Label.READ and t.target:
                yield Entry(
                    source=t.segment.text,
                    target=t.target,
                    field=t.segment.field.value,
                    maker=Maker.MACHINE,
                    key=key,
                    who=model,
                    recorded=recorded,
                    issue=result.issue.id,
                    segment=t.segment.id,
                    signature=t.signature,
                )


def from_corrections(corrections: Sequence[Correction], segments: Mapping[str, Segment]) -> Iterator[Entry]:
    """People's corrections of texts; ``segments`` by id tells which field each was."""
    for c in corrections:
        if c.kind is not CorrectionKind.TEXT or not c.segment or not c.after.strip():
            continue
        segment = segments.get(c.segment)
        source = segment.text if segment is not None else c.source
        field = segment.field.value if segment is not None else c.segment.split(".")[1] if c.segment.count(".") >= 2 else ""
        if source and field:
            yield Entry(
                source=source,
                target=c.after,
                field=field,
                maker=Maker.HUMAN,
                who=c.who,
                recorded=c.when,
                issue=c.issue,
                segment=c.segment,
            )
