"""``python -m pipeline.evaluate``: score outputs made before, and the checks, without a model.

The whole evaluation, with our own engine's outputs, is ``make eval``.
"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import ExitCode, PipelineError
from pipeline.evaluate.run import Plan, evaluate, finish, outputs_of


@click.command(epilog="Example: python -m pipeline.evaluate --wmt ../data/wmt22 --outputs plain=plain.en --out outputs/eval")
@click.option("--wmt", type=click.Path(path_type=Path), help="Folder with source.zh, reference-*.en, system.*.en, sample100.txt.")
@click.option("--whole", is_flag=True, help="All lines of the test set instead of the sample.")
@click.option("--summaries", type=click.Path(path_type=Path), help="JSON Lines file of articles with reference summaries.")
@click.option("--table", type=click.Path(path_type=Path), help="Table of planted errors and clean rows.")
@click.option("--outputs", multiple=True, metavar="NAME=FILE", help="A system's outputs, one a line; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs/eval"), show_default=True, help="Folder of the report.")
@click.option("--floors", type=click.Path(path_type=Path), default=Path("configs/floors.json"), show_default=True)
@click.option("--raise-floors", is_flag=True, help="Let better figures raise the floors.")
@click.option("--allow-lower-floors", is_flag=True, help="With --raise-floors: let worse figures lower them too.")
def main(
    *,
    wmt: Path | None,
    whole: bool,
    summaries: Path | None,
    table: Path | None,
    outputs: tuple[str, ...],
    out: Path,
    floors: Path,
    raise_floors: bool,
    allow_lower_floors: bool,
) -> None:
    """Score translations, summaries and the checks; exits with 3 when a figure is below its floor."""
    try:
        systems = [(name, outputs_of(Path(file))) for name, _, file in (o.partition("=") for o in outputs)]
        evaluation = evaluate(Plan(wmt=wmt, whole=whole, summaries=summaries, table=table), outputs=systems)
        short = finish(evaluation, out, floors, raise_floors=raise_floors, allow_lower=allow_lower_floors)
    except PipelineError as exc:
        click.echo(f"Error: {exc}", err=True)
        raise SystemExit(exc.code) from None
    for s in short:
        click.echo(f"Below its floor: {s.name} is {s.value}, the floor {s.floor}", err=True)
    click.echo(f"Report: {out / 'report.html'}")
    raise SystemExit(ExitCode.DONE_WITH_FINDINGS if short else ExitCode.DONE)


if __name__ == "__main__":
    main()
