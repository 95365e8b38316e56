"""``pipeline diff A B``: what two bundles of an issue say differently, sentence by sentence, and why.

Passages are paired by segment id, which derives from the source; where another segmentation gave
other ids, by field and place in the source, then by their Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

import msgspec

from pipeline.records import IssueResult, Label, Origin, Provenance, Record, Translation


class What(StrEnum):
    CHANGED = "changed"
    """Other English."""
    RELABELLED = "relabelled"
    """The same English, another label or origin."""
    ADDED = "added"
    REMOVED = "removed"


class Setting(Record, frozen=True):
    """One fact of the provenance that differs."""

    name: str
    before: str
    after: str


class Change(Record, frozen=True):
    """One passage that differs."""

    what: What
    segment: str
    """Id in the newer bundle; in the older one where it was removed."""
    unit: str
    zh: str
    before: str
    after: str
    label_before: Label | None
    label_after: Label | None
    origin_before: Origin | None
    origin_after: Origin | None


class Diff(Record, frozen=True):
    """Everything that differs between two bundles."""

    same_source: bool
    """Both were made from the same bytes."""
    settings: tuple[Setting, ...]
    changes: tuple[Change, ...]
    """In the reading order of the newer bundle; removed passages last."""
    unchanged: int
    approved_before: int
    approved_after: int


def _passages(result: IssueResult) -> list[Translation]:
    return [t for u in result.units for t in u.translations]


_KEYS: Final[tuple[Callable[[Translation], Hashable], ...]] = (
    lambda t: t.segment.id,
    lambda t: (t.segment.field, t.segment.spans, t.segment.text) if t.segment.spans else None,
    lambda t: (t.segment.field, t.segment.text),
)
"""Ways to recognise a passage, the surest first."""


def _pair(old: Sequence[Translation], new: Sequence[Translation]) -> dict[int, int]:
    """Index in ``new`` to index in ``old``, each used once."""
    pairs: dict[int, int] = {}
    for key in _KEYS:
        free: dict[Hashable, list[int]] = {}
        used = set(pairs.values())
        for number, t in enumerate(old):
            if number not in used:
                free.setdefault(key(t), []).append(number)
        for number, t in enumerate(new):
            name = key(t)
            if number not in pairs and name is not None and free.get(name):
                pairs[number] = free[name].pop(0)
    return pairs


def _change(what: What, old: Translation | None, new: Translation | None) -> Change:
    shown = new or old
    assert shown is not None
    return Change(
        what=what,
        segment=shown.segment.id,
        unit=shown.segment.unit,
        zh=shown.segment.text,
        before=old.target if old else "",
        after=new.target if new else "",
        label_before=old.label if old else None,
        label_after=new.label if new else None,
        origin_before=old.origin if old else None,
        origin_after=new.origin if new else None,
    )


def _flat(value: Any, name: str, out: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flat(inner, f"{name}.{key}" if name else str(key), out)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            pair = isinstance(inner, list | tuple) and len(inner) == 2
            _flat(inner[1] if pair else inner, f"{name}.{inner[0] if pair else number}", out)
    else:
        out[name] = str(value)


def _facts(provenance: Provenance) -> dict[str, str]:
    data = msgspec.to_builtins(provenance)
    data["tasks"] = {task.pop("task"): task for task in data["tasks"]}
    out: dict[str, str] = {}
    _flat(data, "", out)
    return out


def _settings(old: Provenance, new: Provenance) -> tuple[Setting, ...]:
    one, two = _facts(old), _facts(new)
    names = [*one, *(n for n in two if n not in one)]
    return tuple(Setting(name=n, before=one.get(n, ""), after=two.get(n, "")) for n in names if one.get(n) != two.get(n))


def diff(old: IssueResult, new: IssueResult) -> Diff:
    """Compare two results, usually two versions of one issue's bundle."""
    before, after = _passages(old), _passages(new)
    pairs = _pair(before, after)
    changes: list[Change] = []
    unchanged = 0
    for number, t in enumerate(after):
        if number not in pairs:
            changes.append(_change(What.ADDED, None, t))
            continue
        was = before[pairs[number]]
        if was.target != t.target:
            changes.append(_change(What.CHANGED, was, t))
        elif (was.label, was.origin) != (t.label, t.origin):
            changes.append(_change(What.RELABELLED, was, t))
        else:
            unchanged += 1
    used = set(pairs.values())
    changes += [_change(What.REMOVED, t, None) for number, t in enumerate(before) if number not in used]
    return Diff(
        same_source=old.issue.source.sha256 == new.issue.source.sha256,
        settings=_settings(old.provenance, new.provenance),
        changes=tuple(changes),
        unchanged=unchanged,
        approved_before=len(old.approvals),
        approved_after=len(new.approvals),
    )


def words(before: str, after: str) -> str:
    """Both texts in one line: ``[-gone-]`` and ``{+new+}`` around the words that differ."""
    one, two = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    out: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        gone, new = "".join(one[a:b]), "".join(two[c:d])
        if what == "equal":
            out.append(new)
            continue
        space = " " if (new or gone).endswith(" ") else ""
        marked = (f"[-{gone.rstrip()}-]" if gone else "") + (f"{{+{new.rstrip()}+}}" if new else "")
        out.append(marked + space)
    return "".join(out)


def render(found: Diff) -> str:
    """Return a diff as plain lines for an operator."""
    lines: list[str] = []
    if not found.same_source:
        lines.append("The two bundles were made from different files.")
    lines += [f"{s.name}: {s.before or '(none)'} -> {s.after or '(none)'}" for s in found.settings]
    for change in found.changes:
        lines += ["", f"{change.what.value} {change.segment}", f"  {change.zh}"]
        if change.what is What.CHANGED:
            lines.append(f"  {words(change.before, change.after)}")
        elif change.what is not What.RELABELLED:
            lines.append(f"  {'+' if change.what is What.ADDED else '-'} {change.after or change.before}")
        if change.label_before and change.label_after and change.label_before is not change.label_after:
            lines.append(f"  label: {change.label_before.value} -> {change.label_after.value}")
        if change.origin_before and change.origin_after and change.origin_before is not change.origin_after:
            lines.append(f"  origin: {change.origin_before.value} -> {change.origin_after.value}")
    counts = {what: sum(c.what is what for c in found.changes) for what in What}
    said = ", ".join(f"{number} {what.value}" for what, number in counts.items() if number)
    lines += ["", f"{found.unchanged} passages are the same; {said or 'nothing differs'}."]
    if found.approved_before != found.approved_after:
        lines.append(f"Approved articles: {found.approved_before} -> {found.approved_after}.")
    return "\n".join(lines).lstrip("\n")
