"""What is worth remembering: an issue's good sentences, and what people corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from pipeline.memory.entries import Entry, Maker, context_of, key_of
from pipeline.records import Correction, CorrectionKind, IssueResult, Label, Origin, Provenance, Segment


def bundle_key(provenance: Provenance) -> str:
    """What shaped a bundle's translations, as it says itself: engine, weights, prompt, settings, terms; empty for none."""
    for task in provenance.tasks:
        if task.task == "translate":
            shaped = msgspec.json.encode(task, order="deterministic").decode()
            return key_of({"task": shaped, "terms": provenance.terms_sha256})
    return ""


def from_result(result: IssueResult, *, recorded: str) -> Iterator[Entry]:
    """The issue's own machine translations that passed every check.

    Args:
        result: a finished issue.
        recorded: UTC, RFC 3339.
    """
    key = bundle_key(result.provenance)
    model = next((t.engine.model.id for t in result.provenance.tasks if t.task == "translate"), "")
    for unit in result.units if key else ():
        for t in unit.translations:
            # A flagged sentence is not remembered.  One in which an editor replaced a name is no longer what the key says.
            own = bool(t.attempts) and t.target == t.attempts[t.chosen].text
            if t.origin is Origin.MODEL and t.label is Label.READ and t.target and own:
                yield Entry(
                    source=t.segment.text,
                    target=t.target,
                    field=t.segment.field.value,
                    maker=Maker.MACHINE,
                    key=key,
                    context=context_of(t.projection.text if t.projection else t.segment.text),
                    who=model,
                    recorded=recorded,
                    issue=result.issue.id,
                    segment=t.segment.id,
                    signature=t.signature,
                )


def from_corrections(corrections: Sequence[Correction], segments: Mapping[str, Segment] | None = None) -> Iterator[Entry]:
    """People's corrections of texts; ``segments`` by id tells which field each was, else its id does."""
    for c in corrections:
        if c.kind is not CorrectionKind.TEXT or not c.segment or not c.after.strip():
            continue
        segment = (segments or {}).get(c.segment)
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
