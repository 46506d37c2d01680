"""A shapes graph as values: what every shape targets and demands (SHACL, sections 2 to 5).

Read once, and knows neither data nor SPARQL queries, so that whole-graph validation and the
search for what a change affects work from the same reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.guard.constraints import OF_PATHS, Constraint, read_constraints
from icgraph.guard.paths import Path, read_path
from icgraph.guard.report import Severity
from icgraph.guard.terms import OWL, RDF, RDFS, SH, Facts, Term, messages, truth, unusable

_TYPE: Final = RDF + "type"
_SHAPE_TYPES: Final = (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape"))
_CLASS_TYPES: Final = (NamedNode(RDFS + "Class"), NamedNode(OWL + "Class"))
_SEVERITIES: Final[Mapping[Term, Severity]] = {
    NamedNode(SH + "Warning"): Severity.WARNING,
    NamedNode(SH + "Info"): Severity.INFO,
}


class TargetKind(StrEnum):
    """How a shape names its focus nodes (SHACL, section 2.1.3)."""

    NODE = "targetNode"
    CLASS = "targetClass"
    SUBJECTS_OF = "targetSubjectsOf"
    OBJECTS_OF = "targetObjectsOf"


@dataclass(frozen=True, slots=True)
class Target:
    """A target; an implicit class target is one of kind CLASS."""

    kind: TargetKind
    value: Term


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape when it has a `path`.

    `messages` are pairs of language and text.
    """

    node: Term
    path: Path | None
    targets: tuple[Target, ...]
    severity: Severity
    messages: tuple[tuple[str, str], ...]
    deactivated: bool
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a graph, by their nodes.

    `custom` says that the graph declares constraint components of its own (section 6), which
    stand in no `Shape`.
    """

    by_node: Mapping[Term, Shape]
    custom: bool

    @property
    def targeted(self) -> tuple[Shape, ...]:
        """The active shapes with a target, in the order of their nodes."""
        shapes = self.by_node.values()
        found = [shape for shape in shapes if shape.targets and not shape.deactivated]
        return tuple(sorted(found, key=lambda shape: str(shape.node)))

    def reached_from(self, shape: Shape) -> tuple[Shape, ...]:
        """The shape and all it refers to, directly or not."""
        found: dict[Term, Shape] = {}
        waiting = [shape.node]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = self.by_node[node]
                waiting += [inner for part in found[node].constraints for inner in part.shapes]
        return tuple(found.values())


def read_shapes(quads: Iterable[Quad]) -> Shapes:
    """The shapes that a shapes graph describes; raises InputError for a malformed one."""
    facts = Facts(quads)
    found: dict[Term, Shape] = {}
    waiting = [node for node in facts if _is_shape(facts, node)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = _read_shape(facts, node)
            waiting += [inner for part in found[node].constraints for inner in part.shapes]
    _check_references(found)
    custom = bool(facts.subjects(_TYPE, NamedNode(SH + "ConstraintComponent")))
    return Shapes(MappingProxyType(found), custom)


def _is_shape(facts: Facts, node: Term) -> bool:
    typed = any(kind in facts.values(node, _TYPE) for kind in _SHAPE_TYPES)
    return typed or any(facts.values(node, SH + kind) for kind in TargetKind)


def _read_shape(facts: Facts, node: Term) -> Shape:
    if isinstance(node, Literal) or node not in facts:
        raise unusable(node, "it is referred to, but nothing describes it")
    return Shape(
        node=node,
        path=_path(facts, node),
        targets=_targets(facts, node),
        severity=_severity(facts, node),
        messages=messages(facts, node),
        deactivated=truth(facts, node, "deactivated"),
        constraints=read_constraints(facts, node),
    )


def _path(facts: Facts, node: Term) -> Path | None:
    paths = facts.values(node, SH + "path")
    if len(paths) > 1:
        raise unusable(node, "it has more than one sh:path")
    if not paths:
        if NamedNode(SH + "PropertyShape") in facts.values(node, _TYPE):
            raise unusable(node, "it is a property shape without sh:path")
        return None
    return read_path(facts, paths[0])


def _targets(facts: Facts, node: Term) -> tuple[Target, ...]:
    found = [Target(kind, value) for kind in TargetKind for value in facts.values(node, SH + kind)]
    types = facts.values(node, _TYPE)
    if any(_is_class(facts, kind) for kind in types) and set(types) & set(_SHAPE_TYPES):
        found.append(Target(TargetKind.CLASS, node))
    for target in found:
        if target.kind is not TargetKind.NODE and isinstance(target.value, Literal):
            raise unusable(node, f"the sh:{target.kind} {target.value} is not an IRI")
    return tuple(found)


def _is_class(facts: Facts, kind: Term) -> bool:
    # Implicit class targets: section 2.1.3.3; a shapes graph may have metaclasses of its own.
    supers = facts.values(kind, RDFS + "subClassOf")
    return kind in _CLASS_TYPES or any(above in _CLASS_TYPES for above in supers)


def _severity(facts: Facts, node: Term) -> Severity:
    # A severity of somebody's own counts as a Violation.
    given = facts.values(node, SH + "severity")
    return _SEVERITIES.get(given[0], Severity.VIOLATION) if given else Severity.VIOLATION


def _check_references(shapes: Mapping[Term, Shape]) -> None:
    for shape in shapes.values():
        for constraint in shape.constraints:
            for inner in constraint.shapes:
                has_path = shapes[inner].path is not None
                if constraint.component == "Property" and not has_path:
                    raise unusable(shape.node, f"its sh:property {inner} has no sh:path")
                if constraint.component == "Node" and has_path:
                    raise unusable(shape.node, f"its sh:node {inner} is a property shape")
            if shape.path is None and constraint.component in OF_PATHS:
                raise unusable(shape.node, f"{constraint.component} needs a sh:path")
