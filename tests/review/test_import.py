"""``pipeline import``: an edited XLIFF file becomes corrections, the bundle is rebuilt once, and the rest is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import bundle
from pipeline.bundle import corrections
from pipeline.bundle.verify import verify
from pipeline.bundle.versions import history
from pipeline.cli import main
from pipeline.config import BundleConfig
from pipeline.errors import ExitCode
from pipeline.records import CorrectionKind, Origin
from tests.bundle import make

WHO = ["--who", "M. Osei"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return bundle.write(make.result(), make.volatile(), tmp_path / "out", BundleConfig(formats=("json", "html", "xliff")))


def edited(folder: Path, changes: dict[str, str]) -> Path:
    """The bundle's XLIFF file with some English changed, saved elsewhere."""
    text = (folder / "issue.xlf").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    file = folder.parent.parent / "edited.xlf"
    file.write_text(text, encoding="utf-8")
    return file


def test_edits_are_taken_recorded_and_verifiable(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = bundle.read(folder)
    file = edited(folder, {"Its first show has 210": "The opening show has 210", ">Lin Qiuhe</gls:": ">Lin Qiu-he</gls:"})
    assert main(["import", str(folder), str(file), *WHO]) == ExitCode.DONE
    assert "2 corrections taken." in capsys.readouterr().out
    after = bundle.read(folder)
    changed = [
        t for a, b in zip(before.units, after.units, strict=True) for s, t in zip(a.translations, b.translations, strict=True) if s != t
    ]
    assert [(t.target, t.origin) for t in changed] == [
        ("“We need not worry about water this year,” said villager Lin Qiu-he.", Origin.MODEL),
        ("The opening show has 210 tea-making tools.", Origin.HUMAN),
    ]
    assert after.names[0].target == "Lin Qiu-he"
    saved, bad = corrections.load(folder.parent)
    assert bad == 0
    assert {(c.kind, c.via, c.who) for c in saved} == {(CorrectionKind.TEXT, "xliff", "M. Osei"), (CorrectionKind.NAME, "xliff", "M. Osei")}
    assert verify(folder).ok
    assert "The opening show" in (folder / "index.html").read_text(encoding="utf-8")
    # One rebuild: the machine's version and the current one.
    assert len(history(folder.parent, folder.name)) == 2


def test_the_same_file_again_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = edited(folder, {"Its first show has 210": "The opening show has 210"})
    main(["import", str(folder), str(file), *WHO])
    manifest = (folder / "issue.json").read_bytes()
    assert main(["import", str(folder), str(file), *WHO]) == ExitCode.DONE
    assert "0 corrections taken." in capsys.readouterr().out
    assert (folder / "issue.json").read_bytes() == manifest


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = (folder / "issue.json").read_bytes()
    file = edited(folder, {"Its first show has 210": "The opening show has 210"})
    assert main(["import", str(folder), str(file), "--dry-run", *WHO]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "+ The opening show" in said and "1 corrections found." in said
    assert (folder / "issue.json").read_bytes() == manifest
    assert not (folder.parent / corrections.STORE).exists()


def test_a_conflict_is_named_and_taken_only_when_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = edited(folder, {"Its first show has 210": "From the page: 210"}).rename(folder.parent.parent / "page.xlf")
    file = edited(folder, {"Its first show has 210": "From the file: 210"})
    assert main(["import", str(folder), str(here), *WHO]) == ExitCode.DONE
    assert main(["import", str(folder), str(file), *WHO]) == ExitCode.DONE_WITH_FINDINGS
    assert "edited in the bundle too" in capsys.readouterr().err
    assert "From the page: 210" in (folder / "index.html").read_text(encoding="utf-8")
    assert main(["import", str(folder), str(file), "--overwrite", *WHO]) == ExitCode.DONE
    assert "From the file: 210" in (folder / "index.html").read_text(encoding="utf-8")


def test_other_bundles_with_the_same_error_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle.write(make.result(4, name="other.txt"), make.volatile(), folder.parent, BundleConfig(formats=("json",)))
    file = edited(folder, {"Its first show has 210": "The opening show has 210"})
    assert main(["import", str(folder), str(file), *WHO]) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "The same error stands elsewhere" in said
    assert "other-" in said


def test_what_cannot_be_read_is_an_input_error(folder: Path, tmp_path: Path) -> None:
    assert main(["import", str(folder), str(tmp_path / "missing.xlf"), *WHO]) == ExitCode.INPUT
    (tmp_path / "bad.xlf").write_text("no xml")
    assert main(["import", str(folder), str(tmp_path / "bad.xlf"), *WHO]) == ExitCode.INPUT
