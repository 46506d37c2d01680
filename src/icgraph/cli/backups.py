"""The commands for backups."""

from pathlib import Path
from typing import Any

import click

from icgraph.cli.options import FILES, home_option
from icgraph.config import load_settings
from icgraph.store.backup import make_backup, restore_backup
from icgraph.store.home import existing_home
from icgraph.store.log import now
from icgraph.terminal import shown_progress


@click.command()
@click.argument("file", type=FILES)
@home_option
def backup(file: Path, **given: Any) -> None:
    """Write all of the home that cannot be made again into FILE, which is not there yet.

    That is the change log, and the tokens in their hashed form. The server may be running.
    """
    home = existing_home(load_settings(given).home)
    with shown_progress() as progress:
        made = make_backup(home, file, made=now(), progress=progress)
    click.echo(f"Revision {made.revision} is in {file}, {file.stat().st_size} bytes.")


@click.command()
@click.argument("file", type=FILES)
@home_option
def restore(file: Path, **given: Any) -> None:
    """Make a home from the backup FILE, where there is none yet."""
    folder = load_settings(given).home
    with shown_progress() as progress:
        found = restore_backup(file, folder, progress=progress)
    click.echo(f"The home {folder} holds revision {found.revision} of {found.base}")
    click.echo("What is derived from it is made when it is served.")
