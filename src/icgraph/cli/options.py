"""What several commands share: their options, and how they tell an outcome."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from icgraph.config import Settings
from icgraph.curation.loading import Loaded
from icgraph.errors import GraphInvalid
from icgraph.guard.formats import render
from icgraph.guard.report import Report, Severity

FILES: Final = click.Path(path_type=Path)


def setting(name: str, **extra: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that gives a setting, with the setting's own description."""
    return click.option(
        f"--{name}", help=Settings.model_fields[name].description, default=None, **extra
    )


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the home."""
    return setting("home", type=FILES)(command)


def agent_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names who makes a change."""
    option = click.option(
        "--agent", default="operator", show_default=True, help="Who makes this change."
    )
    return option(command)


@contextmanager
def telling_violations() -> Iterator[None]:
    """Show the report of a change that the rules refuse."""
    try:
        yield
    except GraphInvalid as error:
        report = Report.from_json(error.members["report"])
        click.echo(render(report, severity=Severity.VIOLATION), nl=False, err=True)
        raise


def tell_state(loaded: Loaded) -> None:
    """Whether readers see it yet, and what the rules warn of."""
    if not loaded.readable:
        click.echo("It is recorded; the server does not show it yet: see its log.", err=True)
    report = loaded.published.report
    if report is not None and not report.conforms:
        click.echo(render(report, severity=Severity.WARNING), nl=False, err=True)
