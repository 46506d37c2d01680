"""Records that leave the graph: withdrawn, or merged into another that is the same thing.

Both are recorded changes like any other, held to the same rules. The record's statements go, and
its document keeps a tombstone in the graph of provenance: what it was called, when and why it
left, what replaced it. Nothing is lost: the change log has all that went.
"""

from collections.abc import Callable, Iterable, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from icgraph.config import Settings
from icgraph.curation.loading import Loaded, owned_if_free, readers_see
from icgraph.curation.publish import Signature, publish_change
from icgraph.curation.replacement import (
    merged,
    not_taken_over,
    owned,
    pointing,
    taken_over,
    without,
)
from icgraph.curation.tombstones import (
    Reason,
    Retired,
    retired_records,
    successors_moved,
    told_before,
    tombstone,
)
from icgraph.errors import InputError, NotFound, StillLinked
from icgraph.guard.checking import graph_check
from icgraph.model.iris import Base, RecordName, slugify
from icgraph.model.nearness import nearest
from icgraph.model.statements import readable
from icgraph.model.terms import FOREIGN_PREFIXES
from icgraph.store.changes import Change, held_quads
from icgraph.store.channel import Progress
from icgraph.store.home import open_home
from icgraph.store.log import now, open_log
from icgraph.store.projection import Projection
from icgraph.store.scratch import canonical_quads

_LABEL: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
#: Links that a refusal lists.
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Retirement:
    """What became of it.

    `links` is the number of statements of other records that went or were moved, `taken_over`
    those of a loser's statements that the winner says now, `left_behind` those that are only in
    the history.
    """

    loaded: Loaded
    name: RecordName
    links: int
    taken_over: int
    left_behind: list[str]


def withdraw(
    settings: Settings,
    record: str,
    reason: Reason,
    *,
    replaced_by: str | None = None,
    detach: bool = False,
    progress: Progress,
) -> Retirement:
    """Take a record, given by IRI or as kind/slug, out of the graph.

    Others that link to it keep it there unless `detach`, which removes these links and the parts
    that say nothing without them.

    Raises NotFound with near names; StillLinked with the links; what `publish_change` raises.
    """

    def change(graph: "_Graph") -> "_Departure":
        name = graph.present(record)
        heir = None if replaced_by is None else graph.present(replaced_by)
        if heir == name:
            raise InputError(
                f"The record {_short(name)} cannot replace itself.",
                advice="Name another record with --replaced-by, or none.",
            )
        links = pointing(graph.held, name, graph.base)
        if links and not detach:
            raise _still_linked(name, links, graph.base)
        after = without(graph.held, name, graph.base)
        own = owned(graph.held, name, graph.base)
        return _Departure(Retired(name, None), heir, after, own, len(links))

    return _retire(settings, reason, change, progress)


def merge(
    settings: Settings, loser: str, winner: str, reason: Reason, *, progress: Progress
) -> Retirement:
    """Let one record stand for two that are the same thing: see `replacement.merged`.

    Raises as `withdraw` does; InputError for two kinds; StillLinked where others link to a part
    of the loser, for which the winner has none.
    """

    def change(graph: "_Graph") -> "_Departure":
        name, heir = graph.present(loser), graph.present(winner)
        if name == heir or name.kind != heir.kind:
            raise InputError(
                f"{_short(name)} cannot be merged into {_short(heir)}.",
                advice="Name two different records of one kind.",
            )
        links = pointing(graph.held, name, graph.base)
        to_parts = [quad for quad in links if _is_part_of(quad.object, name, graph.base)]
        if to_parts:
            raise _still_linked(name, to_parts, graph.base)
        after = merged(graph.held, name, heir, graph.base)
        own = owned(graph.held, name, graph.base)
        return _Departure(Retired(name, heir), heir, after, own, len(links))

    return _retire(settings, reason, change, progress)


@dataclass(frozen=True, slots=True)
class _Departure:
    """A record that is to leave, what replaces it, and the graph without its `own` statements."""

    record: Retired
    heir: RecordName | None
    after: Set[Quad]
    own: Set[Quad]
    links: int

    def message(self, reason: Reason) -> str:
        """What the history says of it."""
        into = f" into {_short(self.record.into)}" if self.record.into else ""
        return f"{'Merge' if into else 'Withdraw'} {_short(self.record.name)}{into}: {reason.text}"


