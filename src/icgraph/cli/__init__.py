"""The command line. Each command reads its arguments, calls one function, tells the outcome."""

import signal
import sys

import click

from icgraph import __version__
from icgraph.cli.backups import backup, restore
from icgraph.cli.files import export, format_, import_, validate
from icgraph.cli.homes import check, list_settings, load, serve
from icgraph.cli.past import history, revert
from icgraph.cli.records import merge, withdraw
from icgraph.cli.tokens import token
from icgraph.terminal import run_command


def main() -> None:
    """The console entry point."""
    code = run_command(icgraph)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is done was not stopped
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="icgraph")
def icgraph() -> None:
    """The open knowledge graph of intercultural cities.

    Settings can also be given as environment variables (ICGRAPH_PORT=8001) or in icgraph.toml.
    Exit codes: 0 done, 1 the answer is no, 2 bad input or usage, 3 a defect, 130 stopped.
    """


for _command in (
    serve, load, history, revert, withdraw, merge, validate, import_, export, format_, check,
    backup, restore, token, list_settings,
):  # fmt: skip
    icgraph.add_command(_command)
