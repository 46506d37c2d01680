"""One constraint at one node: what the sound graph says there, as the ways to break it ask."""

import random
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from icgraph.guard.paths import Path
from tests.guard.planting.ground import Constraint, Ground, Term


@dataclass(frozen=True, slots=True)
class Case:
    """One constraint at one node."""

    ground: Ground
    constraint: Constraint
    focus: Term
    dice: random.Random

    @property
    def limit(self) -> int:
        """The constraint's parameter, where it is a number."""
        return int(self.constraint.value.value)

    @property
    def property(self) -> NamedNode:
        """The property that the path starts with."""
        return starts(self.constraint.path)[0][0]

    def said(self) -> list[Quad]:
        """What the node has by that property."""
        return self.ground.statements(self.focus, self.property)

    def held(self) -> list[Quad]:
        """The statements that the path starts with."""
        return held(self.ground, self.focus, self.constraint.path)

    def values(self) -> list[Term]:
        """What the path leads to."""
        return self.ground.values(self.focus, self.constraint.path)

    def other(self) -> list[Quad]:
        """What the node has by the property that the constraint compares with."""
        return self.ground.statements(self.focus, self.constraint.value)


def starts(path: Path) -> list[tuple[NamedNode, bool]]:
    """The properties that a path starts with, and whether it follows them backwards."""
    if path.iri:
        return [(NamedNode(path.iri), False)]
    if path.operator == "alternative":
        return [start for part in path.parts for start in starts(part)]
    [(name, backwards)] = starts(path.parts[0])
    return [(name, backwards != (path.operator == "inverse"))]


def held(ground: Ground, focus: Term, path: Path) -> list[Quad]:
    """The statements of a node that a path starts with."""
    found = []
    for name, backwards in starts(path):
        ends = (None, name, focus) if backwards else (focus, name)
        found += ground.statements(*ends)
    return found
