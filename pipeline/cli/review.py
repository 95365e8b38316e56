"""``pipeline review``: correct and approve a bundle in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.common import config_option, load_config


@click.command("review")
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--who", help="Your name, recorded with every decision.  [default: your user name]")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port on this machine's loopback address."
)
@click.option("--sign-key", type=click.Path(path_type=Path, dir_okay=False), help="Sign the rebuilt bundle with this Ed25519 key (PEM).")
@click.option("--open/--no-open", "open_browser", default=False, help="Open the page in the browser.")
@config_option
def command(*, bundle: Path, who: str | None, port: int, sign_key: Path | None, open_browser: bool, config_name: str | None) -> None:
    """Serve BUNDLE for review on this machine only, until Ctrl-C.

    Corrections are kept in corrections.jsonl beside the bundles, the bundle is rebuilt at once, and the
    other bundles that hold the same error are listed.

    \b
    Examples:
      pipeline review outputs/qinghe-county-daily-0a1b2c3d --who "M. Osei"
      pipeline review outputs/qinghe-county-daily-0a1b2c3d --open
    """
    import contextlib
    import getpass

    from pipeline.desk_memory import memory_path
    from pipeline.review.server import serve

    memory = memory_path(load_config(config_name).memory, bundle.resolve().parent)

    def announce(address: str) -> None:
        click.echo(f"Review at {address}\nOnly this address lets you in. Ctrl-C ends the review; everything saved stays.")
        if open_browser:
            click.launch(address)

    # Ctrl-C is how a review ends, not how it fails.
    with contextlib.suppress(KeyboardInterrupt):
        serve(bundle, who=who or getpass.getuser(), port=port, sign_key=sign_key, memory=memory, announce=announce)
