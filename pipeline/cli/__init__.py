"""The command line: arguments, messages and exit codes; no logic.

Commands live in modules of their own and import what they need when they run, so ``--help`` stays fast.
"""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import ExitCode, Interrupted, PipelineError

# Command name -> module, in the order of --help.
_COMMANDS = {
    "translate": "pipeline.cli.translate",
    "archive": "pipeline.cli.archive",
    "watch": "pipeline.cli.watch",
    "status": "pipeline.cli.status",
    "export": "pipeline.cli.export",
    "segment": "pipeline.cli.segment",
    "review": "pipeline.cli.review",
    "search": "pipeline.cli.search",
    "index": "pipeline.cli.index",
    "terms": "pipeline.cli.terms",
    "memory": "pipeline.cli.memory",
    "models": "pipeline.cli.models",
    "verify": "pipeline.cli.verify",
    "diff": "pipeline.cli.diff",
    "import": "pipeline.cli.bring_back",
    "sign": "pipeline.cli.sign",
    "eval": "pipeline.cli.evaluate",
}


class _Lazy(click.Group):
    """A group that imports a command's module only when that command is used or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(_COMMANDS[name]).command
        return command


@click.command(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 done, 3 done with findings to check, others in docs/exit-codes.md.",
)
@click.version_option(__version__, prog_name="pipeline")
def cli() -> None:
    """Turn Chinese newspaper issues into bilingual bundles, on this machine alone.

    \b
    Examples:
      pipeline models pull                       fetch and verify the default model
      pipeline translate examples/qinghe-county-daily.txt     run an issue; the bundle goes to outputs/
      pipeline segment page.txt                  see how a page is cut, without a model
    """


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit code; expected failures print what happened and what to do."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code = cli.main(args=argv, prog_name="pipeline", standalone_mode=False)
        return int(code) if isinstance(code, int) else int(ExitCode.DONE)
    except click.exceptions.Abort:
        return _stopped(ExitCode.INTERRUPTED)
    except click.ClickException as exc:
        exc.show()
        return int(ExitCode.USAGE)
    except Interrupted as exc:
        return _stopped(exc.code)
    except KeyboardInterrupt:
        return _stopped(ExitCode.INTERRUPTED)
    except PipelineError as exc:
        click.echo(f"pipeline: {exc}", err=True)
        return int(exc.code)
    except BrokenPipeError:
        # The reader of our output went away (`pipeline segment … | head`): not a failure.
        sys.stderr.close()
        return int(ExitCode.DONE)


def _stopped(code: ExitCode) -> int:
    click.echo("\npipeline: stopped. Finished work is kept; run the same command again to go on.", err=True)
    return int(code)


class _Terminated(Interrupted):
    code = ExitCode.TERMINATED


def _terminated(_signal: int, _frame: Any) -> None:
    raise _Terminated("terminated")
