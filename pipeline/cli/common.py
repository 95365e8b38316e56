"""Options that several commands share."""

from __future__ import annotations

import logging
import logging.handlers
import os
from pathlib import Path

import click

from pipeline.config import Config
from pipeline.errors import ExitCode, OutputError

config_option = click.option(
    "-c", "--config", "config_name", metavar="FILE", help="Configuration file or preset name.  [default: the 'default' preset]"
)
output_option = click.option(
    "-o", "--output", "out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True, help="Folder of the bundles."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def load_config(name: str | None) -> Config:
    """Read the configuration a command names.

    Raises:
        ConfigError: it is missing or wrong.
    """
    from pipeline.config import load
    from pipeline.resources import preset

    return load(preset(name))


def go_offline() -> None:
    """Forbid the libraries below to look for a hub: whatever a job needs is on this machine already."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        os.environ[name] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def say_licences(config: Config) -> None:
    """Say on the terminal under which licence each model of a run is; some forbid commercial use.

    Raises:
        ConfigError: the catalogue cannot be read.
    """
    from pipeline.models.catalogue import card_licence, in_words, load

    engines = [config.translate_engine]
    if config.summarise.enabled and config.summarise_engine is not None:
        engines.append(config.summarise_engine)
    names = list(dict.fromkeys(engine.model for engine in engines if engine.name != "rehearsal"))
    known = {model.id: model.terms for model in load()} if names else {}
    for name in names:
        click.echo(f"Model {name}: {known.get(name) or in_words(card_licence(Path(name).expanduser()))}.", err=True)


def log_to(out: Path, *, as_json: bool = False, name: str = "pipeline") -> Path:
    """Send the log to the file ``name`` under the output folder; older logs are kept, up to four.

    ``as_json`` writes one JSON object a line, for log collectors.

    Raises:
        OutputError: the folder cannot be written.
    """
    from pipeline.files import output_error

    path = out / ".work" / f"{name}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=4_000_000, backupCount=4, encoding="utf-8")
    except OSError as exc:
        raise output_error(exc, path) from exc
    handler.setFormatter(_json_lines() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger("pipeline")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    root.propagate = False
    return path


def _json_lines() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        ["asctime", "levelname", "name", "process", "message"],
        rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )


def show_path(path: Path) -> str:
    """The path as an operator would type it: relative to the working folder where that is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


__all__ = [
    "Config",
    "ExitCode",
    "OutputError",
    "config_option",
    "go_offline",
    "json_option",
    "load_config",
    "log_to",
    "output_option",
    "say_licences",
    "show_path",
]
