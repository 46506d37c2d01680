"""The commands for tokens: who may do what over HTTP."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from icgraph.cli.moments import Moment
from icgraph.cli.options import home_option
from icgraph.config import load_settings
from icgraph.store.home import existing_home
from icgraph.store.log import now
from icgraph.store.tokens import Scope, Token, Tokens


@click.group()
def token() -> None:
    """Make, list and revoke tokens; a running server obeys at once."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it allows; may be given several times.",
)
@click.option("--expires", type=Moment(last_day=True), default=None, help="Its last day, in UTC.")
@home_option
def add(name: str, scopes: tuple[str, ...], expires: datetime | None, **given: Any) -> None:
    """Make a token for NAME, as the history will call who uses it, and show it once."""
    with _tokens(load_settings(given).home) as tokens:
        made = tokens.add(name, [Scope(scope) for scope in scopes], created=now(), expires=expires)
    click.echo(made)
    click.echo("Keep it now: it is shown this once, and cannot be had again.", err=True)


@token.command("list")
@home_option
def list_(**given: Any) -> None:
    """List the tokens, without their secrets."""
    with _tokens(load_settings(given).home) as tokens:
        for each in tokens.all():
            scopes = ",".join(sorted(each.scopes))
            click.echo(f"{each.name}\t{scopes}\t{_state(each, now())}")


@token.command()
@click.argument("name")
@home_option
def revoke(name: str, **given: Any) -> None:
    """Let the token of NAME be good no longer, from this moment on."""
    with _tokens(load_settings(given).home) as tokens:
        tokens.revoke(name, now())
    click.echo(f"The token of {name} is revoked.")


@contextmanager
def _tokens(home: Path) -> Iterator[Tokens]:
    with closing(Tokens(existing_home(home).tokens)) as tokens:
        yield tokens


def _state(token: Token, moment: datetime) -> str:
    if token.revoked:
        return f"revoked {token.revoked:%Y-%m-%d %H:%M} UTC"
    if token.expires is None:
        return "does not expire"
    tense = "expires" if token.valid(moment) else "expired"
    return f"{tense} {token.expires:%Y-%m-%d %H:%M} UTC"
