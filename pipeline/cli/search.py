"""``pipeline search``: find articles in all bundles."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import json_option, output_option


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@output_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Most articles to show.")
@json_option
def command(words: tuple[str, ...], out: Path, limit: int, as_json: bool) -> None:
    """Find the articles that hold all WORDS, Chinese or English, best first.

    \b
    Examples:
      pipeline search 滴灌
      pipeline search cashmere 石桥镇 -o /srv/bundles
    """
    import json

    import msgspec

    from pipeline.bundle import archive

    hits = archive.search(out, " ".join(words), limit)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(hits), ensure_ascii=False, indent=1))
        return
    for hit in hits:
        click.echo(f"{hit.title_en or hit.title_zh}  {hit.title_zh if hit.title_en else ''}".rstrip())
        click.echo(f"  {out / hit.slug / 'index.html'}#a{hit.number}")
        for excerpt in (hit.excerpt_zh, hit.excerpt_en):
            if excerpt:
                click.echo(f"  {excerpt}")
    if not hits:
        click.echo("Nothing found.", err=True)
