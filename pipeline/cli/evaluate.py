"""``pipeline eval``: how good the output is, beside published systems and against floors."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, go_offline, load_config
from pipeline.errors import ExitCode


@click.command("eval")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("../shared/eval"), show_default=True, help="Folder with wmt22/ and summaries/."
)
@click.option(
    "--own",
    type=click.Path(path_type=Path, exists=True),
    help="Also a table of your own with columns zh and en (Parquet, JSON Lines, CSV), or a folder that 'pipeline export' made.",
)
@config_option
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), default=Path("outputs/eval"), show_default=True)
@click.option("--whole", is_flag=True, help="All lines of the test set instead of the fixed sample; for fast engines.")
@click.option("--no-baseline", is_flag=True, help="Leave out the plain prompt on the same lines.")
@click.option(
    "--checks-only", is_flag=True, help="Only what needs no model: the check table, what is put into the source, the published systems."
)
@click.option("--floors", type=click.Path(path_type=Path), default=Path("configs/floors.json"), show_default=True)
@click.option("--raise-floors", is_flag=True, help="Let better figures raise the floors; they never sink.")
@click.option("--allow-lower-floors", is_flag=True, help="With --raise-floors: let worse figures, or other data, replace them too.")
def command(
    *,
    data: Path,
    own: Path | None,
    config_name: str | None,
    out: Path,
    whole: bool,
    no_baseline: bool,
    checks_only: bool,
    floors: Path,
    raise_floors: bool,
    allow_lower_floors: bool,
) -> int:
    """Measure translations (BLEU, chrF), names, terms, numbers, summaries and the checks themselves.

    Parts whose data is absent are left out, and the report says so.

    \b
    Examples:
      pipeline eval --checks-only
      pipeline eval --config configs/default.yaml
    """
    go_offline()
    import msgspec

    from pipeline.checks.base import CheckInput
    from pipeline.evaluate import ways
    from pipeline.evaluate.run import Plan, evaluate, finish
    from pipeline.records import Translation
    from pipeline.session import Session

    config = load_config(config_name)
    # What a desk remembers is no measure of the model.
    config = msgspec.structs.replace(config, memory=msgspec.structs.replace(config.memory, enabled=False))
    wmt, news = data / "wmt22", next(iter(sorted((data / "summaries").glob("*.jsonl"))), None)
    table = Path("tests/data/check_table.tsv")
    forms = Path("tests/data/expected_forms.tsv")
    parts = {
        "expected": forms if forms.is_file() else None,
        "wmt": wmt if wmt.is_dir() else None,
        "summaries": news,
        "table": table if table.is_file() else None,
    }
    for name, found in parts.items():
        if found is None:
            click.echo(f"{name}: no data under {data}; left out.", err=True)
    with Session(config, out) as session:
        made: list[Translation] = []

        def ours(lines: list[str]) -> list[str]:
            new = ways.translate(session, lines)
            made.extend(new)
            return [t.target for t in new]

        signature = "" if checks_only else session.signature("translate")
        plan = Plan(
            wmt=parts["wmt"],
            own=own,
            summaries=parts["summaries"],
            table=parts["table"],
            expected=parts["expected"],
            whole=whole,
            signature=signature,
        )

        def put_in(lines: list[str]) -> list[str]:
            return ways.projected(session, lines)

        if checks_only:
            evaluation = evaluate(plan, projected=put_in, config=config.checks)
        else:
            baselines = [] if no_baseline else [("plain prompt", lambda lines: ways.translate_plainly(session, lines))]
            evaluation = evaluate(
                plan,
                ours,
                lambda articles: ways.summaries(session, articles),
                baselines=baselines,
                projected=put_in,
                config=config.checks,
            )
            items = [CheckInput(segment=t.segment, target=t.target, projection=t.projection) for t in made]
            evaluation = _with_accuracy(evaluation, items, session.lexicon)
    short = finish(evaluation, out, floors, raise_floors=raise_floors, allow_lower=allow_lower_floors)
    for s in short:
        click.echo(f"Below its floor: {s.name} is {s.value}, the floor {s.floor}", err=True)
    click.echo((out / "report.md").read_text(encoding="utf-8"))
    click.echo(f"Report: {out / 'report.html'}")
    return int(ExitCode.DONE_WITH_FINDINGS if short else ExitCode.DONE)


def _with_accuracy(evaluation: Evaluation, items: list[CheckInput], lexicon: Lexicon) -> Evaluation:  # type: ignore[name-defined]  # noqa: F821
    """Add the shares by the tables.  Other tables name other things, so the floor belongs to these tables and sentences."""
    import hashlib

    import msgspec

    from pipeline.evaluate.accuracy import measure
    from pipeline.evaluate.report import NamedAccuracy

    data = hashlib.sha256("\n".join([lexicon.digest, *(item.source for item in items)]).encode()).hexdigest()
    by_tables = NamedAccuracy(name="by the tables", accuracy=measure(items, lexicon), sha256=data)
    return msgspec.structs.replace(evaluation, accuracy=(*evaluation.accuracy, by_tables))
