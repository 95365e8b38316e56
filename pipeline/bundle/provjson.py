"""``provenance.json``: the bundle's provenance as W3C PROV, in PROV-JSON.

Entities are the issue file, the models, the tables and every passage; activities are the tasks and
what editors did; agents are the pipeline, the engines and people.  Times of the run are left out, so
that equal inputs give equal bytes; ``volatile.json`` and the attestation have them.

Sources: W3C PROV-DM (Recommendation, 2013) and the PROV-JSON member submission (2013).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pipeline.records import Correction, CorrectionKind, Field, IssueResult, Origin, TaskProvenance, Translation

if TYPE_CHECKING:
    from prov.model import ProvDocument

NAMESPACE: Final = "urn:x-newsdesk-pipeline:prov:"
VOCABULARY: Final = "urn:x-newsdesk-pipeline:terms:"


def _task_of(translation: Translation) -> str:
    # A summary sentence's English is translated like any other; its Chinese is the summary entity.
    return {Origin.HUMAN: "edit", Origin.MODEL: "translate"}.get(translation.origin, "compose")


def _local(name: str) -> str:
    """``name`` as the local part of a qualified name."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


class _Document:
    """Builds one PROV document; a class only because every step adds to the same one."""

    def __init__(self, result: IssueResult) -> None:
        # Imported here: a run that writes no bundle must not pay for it.
        from prov.model import ProvDocument

        self.result = result
        self.doc: ProvDocument = ProvDocument()
        self.doc.add_namespace("issue", f"{NAMESPACE}{result.issue.id}:")
        self.doc.add_namespace("nd", VOCABULARY)
        self.people: dict[str, str] = {}

    def build(self) -> None:
        r = self.result
        source = r.issue.source
        self.doc.entity(
            "issue:source",
            {"prov:label": source.name, "nd:sha256": source.sha256, "nd:size": source.size, "nd:encoding": source.encoding},
        )
        self.doc.entity("issue:configuration", {"prov:type": "prov:Plan", "nd:sha256": r.provenance.config_sha256})
        self.doc.entity("issue:terms", {"nd:sha256": r.provenance.terms_sha256})
        if r.provenance.memory_sha256:
            self.doc.entity("issue:memory", {"nd:sha256": r.provenance.memory_sha256})
        self.doc.agent(
            "issue:pipeline",
            {
                "prov:type": "prov:SoftwareAgent",
                "nd:version": r.provenance.pipeline_version,
                "nd:revision": r.provenance.code_revision,
                "nd:dirty": r.provenance.code_dirty,
            },
        )
        self._activity("compose", {})
        for task in r.provenance.tasks:
            self._task(task)
        if "translate" not in {t.task for t in r.provenance.tasks}:
            self._activity("translate", {})
        if "summarise" not in {t.task for t in r.provenance.tasks}:
            self._activity("summarise", {})
        if r.provenance.memory_sha256:
            self.doc.used("issue:translate", "issue:memory")
        self._units()
        self._people()

    def _activity(self, name: str, attributes: dict[str, Any]) -> None:
        activity = f"issue:{name}"
        self.doc.activity(activity, other_attributes=attributes)
        self.doc.used(activity, "issue:source")
        self.doc.used(activity, "issue:terms")
        self.doc.wasAssociatedWith(activity, "issue:pipeline", "issue:configuration")

    def _task(self, task: TaskProvenance) -> None:
        engine, model = task.engine, task.engine.model
        self._activity(
            task.task,
            {"nd:prompt_sha256": task.prompt_sha256, "nd:config_sha256": task.config_sha256, "nd:signature": task.signature},
        )
        self.doc.entity(
            f"issue:model-{task.task}",
            {"prov:label": model.id, "nd:revision": model.revision, "nd:sha256": model.sha256, "nd:licence": model.licence},
        )
        versions: dict[str, Any] = {f"nd:version-{_local(name)}": version for name, version in engine.versions}
        settings: dict[str, Any] = {f"nd:setting-{_local(name)}": value for name, value in engine.settings}
        label: dict[str, Any] = {"prov:type": "prov:SoftwareAgent", "prov:label": engine.name, "nd:family": engine.family}
        self.doc.agent(f"issue:engine-{task.task}", label | versions | settings)
        self.doc.used(f"issue:{task.task}", f"issue:model-{task.task}")
        self.doc.wasAssociatedWith(f"issue:{task.task}", f"issue:engine-{task.task}")

    def _units(self) -> None:
        edits = {c.segment: c for c in self.result.corrections if c.kind is CorrectionKind.TEXT}
        for unit in self.result.units:
            summary = f"issue:summary-{unit.unit.id}"
            if unit.summary.text:
                self.doc.entity(summary, {"nd:signature": unit.summary.signature})
                self.doc.wasGeneratedBy(summary, "issue:summarise")
                self.doc.wasDerivedFrom(summary, "issue:source", activity="issue:summarise")
            for t in unit.translations:
                self._passage(t, summary if t.segment.field is Field.SUMMARY else "issue:source", edits.get(t.segment.id))

    def _passage(self, t: Translation, origin: str, edit: Correction | None) -> None:
        name = f"issue:passage-{t.segment.id}"
        spans = " ".join(f"{s.start}-{s.end}" for s in t.segment.spans)
        self.doc.entity(name, {"nd:origin": t.origin.value, "nd:label": t.label.value, "nd:spans": spans})
        if t.origin is Origin.HUMAN:
            who = edit.who if edit is not None else t.remembered[0].who if t.remembered else ""
            if who:
                self.doc.wasAttributedTo(name, self._person(who))
        elif t.origin is not Origin.NONE:
            self.doc.wasGeneratedBy(name, f"issue:{_task_of(t)}")
        self.doc.wasDerivedFrom(name, origin)

    def _person(self, who: str) -> str:
        if who not in self.people:
            # Numbered, because a name may hold what an identifier may not.
            self.people[who] = f"issue:person-{len(self.people) + 1}"
            self.doc.agent(self.people[who], {"prov:type": "prov:Person", "prov:label": who})
        return self.people[who]

    def _people(self) -> None:
        for approval in self.result.approvals:
            unit = f"issue:unit-{approval.unit}"
            activity = f"issue:approval-{approval.unit}"
            self.doc.entity(unit)
            self.doc.activity(activity, startTime=approval.when, endTime=approval.when)
            self.doc.used(activity, unit)
            self.doc.wasAssociatedWith(activity, self._person(approval.who))


def render(result: IssueResult) -> bytes:
    """Return the issue's provenance as PROV-JSON, stable for equal input."""
    document = _Document(result)
    document.build()
    data = msgspec.json.decode(document.doc.serialize(format="json") or "{}")
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=1) + b"\n"
