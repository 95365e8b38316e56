"""``pipeline sign``: vouch for finished bundles with a key."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import UsageError


@click.command("sign")
@click.argument("bundles", type=click.Path(path_type=Path), nargs=-1)
@click.option("--key", type=click.Path(path_type=Path), help="Private key (PEM, Ed25519, no passphrase).")
@click.option("--new-key", type=click.Path(path_type=Path), help="Make a key pair first: this file and the same with .pub.")
def command(bundles: tuple[Path, ...], key: Path | None, new_key: Path | None) -> None:
    """Sign BUNDLES; each is verified first, and nothing but its signature changes.

    \b
    Examples:
      pipeline sign --new-key desk.pem
      pipeline sign outputs/page-3c1bdbd054de --key desk.pem
      pipeline verify outputs/page-3c1bdbd054de --key desk.pem.pub
    """
    from pipeline.bundle import signing
    from pipeline.bundle.seal import seal

    if new_key is not None:
        public = signing.new_key(new_key)
        click.echo(f"Keep {new_key} secret; give {public} to whoever verifies.")
        key = key or new_key
    if bundles and key is None:
        raise UsageError("There is no key to sign with.", hint="Give --key FILE, or make one with --new-key FILE.")
    if not bundles and new_key is None:
        raise UsageError("There is nothing to sign.", hint="Name one or more bundles.")
    for folder in bundles:
        assert key is not None
        click.echo(f"{folder} is signed with key {seal(folder, key)[:16]}.")
