"""A shape as queries that return what is wrong: the plan of whole-graph validation.

Constraints of one shape share a query where they look at the same thing, so that a graph
without faults is passed once. Every query selects `?this`, and `?value` where a result has
one. Nothing is evaluated here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from icgraph.errors import NotCompiledError
from icgraph.guard.conditions import OF_VALUES, Conditions
from icgraph.guard.constraints import Constraint, SparqlConstraint
from icgraph.guard.fragments import (
    OWN_NAMES,
    Pattern,
    all_of,
    step,
    target_pattern,
    target_test,
)
from icgraph.guard.paths import path_text
from icgraph.guard.sets import OF_SETS, set_patterns
from icgraph.guard.shapes import Shape, TargetKind
from icgraph.guard.sparql_text import (
    can_be_joined,
    names_of,
    pattern_start,
    read_tokens,
    refused_word,
    sees_other_graphs,
)
from icgraph.guard.terms import unusable

_THIS: Final = "?this"
_VALUE: Final = "?value"
#: What is not judged by an expression on the focus node.
_APART: Final = OF_VALUES | OF_SETS.keys() | {"SPARQL", "Property"}
_DEEPEST: Final = 12
_OF_STATEMENTS: Final = frozenset({TargetKind.SUBJECTS_OF, TargetKind.OBJECTS_OF})
_PREBOUND: Final = frozenset({"currentShape", "shapesGraph"})


@dataclass(frozen=True, slots=True)
class Check:
    """A query and what its rows mean.

    A row is a violation of each constraint whose column `?met0`, `?met1` … is false; of the one
    there is, when there are no such columns. `foci` is empty, or a query for the focus nodes for
    each of which the query is to be run with `$this` bound.
    """

    shape: Shape
    constraints: tuple[Constraint, ...]
    query: str
    foci: str = ""


def checks_of(shape: Shape, conditions: Conditions) -> list[Check]:
    """The checks of a shape with targets; raises NotCompiledError and InputError."""
    pattern = target_pattern(shape.targets, conditions.words)
    return list(_Writer(conditions).checks(shape, _Focus(pattern)))


class _Focus(NamedTuple):
    """The focus nodes of a shape. A node reached from two nodes has its results twice.

    `routes` are the variables of the nodes on the way, `depth` is their number.
    """

    pattern: Pattern
    routes: tuple[str, ...] = ()
    depth: int = 0


class _Writer:
    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions

    def checks(self, shape: Shape, focus: _Focus) -> Iterator[Check]:
        if shape.deactivated:
            return
        if focus.depth > _DEEPEST:
            raise NotCompiledError("its property shapes are too deep within each other")
        of_values = [c for c in shape.constraints if c.component in OF_VALUES]
        of_focus = [c for c in shape.constraints if c.component not in _APART]
        nodes = focus.pattern(_THIS)
        if shape.path is None:
            yield from self._judged(shape, focus, [*of_values, *of_focus], nodes, _THIS)
        else:
            values = step(_THIS, shape.path, _VALUE)
            if focus.depth or not _targets_its_path(shape):
                values = f"{nodes} {values}"
            yield from self._judged(shape, focus, of_values, values, _VALUE)
            yield from self._judged(shape, focus, of_focus, nodes, "")
        for constraint in shape.constraints:
            yield from self._apart(shape, focus, constraint)

    def _judged(
        self,
        shape: Shape,
        focus: _Focus,
        constraints: list[Constraint],
        pattern: str,
        value: str,
    ) -> Iterator[Check]:
        """One query for constraints that an expression on the focus or a value judges."""
        if not constraints:
            return
        tests = [
            self._conditions.of_value(constraint, _THIS, value)
            if constraint.component in OF_VALUES
            else self._conditions.of_focus(constraint, shape, _THIS)
            for constraint in constraints
        ]
        columns = [_VALUE] if value == _VALUE else []
        if len(tests) > 1:
            columns += [f"({test} AS ?met{place})" for place, test in enumerate(tests)]
        query = _select(focus, columns, f"{pattern} FILTER(!{all_of(tests)})")
        yield Check(shape, tuple(constraints), query)

    def _apart(self, shape: Shape, focus: _Focus, constraint: Constraint) -> Iterator[Check]:
        """The queries of a constraint that shares none."""
        if constraint.component in OF_SETS:
            columns = OF_SETS[constraint.component]
            words = self._conditions.words
            for wrong in set_patterns(constraint, shape, _THIS, words):
                query = _select(focus, columns, self._at_targets(shape, focus, wrong))
                yield Check(shape, (constraint,), query)
        elif constraint.query is not None:
            yield _of_query(shape, constraint, constraint.query, focus.pattern)
        elif constraint.component == "Property":
            inner = self._conditions.shapes[constraint.shapes[0]]
            yield from self.checks(inner, self._values(shape, focus))

    def _at_targets(self, shape: Shape, focus: _Focus, pattern: str) -> str:
        """A pattern that binds the focus node, for nodes in focus only."""
        kinds = {target.kind for target in shape.targets}
        if shape.path is None or focus.depth or not kinds or not kinds <= _OF_STATEMENTS:
            return f"{focus.pattern(_THIS)} {pattern}"
        # Such targets name a node once for every statement: faults are found first, and are few.
        return f"{pattern} FILTER({target_test(shape.targets, _THIS, self._conditions.words)})"

    def _values(self, shape: Shape, focus: _Focus) -> _Focus:
        """The value nodes of a shape, as the focus nodes of its property shapes."""
        path = shape.path
        if path is None:
            return focus._replace(depth=focus.depth + 1)
        outer = self._conditions.words.variable()
        nodes = focus.pattern(outer)
        return _Focus(
            lambda variable: f"{nodes} {step(outer, path, variable)}",
            (*focus.routes, outer),
            focus.depth + 1,
        )


def _select(focus: _Focus, columns: Iterable[str], pattern: str) -> str:
    names = " ".join([_THIS, *focus.routes, *columns])
    return f"SELECT DISTINCT {names} WHERE {{ {pattern} }}"


def _targets_its_path(shape: Shape) -> bool:
    """Whether to have a value for the path is to be a target: one pass instead of two."""
    if len(shape.targets) != 1 or shape.path is None:
        return False
    (target,) = shape.targets
    return target.kind is TargetKind.SUBJECTS_OF and target.value.value == shape.path.iri


def _of_query(
    shape: Shape, constraint: Constraint, query: SparqlConstraint, focus: Pattern
) -> Check:
    text = _with_path(shape, query.select)
    names = names_of(text)
    if word := refused_word(text):
        raise unusable(shape.node, f"its query must not use {word}")
    if sees_other_graphs(text) or not _PREBOUND.isdisjoint(names):
        raise NotCompiledError("its query speaks of graphs or of the shape itself")
    if can_be_joined(text) and not any(name.startswith(OWN_NAMES) for name in names):
        start = pattern_start(text)
        joined = f"{text[:start]} {focus(_THIS)} {text[start:]}"
        return Check(shape, (constraint,), query.prologue + joined)
    foci = f"SELECT DISTINCT {_THIS} WHERE {{ {focus(_THIS)} }}"
    return Check(shape, (constraint,), query.prologue + text, foci)


def _with_path(shape: Shape, text: str) -> str:
    places = [place for kind, found, place in read_tokens(text) if found in ("$PATH", "?PATH")]
    if places and shape.path is None:
        raise unusable(shape.node, "its query uses $PATH, but the shape has no sh:path")
    for place in reversed(places):
        assert shape.path is not None
        text = text[:place] + path_text(shape.path) + text[place + len("$PATH") :]
    return text
