"""The configuration: strict, layered, and helpful when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, digest, load
from pipeline.errors import ConfigError
from pipeline.resources import configs_dir, preset


def write(folder: Path, text: str, name: str = "c.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(configs_dir().glob("*.yaml")), ids=lambda p: p.stem)
def test_every_preset_loads_and_bears_its_name(path: Path) -> None:
    assert load(path).name == path.stem


def test_a_base_is_overlaid_key_by_key(tmp_path: Path) -> None:
    write(tmp_path, "translate:\n  examples: 1\n  forbid_han: false\n", "base.yaml")
    config = load(write(tmp_path, "base: base.yaml\ntranslate:\n  examples: 2\n"))
    assert (config.translate.examples, config.translate.forbid_han) == (2, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("translat:\n  examples: 1\n", "Did you mean 'translate'"),
        ("translate:\n  exmaples: 1\n", "Did you mean 'translate.examples'"),
        ("summarise_engine:\n  modl: x\n", "Did you mean 'summarise_engine.model'"),
        ("translate:\n  examples: many\n", "translate.examples"),
        ("translate_engine:\n  name: llama\n", "translate_engine.name"),
        ("summarise:\n  ratio: 3.0\n", "'summarise.ratio' must be"),
        ("translate_engine:\n  slots: 0\n", "slots"),
        ("- a\n- b\n", "keys and values"),
        ("a: [1\n", "not valid YAML"),
        ("name: a\nname: b\n", "not valid YAML"),
        ("base: c.yaml\n", "circle"),
        ("base: none.yaml\n", "no configuration file"),
        ("name: \x00\n", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text))
    assert said in str(caught.value)
    assert caught.value.hint


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ConfigError, match="Cannot read"):
        load(path)
    with pytest.raises(ConfigError, match="Cannot read"):
        load(tmp_path)


def test_the_empty_file_is_the_default(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Config()


def test_term_files_start_at_the_configuration(tmp_path: Path) -> None:
    assert load(write(tmp_path, "terms:\n  files: [desk.tsv]\n")).terms.files == (str(tmp_path / "desk.tsv"),)


def test_a_section_digest_changes_with_its_section_only(tmp_path: Path) -> None:
    one, two = Config(), load(write(tmp_path, "translate:\n  examples: 0\n"))
    assert digest(one.translate) != digest(two.translate)
    assert digest(one.summarise) == digest(two.summarise)


def test_presets_by_bare_name() -> None:
    assert preset("rehearsal") == configs_dir() / "rehearsal.yaml"
    assert preset(None) == configs_dir() / "default.yaml"
