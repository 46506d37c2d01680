"""From the rows of a check to findings: what each row violates, counted and cut to a limit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, QuerySolutions

from icgraph.guard.checks import Check
from icgraph.guard.conditions import OF_VALUES
from icgraph.guard.constraints import Constraint
from icgraph.guard.graph import Select
from icgraph.guard.naming import fill, record_finder
from icgraph.guard.paths import Path
from icgraph.guard.report import Cut, Finding
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


@dataclass(frozen=True, slots=True)
class Collected:
    """How many violations of each constraint a check found, and the first of them."""

    found: Counter[tuple[Term, str]]
    kept: list[Violation]


def collect(check: Check, select: Select, limit: int) -> Collected:
    """Run a check, and keep `limit` violations of each constraint; raises InputError."""
    collected = Collected(Counter(), [])
    for violation in violations(check, select):
        key = (violation.shape.node, violation.constraint.iri)
        collected.found[key] += 1
        if collected.found[key] <= limit:
            collected.kept.append(violation)
    return collected


class Tally:
    """Adds up what checks found, within the same limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._found: Counter[tuple[Term, str]] = Counter()
        self._kept: dict[tuple[Term, str], list[Violation]] = {}

    def add(self, collected: Collected) -> None:
        """Add what one check found."""
        self._found += collected.found
        for violation in collected.kept:
            kept = self._kept.setdefault((violation.shape.node, violation.constraint.iri), [])
            if len(kept) < self._limit:
                kept.append(violation)

    def findings(self, select: Select) -> list[Finding]:
        """What was kept, as findings."""
        record = record_finder(select)
        return [
            Finding(
                severity=shape.severity,
                focus=focus,
                record=record(focus),
                shape=shape.node,
                component=constraint.iri,
                path=path,
                value=value,
                messages=messages,
            )
            for kept in self._kept.values()
            for shape, constraint, focus, path, value, messages in kept
        ]

    def cuts(self) -> list[Cut]:
        """The constraints of which more was found than kept."""
        return [
            Cut(kept[0].shape.severity, *key, len(kept), self._found[key])
            for key, kept in self._kept.items()
            if self._found[key] > len(kept)
        ]
