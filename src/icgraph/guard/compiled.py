"""Validation of a whole graph by queries on the engine: shapes compiled to SPARQL.

The cost is that of the queries, not of nodes and results. What has no translation goes to
pySHACL, shape by shape, and the report names it. Both are held equal by tests.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import Quad

from icgraph.guard.checks import Check, checks_of
from icgraph.guard.conditions import Conditions
from icgraph.guard.findings import Tally, violations
from icgraph.guard.fragments import NotCompiledError, Vocabulary, subclass_query
from icgraph.guard.graph import DataGraph, Select, graph_of
from icgraph.guard.reference import validate_by_reference
from icgraph.guard.report import Report
from icgraph.guard.shapes import Shapes, read_shapes
from icgraph.guard.terms import Term
from icgraph.store.channel import Progress

#: Findings of one constraint that a report shows.
MOST_FINDINGS: Final = 1_000


def validate_compiled(
    data: Iterable[Quad],
    shapes: Iterable[Quad],
    ontology: Iterable[Quad] = (),
    *,
    limit: int = MOST_FINDINGS,
    progress: Progress = lambda *_: None,
) -> Report:
    """What the shapes find in the default graph of the data, as a store would hold it.

    `limit` bounds the findings shown of each constraint; the report tells how many there are.
    Raises InputError when the shapes cannot be used.
    """
    return validate_data_graph(
        graph_of([*data, *ontology]), list(shapes), limit=limit, progress=progress
    )


def validate_data_graph(
    graph: DataGraph,
    shapes: list[Quad],
    *,
    limit: int = MOST_FINDINGS,
    progress: Progress = lambda *_: None,
) -> Report:
    """The same for a graph that an engine holds, ontology included."""
    plan = compile_shapes(read_shapes(shapes), graph.select)
    tally = Tally(graph.select, limit)
    for number, check in enumerate(plan.checks, start=1):
        for violation in violations(check, graph.select):
            tally.add(violation)
        progress("Validating", number, len(plan.checks))
    findings = tally.findings()
    if plan.refused:
        rest = validate_by_reference()(graph.quads(), shapes, which=[n for n, _ in plan.refused])
        findings += rest.findings
    return Report.of(findings, tally.cuts(), plan.refused)


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of all shapes, and the shapes that have none, with the reason."""

    checks: tuple[Check, ...]
    refused: tuple[tuple[Term, str], ...]


def compile_shapes(shapes: Shapes, select: Select) -> Plan:
    """Compile the shapes that have targets; `select` is asked for the classes of the graph."""
    checks: list[Check] = []
    refused: list[tuple[Term, str]] = []
    words = Vocabulary(subclasses(select))
    for shape in shapes.targeted:
        try:
            if shapes.custom:
                raise NotCompiledError("the shapes declare constraint components of their own")
            checks += checks_of(shape, Conditions(shapes.by_node, words))
        except NotCompiledError as reason:
            refused.append((shape.node, str(reason)))
    return Plan(tuple(checks), tuple(refused))


def subclasses(select: Select) -> Callable[[Term], tuple[Term, ...]]:
    """A function that tells a class and the classes below it."""

    @cache
    def below(kind: Term) -> tuple[Term, ...]:
        found = {row[0] for row in select(subclass_query(kind))} - {kind}
        return (kind, *sorted(found, key=str))

    return below
