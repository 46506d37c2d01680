"""How a node shape is broken: by what a node is, is called, or says."""

import random
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from tests.guard.planting.case import held
from tests.guard.planting.ground import TYPE, Change, Constraint, Ground, Term

Way = Callable[[Ground, Constraint, random.Random], Iterator[Change]]

_UNHEARD_OF = NamedNode(Base(DEFAULT_BASE).term("unheardOf"))
#: Of all nodes that could point at a bad one, so many are tried.
_TRIES = 20


def ways_at_nodes(constraint: Constraint) -> dict[str, Way]:
    """The ways to break a constraint of a node shape, by their names."""
    return _WAYS.get(constraint.parameter, {})


def _made(make: Callable[[Ground], Term]) -> Way:
    """Another instance of a class that the shape is about."""

    def changes(ground: Ground, constraint: Constraint, dice: random.Random) -> Iterator[Change]:
        kinds = ground.demands(constraint.shape, "targetClass")
        for kind in dice.sample(kinds, len(kinds)):
            node = make(ground)
            yield Change(node, added=frozenset({Quad(node, TYPE, kind)}))

    return changes


def _pointed_at(make: Callable[[Ground], Term]) -> Way:
    """Another value of a property whose values the shape is about."""

    def changes(ground: Ground, constraint: Constraint, dice: random.Random) -> Iterator[Change]:
        properties = ground.demands(constraint.shape, "targetObjectsOf")
        for name in dice.sample(properties, len(properties)):
            subjects = ground.alike(name)
            for subject in dice.sample(subjects, min(_TRIES, len(subjects))):
                node = make(ground)
                yield Change(node, added=frozenset({Quad(subject, name, node)}))

    return changes


def _badly_named(ground: Ground) -> NamedNode:
    return NamedNode(f"https://example.org/{ground.number()}")


def _nameless(ground: Ground) -> BlankNode:
    return BlankNode(f"planted{ground.number()}")


def _unknown_property(
    ground: Ground, constraint: Constraint, dice: random.Random
) -> Iterator[Change]:
    for focus in _targets(ground, constraint, dice):
        yield Change(focus, added=frozenset({Quad(focus, _UNHEARD_OF, Literal("of"))}))


def _nothing_said(ground: Ground, constraint: Constraint, dice: random.Random) -> Iterator[Change]:
    members = ground.members(constraint.value)
    if all(ground.demands(member, "minCount") for member in members):
        paths = [ground.path_of(member) for member in members]
        for focus in _targets(ground, constraint, dice):
            said = {quad for path in paths for quad in held(ground, focus, path)}
            yield Change(focus, removed=frozenset(said))


def _targets(ground: Ground, constraint: Constraint, dice: random.Random) -> list[Term]:
    targets = ground.targets(constraint.shape)
    return dice.sample(targets, len(targets))


_WAYS: dict[str, dict[str, Way]] = {
    "closed": {"unknown property": _unknown_property},
    "nodeKind": {"nameless": _made(_nameless), "text for a thing": _pointed_at(Ground.text)},
    "or": {
        "dangling reference": _pointed_at(Ground.nobody),
        "text for a thing": _pointed_at(Ground.text),
        "nothing said": _nothing_said,
    },
    "pattern": {"odd name": _made(_badly_named), "pointing away": _pointed_at(_badly_named)},
}
