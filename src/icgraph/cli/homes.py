"""The commands for a home: making it, serving from it, checking it."""

from pathlib import Path
from typing import Any

import click

from icgraph.cli.options import (
    FILES,
    agent_option,
    home_option,
    setting,
    tell_state,
    telling_violations,
)
from icgraph.config import Settings, load_settings, settings_table
from icgraph.curation.bulk import load_bare
from icgraph.curation.loading import check_home, load_into
from icgraph.supervisor import serve as serve_home
from icgraph.terminal import shown_progress


@click.command()
@setting("host")
@setting("port", type=int)
@home_option
@setting("base")
@setting("bare", is_flag=True)
def serve(**given: Any) -> None:
    """Build the graph if the home is empty, and serve it."""
    settings = load_settings(given)
    with shown_progress() as progress:
        serve_home(settings, progress=progress, ready=_ready)


def _ready(address: str) -> None:
    click.echo(f"icgraph serves {address}   (Ctrl-C stops it)")


@click.command()
@click.argument("files", nargs=-1, type=FILES)
@agent_option
@click.option("--message", default=None, help="Why; by default the names of the files.")
@home_option
@setting("base")
@setting("bare", is_flag=True)
def load(files: tuple[Path, ...], agent: str, message: str | None, **given: Any) -> None:
    """Add what FILES say to the graph, as one recorded change; deletes nothing.

    Without FILES the packaged data is loaded. Data with a Violation is refused. With --bare,
    large FILES become several changes, and nothing is refused.
    """
    settings = load_settings(given)
    if settings.bare:
        _load_bare(settings, files, agent, message)
        return
    with telling_violations(), shown_progress() as progress:
        loaded = load_into(settings, files, agent=agent, message=message, progress=progress)
    published = loaded.published
    if not published.added:
        click.echo(
            f"The graph already says all of this; it stays at revision {published.revision}."
        )
        return
    click.echo(f"Revision {published.revision}: {published.added} statements added.")
    tell_state(loaded)


def _load_bare(
    settings: Settings, files: tuple[Path, ...], agent: str, message: str | None
) -> None:
    if not files:
        raise click.UsageError("--bare needs FILES: a bare home has no packaged data.")
    with shown_progress() as progress:
        loaded = load_bare(settings, files, agent=agent, message=message, progress=progress)
    click.echo(f"Revision {loaded.revision}: {loaded.statements} statements recorded.")
    if not loaded.readable:
        click.echo("The server is still applying them.", err=True)


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the projection again from the change log.")
@home_option
def check(rebuild: bool, **given: Any) -> None:
    """Check the change log, and that the graph is what the log says."""
    settings = load_settings(given)
    with shown_progress() as progress:
        checked = check_home(settings, rebuild=rebuild, progress=progress)
    click.echo(f"The change log is whole: revision {checked.revision}, {checked.quads} statements.")
    if checked.mended:
        click.echo(f"The projection could not be opened: {checked.mended}")
    made_again = rebuild or checked.mended
    click.echo("The projection was made again." if made_again else "The projection agrees with it.")


@click.command("settings")
def list_settings() -> None:
    """List the settings, their defaults and what they mean."""
    click.echo(settings_table(), nl=False)
