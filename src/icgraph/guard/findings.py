"""From the rows of a check to findings: what each row violates, counted and cut to a limit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, QuerySolutions

from icgraph.guard.checks import Check
from icgraph.guard.conditions import OF_VALUES
from icgraph.guard.constraints import Constraint
from icgraph.guard.graph import Select
from icgraph.guard.naming import fill, record_finder
from icgraph.guard.paths import Path
from icgraph.guard.report import Cut, Finding, Severity
from icgraph.guard.shapes import Shape
from icgraph.guard.terms import Term, unusable


class Violation(NamedTuple):
    """One way in which a node fails one constraint; equal ones are one result."""

    shape: Shape
    constraint: Constraint
    focus: Term
    path: Path | None
    value: Term | None
    messages: tuple[tuple[str, str], ...]


def violations(check: Check, select: Select) -> Iterator[Violation]:
    """What a check finds; raises InputError when its query, written by people, fails."""
    if check.constraints[0].query is None:
        yield from _of_core(check, select(check.query))
        return
    try:
        if not check.foci:
            yield from _of_query(check, select(check.query))
            return
        for (node,) in select(check.foci):
            yield from _of_query(check, select(check.query, {"this": node}))
    except (SyntaxError, RuntimeError) as error:
        raise unusable(check.shape.node, f"its query fails: {error}") from None


def _of_core(check: Check, rows: QuerySolutions) -> Iterator[Violation]:
    shape, names = check.shape, [variable.value for variable in rows.variables]
    many = len(check.constraints) > 1
    for row in rows:
        bound = dict(zip(names, row, strict=True))
        for place, constraint in enumerate(check.constraints):
            if not many or bound[f"met{place}"].value == "false":
                yield _of_row(shape, constraint, bound)


def _of_row(shape: Shape, constraint: Constraint, bound: Mapping[str, Term]) -> Violation:
    focus, value, path = bound["this"], bound.get("value"), shape.path
    if shape.path is None and constraint.component in OF_VALUES:
        value = focus
    if constraint.component == "Closed":
        path = Path(iri=str(bound["beside"].value))
    return Violation(shape, constraint, focus, path, value, shape.messages)


def _of_query(check: Check, rows: QuerySolutions) -> Iterator[Violation]:
    (constraint,), shape = check.constraints, check.shape
    assert constraint.query is not None
    names = [variable.value for variable in rows.variables]
    if "this" not in names:
        raise unusable(shape.node, "its query does not select $this")
    texts = constraint.query.messages or shape.messages
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        bound = {name: term for name, term in zip(names, row, strict=True) if term is not None}
        found = _of_solution(shape, constraint, bound, texts)
        if found[2:] not in seen:
            seen.add(found[2:])
            yield found


def _of_solution(
    shape: Shape,
    constraint: Constraint,
    bound: Mapping[str, Term],
    texts: tuple[tuple[str, str], ...],
) -> Violation:
    # Section 5.3.2: the solution may name path and value; a node shape's value is its focus.
    focus, path, value = bound["this"], bound.get("path"), bound.get("value")
    if value is None and shape.path is None:
        value = focus
    own = Path(iri=path.value) if isinstance(path, NamedNode) else shape.path
    return Violation(shape, constraint, focus, own, value, fill(texts, bound))


class Tally:
    """Counts violations by constraint, and keeps the first of each up to a limit."""

    def __init__(self, select: Select, limit: int) -> None:
        self._limit = limit
        self._record = record_finder(select)
        self._found: Counter[tuple[Term, str]] = Counter()
        self._kept: list[Violation] = []
        self._severities: dict[Term, Severity] = {}

    def add(self, violation: Violation) -> None:
        """Count one violation."""
        node = violation.shape.node
        key = (node, violation.constraint.iri)
        self._severities[node] = violation.shape.severity
        self._found[key] += 1
        if self._found[key] <= self._limit:
            self._kept.append(violation)

    def findings(self) -> list[Finding]:
        """What was kept, as findings."""
        return [
            Finding(
                severity=shape.severity,
                focus=focus,
                record=self._record(focus),
                shape=shape.node,
                component=constraint.iri,
                path=path,
                value=value,
                messages=messages,
            )
            for shape, constraint, focus, path, value, messages in self._kept
        ]

    def cuts(self) -> list[Cut]:
        """The constraints of which more was found than kept."""
        return [
            Cut(self._severities[node], node, component, self._limit, found)
            for (node, component), found in self._found.items()
            if found > self._limit
        ]
