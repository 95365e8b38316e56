"""``pipeline verify``, ``diff`` and ``sign`` on bundles of a rehearsal."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from pipeline import bundle
from pipeline.cli import main
from pipeline.config import BundleConfig
from pipeline.errors import ExitCode
from pipeline.records import IssueResult, Origin

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "examples" / "short.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert main(["translate", str(PAGE), "-c", "rehearsal", "-o", str(out), "--quiet"]) in (ExitCode.DONE, ExitCode.DONE_WITH_FINDINGS)
    return next(p for p in out.iterdir() if (p / "issue.json").exists())


def rewritten(folder: Path, out: Path, text: str) -> Path:
    """A bundle that agrees with itself, in which one machine-made sentence says something else."""
    result = bundle.read(folder)

    def forge(result: IssueResult) -> IssueResult:
        units = []
        done = False
        for unit in result.units:
            translations = []
            for t in unit.translations:
                forged = not done and t.origin is Origin.MODEL and t.chosen == 0
                translations.append(msgspec.structs.replace(t, target=text) if forged else t)
                done = done or forged
            units.append(msgspec.structs.replace(unit, translations=tuple(translations)))
        return msgspec.structs.replace(result, units=tuple(units))

    volatile = bundle.volatile(folder).run
    bundle.write(result, volatile, out, BundleConfig(formats=("json",)))
    return bundle.write(forge(result), volatile, out, BundleConfig(formats=("json",)), fingerprint="f" * 64)


def test_verify_says_intact_and_altered_by_its_exit_code(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(made), "--source", str(PAGE)]) == ExitCode.DONE
    assert "The bundle is intact." in capsys.readouterr().out
    page = made / "issue.md"
    data = page.read_bytes()
    page.write_bytes(data + b" ")
    try:
        assert main(["verify", str(made), "--json"]) == ExitCode.VERIFY
        report = json.loads(capsys.readouterr().out)
        assert [p["file"] for p in report["problems"]] == ["issue.md"]
    finally:
        page.write_bytes(data)


def test_a_sample_translated_again_is_identical(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(made), "--sample", "50", "-c", "rehearsal"]) == ExitCode.DONE
    said = capsys.readouterr()
    assert "passages translated again: identical" in said.out
    assert "are not those of the bundle" not in said.err


def test_other_settings_are_named_before_a_sample_is_judged(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.yaml").write_text(f"base: {ROOT / 'configs' / 'rehearsal.yaml'}\ntranslate:\n  max_source_chars: 150\n")
    main(["verify", str(made), "--sample", "2", "-c", str(tmp_path / "other.yaml")])
    assert "are not those of the bundle" in capsys.readouterr().err


def test_a_sentence_forged_consistently_is_found_by_translating_again(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = rewritten(made, tmp_path, "The county denied everything.")
    assert main(["verify", str(forged)]) == ExitCode.DONE
    assert main(["verify", str(forged), "--sample", "50", "-c", "rehearsal"]) == ExitCode.VERIFY
    out = capsys.readouterr().out
    assert "The county denied everything." in out and "tampered" in out


def test_a_sample_without_the_original_asks_for_it(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = bundle.read(made)
    source = msgspec.structs.replace(result.issue.source, sha256="0" * 64)
    lost = msgspec.structs.replace(result, issue=msgspec.structs.replace(result.issue, source=source))
    folder = bundle.write(lost, bundle.volatile(made).run, tmp_path, BundleConfig(formats=("json",)))
    assert main(["verify", str(folder), "--sample", "1", "-c", "rehearsal"]) == ExitCode.INPUT
    assert "--source" in capsys.readouterr().err


def test_diff_finds_the_version_before(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rewritten(made, tmp_path, "A new sentence.")
    assert main(["diff", str(folder)]) == ExitCode.DONE
    assert "{+A new sentence.+}" in capsys.readouterr().out
    assert main(["diff", str(made), str(folder), "--json"]) == ExitCode.DONE
    assert [c["after"] for c in json.loads(capsys.readouterr().out)["changes"]] == ["A new sentence."]
    assert main(["diff", str(made)]) == ExitCode.USAGE
    assert "Name two bundles." in capsys.readouterr().err


def test_sign_and_verify_with_the_key(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("securesystemslib", reason="the extra 'sign' is not installed")
    key = tmp_path / "desk.pem"
    before = {p.name: p.read_bytes() for p in made.iterdir() if p.is_file()}
    assert main(["sign", "--new-key", str(key)]) == ExitCode.DONE
    assert main(["verify", str(made), "--key", f"{key}.pub"]) == ExitCode.VERIFY
    assert main(["sign", str(made), "--key", str(key)]) == ExitCode.DONE
    capsys.readouterr()
    assert main(["verify", str(made), "--key", f"{key}.pub"]) == ExitCode.DONE
    assert "Signed by the key that was given." in capsys.readouterr().out
    changed = {n for n, data in before.items() if (made / n).read_bytes() != data}
    assert changed == {"volatile.json", "attestation.json", "SHA256SUMS"}


def test_a_damaged_bundle_is_not_signed(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("securesystemslib", reason="the extra 'sign' is not installed")
    folder = rewritten(made, tmp_path, "Other words.")
    (folder / "source.txt").write_bytes(b"altered")
    assert main(["sign", str(folder), "--new-key", str(tmp_path / "k.pem")]) == ExitCode.VERIFY
    assert "was not signed" in capsys.readouterr().err
    assert not (folder / "attestation.dsse.json").exists()


@pytest.mark.parametrize("arguments", [["sign"], ["sign", "x"], ["diff"], ["verify"], ["verify", "a", "b", "--source", "c"]])
def test_wrong_arguments_are_usage_errors(arguments: list[str]) -> None:
    assert main(arguments) == ExitCode.USAGE


def test_what_is_no_bundle_is_an_input_error(tmp_path: Path) -> None:
    for command in (["verify", str(tmp_path)], ["diff", str(tmp_path), str(tmp_path)]):
        assert main(command) == ExitCode.INPUT
