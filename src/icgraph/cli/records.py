"""The commands that take a record out of the graph."""

from collections.abc import Callable
from typing import Any

import click

from icgraph.cli.options import agent_option, home_option, tell_state, telling_violations
from icgraph.config import load_settings
from icgraph.curation.retirement import Retirement
from icgraph.curation.retirement import merge as merge_records
from icgraph.curation.retirement import withdraw as withdraw_record
from icgraph.curation.tombstones import Reason
from icgraph.model.labels import LANGUAGES
from icgraph.terminal import shown_progress


def _reason(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that takes a record out of the graph."""
    for option in (
        click.option("--reason", required=True, help="Why; readers see it in the record's place."),
        click.option(
            "--language",
            type=click.Choice(LANGUAGES),
            default=LANGUAGES[0],
            show_default=True,
            help="The language of the reason.",
        ),
        agent_option,
        home_option,
    ):
        command = option(command)
    return command


@click.command()
@click.argument("record")
@_reason
@click.option("--replaced-by", metavar="RECORD", default=None, help="What to read instead.")
@click.option("--detach", is_flag=True, help="Remove the links of other records to it, too.")
def withdraw(
    record: str,
    reason: str,
    language: str,
    agent: str,
    replaced_by: str | None,
    detach: bool,
    **given: Any,
) -> None:
    """Take RECORD, an IRI or kind/slug, out of the graph; its address tells when and why.

    While other records link to it, it stays, and the links are listed; see --detach.
    """
    with telling_violations(), shown_progress() as progress:
        retirement = withdraw_record(
            load_settings(given),
            record,
            Reason(agent, reason, language),
            replaced_by=replaced_by,
            detach=detach,
            progress=progress,
        )
    name, published = retirement.name, retirement.loaded.published
    click.echo(f"Revision {published.revision}: {name.kind}/{name.slug} is withdrawn.")
    click.echo(f"{len(retirement.left_behind):6} statements of its own left the graph")
    click.echo(f"{retirement.links:6} statements of others that named it were removed")
    tell_state(retirement.loaded)


@click.command()
@click.argument("loser")
@click.argument("winner")
@_reason
def merge(loser: str, winner: str, reason: str, language: str, agent: str, **given: Any) -> None:
    """Let WINNER stand for LOSER, too: both are the same thing. IRIs or kind/slug.

    Links to LOSER lead to WINNER, which takes over its names, sources and identities elsewhere.
    What else LOSER said is listed: it is kept in the history only.
    """
    with telling_violations(), shown_progress() as progress:
        retirement = merge_records(
            load_settings(given),
            loser,
            winner,
            Reason(agent, reason, language),
            progress=progress,
        )
    name, published = retirement.name, retirement.loaded.published
    click.echo(f"Revision {published.revision}: {name.kind}/{name.slug} is merged into {winner}.")
    click.echo(f"{retirement.links:6} statements of others name {winner} now")
    click.echo(f"{retirement.taken_over:6} names, sources and identities were taken over")
    _tell_left_behind(retirement)
    tell_state(retirement.loaded)


def _tell_left_behind(retirement: Retirement) -> None:
    left = retirement.left_behind
    click.echo(f"{len(left):6} other statements are in the history only{':' if left else ''}")
    for line in left:
        click.echo(f"       {line}")
