"""The check of term tables finds what it says it finds, and nothing in the bundled ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ConfigError
from pipeline.records import Severity
from pipeline.terms.lexicon import default_files
from pipeline.terms.lint import check

HEAD = "zh\ten\tkind\tsource\tnote\n"


def table(folder: Path, rows: str, name: str = "t.tsv") -> Path:
    path = folder / name
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "rule", "severity", "line"),
    [
        ("清河县\tQinghe County\tplace\tdesk\t\n清河县\tQinghe County\tplace\tdesk\t\n", "duplicate", Severity.WARNING, 3),
        ("清河县\tQinghe County\tplace\tdesk\t\n清河县\tCounty of Qinghe\tplace\tdesk\t\n", "conflict", Severity.ERROR, 3),
        ("清河县\t\tplace\tdesk\t\n", "empty", Severity.ERROR, 2),
        ("清河县\tQinghe County\tplace\t\t\n", "empty", Severity.WARNING, 2),
        ("清河县\tQinghe County\tplaec\tdesk\t\n", "kind", Severity.WARNING, 2),
        ("清河县\tQinghe 县\tplace\tdesk\t\n", "chinese", Severity.ERROR, 2),
        ("A\tB\tterm\tdesk\t\nB\tA\tterm\tdesk\t\n", "cycle", Severity.ERROR, 2),
        ("清河县\tQinghe County\tplace\tdesk\t\n清河\tQinghe\tplace\tdesk\t\n", "inside", Severity.INFO, 2),
        ("清河县\tQinghe County\tplace\tdesk\tnote\tmore\n", "columns", Severity.ERROR, 2),
    ],
)
def test_each_fault_is_found_where_it_is(tmp_path: Path, rows: str, rule: str, severity: Severity, line: int) -> None:
    assert (rule, severity, line) in [(f.rule, f.severity, f.line) for f in check([table(tmp_path, rows)])]


def test_a_later_table_may_overrule(tmp_path: Path) -> None:
    one = table(tmp_path, "清河县\tQinghe County\tplace\tdesk\t\n", "a.tsv")
    two = table(tmp_path, "清河县\tCounty of Qinghe\tplace\tdesk\t\n", "b.tsv")
    (found,) = check([one, two])
    assert (found.rule, found.severity, found.file) == ("override", Severity.INFO, "b.tsv")


def test_the_bundled_tables_are_clean() -> None:
    assert [f for f in check(default_files()) if f.severity is not Severity.INFO] == []


def test_a_missing_table_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        check([tmp_path / "none.tsv"])


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["terms", "check"]) == 0
    assert "0 to settle" in capsys.readouterr().out
    assert main(["terms", "check", str(table(tmp_path, "清河县\t\tplace\tdesk\t\n")), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)[0]["rule"] == "empty"
