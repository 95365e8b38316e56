"""The line that says a machine wrote this, and what people did about it.

Every reader format carries it.  It changes when a person edits a passage and again when a person
approves the article, so a printed or forwarded copy states what it was when it left.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.bundle.view import UnitView, plain
from pipeline.records import Provenance

REHEARSAL_ENGINE = "rehearsal"


def models(provenance: Provenance) -> tuple[str, ...]:
    """Model ids that took part, in task order, each once."""
    return tuple(dict.fromkeys(t.engine.model.id for t in provenance.tasks))


def is_rehearsal(provenance: Provenance) -> bool:
    return any(t.engine.name == REHEARSAL_ENGINE for t in provenance.tasks)


def _made_by(provenance: Provenance) -> str:
    if is_rehearsal(provenance):
        return "Rehearsal output: no model was used, and the English is a placeholder"
    names = " and ".join(plain(m) for m in models(provenance)) or "an unnamed model"
    return f"Machine-made summary and translation ({names})"


def for_unit(view: UnitView, provenance: Provenance) -> str:
    """One article's line in English."""
    edits = f"{view.edited} passage{'s' if view.edited != 1 else ''} corrected by a person"
    if view.approval is not None:
        approved = f"approved by {plain(view.approval.who)} on {view.approval.when[:10]}"
        return f"{_made_by(provenance)}; {f'{edits}, ' if view.edited else ''}{approved}."
    if view.edited:
        return f"{_made_by(provenance)}; {edits}, not yet approved."
    return f"{_made_by(provenance)}; not reviewed by a person."


def for_unit_zh(view: UnitView, provenance: Provenance) -> str:
    """One article's line in Chinese, for the Chinese item of a news feed."""
    names = "、".join(plain(m) for m in models(provenance))
    made = "演练输出，未使用模型" if is_rehearsal(provenance) else f"摘要与译文由机器生成（{names}）"
    if view.approval is not None:
        return f"{made}；已由{plain(view.approval.who)}于{view.approval.when[:10]}审核。"
    return f"{made}；{f'{view.edited}处经人工修改，' if view.edited else ''}未经人工审核。"


def for_issue(units: Iterable[UnitView], provenance: Provenance) -> str:
    """The whole issue's line in English."""
    all_units = tuple(units)
    approved = sum(v.approval is not None for v in all_units)
    edits = sum(v.edited for v in all_units)
    if approved:
        state = f"{approved} of {len(all_units)} articles approved by a person"
    else:
        state = "not reviewed by a person" if not edits else "no article approved yet"
    corrected = f"{edits} passage{'s' if edits != 1 else ''} corrected by a person, " if edits else ""
    return f"{_made_by(provenance)}; {corrected}{state}."
