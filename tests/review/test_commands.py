"""The commands around the archive and the review."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import bundle
from pipeline.cli import main
from pipeline.config import BundleConfig
from tests.bundle import make
from tests.bundle.sample import sample


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    bundle.write(sample(), make.volatile(), tmp_path, BundleConfig(formats=("json", "html")))
    return tmp_path


def test_index_then_search(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(outputs)]) == 0
    assert "1 taken in, 0 taken out" in capsys.readouterr().out
    assert main(["search", "羊绒", "cashmere", "-o", str(outputs)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Baiyu Township: Cashmere Goes to the Cloud  白榆乡：羊绒走上云端\n")
    assert "index.html#a4" in said
    assert main(["search", "羊绒", "-o", str(outputs), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["number"] == 4
    assert main(["search", "没有的词", "-o", str(outputs)]) == 0
    assert "Nothing found" in capsys.readouterr().err


def test_index_names_what_it_leaves_out(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = outputs / bundle.issue_slug(sample().issue.source)
    shutil.rmtree(folder / "articles")
    assert main(["index", str(outputs)]) == 3
    assert f"{folder.name} is left out" in capsys.readouterr().err


def test_search_before_index(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "羊绒", "-o", str(outputs)]) == 5
    assert "pipeline index" in capsys.readouterr().err


def test_review_of_what_is_no_bundle(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("starlette", reason="the review extra is not installed")
    assert main(["review", str(outputs), "--who", "M. Osei"]) == 5
    assert "issue.json" in capsys.readouterr().err


def test_review_without_its_packages(outputs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.review.server.find_spec", lambda _: None)
    assert main(["review", str(outputs), "--who", "M. Osei"]) == 12
    assert "[review]'" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_ends_a_review(outputs: Path) -> None:
    pytest.importorskip("uvicorn", reason="the review extra is not installed")
    folder = outputs / bundle.issue_slug(sample().issue.source)
    command = [sys.executable, "-m", "pipeline", "review", str(folder), "--who", "M. Osei"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("Review at http://127.0.0.1:")
        server.send_signal(signal.SIGINT)
        _, said = server.communicate(timeout=30)
    assert (server.returncode, said) == (0, "")
