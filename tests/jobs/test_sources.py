"""Walking and reading: every kind of file, and everything that can be wrong with one."""

from __future__ import annotations

import contextlib
import gzip
import os
import zipfile
from pathlib import Path

import pytest

from pipeline.config import IngestConfig
from pipeline.errors import InputError
from pipeline.sources import Source, read, walk

CONFIG = IngestConfig(max_bytes=10_000)


def write(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_walk_takes_issues_in_order_and_leaves_the_rest(tmp_path: Path) -> None:
    for name in ("b/02.txt", "b/01.HTML", "a/page.pdf", "a/notes.docx", "a/.hidden.txt", ".git/x.txt", "c.txt.gz", "~tmp.txt", "out/x.txt"):
        write(tmp_path / name)
    zipped(tmp_path / "d.zip", {"02/p.txt": b"2", "01/p.txt": b"1", "__MACOSX/p.txt": b"", "readme.md": b"", ".x/p.txt": b""})
    found = [s.label.removeprefix(f"{tmp_path}/") for s in walk(tmp_path, skip=(tmp_path / "out",))]
    assert found == ["c.txt.gz", "d.zip!/01/p.txt", "d.zip!/02/p.txt", "a/page.pdf", "b/01.HTML", "b/02.txt"]


def test_links_to_folders_cannot_make_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "a" / "p.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    assert [Path(s.path).name for s in walk(tmp_path)] == ["p.txt"]


def test_packed_pages_keep_their_own_names_and_bytes(tmp_path: Path) -> None:
    page = "第一版".encode()
    gz = write(tmp_path / "01.txt.gz", gzip.compress(page))
    archive = zipped(tmp_path / "a.zip", {"x/02.txt": page})
    assert (Source(path=str(gz)).name, read(Source(path=str(gz)), CONFIG)) == ("01.txt", page)
    (member,) = walk(archive)
    assert (member.name, read(member, CONFIG)) == ("02.txt", page)


def test_member_names_in_a_chinese_code_page_are_read(tmp_path: Path) -> None:
    raw = "青禾日报/第01版.txt".encode("gb18030")
    path = zipped(tmp_path / "a.zip", {"x" * len(raw): b"data"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    (member,) = walk(path)
    assert member.name == "第01版.txt"
    assert read(member, CONFIG) == b"data"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.txt.gz", gzip.compress(b"text" * 100)[:-9]),
        ("not.txt.gz", b"plain text"),
        ("broken.zip", b"PK\x03\x04 and no more"),
        ("bomb.txt.gz", gzip.compress(b"0" * 5_000_000)),
        ("large.txt", b"0" * 10_001),
    ],
)
def test_what_cannot_be_read_is_one_input_error(name: str, data: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / name, data)
    sources = list(walk(path))
    assert len(sources) == 1
    if path.suffix == ".zip":
        # Its bytes are refused by the door, as those of any archive that holds no pages.
        assert read(sources[0], CONFIG) == data
        return
    with pytest.raises(InputError) as caught:
        read(sources[0], CONFIG)
    assert name in str(caught.value)


def test_a_pipe_a_folder_and_a_missing_file_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path / "pipe.txt", tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(InputError):
            read(Source(path=str(path)), CONFIG)


def test_a_member_that_lies_about_its_size_or_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"big.txt": b"0" * 5_000_000, "p.txt": b"hello hello hello hello"})
    big, small = walk(path)
    with pytest.raises(InputError, match="more than the limit"):
        read(big, CONFIG)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"p.txt", 0, data.index(b"PK\x01\x02")) + 5
    data[at + 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(InputError):
        read(small, CONFIG)
    with pytest.raises(InputError, match="There is no gone"):
        read(Source(path=str(path), member="gone.txt"), CONFIG)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_of_any_packing_and_with_no_name(method: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    text = "青禾县今日丰收。\n".encode() * 30
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x", b"")
        archive.writestr("p.txt", text)
    # A name of no characters, which zipfile writes for nobody and reads without complaint.
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 28 : at + 30], data[at + 46 : at + 47] = b"\0\0", b""
    end = data.index(b"PK\x05\x06")
    data[end + 12 : end + 16] = (int.from_bytes(data[end + 12 : end + 16], "little") - 1).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    (member,) = walk(path)
    assert read(member, CONFIG) == text
    whole = path.read_bytes()
    for cut in range(31, at, 7):
        hurt = bytearray(whole)
        hurt[cut] ^= 0xFF
        path.write_bytes(bytes(hurt))
        for source in walk(path):
            with contextlib.suppress(InputError):
                read(source, CONFIG)
