"""``pipeline terms``: the term tables."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, json_option, load_config, output_option
from pipeline.errors import ExitCode


@click.group("terms")
def command() -> None:
    """Look after the term tables."""


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@config_option
@json_option
@click.option("--all", "everything", is_flag=True, help="Show what is only for information too: overrides, terms inside terms.")
def check(files: tuple[Path, ...], config_name: str | None, as_json: bool, everything: bool) -> int:
    """Look for duplicates, conflicts, cycles, empty cells and terms inside terms.

    Without FILES, the bundled tables and those of the configuration are checked together.  Exits with 3 when
    there is an error or a warning.

    \b
    Examples:
      pipeline terms check
      pipeline terms check desk.tsv --all
    """
    import json

    import msgspec

    from pipeline.records import Severity
    from pipeline.terms.lexicon import default_files
    from pipeline.terms.lint import check as look

    tables = files or (*default_files(), *(Path(f) for f in load_config(config_name).terms.files))
    findings = look(tables)
    shown = [f for f in findings if everything or f.severity is not Severity.INFO]
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(shown), ensure_ascii=False, indent=1))
    else:
        for f in shown:
            click.echo(f"{f.file}:{f.line}: {f.severity}: {f.message} [{f.rule}]")
        wrong = sum(f.severity is not Severity.INFO for f in findings)
        click.echo(f"{len(tables)} tables: {wrong} to settle, {len(findings) - wrong} for information.")
    return int(ExitCode.DONE_WITH_FINDINGS if any(f.severity is not Severity.INFO for f in findings) else ExitCode.DONE)


@command.command("set")
@click.argument("zh")
@click.argument("en")
@click.option(
    "--kind", type=click.Choice(["person", "place", "org", "term"]), required=True, help="What it is; all but terms go on name sheets."
)
@click.option("--who", help="The editor, recorded with the decision.  [default: your user name]")
@output_option
def decide(*, zh: str, en: str, kind: str, who: str | None, out: Path) -> int:
    """Settle the English of a name or term for every later run into the output folder, as a review does.

    Finished issues whose text holds it become new work.

    \b
    Examples:
      pipeline terms set 热孜万·买买提 "Rizwan Mamat" --kind person -o /srv/bundles
    """
    import getpass
    from datetime import UTC, datetime

    from pipeline.bundle import corrections
    from pipeline.errors import UsageError
    from pipeline.records import Correction, CorrectionKind

    source, english = "".join(zh.split()), " ".join(en.split())
    if not source or not english or any("\u3400" <= c <= "\u9fff" for c in english):
        raise UsageError("A name or term needs its Chinese and its English, in this order.", hint="See 'pipeline terms set --help'.")
    decision = Correction(
        kind=CorrectionKind.TERM if kind == "term" else CorrectionKind.NAME,
        issue="",
        who=who or getpass.getuser(),
        when=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        source=source,
        after=english,
        name_kind="" if kind == "term" else kind,
        via="command",
    )
    corrections.save(out, [decision])
    click.echo(f"{source} is {english} from now on ({out / corrections.TERMS}).")
    return int(ExitCode.DONE)
