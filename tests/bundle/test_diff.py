"""What changed between two bundles, sentence by sentence."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bundle.diff import What, diff, render, words
from pipeline.records import IssueResult, Label, Origin, Translation
from tests.bundle import make


def change(made: IssueResult, unit: int, number: int, **fields: object) -> IssueResult:
    old = made.units[unit]
    new = msgspec.structs.replace(old.translations[number], **fields)
    translations = (*old.translations[:number], new, *old.translations[number + 1 :])
    units = (*made.units[:unit], msgspec.structs.replace(old, translations=translations), *made.units[unit + 1 :])
    return msgspec.structs.replace(made, units=units)


def test_a_bundle_does_not_differ_from_itself() -> None:
    found = diff(make.result(), make.result())
    assert found.changes == () and found.settings == () and found.same_source
    assert found.unchanged == sum(len(u.translations) for u in make.result().units)
    assert "nothing differs" in render(found)


def test_a_changed_sentence_is_shown_word_by_word() -> None:
    made = make.result()
    found = diff(made, change(made, 0, 2, target="The new canal in Yunxi County opened today.", origin=Origin.HUMAN))
    (only,) = found.changes
    assert only.what is What.CHANGED and only.zh == "云溪县新修的水渠昨日通水。"
    text = render(found)
    assert "The new canal in Yunxi County opened [-yesterday.-]{+today.+}" in text
    assert "origin: model -> human" in text


def test_a_label_alone_is_a_change_too() -> None:
    made = make.result()
    found = diff(made, change(made, 1, 1, label=Label.DONT_QUOTE))
    assert [c.what for c in found.changes] == [What.RELABELLED]
    assert "label: read -> dont_quote" in render(found)


def test_settings_that_differ_are_named() -> None:
    made = make.result()
    engine = msgspec.structs.replace(made.provenance.tasks[0].engine, settings=(("beam", "4"),))
    task = msgspec.structs.replace(made.provenance.tasks[0], engine=engine)
    new = make.provenance(config_sha256="77" * 32, tasks=(task, made.provenance.tasks[1]))
    found = diff(made, msgspec.structs.replace(made, provenance=new))
    assert {s.name for s in found.settings} == {"config_sha256", "tasks.translate.engine.settings.beam"}
    assert "tasks.translate.engine.settings.beam: 1 -> 4" in render(found)


def test_added_and_removed_passages() -> None:
    made = make.result(3)
    shorter = msgspec.structs.replace(made, units=made.units[:2])
    assert {c.what for c in diff(made, shorter).changes} == {What.REMOVED}
    assert {c.what for c in diff(shorter, made).changes} == {What.ADDED}


def test_passages_are_found_again_under_other_ids() -> None:
    made = make.result()

    def renamed(t: Translation) -> Translation:
        segment = msgspec.structs.replace(t.segment, id="new." + t.segment.id, unit="new")
        return msgspec.structs.replace(t, segment=segment)

    units = tuple(msgspec.structs.replace(u, translations=tuple(map(renamed, u.translations))) for u in made.units)
    found = diff(made, msgspec.structs.replace(made, units=units))
    assert found.changes == ()


def test_a_sentence_that_stands_twice_is_paired_in_order() -> None:
    made = make.result(6)  # the articles repeat
    found = diff(made, change(made, 3, 2, target="Only the second one."))
    assert [c.unit for c in found.changes] == [made.units[3].unit.id]


def test_other_sources_are_named() -> None:
    assert "made from different files" in render(diff(make.result(2), make.result(3)))


WORDS = st.lists(st.sampled_from(["the", "canal", "opened", "12", "not", "yesterday."]), max_size=12).map(" ".join)


@given(before=WORDS, after=WORDS)
def test_marked_words_hold_both_texts(before: str, after: str) -> None:
    marked = words(before, after)
    new = marked
    old = marked
    for opening, closing, keep_old in (("[-", "-]", True), ("{+", "+}", False)):
        parts_old, parts_new = [], []
        for text, out, keep in ((old, parts_old, keep_old), (new, parts_new, not keep_old)):
            rest = text
            while opening in rest:
                head, _, rest = rest.partition(opening)
                inside, _, rest = rest.partition(closing)
                out.append(head + (inside + " " if keep else ""))
            out.append(rest)
        old, new = "".join(parts_old), "".join(parts_new)
    assert old.split() == before.split()
    assert new.split() == after.split()
