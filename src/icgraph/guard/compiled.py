"""Validation of a whole graph by queries on the engine: shapes compiled to SPARQL.

The cost is that of the queries, not of nodes and results. What has no translation goes to
pySHACL, shape by shape, and the report names it. Both are held equal by tests.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Final

from pyoxigraph import Quad

from icgraph.errors import InputError, NotCompiledError
from icgraph.guard.checks import Check, checks_of
from icgraph.guard.conditions import Conditions
from icgraph.guard.constraints import Constraint
from icgraph.guard.findings import Collected, Tally, collect
from icgraph.guard.fragments import Vocabulary, absent_query, subclass_query
from icgraph.guard.graph import DataGraph, Select, graph_of
from icgraph.guard.paths import may_be_empty
from icgraph.guard.reference import validate_by_reference
from icgraph.guard.report import Report
from icgraph.guard.shapes import Shape, Shapes, TargetKind, read_shapes
from icgraph.guard.terms import Term
from icgraph.guard.values import pattern_test
from icgraph.store.channel import Progress

#: Findings of one constraint that a report shows.
MOST_FINDINGS: Final = 1_000
#: More would only share the memory's bandwidth, and take cores from those who serve.
_THREADS: Final = min(4, os.cpu_count() or 1)


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
        graph_of(chain(data, ontology)), list(shapes), limit=limit, progress=progress
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
    tally = Tally(limit)
    run = partial(_collected, select=graph.select, limit=limit)
    # The engine evaluates outside the interpreter lock.
    with ThreadPoolExecutor(max_workers=_THREADS) as threads:
        for number, collected in enumerate(threads.map(run, plan.checks), start=1):
            if isinstance(collected, InputError):
                raise collected
            tally.add(collected)
            progress("Validating", number, len(plan.checks))
    findings = tally.findings(graph.select)
    if plan.refused:
        rest = validate_by_reference()(graph.quads(), shapes, which=[n for n, _ in plan.refused])
        findings += rest.findings
    return Report.of(findings, tally.cuts(), plan.refused)


def _collected(check: Check, select: Select, limit: int) -> Collected | InputError:
    # Solutions must be let go of in the thread that asked for them, and a traceback holds them.
    try:
        return collect(check, select, limit)
    except InputError as error:
        error.__context__ = None
        return error.with_traceback(None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of all shapes, and the shapes that have none, with the reason."""

    checks: tuple[Check, ...]
    refused: tuple[tuple[Term, str], ...]


def compile_shapes(shapes: Shapes, select: Select) -> Plan:
    """Compile the shapes that have targets; `select` is asked for the classes of the graph."""
    checks: list[Check] = []
    refused: list[tuple[Term, str]] = []
    words = Vocabulary(_subclasses(select), _reads_pattern(select), _predicates(select))
    for shape in shapes.targeted:
        try:
            if shapes.custom:
                raise NotCompiledError("the shapes declare constraint components of their own")
            if _leads_nowhere(shape, shapes, select):
                raise NotCompiledError("a path of no steps starts at a node outside the graph")
            checks += checks_of(shape, Conditions(shapes.by_node, words))
        except NotCompiledError as reason:
            refused.append((shape.node, str(reason)))
    return Plan(tuple(checks), tuple(refused))


def _leads_nowhere(shape: Shape, shapes: Shapes, select: Select) -> bool:
    # The engine knows no path from a term to itself unless the graph holds the term.
    paths = [reached.path for reached in shapes.reached_from(shape) if reached.path]
    nodes = [target.value for target in shape.targets if target.kind is TargetKind.NODE]
    if not nodes or not any(map(may_be_empty, paths)):
        return False
    return any(True for _ in select(absent_query(nodes)))


def _subclasses(select: Select) -> Callable[[Term], tuple[Term, ...]]:
    @cache
    def below(kind: Term) -> tuple[Term, ...]:
        found = {row[0] for row in select(subclass_query(kind))} - {kind}
        return (kind, *sorted(found, key=str))

    return below


def _predicates(select: Select) -> Callable[[], tuple[Term, ...]]:
    @cache
    def predicates() -> tuple[Term, ...]:
        return tuple(row[0] for row in select("SELECT DISTINCT ?p WHERE { ?s ?p ?o }"))

    return predicates


def _reads_pattern(select: Select) -> Callable[[Constraint], bool]:
    # The engine answers a pattern that it does not know with an error, not with false.
    def reads(constraint: Constraint) -> bool:
        test = pattern_test(constraint, '""')
        return all(row[0] is not None for row in select(f"SELECT ({test} AS ?known) WHERE {{}}"))

    return reads
