"""Any change to a bundle is found, and an unchanged one passes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from pipeline import bundle
from pipeline.bundle import attest, integrity, layout, signing
from pipeline.bundle.retranslate import Outcome, judge
from pipeline.bundle.verify import Kind, Signature, SourceCheck, render, verify
from pipeline.config import BundleConfig
from pipeline.errors import InputError, UsageError
from pipeline.records import Translation, encode
from tests.bundle import make

TEXTUAL = BundleConfig(formats=("json", "markdown"))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    private = tmp_path_factory.mktemp("keys") / "desk.pem"
    signing.new_key(private)
    return private


def signed(out: Path, key: Path) -> Path:
    made = make.result(1)
    made = msgspec.structs.replace(made, approvals=(make.approval(made),))
    return bundle.write(made, make.volatile(), out, TEXTUAL, sign_key=key)


def test_an_intact_bundle_passes(tmp_path: Path) -> None:
    made = make.result()
    original = tmp_path / "yunxi-daily.txt"
    original.write_bytes(made.issue.text.encode())
    folder = bundle.write(made, make.volatile(), tmp_path / "out", TEXTUAL)
    report = verify(folder, source=original)
    assert report.ok, render(report)
    assert report.source is SourceCheck.MATCHED
    assert report.signature is Signature.NONE
    assert report.texts > 20
    assert "The bundle is intact." in render(report)


def test_a_signature_is_trusted_only_through_a_key_that_was_given(tmp_path: Path, key: Path) -> None:
    folder = signed(tmp_path, key)
    assert verify(folder).signature is Signature.UNTRUSTED
    trusted = verify(folder, key=key.with_name("desk.pem.pub"))
    assert trusted.ok and trusted.signature is Signature.TRUSTED
    other = tmp_path / "other.pem"
    report = verify(folder, key=signing.new_key(other))
    assert not report.ok and report.signature is Signature.INVALID


def test_a_bundle_rebuilt_by_a_forger_fails_against_the_desks_key(tmp_path: Path, key: Path) -> None:
    signed(tmp_path, key)
    forger = tmp_path / "forger.pem"
    signing.new_key(forger)
    forged = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL, sign_key=forger)
    assert verify(forged).ok
    assert not verify(forged, key=key.with_name("desk.pem.pub")).ok


@pytest.mark.parametrize(
    "name", [layout.ENVELOPE, layout.PUBLIC_KEY, layout.STATEMENT, layout.VOLATILE, layout.SUMS, "issue.md", layout.SOURCE_TEXT]
)
def test_a_missing_file_is_found(tmp_path: Path, key: Path, name: str) -> None:
    folder = signed(tmp_path, key)
    (folder / name).unlink()
    assert not verify(folder).ok


def flips(data: bytes, step: int) -> list[bytes]:
    """``data`` with one bit changed, for every ``step``-th bit."""
    out = []
    for bit in range(0, len(data) * 8, step):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        out.append(bytes(changed))
    return out


# A prime step reaches every bit position within a byte.
@pytest.mark.parametrize("step", [pytest.param(1009, id="sample"), pytest.param(17, id="dense", marks=pytest.mark.slow)])
def test_one_flipped_bit_in_any_file_is_found(tmp_path: Path, key: Path, step: int) -> None:
    folder = signed(tmp_path, key)
    trusted = key.with_name("desk.pem.pub")
    assert verify(folder, key=trusted).ok
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for changed in flips(data, min(step, max(1, len(data)))):
            path.write_bytes(changed)
            assert not verify(folder).ok, path.name
        path.write_bytes(data)
    assert verify(folder, key=trusted).ok


def test_a_bundle_that_an_earlier_version_wrote_otherwise_still_verifies(tmp_path: Path) -> None:
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    manifest = json.loads((folder / layout.MANIFEST).read_bytes())
    del manifest["counts"]["corrections"]  # a field that has a default
    old = json.dumps(manifest, indent=4).encode()
    note = json.loads((folder / layout.VOLATILE).read_bytes()) | {"manifest_sha256": hashlib.sha256(old).hexdigest()}
    (folder / layout.MANIFEST).write_bytes(old)
    (folder / layout.VOLATILE).write_bytes(json.dumps(note).encode())
    assert not verify(folder).ok
    (folder / layout.STATEMENT).write_bytes(attest.statement(old, (folder / layout.VOLATILE).read_bytes()))
    rest = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != layout.SUMS}
    (folder / layout.SUMS).write_bytes(integrity.sums(rest))
    assert verify(folder).ok, render(verify(folder))


def test_sha256sum_reads_the_list_of_digests(tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("this system has no sha256sum")
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    check = ["sha256sum", "--check", "--strict", "--quiet", layout.SUMS]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    (folder / layout.VOLATILE).write_bytes(b"{}")
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 1


def test_an_unreadable_key_is_an_input_error_not_a_verdict(tmp_path: Path, key: Path) -> None:
    folder = signed(tmp_path, key)
    with pytest.raises(InputError, match="Cannot read the key"):
        verify(folder, key=tmp_path / "missing.pub")


def test_an_added_file_is_found_but_desktop_litter_is_not_minded(tmp_path: Path) -> None:
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    (folder / ".DS_Store").write_bytes(b"x")
    assert verify(folder).ok
    (folder / "articles" / "99-extra.json").write_text("{}")
    report = verify(folder)
    assert [p.kind for p in report.problems] == [Kind.UNEXPECTED]


def test_a_link_in_place_of_a_file_is_found(tmp_path: Path) -> None:
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    outside = tmp_path / "outside.md"
    outside.write_bytes((folder / "issue.md").read_bytes())
    (folder / "issue.md").unlink()
    (folder / "issue.md").symlink_to(outside)
    assert not verify(folder).ok


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/hostname", "a/../../b", "a\\..\\b", "C:x"])
def test_a_manifest_that_points_outside_is_refused_unread(tmp_path: Path, path: str) -> None:
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    manifest = bundle.manifest(folder)
    entry = layout.FileEntry(path=path, size=1, sha256="0" * 64)
    article = msgspec.structs.replace(manifest.articles[0], file=path)
    for changes in ({"files": (*manifest.files, entry)}, {"articles": (article,)}, {"original": path}):
        (folder / layout.MANIFEST).write_bytes(encode(msgspec.structs.replace(manifest, **changes)))
        report = verify(folder)
        assert not report.ok
        assert "outside the bundle" in render(report)
    (folder / layout.MANIFEST).write_bytes(encode(msgspec.structs.replace(manifest, files=(*manifest.files, entry))))
    assert bundle.finished(folder) is None


def test_chinese_that_is_not_in_the_source_is_found(tmp_path: Path) -> None:
    made = make.result(1)
    first = made.units[0]
    sentence = first.translations[2]
    changed = msgspec.structs.replace(sentence, segment=msgspec.structs.replace(sentence.segment, text="云溪县水渠尚未通水。"))
    unit = msgspec.structs.replace(first, translations=(*first.translations[:2], changed, *first.translations[3:]))
    folder = bundle.write(msgspec.structs.replace(made, units=(unit,)), make.volatile(), tmp_path, TEXTUAL)
    report = verify(folder)
    assert [p.kind for p in report.problems] == [Kind.SPAN]
    assert sentence.segment.id in report.problems[0].message


def test_a_ledger_with_a_hole_is_found(tmp_path: Path) -> None:
    made = make.result(2)
    segmentation = msgspec.structs.replace(made.segmentation, ledger=made.segmentation.ledger[1:])
    folder = bundle.write(msgspec.structs.replace(made, segmentation=segmentation), make.volatile(), tmp_path, TEXTUAL)
    assert "belongs to nobody" in render(verify(folder))


def test_another_source_is_found(tmp_path: Path) -> None:
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    other = tmp_path / "other.txt"
    other.write_text("别的报纸")
    assert verify(folder, source=other).source is SourceCheck.DIFFERENT
    with pytest.raises(InputError, match="Cannot read"):
        verify(folder, source=tmp_path / "missing.txt")


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no bundle"):
        verify(tmp_path)


def test_a_sample_is_translated_again(tmp_path: Path) -> None:
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    asked: list[Translation] = []

    def same(chosen: Sequence[Translation]) -> list[str]:
        asked.extend(chosen)
        return [t.target for t in chosen]

    report = verify(folder, retranslate=same, sample_size=4)
    assert report.ok and len(asked) == 4
    assert {r.outcome for r in report.retranslated} == {Outcome.IDENTICAL}
    other = verify(folder, retranslate=lambda chosen: ["Something else entirely." for _ in chosen], sample_size=4)
    assert not other.ok
    assert {p.kind for p in other.problems} == {Kind.TAMPERED}


@pytest.mark.parametrize(
    ("stored", "again", "outcome"),
    [
        ("The canal is 12 kilometers long.", "The canal is 12 kilometers long.", Outcome.IDENTICAL),
        ("The canal is 12 kilometers long.", "The canal runs 12 kilometers long.", Outcome.DRIFTED),
        ("The canal is 12 kilometers long.", "The canal is 120 kilometers long.", Outcome.TAMPERED),
        ("The mayor did not agree to it.", "The mayor did agree to it.", Outcome.TAMPERED),
        ("The mayor agreed.", "A library opened in spring for children.", Outcome.TAMPERED),
    ],
)
def test_drift_is_told_from_tampering(stored: str, again: str, outcome: Outcome) -> None:
    assert judge(stored, again, same_environment=True)[0] is outcome


def test_the_statement_is_in_toto_with_slsa_provenance(tmp_path: Path, key: Path) -> None:
    folder = signed(tmp_path, key)
    statement = json.loads((folder / layout.STATEMENT).read_bytes())
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
    digests = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    for name, digest in digests.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    unsigned = {layout.STATEMENT, layout.ENVELOPE, layout.PUBLIC_KEY, layout.SUMS}
    assert set(digests) == {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - unsigned
    predicate = statement["predicate"]
    assert set(predicate) == {"buildDefinition", "runDetails"}
    assert {"buildType", "externalParameters"} <= set(predicate["buildDefinition"])
    assert predicate["runDetails"]["metadata"]["startedOn"] == make.volatile().started


def test_keys_are_private_and_never_overwritten(tmp_path: Path, key: Path) -> None:
    assert key.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="exists already"):
        signing.new_key(key)


def test_a_bad_signing_key_stops_before_anything_is_written(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("not a key")
    with pytest.raises(InputError, match="no usable private key"):
        bundle.write(make.result(1), make.volatile(), tmp_path / "out", TEXTUAL, sign_key=bad)
    assert not (tmp_path / "out").exists()
