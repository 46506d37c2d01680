"""What a graph is once a record has left it: withdrawn, or merged into another.

Pure functions from statements to statements. A link that leads nowhere would make a graph that
no rule accepts, so the links of others go too, or lead to the record that stays. Who says so,
and why, is `retirement.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from functools import reduce
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from icgraph.curation.tombstones import Retired
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import FOREIGN_PREFIXES

_LABEL: Final = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
_OTHER_NAME: Final = NamedNode(FOREIGN_PREFIXES["skos"] + "altLabel")
#: What is true of the record that stays, too, since both are the same thing.
_SHARED: Final = (
    _OTHER_NAME,
    NamedNode(FOREIGN_PREFIXES["dcterms"] + "source"),
    NamedNode(FOREIGN_PREFIXES["schema"] + "sameAs"),
)


def owned(held: Iterable[Quad], name: RecordName, base: Base) -> set[Quad]:
    """The statements of a record and its parts, claims included, provenance not."""
    provenance = NamedNode(base.graph("provenance"))
    record = base.record(name)
    return {
        quad for quad in held if _owner(quad.subject) == record and quad.graph_name != provenance
    }


def pointing(held: Iterable[Quad], name: RecordName, base: Base) -> set[Quad]:
    """The statements of other records that name a record or its parts, and claims by a source."""
    provenance = NamedNode(base.graph("provenance"))
    record, claims = base.record(name), _claims(name, base)
    return {
        quad
        for quad in held
        if quad.graph_name != provenance
        and _owner(quad.subject) != record
        and (_owner(quad.object) == record or quad.graph_name == claims)
    }


def without(held: Collection[Quad], name: RecordName, base: Base) -> set[Quad]:
    """The graph without a record and without what others say of it.

    A part that lacks what it was about goes with all that hangs on it: a participation without
    its member says nothing.
    """
    links = pointing(held, name, base)
    rest = set(held) - owned(held, name, base) - links
    return rest - _hollow(rest, links)


def merged(held: Collection[Quad], loser: RecordName, winner: RecordName, base: Base) -> set[Quad]:
    """The graph with every link to the loser leading to the winner.

    The winner takes over its names, sources and identities; what else the loser said is gone.
    """
    own, links = owned(held, loser, base), pointing(held, loser, base)
    rest = set(held) - own - links
    claims = {quad for quad in own if quad.graph_name != DefaultGraph()}
    moved = {_renamed(quad, loser, winner, base) for quad in links | claims}
    moved = {quad for quad in moved if _owner(quad.subject) != _owner(quad.object)}
    names = {quad.object for quad in rest if _is_name_of(quad, base.record(winner))}
    kept = {quad for quad in taken_over(own, loser, winner, base) if quad.object not in names}
    after = rest | moved | kept
    doubles = _doubles(after, {quad.subject for quad in moved})
    return after - _with_ways_to(after, doubles)


def taken_over(own: Iterable[Quad], loser: RecordName, winner: RecordName, base: Base) -> set[Quad]:
    """What the winner of a merger takes over of the loser's own statements."""
    subject, heir = NamedNode(base.record(loser)), NamedNode(base.record(winner))
    said = [quad for quad in own if quad.subject == subject and quad.graph_name == DefaultGraph()]
    shared = {Quad(heir, quad.predicate, quad.object) for quad in said if quad.predicate in _SHARED}
    return shared | {Quad(heir, _OTHER_NAME, q.object) for q in said if q.predicate == _LABEL}


def not_taken_over(
    own: Iterable[Quad], loser: RecordName, winner: RecordName, after: Set[Quad], base: Base
) -> set[Quad]:
    """The loser's own statements that the winner does not make after the merger."""
    return {
        quad
        for quad in own
        if quad.graph_name == DefaultGraph()
        and quad.predicate != _LABEL
        and _renamed(quad, loser, winner, base) not in after
    }


