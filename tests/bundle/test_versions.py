"""A rerun supersedes; it does not overwrite."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline import bundle
from pipeline.bundle.verify import verify
from pipeline.bundle.versions import FOLDER, history
from pipeline.config import BundleConfig
from pipeline.records import IssueResult, Origin
from tests.bundle import make

TEXTUAL = BundleConfig(formats=("json", "markdown"))


def edited(made: IssueResult, text: str) -> IssueResult:
    unit = made.units[0]
    headline = msgspec.structs.replace(unit.translations[1], target=text, origin=Origin.HUMAN)
    changed = msgspec.structs.replace(unit, translations=(unit.translations[0], headline, *unit.translations[2:]))
    return msgspec.structs.replace(made, units=(changed, *made.units[1:]), corrections=(make.correction(made),))


def test_a_rerun_with_other_settings_keeps_the_old_bundle_verifiable(tmp_path: Path) -> None:
    old = make.result()
    new = make.result(provenance=make.provenance(config_sha256="77" * 32))
    folder = bundle.write(old, make.volatile(), tmp_path, TEXTUAL, fingerprint="a" * 64)
    bundle.write(new, make.volatile(), tmp_path, TEXTUAL, fingerprint="b" * 64)
    found = history(tmp_path, folder.name)
    assert [v.fingerprint[0] for v in found] == ["a", "b"]
    assert [v.current for v in found] == [False, True]
    assert found[1].supersedes == found[0].manifest_sha256
    assert bundle.read(tmp_path / found[0].folder) == old
    assert bundle.read(folder) == new
    assert all(verify(tmp_path / v.folder).ok for v in found)


def test_the_same_bundle_again_is_left_alone(tmp_path: Path) -> None:
    folder = bundle.write(make.result(), make.volatile(1.0), tmp_path, TEXTUAL)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert bundle.write(make.result(), make.volatile(2.0), tmp_path, TEXTUAL) == folder
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before
    assert not (tmp_path / FOLDER).exists()


def test_a_damaged_bundle_is_replaced_and_the_damaged_one_kept(tmp_path: Path) -> None:
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    (folder / "issue.md").write_text("altered")
    bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    assert verify(folder).ok
    kept = list((tmp_path / FOLDER / folder.name).iterdir())
    assert [(p / "issue.md").read_text() for p in kept] == ["altered"]


def test_what_is_no_bundle_is_kept_too(tmp_path: Path) -> None:
    folder = tmp_path / bundle.issue_slug(make.result().issue.source)
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    assert (tmp_path / FOLDER / folder.name / "unreadable" / "notes.txt").read_text() == "mine"


def test_an_editors_saves_are_one_version_and_the_machines_text_is_kept(tmp_path: Path) -> None:
    made = make.result()
    folder = bundle.write(made, make.volatile(), tmp_path, TEXTUAL)
    for text in ("First try", "Second try", "Third try"):
        bundle.write(edited(made, text), make.volatile(), tmp_path, TEXTUAL)
    found = history(tmp_path, folder.name)
    assert [v.human for v in found] == [0, 1]
    assert bundle.read(tmp_path / found[0].folder) == made
    # A run that would lose the editor's work keeps it.
    bundle.write(made, make.volatile(), tmp_path, TEXTUAL)
    assert sorted(v.human for v in history(tmp_path, folder.name)) == [0, 0, 1]


def test_a_changed_name_counts_as_an_editors_save_too(tmp_path: Path) -> None:
    made = make.result()
    folder = bundle.write(made, make.volatile(), tmp_path, TEXTUAL)
    for number in range(1, 4):
        corrections = tuple(msgspec.structs.replace(make.correction(made), after=f"Name {n}") for n in range(number))
        bundle.write(msgspec.structs.replace(made, corrections=corrections), make.volatile(), tmp_path, TEXTUAL)
    assert len(history(tmp_path, folder.name)) == 2
    assert bundle.manifest(folder).counts.corrections == 3


def test_no_leftovers_beside_the_bundles(tmp_path: Path) -> None:
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL, fingerprint="a" * 64)
    bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL, fingerprint="b" * 64)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([FOLDER, folder.name])
    assert len(list((tmp_path / FOLDER / folder.name).iterdir())) == 1
