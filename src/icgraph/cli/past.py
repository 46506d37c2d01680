"""The commands for what happened: telling it, and taking it back."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

import click

from icgraph.catalogue.feeds import Effect
from icgraph.catalogue.history import Entry, Wanted, read_history
from icgraph.cli.moments import Moment
from icgraph.cli.options import agent_option, home_option, tell_state, telling_violations
from icgraph.config import load_settings
from icgraph.curation.revert import revert_changes
from icgraph.model.iris import Base
from icgraph.model.statements import harmless, readable
from icgraph.terminal import shown_progress

_SHOWN: Final = 20
#: What the text names of many records, sources or revisions; JSON has all.
_NAMED: Final = 10
_NAMED_IN_A_LINE: Final = 4
_MARKS: Final = {Effect.ADDED: "+", Effect.CHANGED: "~", Effect.WITHDRAWN: "-"}


@click.command()
@click.argument("record", required=False)
@click.option("--since", type=Moment(), default=None, help="A date, or a moment, in UTC.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help="How many changes to tell, the newest first.",
)
@click.option("--diff", is_flag=True, help="With the statements that were removed and added.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@home_option
def history(
    record: str | None,
    since: datetime | None,
    limit: int,
    diff: bool,
    output_format: str,
    **given: Any,
) -> None:
    """Tell who changed the graph, or RECORD (an IRI or kind/slug), when, why and how."""
    settings = load_settings(given)
    found = read_history(settings.home, settings.base, Wanted(record, since, statements=diff))
    entries = islice(found.entries, limit)
    if output_format == "json":
        told = [_as_json(entry, found.base, diff=diff) for entry in entries]
        click.echo(json.dumps({"changes": told}, ensure_ascii=False, indent=2))
        return
    for entry in entries:
        for line in _as_text(entry, found.base):
            click.echo(line)


def _as_text(entry: Entry, base: Base) -> Iterator[str]:
    odd = "   (the clock had been set back)" if entry.clock_set_back else ""
    when = f"{entry.time:%Y-%m-%d %H:%M:%S} UTC"
    yield f"revision {entry.revision}   {when}   {harmless(entry.agent)}{odd}"
    yield f"    {harmless(entry.message)}"
    if entry.reverts:
        yield f"    takes back: {_listed([str(number) for number in entry.reverts])}"
    if entry.sources:
        yield f"    sources: {_listed([_short(source, base) for source in entry.sources])}"
    if counts := Counter(entry.effects.values()):
        yield "    records: " + ", ".join(f"{counts[e]} {e}" for e in Effect if counts[e])
        for name, effect in islice(entry.effects.items(), _NAMED):
            yield f"    {_MARKS[effect]} {name.kind}/{name.slug}"
        if len(entry.effects) > _NAMED:
            yield f"    and {len(entry.effects) - _NAMED} more"
    for mark, quads in (("-", entry.removed), ("+", entry.added)):
        for line in sorted(readable(quad, base) for quad in quads):
            yield f"      {mark} {line}"
    yield ""


def _listed(words: list[str]) -> str:
    beyond = len(words) - _NAMED_IN_A_LINE
    return ", ".join(words[:_NAMED_IN_A_LINE]) + (f" and {beyond} more" if beyond > 0 else "")


def _short(iri: str, base: Base) -> str:
    name = base.name_of(iri)
    return f"{name.kind}/{name.slug}" if name else harmless(iri)


def _as_json(entry: Entry, base: Base, *, diff: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "revision": entry.revision,
        "time": entry.time.isoformat(),
        "agent": entry.agent,
        "message": entry.message,
        "records": [
            {"record": base.record(name), "effect": effect}
            for name, effect in entry.effects.items()
        ],
        "sources": list(entry.sources),
        "reverts": list(entry.reverts),
        "clockSetBack": entry.clock_set_back,
    }
    if diff:
        told["removed"] = sorted(str(quad) for quad in entry.removed)
        told["added"] = sorted(str(quad) for quad in entry.added)
    return told


@click.command()
@click.argument("revisions", nargs=-1, required=True, type=click.IntRange(min=1))
@click.option("--message", default=None, help="Why; by default what the changes said of it.")
@agent_option
@home_option
def revert(revisions: tuple[int, ...], message: str | None, agent: str, **given: Any) -> None:
    """Take back the changes REVISIONS, as one recorded change.

    It is held to the rules like any other. What later changes have touched again stands in the
    way: then nothing is changed, and these are named.
    """
    with telling_violations(), shown_progress() as progress:
        loaded = revert_changes(
            load_settings(given), revisions, agent=agent, message=message, progress=progress
        )
    published = loaded.published
    click.echo(f"Revision {published.revision} takes back {_listed([str(n) for n in revisions])}.")
    click.echo(f"{published.removed:6} statements left the graph")
    click.echo(f"{published.added:6} statements are in it again")
    tell_state(loaded)
