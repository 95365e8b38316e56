"""PROV-JSON, and the line that says a machine wrote this."""

from __future__ import annotations

import io
import json
import zipfile

import msgspec
import pytest
from prov.model import ProvActivity, ProvAgent, ProvDerivation, ProvDocument, ProvEntity

from pipeline.bundle import disclosure, provjson
from pipeline.bundle.formats import FORMATS
from pipeline.bundle.view import views
from pipeline.records import EngineInfo, IssueResult, Origin
from tests.bundle import make


def reviewed() -> IssueResult:
    """A result with one corrected headline, and its article approved."""
    made = make.result()
    unit = made.units[0]
    headline = msgspec.structs.replace(unit.translations[1], target="Water Flows Again", origin=Origin.HUMAN)
    changed = msgspec.structs.replace(unit, translations=(unit.translations[0], headline, *unit.translations[2:]))
    return msgspec.structs.replace(
        made, units=(changed, *made.units[1:]), approvals=(make.approval(made),), corrections=(make.correction(made),)
    )


def parsed(result: IssueResult) -> ProvDocument:
    return ProvDocument.deserialize(content=provjson.render(result).decode(), format="json")


def test_a_prov_library_reads_every_passage_back_to_its_source() -> None:
    made = make.result()
    document = parsed(made)
    passages = {t.segment.id for u in made.units for t in u.translations}
    entities = {e.identifier.localpart for e in document.get_records(ProvEntity)}
    assert {f"passage-{p}" for p in passages} <= entities
    derived = {
        str(d.get_attribute("prov:generatedEntity").pop().localpart): d.get_attribute("prov:usedEntity").pop().localpart
        for d in document.get_records(ProvDerivation)
    }
    for passage in passages:
        at = f"passage-{passage}"
        while at in derived:
            at = derived[at]
        assert at == "source"


def test_models_engines_and_people_are_in_it() -> None:
    document = parsed(reviewed())
    agents = {str(next(iter(a.get_attribute("prov:label")), "")): a for a in document.get_records(ProvAgent)}
    assert {"llamacpp", "A. Editor"} <= set(agents)
    activities = {a.identifier.localpart: a for a in document.get_records(ProvActivity)}
    approval = activities[f"approval-{reviewed().approvals[0].unit}"]
    assert approval.get_startTime().isoformat() == "2031-05-05T08:00:00+00:00"


def test_it_is_stable_and_holds_no_time_of_the_run() -> None:
    assert provjson.render(make.result()) == provjson.render(make.result())
    assert "Time" not in provjson.render(make.result()).decode()


def test_names_that_no_identifier_could_hold_are_labels() -> None:
    made = reviewed()
    who = 'Zhou "陈" <x@y>: }{'
    approval = msgspec.structs.replace(made.approvals[0], who=who)
    document = parsed(msgspec.structs.replace(made, approvals=(approval,)))
    assert who in {str(next(iter(a.get_attribute("prov:label")), "")) for a in document.get_records(ProvAgent)}


def shown(files: dict[str, bytes]) -> str:
    """All that a format's files say, whatever they are packed in."""
    import pyarrow.parquet as pq

    out = []
    for name, data in files.items():
        if name.endswith(".docx"):
            out.append(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode())
        elif name.endswith(".parquet"):
            out.append(json.dumps(pq.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False))
        else:
            out.append(data.decode())
    return "\n".join(out)


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "json"])
def test_every_reader_format_says_it_and_changes_with_approval(name: str) -> None:
    if name == "docx":
        pytest.importorskip("docx", reason="the extra 'docx' is not installed")
    before = shown(FORMATS[name](make.result()))
    after = shown(FORMATS[name](reviewed()))
    assert "small-model" in before and "not reviewed by a person" in before
    assert "approved by A. Editor on 2031-05-05" not in before
    assert "approved by A. Editor on 2031-05-05" in after or "1 of 3 articles approved" in after


def test_the_line_follows_what_people_did() -> None:
    made = make.result()
    plain = disclosure.for_unit(views(made)[0], made.provenance)
    edited = disclosure.for_unit(views(msgspec.structs.replace(reviewed(), approvals=()))[0], made.provenance)
    approved = disclosure.for_unit(views(reviewed())[0], made.provenance)
    assert plain.endswith("not reviewed by a person.")
    assert edited.endswith("1 passage corrected by a person, not yet approved.")
    assert approved.endswith("1 passage corrected by a person, approved by A. Editor on 2031-05-05.")


def test_a_rehearsal_is_never_called_a_translation() -> None:
    made = make.result()
    engine = msgspec.structs.replace(made.provenance.tasks[0].engine, name="rehearsal")
    assert isinstance(engine, EngineInfo)
    tasks = tuple(msgspec.structs.replace(t, engine=engine) for t in made.provenance.tasks)
    provenance = msgspec.structs.replace(made.provenance, tasks=tasks)
    line = disclosure.for_issue(views(made), provenance)
    assert "no model was used" in line and "translation (" not in line
    assert "未使用模型" in disclosure.for_unit_zh(views(made)[0], provenance)
