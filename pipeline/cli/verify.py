"""``pipeline verify``: is a bundle what was written?"""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, go_offline, json_option, load_config
from pipeline.errors import ExitCode, UsageError


@click.command("verify")
@click.argument("bundles", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--source", type=click.Path(path_type=Path), help="The issue file that the bundle is said to be made from.")
@click.option("--key", type=click.Path(path_type=Path), help="Public key (PEM) that the signature must have been made with.")
@click.option("--sample", type=click.IntRange(min=1), help="Translate this many passages again and compare.")
@config_option
@json_option
def command(
    *, bundles: tuple[Path, ...], source: Path | None, key: Path | None, sample: int | None, config_name: str | None, as_json: bool
) -> int:
    """Check BUNDLES: files, digests, statement, signature, schema, and every text against the source.

    \b
    Examples:
      pipeline verify outputs/page-3c1bdbd054de
      pipeline verify outputs/page-3c1bdbd054de --source page.txt --key desk.pem.pub
      pipeline verify outputs/page-3c1bdbd054de --sample 8        translates eight passages again
    """
    from pipeline.bundle.verify import render, verify
    from pipeline.records import encode

    if source is not None and len(bundles) > 1:
        raise UsageError("--source belongs to one bundle.", hint="Verify the bundles one by one.")
    ok = True
    for folder in bundles:
        report = _sampled(folder, source, key, sample, config_name) if sample else verify(folder, source=source, key=key)
        ok = ok and report.ok
        if as_json:
            click.echo(encode(report), nl=False)
        else:
            click.echo(f"{folder}:" if len(bundles) > 1 else "", nl=len(bundles) > 1)
            click.echo(render(report))
    return int(ExitCode.DONE if ok else ExitCode.VERIFY)


def _sampled(folder: Path, source: Path | None, key: Path | None, size: int, config_name: str | None) -> Report:  # type: ignore[name-defined]  # noqa: F821
    go_offline()
    import msgspec

    from pipeline.bundle.verify import verify
    from pipeline.retranslate import Retranslator
    from pipeline.session import Session

    config = load_config(config_name)
    # What people wrote since is no translation of the model's; only where it was an example in prompts is it needed.
    config = msgspec.structs.replace(config, memory=msgspec.structs.replace(config.memory, enabled=config.memory.examples))
    with Session(config, folder.parent) as session:
        again = Retranslator(folder, session, source)
        same = again.same_environment
        if not same:
            click.echo(f"{folder}: model, settings, terms or machine are not those of the bundle; that alone can change words.", err=True)
        return verify(folder, source=source, key=key, retranslate=again, sample_size=size, same_environment=same)
