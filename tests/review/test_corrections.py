"""Corrections change what they name and nothing else, and none that was acknowledged is lost."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bundle import corrections
from pipeline.records import Correction, CorrectionKind, IssueResult, Label, Origin, Translation, decode, encode
from tests.bundle.sample import sample

WHEN = "2026-04-17T09:10:00Z"


def made(kind: CorrectionKind, **fields: str) -> Correction:
    return Correction(**{"kind": kind, "issue": sample().issue.id, "who": "M. Osei", "when": WHEN, **fields})  # type: ignore[arg-type]


def line(result: IssueResult, zh: str) -> Translation:
    return next(t for u in result.units for t in u.translations if zh in t.segment.text)


def text(result: IssueResult, zh: str, after: str) -> Correction:
    t = line(result, zh)
    return made(CorrectionKind.TEXT, unit=t.segment.unit, segment=t.segment.id, source=t.segment.text, before=t.target, after=after)


def changed(a: IssueResult, b: IssueResult) -> set[str]:
    old = {t.segment.id: t for u in a.units for t in u.translations}
    return {t.segment.id for u in b.units for t in u.translations if old[t.segment.id] != t}


def test_a_text_correction_changes_one_passage() -> None:
    result = sample()
    wish = text(result, "不会低于", "Once it is finished, the area will be no less than 120,000 mu.")
    after = corrections.apply(result, [wish])
    assert changed(result, after) == {wish.segment}
    t = line(after, "不会低于")
    assert (t.target, t.origin, t.label) == (wish.after, Origin.HUMAN, Label.READ)
    assert [f.check for f in t.findings] == ["corrected"]
    assert t.attempts == line(result, "不会低于").attempts
    assert after.corrections == (wish,)


def test_a_name_changes_wherever_its_chinese_and_the_old_english_stand() -> None:
    result = sample()
    wish = made(CorrectionKind.NAME, source="石桥镇", before="Shiqiao Town", after="Shiqiao Township")
    after = corrections.apply(result, [wish])
    assert len(changed(result, after)) == 3
    assert all("Shiqiao Town " not in t.target for u in after.units for t in u.translations if "石桥镇" in t.segment.text)
    entry = next(n for n in after.names if n.source == "石桥镇")
    assert (entry.target, entry.decided_by, entry.flagged) == ("Shiqiao Township", "human", False)
    assert {t.origin for u in after.units for t in u.translations if t.segment.id in changed(result, after)} == {Origin.MODEL}
    again = corrections.apply(after, [msgspec.structs.replace(wish, before="Shiqiao Town", when="2026-04-18T00:00:00Z")])
    assert again is after, "Shiqiao Township does not hold the word Town"


def test_a_verified_name_clears_what_the_check_said_of_it() -> None:
    result = sample()
    assert line(result, "本报通讯员").label is Label.CHECK
    after = corrections.apply(result, [made(CorrectionKind.NAME, source="阿依夏木·热合曼", before="Ayshem Rahman", after="Ayxem Rehman")])
    assert line(after, "本报通讯员").target == "Correspondent Ayxem Rehman"
    assert line(after, "本报通讯员").label is Label.READ


def test_approval_lasts_until_the_article_changes() -> None:
    result = sample()
    wish = text(result, "不会低于", "No less than 120,000 mu.")
    approve = made(CorrectionKind.APPROVAL, unit=str(wish.unit))
    other = made(CorrectionKind.APPROVAL, unit=result.units[1].unit.id)
    after = corrections.apply(result, [approve, other])
    assert {a.unit for a in after.approvals} == {wish.unit, other.unit}
    after = corrections.apply(after, [wish])
    assert {a.unit for a in after.approvals} == {other.unit}
    after = corrections.apply(after, [made(CorrectionKind.WITHDRAWAL, unit=str(other.unit))])
    assert after.approvals == ()


def test_what_does_not_fit_changes_nothing() -> None:
    result = sample()
    fits = text(result, "不会低于", "x")
    for wish in (
        msgspec.structs.replace(fits, issue="0" * 16),
        msgspec.structs.replace(fits, source="别的句子。"),
        msgspec.structs.replace(fits, segment="nowhere"),
        msgspec.structs.replace(fits, unit=None),
        made(CorrectionKind.TERM, source="", before="", after="x"),
        made(CorrectionKind.NAME, source="石桥镇", before="Not There", after="石桥"),
        made(CorrectionKind.APPROVAL, unit="nowhere"),
    ):
        after = corrections.apply(result, [wish])
        assert after.units == result.units, wish
        assert after.approvals == ()


def test_applying_again_changes_nothing() -> None:
    result = sample()
    wishes = [text(result, "不会低于", "x"), made(CorrectionKind.APPROVAL, unit=result.units[0].unit.id)]
    once = corrections.apply(result, wishes)
    assert corrections.apply(once, wishes) is once
    assert decode(encode(once), IssueResult) == once


def test_a_rerun_takes_the_edits_back_but_not_the_approval() -> None:
    result = sample()
    wish = text(result, "不会低于", "x")
    again = corrections.reapply(result, [wish, made(CorrectionKind.APPROVAL, unit=str(wish.unit))])
    assert line(again, "不会低于").target == "x"
    assert again.approvals == ()


_WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)  # the disk sets the pace
@given(st.lists(st.tuples(_WORD, _WORD), max_size=6))
def test_everything_saved_is_read_back(tmp_path_factory, pairs) -> None:  # type: ignore[no-untyped-def]
    outputs = tmp_path_factory.mktemp("desk")
    wishes = [made(CorrectionKind.NAME, source=zh, before="x", after=en) for zh, en in pairs]
    for wish in wishes:
        corrections.save(outputs, [wish])
    assert corrections.load(outputs) == (tuple(wishes), 0)
    table = corrections.term_table(wishes).decode()
    lines = table.splitlines() if not any(c in table for c in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r") else table.rstrip("\n").split("\n")
    assert all(len(row.split("\t")) == 5 for row in lines[1:])


def test_a_line_cut_short_by_a_crash_spoils_no_other(tmp_path: Path) -> None:
    one, two = (made(CorrectionKind.TERM, source=zh, before="x", after=zh) for zh in ("滴灌", "阀门"))
    corrections.save(tmp_path, [one])
    with (tmp_path / corrections.STORE).open("ab") as stream:
        stream.write(b'{"kind":"term","iss')
    corrections.save(tmp_path, [two])
    assert corrections.load(tmp_path) == ((one, two), 1)


def test_the_term_table_holds_what_was_set_last(tmp_path: Path) -> None:
    corrections.save(tmp_path, [made(CorrectionKind.TERM, source="滴灌", before="x", after="trickle watering")])
    corrections.save(tmp_path, [made(CorrectionKind.TERM, source="滴灌", before="x", after="drip\tirrigation")])
    corrections.save(tmp_path, [made(CorrectionKind.NAME, source="石桥镇", before="x", after="Shiqiao Town", name_kind="place")])
    with (tmp_path / corrections.TERMS).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader((line for line in stream if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows == [
        ["zh", "en", "kind", "source", "note"],
        ["滴灌", "drip irrigation", "term", f"review of {sample().issue.id} 2026-04-17", "set by M. Osei"],
        ["石桥镇", "Shiqiao Town", "place", f"review of {sample().issue.id} 2026-04-17", "set by M. Osei"],
    ]
