"""Pages whose file names are not UTF-8, as old Chinese systems write them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.sources import Source, readable

PAGE = Path(__file__).parents[1] / "examples" / "short.txt"


def test_gbk_names_are_read_and_others_left_alone() -> None:
    assert readable("page.txt") == "page.txt"
    assert readable("测试页.txt") == "测试页.txt"
    assert readable(os.fsdecode("测试页.txt".encode("gb18030"))) == "测试页.txt"
    assert readable(os.fsdecode(b"\xff\xff.txt")).encode("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems hold such names")
def test_a_page_with_a_gbk_name_is_translated_under_its_real_name(tmp_path: Path) -> None:
    page = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "测试页.txt".encode("gb18030")))
    try:
        page.write_bytes(PAGE.read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert Source(path=str(page)).name == "测试页.txt"
    out = tmp_path / "out"
    assert main(["translate", str(page), "-c", "rehearsal", "-o", str(out), "--quiet"]) == ExitCode.DONE_WITH_FINDINGS
    (made,) = out.glob("测试页-*/issue.json")
    assert main(["verify", str(made.parent)]) == ExitCode.DONE
