"""``pipeline models``: what there is, what is here, fetch, verify."""

from __future__ import annotations

import click

from pipeline.cli.common import config_option, json_option, load_config
from pipeline.errors import ModelError

_DEFAULT = "qwen2.5-coder-1.5b-instruct-q4_k_m"


@click.group("models")
def command() -> None:
    """List, fetch, verify and locate models.

    Models live in the user's cache folder, or under $PIPELINE_MODELS.
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Show the catalogue: id, task, licence, size, and whether the model is here and verified."""
    import json

    import msgspec

    from pipeline.models.store import Store

    store = Store()
    if as_json:
        rows = [{**msgspec.to_builtins(m), "size": m.size, "here": store.present(m)} for m in store.models]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for m in store.models:
        size = f"{m.size / 1e6:,.0f} MB" if m.size else "size unknown"
        here = "verified here" if store.present(m) else "not here"
        click.echo(f"{m.id}\n    {m.task}, {m.family}, {size}, {m.terms}, {here}")
        if m.note:
            click.echo(f"    {m.note}")


@command.command("pull")
@click.argument("model", required=False)
@config_option
def pull(model: str | None, config_name: str | None) -> None:
    """Fetch MODEL (or all that a configuration needs) and verify every byte.

    An interrupted download goes on where it stopped.

    \b
    Examples:
      pipeline models pull
      pipeline models pull --config configs/marian.yaml
    """
    from pathlib import Path

    from pipeline.cli.progress import Download
    from pipeline.models.store import Store

    store = Store()
    names = [model] if model else _needed(config_name)
    with Download() as progress:
        for name in dict.fromkeys(names):
            known = any(m.id == name for m in store.models)
            if not known and Path(name).expanduser().exists():
                path, info = store.resolve(name)
                progress.note(f"{name} is a local model, SHA-256 {info.sha256[:12]}….")
                continue
            path = store.pull(name, progress)
            progress.note(f"{name}: {path} ({next(m.terms for m in store.models if m.id == name)})")


def _needed(config_name: str | None) -> list[str]:
    config = load_config(config_name)
    sections = [config.translate_engine, *([config.summarise_engine] if config.summarise_engine else [])]
    return [s.model for s in sections if s.name != "rehearsal"]


@command.command("verify")
@click.argument("model", required=False)
def verify(model: str | None) -> None:
    """Hash MODEL's files again (default: every model that is here) and compare with the catalogue."""
    from pipeline.models.catalogue import find
    from pipeline.models.store import Store

    store = Store()
    chosen = [find(model, store.models)] if model else [m for m in store.models if store.folder(m).is_dir()]
    if not chosen:
        raise ModelError("No model is on this machine yet.", hint="Run: pipeline models pull")
    for entry in chosen:
        store.verify(entry)
        click.echo(f"{entry.id}: verified")


@command.command("path")
@click.argument("model", default=_DEFAULT)
def path(model: str) -> None:
    """Print where MODEL is."""
    from pipeline.models.store import Store

    click.echo(str(Store().resolve(model)[0]))