def after_retirements(
    quads: Iterable[Quad], retirements: Iterable[Retired], base: Base
) -> set[Quad]:
    """Statements that know nothing of retirements, such as packaged ones, brought up to them."""

    def step(held: set[Quad], retired: Retired) -> set[Quad]:
        documents = NamedNode(base.document(retired.name))
        held = {quad for quad in held if quad.subject != documents}
        if retired.into is None:
            return without(held, retired.name, base)
        return merged(held, retired.name, retired.into, base)

    return reduce(step, retirements, set(quads))


def _hollow(rest: Set[Quad], lost: Iterable[Quad]) -> set[Quad]:
    """The statements of parts that a loss leaves without their point, and the links to them."""
    parts = {quad.subject for quad in lost if _is_part(quad.subject)}
    losses = {(quad.subject, quad.predicate) for quad in lost if quad.graph_name == DefaultGraph()}
    affected = {_owner(part) for part in parts}
    near = [
        quad
        for quad in rest
        if quad.graph_name == DefaultGraph() and _owner(quad.subject) in affected
    ]
    still = {(quad.subject, quad.predicate) for quad in near}
    hollow = {subject for subject, predicate in losses - still if subject in parts}
    gone = _with_ways_to(near, hollow)
    while orphans := _orphans(near, gone):
        gone |= orphans
    return gone


def _orphans(near: Iterable[Quad], gone: Set[Quad]) -> set[Quad]:
    """The statements left of parts to which a link is gone and none leads any more."""
    left = [quad for quad in near if quad not in gone]
    reached = {quad.object for quad in left}
    unlinked = {quad.object for quad in gone if _is_part(quad.object)} - reached
    return {quad for quad in left if quad.subject in unlinked}


def _with_ways_to(quads: Iterable[Quad], nodes: Set[object]) -> set[Quad]:
    return {quad for quad in quads if quad.subject in nodes or quad.object in nodes}


def _doubles(after: Iterable[Quad], moved: Set[object]) -> set[object]:
    """The moved parts that say just what another part of the same record says."""
    owners = {_owner(part) for part in moved if _is_part(part)}
    said: dict[object, set[tuple[object, object]]] = defaultdict(set)
    for quad in after:
        if _is_part(quad.subject) and _owner(quad.subject) in owners:
            said[quad.subject].add((quad.predicate, quad.object))
    seen: set[tuple[str | None, frozenset[tuple[object, object]]]] = {
        (_owner(part), frozenset(what)) for part, what in said.items() if part not in moved
    }
    doubles: set[object] = set()
    for part in sorted(filter(said.__contains__, moved), key=str):
        what = (_owner(part), frozenset(said[part]))
        if what in seen:
            doubles.add(part)
        seen.add(what)
    return doubles


def _renamed(quad: Quad, loser: RecordName, winner: RecordName, base: Base) -> Quad:
    old, new = base.record(loser), base.record(winner)

    def renamed(node: Any) -> Any:
        if isinstance(node, NamedNode) and _owner(node) == old:
            return NamedNode(new + node.value[len(old) :])
        return node

    graph = quad.graph_name
    if (heir := _claims(winner, base)) and graph == _claims(loser, base):
        graph = heir
    return Quad(renamed(quad.subject), quad.predicate, renamed(quad.object), graph)


def _claims(name: RecordName, base: Base) -> NamedNode | None:
    """The graph of what a source says."""
    return NamedNode(base.graph(f"claims/{name.slug}")) if name.kind == "source" else None


def _is_name_of(quad: Quad, record: str) -> bool:
    return (
        quad.predicate in {_LABEL, _OTHER_NAME}
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value == record
    )


def _owner(node: object) -> str | None:
    """The record that a thing or a part belongs to, by its IRI."""
    return node.value.partition("#")[0] if isinstance(node, NamedNode) else None


def _is_part(node: object) -> bool:
    return isinstance(node, NamedNode) and "#" in node.value
