"""XLIFF: valid, readable by another program, and brought back as corrections for edited sentences only."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.bundle import xliff, xliff_back
from pipeline.errors import InputError
from pipeline.records import CorrectionKind, IssueResult, Origin
from tests.bundle import make

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / "xliff-2.1.rng"))
PUBLISHED = Path("/usr/share/php/Symfony/Component/Translation/Resources/schemas")
WHO, WHEN = "A. Editor", "2031-05-05T08:00:00Z"
SEGMENT = f".//{{{xliff.NS}}}segment"
TARGET = f"{{{xliff.NS}}}target"


def with_target(made: IssueResult, number: int, text: str, **changes: object) -> IssueResult:
    """``made`` with another English for one passage of its first unit."""
    unit = made.units[0]
    old = unit.translations[number]
    new = msgspec.structs.replace(old, target=text, **changes)
    translations = (*unit.translations[:number], new, *unit.translations[number + 1 :])
    return msgspec.structs.replace(made, units=(msgspec.structs.replace(unit, translations=translations), *made.units[1:]))


def edit(data: bytes, edits: dict[str, str | None]) -> bytes:
    """What a translation tool saves after somebody changed some targets (``None`` removes one)."""
    root = etree.fromstring(data)
    for segment in root.iterfind(SEGMENT):
        if segment.get("id") in edits:
            target = segment.find(TARGET)
            text = edits[segment.get("id")]
            if text is None:
                segment.remove(target)
            else:
                target.text = text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def back(made: IssueResult, data: bytes) -> xliff_back.Returned:
    return xliff_back.corrections(made, data, who=WHO, when=WHEN)


def test_valid_against_the_rules_of_the_standard() -> None:
    made = make.result()
    for result in (made, msgspec.structs.replace(made, approvals=(make.approval(made),)), msgspec.structs.replace(made, units=())):
        SCHEMA.assertValid(etree.fromstring(xliff.render(result)))


def test_valid_against_the_published_core_schema(tmp_path: Path) -> None:
    if not (PUBLISHED / "xliff-core-2.0.xsd").exists():
        pytest.skip("the XLIFF core schema is not installed (Debian: php-symfony-translation)")
    text = (PUBLISHED / "xliff-core-2.0.xsd").read_text()
    text = text.replace("informativeCopiesOf3rdPartySchemas/w3c/xml.xsd", (PUBLISHED / "xml.xsd").as_uri())
    (tmp_path / "core.xsd").write_text(text)
    etree.XMLSchema(etree.parse(tmp_path / "core.xsd")).assertValid(etree.fromstring(xliff.render(make.result())))


def test_ids_are_unique_and_matches_point_at_segments_of_their_unit() -> None:
    root = etree.fromstring(xliff.render(make.result()))
    units = [u.get("id") for u in root.iter(f"{{{xliff.NS}}}unit")]
    assert len(units) == len(set(units))
    matches = 0
    for unit in root.iter(f"{{{xliff.NS}}}unit"):
        segments = [s.get("id") for s in unit.iterfind(f"{{{xliff.NS}}}segment")]
        assert len(segments) == len(set(segments))
        for match in unit.iter(f"{{{xliff.MATCHES}}}match"):
            matches += 1
            assert match.get("ref").removeprefix("#") in segments
    assert matches == 7


def test_another_program_reads_it() -> None:
    xliff2 = pytest.importorskip("translate.storage.xliff2", reason="translate-toolkit is not installed")
    made = make.result()
    store = xliff2.Xliff2File.parsestring(xliff.render(made))
    found = {(u.source, u.target) for u in store.units}
    assert found == {(t.segment.text, t.target) for u in made.units for t in u.translations}


def test_an_unedited_file_asks_for_nothing() -> None:
    made = make.result()
    returned = back(made, xliff.render(made))
    assert returned == xliff_back.Returned(corrections=(), conflicts=(), unknown=(), unusable=())


def test_only_the_edited_sentences_come_back() -> None:
    made = make.result()
    first, second = made.units[0].translations[3], made.units[2].translations[2]
    data = edit(xliff.render(made), {first.segment.id: "The canal is 12 km long.", second.segment.id: "The old tea factory is a museum."})
    returned = back(made, data)
    assert [(c.segment, c.before, c.after, c.who, c.when, c.via) for c in returned.corrections] == [
        (first.segment.id, first.target, "The canal is 12 km long.", WHO, WHEN, "xliff"),
        (second.segment.id, second.target, "The old tea factory is a museum.", WHO, WHEN, "xliff"),
    ]
    assert not returned.conflicts and not returned.unusable


def test_reflowed_white_space_and_inline_marks_are_no_edits() -> None:
    made = make.result()
    data = xliff.render(made).replace(b"<target>The new canal", b'<target>\n      The <mrk id="m1" type="term">new</mrk>\n canal')
    assert back(made, data).corrections == ()


def test_an_edit_made_in_a_tool_survives_that_tool() -> None:
    xliff2 = pytest.importorskip("translate.storage.xliff2", reason="translate-toolkit is not installed")
    made = make.result()
    store = xliff2.Xliff2File.parsestring(xliff.render(made))
    unit = next(u for u in store.units if u.target.startswith("From this week"))
    unit.target = "The library is open longer."
    returned = back(made, bytes(store))
    assert [c.after for c in returned.corrections] == ["The library is open longer."]


def test_a_sentence_edited_on_both_sides_is_a_conflict_not_a_loss() -> None:
    made = make.result()
    sentence = made.units[0].translations[2]
    data = edit(xliff.render(made), {sentence.segment.id: "From the file."})
    now = with_target(made, 2, "From the review page.", origin=Origin.HUMAN)
    returned = back(now, data)
    assert returned.corrections == ()
    assert [(c.correction.before, c.correction.after) for c in returned.conflicts] == [("From the review page.", "From the file.")]


def test_an_old_file_does_not_undo_what_was_corrected_since() -> None:
    made = make.result()
    now = with_target(made, 2, "Corrected since.", origin=Origin.HUMAN)
    returned = back(now, xliff.render(made))
    assert returned.corrections == () and returned.conflicts == ()


def test_changed_chinese_and_emptied_english_are_reported_and_not_taken() -> None:
    made = make.result()
    one, two = made.units[0].translations[2], made.units[0].translations[3]
    data = edit(xliff.render(made), {one.segment.id: "Edited.", two.segment.id: None})
    source = one.segment.text.encode()
    data = re.sub(rb"<source>" + source + rb"(</source>\s*<target>Edited)", rb"<source>" + "别的".encode() + rb"\1", data)
    returned = back(made, data)
    assert returned.corrections == ()
    assert set(returned.unusable) == {one.segment.id, two.segment.id}


def test_segments_of_another_bundle_are_named() -> None:
    made = make.result()
    data = xliff.render(made).replace(f'<segment id="{made.units[0].translations[2].segment.id}"'.encode(), b'<segment id="elsewhere"')
    assert back(made, data).unknown == ("elsewhere",)


def test_an_edited_glossary_entry_is_a_correction_of_the_name_once() -> None:
    made = make.result(6)  # the first article stands in it twice
    data = xliff.render(made)
    assert data.count(b">Lin Qiuhe</gls:translation>") == 2
    returned = back(made, data.replace(b">Lin Qiuhe</gls:translation>", b">Lin Qiu-he</gls:translation>"))
    (only,) = returned.corrections
    assert (only.kind, only.source, only.before, only.after) == (CorrectionKind.NAME, "林秋禾", "Lin Qiuhe", "Lin Qiu-he")
    assert only.unit is None and only.segment is None and only.via == "xliff"
    assert returned.conflicts == ()


def test_a_term_edited_in_the_glossary_is_a_correction_too() -> None:
    made = make.result(1)
    returned = back(made, xliff.render(made).replace(b">x</gls:translation>", b">irrigation canal</gls:translation>"))
    assert [(c.kind, c.source, c.after) for c in returned.corrections] == [(CorrectionKind.TERM, "水渠", "irrigation canal")]


def test_a_name_edited_in_two_ways_or_on_both_sides_is_a_conflict() -> None:
    made = make.result(6)
    data = xliff.render(made)
    twice = data.replace(b">Lin Qiuhe</gls:translation>", b">Lin One</gls:translation>", 1)
    twice = twice.replace(b">Lin Qiuhe</gls:translation>", b">Lin Two</gls:translation>", 1)
    returned = back(made, twice)
    assert [c.after for c in returned.corrections] == ["Lin One"]
    assert [c.correction.after for c in returned.conflicts] == ["Lin Two"]
    since = msgspec.structs.replace(made, names=(msgspec.structs.replace(made.names[0], target="Lin Q. H."),))
    assert back(since, data) == xliff_back.Returned(corrections=(), conflicts=(), unknown=(), unusable=())
    edited = back(since, data.replace(b">Lin Qiuhe</gls:translation>", b">Lin Other</gls:translation>"))
    assert edited.corrections == ()
    assert {c.correction.after for c in edited.conflicts} == {"Lin Other"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"not xml", "not well-formed"),
        (b"<xliff version='1.2'/>", "no XLIFF 2 file"),
        (b"<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0'><file id='issue-0'/></xliff>", "another issue"),
        (b"<!DOCTYPE xliff [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><xliff>&x;</xliff>", "document type"),
        (b"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><xliff>&b;</xliff>", "document type"),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        back(make.result(1), data)


def test_late_document_types_are_refused_too() -> None:
    data = b"<!--" + b" " * 5000 + b"--><!DOCTYPE x [<!ENTITY e 'f'>]><xliff>&e;</xliff>"
    with pytest.raises(InputError, match="document type"):
        back(make.result(1), data)


@settings(max_examples=150, deadline=None)
@given(text=st.text(min_size=1).map(lambda s: s.encode("utf-8", "ignore").decode()).filter(str.strip))
def test_any_text_survives_the_round_trip(text: str) -> None:
    made = with_target(make.result(1), 2, text)
    data = xliff.render(made)
    SCHEMA.assertValid(etree.fromstring(data))
    assert back(made, data) == xliff_back.Returned(corrections=(), conflicts=(), unknown=(), unusable=())
    # The file says what the bundle says: to another bundle it is an edit with exactly that text.
    stripped = edit(data, {})
    other = with_target(make.result(1), 2, "Other words entirely, so that it differs.")
    for base in etree.fromstring(stripped).iter(f"{{{xliff.METADATA}}}meta"):
        assert base.get("type")
    returned = back(other, stripped.replace(b'type="base"', b'type="was"'))
    assert [c.after for c in returned.corrections] == [" ".join(text.split())]
