"""The command line as an operator meets it: messages, exit codes, and nothing lost to bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ExitCode
from tests.pages import PAGE

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIPELINE_MODELS", str(tmp_path / "models"))
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")


def translate(*args: str) -> int:
    return main(["translate", "-c", "rehearsal", *args])


def test_the_job_and_the_job_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first = translate("page.txt")
    assert first in (ExitCode.DONE, ExitCode.DONE_WITH_FINDINGS)
    assert "index.html" in capsys.readouterr().out
    assert translate("page.txt") == first
    assert "nothing to do" in capsys.readouterr().out
    assert (tmp_path / "outputs" / ".work" / "pipeline.log").read_text()


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda p: None, ExitCode.INPUT, "no file"),
        (lambda p: p.mkdir(), ExitCode.INPUT, ""),
        (lambda p: p.write_bytes(b""), ExitCode.INPUT, "empty"),
        (lambda p: p.write_bytes(b"\x7fELF" + bytes(range(256)) * 40), ExitCode.INPUT, ""),
        (lambda p: p.write_text("Only English here, and a good deal of it. " * 20), ExitCode.INPUT, "Chinese"),
        (lambda p: p.write_text("字" * 1_700_000, encoding="utf-8"), None, ""),
        (lambda p: p.write_text("今天天气很好。\n" * 30_000, encoding="utf-8"), None, ""),
    ],
    ids=["missing", "directory", "empty", "binary", "english", "one-line-of-5MB", "many-lines"],
)
@pytest.mark.slow
def test_bad_input(make, code, said, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    good = translate("page.txt")
    kept = {p: p.read_bytes() for p in (tmp_path / "outputs").glob("page-*/**/*") if p.is_file()}
    assert kept
    make(tmp_path / "bad.txt")
    got = translate("bad.txt")
    assert got == code if code is not None else got in (0, 3, 5, 8)
    assert said in capsys.readouterr().err
    assert good in (0, 3)
    assert all(p.read_bytes() == data for p, data in kept.items())
    assert not list((tmp_path / "outputs").glob("*.part"))


def test_a_mistyped_key_is_named_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.yaml").write_text("summarize:\n  enabled: true\n")
    assert main(["translate", "page.txt", "-c", "c.yaml"]) == ExitCode.CONFIG
    assert "summarise" in capsys.readouterr().err


def test_a_missing_model_says_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "page.txt"]) == ExitCode.MODEL
    assert "pipeline models pull" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file that root cannot write either")
def test_an_unwritable_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert translate("page.txt", "-o", "/proc/outputs") == ExitCode.OUTPUT
    assert "Cannot write" in capsys.readouterr().err


def test_a_file_where_the_output_should_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("x")
    assert translate("page.txt", "-o", "taken") == ExitCode.OUTPUT
    assert (tmp_path / "taken").read_text() == "x"


@pytest.mark.parametrize("args", [["nonsense"], ["translate"], ["translate", "--nonsense", "x"], ["models", "nonsense"]])
def test_usage(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == ExitCode.USAGE
    assert capsys.readouterr().err


def test_segment_prints_the_reference_shape(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    assert main(["segment", "page.txt", "--json"]) == 0
    units = json.loads(capsys.readouterr().out)["units"]
    assert {"kind", "headline", "kicker", "subtitle", "column", "byline", "authors", "credit", "subheads", "paragraphs"} <= set(units[0])
    assert main(["segment", "page.txt"]) == 0
    assert "苹果采摘节" in capsys.readouterr().out


def test_models_list_and_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "Apache-2.0" in out
    assert "not here" in out
    assert main(["models", "path"]) == ExitCode.MODEL


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("marian", ["Model opus-mt-zh-en: licence CC-BY-4.0.", "Model mt5-xlsum: licence CC-BY-NC-SA-4.0: NON-COMMERCIAL use only."]),
        ("nllb", ["Model nllb-200-distilled-600m: licence CC-BY-NC-4.0: NON-COMMERCIAL use only."]),
    ],
)
def test_a_run_states_its_models_licences_before_it_looks_for_them(
    preset: str, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["translate", "page.txt", "-c", preset]) == ExitCode.MODEL
    shown = capsys.readouterr().err
    assert [line for line in shown.splitlines() if line.startswith("Model ")] == said
    assert "pipeline models pull" in shown


def test_a_rehearsal_has_no_licence_to_state(capsys: pytest.CaptureFixture[str]) -> None:
    translate("page.txt")
    assert "licence" not in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'transformers', 'datasets', 'lxml', 'numpy', 'jinja2', 'rich'}"
    code = f"import sys; from pipeline.cli import main; main(['--help']); sys.exit(bool({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Examples" in done.stdout


def test_the_job_opens_no_connection(tmp_path: Path) -> None:
    """With every way to a network closed, the job runs to its end."""
    guard = (
        "import socket, sys\n"
        "real = socket.socket\n"
        "class Closed(real):\n"
        "    def connect(self, address):\n"
        "        raise SystemExit(f'connection to {address}')\n"
        "    connect_ex = connect\n"
        "def closed(*a, **k):\n"
        "    raise SystemExit('name lookup')\n"
        "socket.socket = Closed\n"
        "socket.getaddrinfo = closed\n"
        "from pipeline.cli import main\n"
        "sys.exit(main(['translate', 'page.txt', '-c', 'rehearsal']))\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", guard], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stdout + done.stderr