@dataclass(frozen=True, slots=True)
class _Graph:
    """All that the graph holds at its newest revision."""

    held: frozenset[Quad]
    base: Base

    def present(self, text: str) -> RecordName:
        """The record that a text names; raises NotFound unless it is in the graph."""
        names = self._names()
        kind, _, slug = text.removeprefix(f"{self.base.iri}id/").partition("/")
        name = RecordName(kind, slug)
        if name in names:
            return name
        for retired in retired_records(self.held, self.base):
            if retired.name == name:
                raise _gone(retired)
        same_kind = {found: slugs for found, slugs in names.items() if found.kind == kind}
        near = [_short(found) for found in nearest(slug or kind, same_kind or names)]
        raise NotFound(
            f"There is no record {text!r}.",
            advice=f"Did you mean {', '.join(near)}?" if near else "Give its IRI or kind/slug.",
            suggestions=near,
        )

    def _names(self) -> dict[RecordName, set[str]]:
        found: dict[RecordName, set[str]] = {}
        for quad in self.held:
            subject = quad.subject
            if quad.graph_name != DefaultGraph() or not isinstance(subject, NamedNode):
                continue
            name = self.base.name_of(subject.value)
            if name is None or subject.value != self.base.record(name):
                continue
            slugs = found.setdefault(name, {name.slug})
            if quad.predicate == _LABEL and isinstance(quad.object, Literal):
                slugs.add(slugify(quad.object.value))
        return found


def _retire(
    settings: Settings,
    reason: Reason,
    change: Callable[[_Graph], _Departure],
    progress: Progress,
) -> Retirement:
    moment = now()
    Signature(reason.agent, reason.text, moment)
    home = open_home(settings.home)
    with (
        owned_if_free(home) as is_owned,
        closing(open_log(home.log, settings.base, bare=False)) as log,
    ):
        head, graph = log.head(), _Graph(held_quads(log.read()), Base(log.base))
        departure = change(graph)
        after = _buried(graph, departure, reason, moment)
        signed = Change(
            reason.agent, departure.message(reason), after - graph.held, graph.held - after
        )
        check = graph_check(log.base, seconds=settings.validation_seconds, progress=progress)
        published = publish_change(
            log, signed, after=head, time=moment, check=check, of_documents=True
        )
        if is_owned:
            Projection(home.projection, checkpoints=settings.checkpoints).follow(log, progress)
        loaded = Loaded(published, is_owned or readers_see(home, published.revision))
    return _outcome(departure, loaded, graph.base)


def _buried(
    graph: _Graph, departure: _Departure, reason: Reason, moment: datetime
) -> frozenset[Quad]:
    """The graph without the record, and with a tombstone in the place of its document."""
    record, base = departure.record, graph.base
    labels = [
        quad.object
        for quad in departure.own
        if quad.subject == NamedNode(base.record(record.name))
        and quad.predicate == _LABEL
        and isinstance(quad.object, Literal)
    ]
    stone = tombstone(
        record, heir=departure.heir, labels=labels, reason=reason, moment=moment, base=base
    )
    moved = successors_moved(graph.held, record, base)
    gone = told_before(graph.held, record.name, base) | moved.keys()
    return frozenset(departure.after - gone) | canonical_quads(stone | set(moved.values()))


def _outcome(departure: _Departure, loaded: Loaded, base: Base) -> Retirement:
    record, left, taken = departure.record, departure.own, 0
    if record.into is not None:
        taken = len(taken_over(left, record.name, record.into, base))
        left = not_taken_over(left, record.name, record.into, departure.after, base)
    lines = sorted(readable(quad, base) for quad in left)
    return Retirement(loaded, record.name, departure.links, taken, lines)


def _is_part_of(node: object, name: RecordName, base: Base) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(base.record(name) + "#")


def _gone(retired: Retired) -> NotFound:
    if retired.into:
        return NotFound(
            f"The record {_short(retired.name)} was merged into {_short(retired.into)}.",
            advice="Name that one.",
        )
    return NotFound(
        f"The record {_short(retired.name)} was withdrawn already.",
        advice="There is nothing left to do.",
    )


def _still_linked(name: RecordName, links: Iterable[Quad], base: Base) -> StillLinked:
    lines = sorted(readable(quad, base) for quad in links)
    shown = "\n  ".join(lines[:_LISTED])
    rest = f"\n  and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    return StillLinked(
        f"{len(lines)} statements still name {_short(name)}:\n  {shown}{rest}",
        advice=(
            "Merge it into the record that stands for the same thing, change these statements, "
            "or let --detach remove them."
        ),
        links=lines,
    )


def _short(name: RecordName) -> str:
    return f"{name.kind}/{name.slug}"
