"""A bundle is whole, equal for equal input, and reads back as what was written."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import bundle, files
from pipeline.bundle import layout
from pipeline.bundle.verify import verify
from pipeline.bundle.versions import history
from pipeline.config import BUNDLE_FORMATS, BundleConfig
from pipeline.errors import ConfigError, InputError, OutputError
from pipeline.records import IssueResult, SourceFile
from tests.bundle import make

TEXTUAL = BundleConfig(formats=("json", "markdown"))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_reads_back_as_written(tmp_path: Path) -> None:
    made = make.result()
    made = msgspec.structs.replace(made, approvals=(make.approval(made),), corrections=(make.correction(made),))
    folder = bundle.write(made, make.volatile(), tmp_path, TEXTUAL)
    assert bundle.read(folder) == made
    assert bundle.volatile(folder).run == make.volatile()


def test_a_unit_without_a_result_is_kept(tmp_path: Path) -> None:
    made = make.result()
    partial = msgspec.structs.replace(made, units=made.units[:2])
    folder = bundle.write(partial, make.volatile(), tmp_path, TEXTUAL)
    assert bundle.read(folder) == partial
    assert bundle.manifest(folder).counts.failed_units == 1


def test_manifest_lists_every_file_but_itself_and_the_volatile_ones(tmp_path: Path) -> None:
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    manifest = bundle.manifest(folder)
    found = tree(folder)
    assert {f.path for f in manifest.files} == set(found) - {layout.MANIFEST, *layout.VOLATILE_FILES}
    for entry in manifest.files:
        assert entry.sha256 == hashlib.sha256(found[entry.path]).hexdigest()
        assert entry.size == len(found[entry.path])


def test_equal_input_gives_equal_bytes_but_for_volatile_files(tmp_path: Path) -> None:
    one = tree(bundle.write(make.result(), make.volatile(1.0), tmp_path / "a", TEXTUAL))
    two = tree(bundle.write(make.result(), make.volatile(2.0), tmp_path / "b", TEXTUAL))
    assert set(one) == set(two)
    assert {p for p in one if one[p] != two[p]} <= set(layout.VOLATILE_FILES)


def test_finished_gives_the_fingerprint_of_a_complete_bundle_only(tmp_path: Path) -> None:
    assert bundle.finished(tmp_path / "nowhere") is None
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL, fingerprint="f" * 64)
    assert bundle.finished(folder) == "f" * 64
    next((folder / "articles").iterdir()).unlink()
    assert bundle.finished(folder) is None


def test_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no format 'odt'"):
        bundle.write(make.result(), make.volatile(), tmp_path / "out", BundleConfig(formats=("odt",)))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("call", ["mkdir", "write_bytes", "rename"])
def test_a_failing_disk_leaves_the_earlier_bundle_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str) -> None:
    folder = bundle.write(make.result(), make.volatile(), tmp_path, TEXTUAL)
    before = tree(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, fail)
        patch.setattr(files, "_exchange", lambda *_: False)
        with pytest.raises(OutputError) as caught:
            bundle.write(make.result(provenance=make.provenance(terms_sha256="99" * 32)), make.volatile(), tmp_path, TEXTUAL)
    assert caught.value.hint
    assert tree(tmp_path) == before
    assert bundle.read(folder) == make.result()


def test_original_bytes_are_kept_where_the_text_is_not_the_file(tmp_path: Path) -> None:
    made = make.result()
    raw = made.issue.text.encode("gb18030")
    source = msgspec.structs.replace(
        made.issue.source, name="页.TXT", encoding="gb18030", size=len(raw), sha256=hashlib.sha256(raw).hexdigest()
    )
    made = msgspec.structs.replace(made, issue=msgspec.structs.replace(made.issue, source=source))
    folder = bundle.write(made, make.volatile(), tmp_path, TEXTUAL, original=raw)
    assert bundle.manifest(folder).original == "original.txt"
    assert (folder / "original.txt").read_bytes() == raw
    assert bundle.read(folder) == made


def test_reading_what_is_no_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"issue\.json"):
        bundle.read(tmp_path)
    (tmp_path / layout.MANIFEST).write_text('{"schema": "1.0", "surprise": 1}')
    with pytest.raises(InputError, match="not a file of bundle schema"):
        bundle.read(tmp_path)


NAMES = st.one_of(
    st.text(max_size=400),
    st.sampled_from(["../../etc/passwd", "..\\..\\x.txt", "CON.txt", "\u202egnp.txt", ".hidden", "a\x00b", "", "/", "NUL", "x" * 300]),
)


@settings(max_examples=60, deadline=None)
@given(name=NAMES, headline=NAMES)
def test_hostile_names_stay_inside_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str, headline: str) -> None:
    out = tmp_path_factory.mktemp("names")
    made = _with_names(make.result(1), _encodable(name), _encodable(headline))
    folder = bundle.write(made, make.volatile(), out, BundleConfig(formats=("json",)))
    assert folder.resolve().parent == out.resolve()
    assert [p.name for p in out.iterdir()] == [folder.name]
    for path in folder.rglob("*"):
        assert len(os.fsencode(path.name)) <= 200
        assert path.name[0] != "." and path.name.isprintable()
    assert bundle.read(folder) == made


def test_text_that_no_file_can_hold_costs_one_character_not_the_job(tmp_path: Path) -> None:
    made = _with_names(make.result(2), "\udcb2\udce2.txt", "Head \ud800 line")
    made = msgspec.structs.replace(made, issue=msgspec.structs.replace(made.issue, text=made.issue.text[:-1] + "\udfff"))
    folder = bundle.write(made, make.volatile(), tmp_path, BundleConfig(formats=BUNDLE_FORMATS))
    assert folder.name == bundle.issue_slug(made.issue.source)
    back = bundle.read(folder)
    assert back.issue.source.name == "\ufffd\ufffd.txt"
    assert len(back.issue.text) == len(made.issue.text)
    assert verify(folder).ok
    assert bundle.write(made, make.volatile(), tmp_path, BundleConfig(formats=BUNDLE_FORMATS)) == folder


def test_no_two_issues_have_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("01.txt", "01.TXT", "01.html", "01", "01 .txt", "\uff101.txt", "..01.txt", "/01.txt", "a b.txt", "a-b.txt", "A-b.txt")
    sources = [SourceFile(name=n, size=1, sha256=c * 64) for n in names for c in "ab"]
    # Not even where the file system takes capital and small letters for one.
    assert len({bundle.issue_slug(s).lower() for s in sources}) == len(sources)
    assert all(re.search("-[0-9a-f]{12}$", bundle.issue_slug(s)) for s in sources)
    # Where 48 bits are not enough after all, the second is refused and the first stays.
    monkeypatch.setattr("pipeline.bundle.writer.issue_slug", lambda _: "same-000000000000")
    first = make.result(1)
    folder = bundle.write(first, make.volatile(), tmp_path, TEXTUAL)
    before = tree(tmp_path)
    with pytest.raises(InputError, match="another file"):
        bundle.write(_with_names(first, "other.txt", "x"), make.volatile(), tmp_path, TEXTUAL)
    assert tree(tmp_path) == before
    assert bundle.read(folder) == first


def _encodable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _with_names(made: IssueResult, name: str, headline: str) -> IssueResult:
    source = msgspec.structs.replace(made.issue.source, name=name)
    unit = made.units[0]
    changed = tuple(msgspec.structs.replace(t, target=headline) if t.segment.field.value == "headline" else t for t in unit.translations)
    return msgspec.structs.replace(
        made,
        issue=msgspec.structs.replace(made.issue, source=source),
        units=(msgspec.structs.replace(unit, translations=changed),),
    )


def run(code: str) -> subprocess.Popen[str]:
    """A child process that runs ``code`` at the repository's root."""
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], cwd=root, stdout=subprocess.PIPE, text=True)


