"""``pipeline segment``: how a page is cut, without any model."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, json_option, load_config


@click.command("segment")
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@json_option
def command(file: Path, config_name: str | None, as_json: bool) -> None:
    """Show how FILE is cut into articles, and how sure that is.

    Corrections in <file stem>.overrides.yaml beside it are applied (docs/segmentation.md).

    \b
    Examples:
      pipeline segment page.txt
      pipeline segment page.txt --json
    """
    import json

    from pipeline import segment as seg
    from pipeline.ingest import read_issue
    from pipeline.segment import outline, overrides, reference

    config = load_config(config_name)
    issue = read_issue(file, config.ingest)
    found = overrides.beside(file)
    segmentation = seg.segment(issue, config.segment, overrides.load(found) if found else None)
    if as_json:
        click.echo(json.dumps(reference(segmentation), ensure_ascii=False, indent=1))
    else:
        click.echo(outline(segmentation, issue))
