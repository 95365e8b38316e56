"""Files and folders appear whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pipeline import files
from pipeline.errors import ExitCode, OutputError


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_write_atomic_replaces_and_makes_parents(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "f.json"
    files.write_atomic(place, b"one")
    place.chmod(0o640)
    files.write_atomic(place, b"two")
    assert place.read_bytes() == b"two"
    assert place.stat().st_mode & 0o777 == 0o640
    assert names(place.parent) == ["f.json"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "fdopen"])
def test_a_failing_disk_leaves_the_old_file_and_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str) -> None:
    place = tmp_path / "f.json"
    files.write_atomic(place, b"one")

    def fail(fd: int, *_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(files.os, call, fail)
        with pytest.raises(OutputError) as caught:
            files.write_atomic(place, b"two")
    assert caught.value.code is ExitCode.OUTPUT
    assert str(place) in caught.value.message
    assert caught.value.hint
    assert place.read_bytes() == b"one"
    assert names(tmp_path) == ["f.json"]


def test_a_really_full_disk_is_an_output_error(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OutputError, match="the disk is full"), files.output_errors(tmp_path), Path("/dev/full").open("wb", 0) as full:
        full.write(b"x")


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="out"), files.staged_folder(tmp_path / "out" / "issue"):
        pass
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.parametrize("atomic", [True, False])
def test_publish_replaces_the_whole_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, atomic: bool) -> None:
    if not atomic:
        monkeypatch.setattr(files, "_exchange", lambda *_: False)
    target = tmp_path / "issue"
    for content in ("old", "new"):
        with files.staged_folder(target) as staged:
            (staged / f"{content}.txt").write_text(content)
            files.publish_folder(staged, target)
    assert names(target) == ["new.txt"]
    assert names(tmp_path) == ["issue"]


def test_a_failed_second_rename_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "issue"
    target.mkdir()
    (target / "old.txt").write_text("old")
    monkeypatch.setattr(files, "_exchange", lambda *_: False)
    real = Path.rename

    def fail(self: Path, to: Path) -> Path:
        if to == target and "old.part" not in self.name:
            raise OSError(errno.EIO, "broken")
        return real(self, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError), files.staged_folder(target) as staged:
        (staged / "new.txt").write_text("new")
        files.publish_folder(staged, target)
    assert names(tmp_path) == ["issue"]
    assert names(target) == ["old.txt"]


def test_a_killed_writer_leaves_the_old_folder_and_its_litter_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "issue"
    target.mkdir()
    (target / "old.txt").write_text("old")
    code = f"""
        import time
        from pathlib import Path
        from pipeline import files
        with files.staged_folder(Path({str(target)!r})) as staged:
            (staged / "half.txt").write_text("half")
            print("ready", flush=True)
            time.sleep(600)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        # A live writer's folder is left alone.
        files.sweep(target)
        assert len(names(tmp_path)) == 2
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert names(target) == ["old.txt"]
    files.sweep(target)
    assert names(tmp_path) == ["issue"]


def test_a_reader_never_misses_the_folder(tmp_path: Path) -> None:
    target = tmp_path / "issue"
    probe = tmp_path / "probe"
    probe.mkdir()
    (tmp_path / "other").mkdir()
    if not files._exchange(probe, tmp_path / "other"):
        pytest.skip("this file system cannot exchange two names")
    code = f"""
        from pathlib import Path
        missed = seen = 0
        print("ready", flush=True)
        while not Path({str(tmp_path / "stop")!r}).exists():
            seen += 1
            try:
                Path({str(target)!r}, "x.txt").read_text()
            except FileNotFoundError:
                missed += 1
        print(seen, missed)
    """

    def publish(content: str) -> None:
        with files.staged_folder(target) as staged:
            (staged / "x.txt").write_text(content)
            files.publish_folder(staged, target)

    publish("first")
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            publish("again")
        (tmp_path / "stop").touch()
        seen, missed = map(int, child.stdout.read().split())
    assert seen > 0
    assert missed == 0


def test_copy_shares_nothing_that_a_later_write_could_change(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "f.txt").write_text("kept")
    files.copy_folder(source, tmp_path / "shelf" / "copy")
    files.write_atomic(source / "deep" / "f.txt", b"changed")
    assert (tmp_path / "shelf" / "copy" / "deep" / "f.txt").read_text() == "kept"


def test_litter_of_dead_processes_is_swept_from_a_whole_folder(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    for name, pid in (("one-1a2b", dead.pid), ("two.x-3c4d", dead.pid), ("live-5e6f", os.getpid())):
        (tmp_path / f".{name}.{files._host()}.{pid}.abcd.part").mkdir()
    (tmp_path / "bundle").mkdir()
    files.sweep_all(tmp_path)
    assert sorted(p.name.split(".")[1] if p.name.startswith(".") else p.name for p in tmp_path.iterdir()) == ["bundle", "live-5e6f"]
    files.sweep_all(tmp_path / "absent")