def test_a_real_write_error_leaves_the_earlier_bundle_and_says_what_to_do(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="this system has no resource limits")
    assert resource.RLIMIT_FSIZE
    folder = bundle.write(make.result(1), make.volatile(), tmp_path, TEXTUAL)
    before = tree(tmp_path)
    child = run(f"""
        import resource, signal
        from pathlib import Path
        from pipeline import bundle
        from pipeline.config import BUNDLE_FORMATS, BundleConfig
        from pipeline.errors import OutputError
        from tests.bundle import make
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        result = make.result(1, provenance=make.provenance(terms_sha256="99" * 32))
        try:
            bundle.write(result, make.volatile(), Path({str(tmp_path)!r}), BundleConfig(formats=("json",)))
        except OutputError as exc:
            print(exc.message)
    """)
    said, _ = child.communicate()
    assert "larger than that disk or a limit allows" in said
    assert tree(tmp_path) == before
    assert bundle.read(folder) == make.result(1)


@pytest.mark.slow
def test_kill_at_any_moment_leaves_one_whole_bundle(tmp_path: Path) -> None:
    chance = random.Random(20260504)
    made = {c * 64: make.result(1, provenance=make.provenance(terms_sha256=c * 64)) for c in "ab"}
    folder = bundle.write(made["a" * 64], make.volatile(), tmp_path, TEXTUAL, fingerprint="a" * 64)
    for _ in range(25):
        child = run(f"""
            import itertools
            from pathlib import Path
            from pipeline import bundle
            from pipeline.config import BUNDLE_FORMATS, BundleConfig
            from tests.bundle import make
            print("ready", flush=True)
            for c in itertools.cycle("ba"):
                result = make.result(1, provenance=make.provenance(terms_sha256=c * 64))
                config = BundleConfig(formats=("json", "markdown"))
                bundle.write(result, make.volatile(), Path({str(tmp_path)!r}), config, fingerprint=c * 64)
        """)
        with child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            # Not a wait for something to be done: the moment of death is what varies.
            time.sleep(chance.uniform(0.005, 0.08))
            child.kill()
        assert verify(folder).ok
        assert bundle.read(folder) == made[bundle.manifest(folder).fingerprint]
    files.sweep(folder)
    kept = history(tmp_path, folder.name)
    assert all(verify(tmp_path / v.folder).ok for v in kept)
    assert not [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")]
