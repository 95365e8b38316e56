"""The text door: encodings, bad input, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import IngestConfig
from pipeline.errors import ConfigError, InputError
from pipeline.ingest import from_bytes, read_issue

TEXT = "本报讯 记者李明报道：清河县今年粮食丰收，全县各乡镇都迎来了好收成。\r\n村民们说，今年的日子越过越好。\x0c第二页\n"
TRADITIONAL = "本報訊 記者李明報道：清河縣今年糧食豐收，全縣各鄉鎮都迎來了好收成。村民們說，今年的日子越過越好。"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_encodings_are_found_and_lose_nothing(codec: str) -> None:
    data = TEXT.encode(codec)
    issue = from_bytes("a.txt", data, IngestConfig())
    assert issue.text.lstrip("\ufeff") == TEXT
    assert issue.text.encode(issue.source.encoding) == data
    assert issue.source.undecodable == 0


def test_big5() -> None:
    assert from_bytes("a.txt", TRADITIONAL.encode("big5"), IngestConfig()).text == TRADITIONAL


def test_damage_is_counted() -> None:
    issue = from_bytes("a.txt", TEXT.encode()[:-1] + b"\xff\n", IngestConfig())
    assert issue.source.undecodable == 1
    assert issue.source.encoding == "utf-8"


@pytest.mark.parametrize(
    "data",
    [b"", b"only English here, nothing else at all", b"PK\x03\x04" + bytes(200), bytes(range(256)) * 40],
    ids=["empty", "no Chinese", "zip", "binary"],
)
def test_what_is_no_page_is_refused_with_a_hint(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        from_bytes("a.txt", data, IngestConfig())
    assert caught.value.hint


def test_missing_directory_too_large(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(InputError):
            read_issue(path, IngestConfig())
    with pytest.raises(InputError):
        from_bytes("a.txt", TEXT.encode(), IngestConfig(max_bytes=10))


def test_an_unknown_forced_encoding_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError):
        from_bytes("a.txt", TEXT.encode(), IngestConfig(encoding="klingon"))
