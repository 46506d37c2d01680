"""Faults of every kind, planted into a sound graph: what is changed, and what must find it.

The kinds are the constraints of the shapes, each broken in every way that is known. Faults of one
batch never touch the same subject, so that none hides another.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from pyoxigraph import Quad

from icgraph.guard.report import Finding
from tests.guard.planting.by_hand import ways_by_hand
from tests.guard.planting.ground import Change, Constraint, Ground, Term
from tests.guard.planting.nodes import ways_at_nodes
from tests.guard.planting.values import ways_at_values

__all__ = ["Batch", "Constraint", "Fault", "Ground", "plant", "ways_of"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken constraint: how it is broken, and by what change."""

    constraint: Constraint
    way: str
    change: Change

    def is_told_by(self, finding: Finding) -> bool:
        """Whether a finding is about this constraint at this node."""
        told = (finding.shape, finding.component, finding.focus)
        return told == (self.constraint.shape, self.constraint.component, self.change.focus)


@dataclass
class Batch:
    """Faults that stand in one graph together."""

    faults: list[Fault] = field(default_factory=list)
    _touched: set[Term] = field(default_factory=set)

    def has_room(self, change: Change) -> bool:
        """Whether no fault touches what this change touches."""
        return self._touched.isdisjoint(change.touched)

    def add(self, fault: Fault) -> None:
        """Take a fault that there is room for."""
        self.faults.append(fault)
        self._touched |= fault.change.touched

    def planted(self, quads: Iterable[Quad]) -> list[Quad]:
        """The graph with all faults of the batch."""
        removed = {quad for fault in self.faults for quad in fault.change.removed}
        added = {quad for fault in self.faults for quad in fault.change.added}
        kept = [quad for quad in quads if quad not in removed and quad not in added]
        return [*kept, *sorted(added, key=str)]


def ways_of(constraint: Constraint) -> dict:
    """The ways to break a constraint, by their names."""
    by_hand = ways_by_hand(constraint)
    if by_hand:
        return by_hand
    at = ways_at_nodes if constraint.path is None else ways_at_values
    return at(constraint)


def plant(ground: Ground, *, faults: int, batches: int, seed: int) -> list[Batch]:
    """So many faults, dealt out to batches: each kind once, then again, as often as there is room.

    What few nodes are good for comes first. Raises ValueError when there is no room for so many.
    """
    dice = random.Random(seed)
    kinds = [(it, *way) for it in ground.constraints for way in ways_of(it).items()]
    dice.shuffle(kinds)
    kinds.sort(key=lambda kind: (not ways_by_hand(kind[0]), len(ground.targets(kind[0].shape))))
    found = [Batch() for _ in range(batches)]
    planted = 0
    for turn in count():
        before = planted
        for constraint, name, way in kinds:
            if planted == faults:
                return found
            planted += _deal(found, planted + turn, constraint, name, way(ground, constraint, dice))
        if planted == before:
            raise ValueError(f"there is room for {planted} faults only")
    return found


def _deal(
    batches: list[Batch], start: int, constraint: Constraint, way: str, changes: Iterable[Change]
) -> bool:
    order = batches[start % len(batches) :] + batches[: start % len(batches)]
    for change in changes:
        for batch in order:
            if (change.removed or change.added) and batch.has_room(change):
                batch.add(Fault(constraint, way, change))
                return True
    return False
