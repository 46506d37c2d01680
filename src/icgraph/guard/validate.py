"""Validation of a graph in this process, by pySHACL, shape by shape.

Only Core and SPARQL constraints run, never rules, functions or scripts. The ontology is
part of the data, because `sh:class` needs its classes. The verdict is that of our report,
never pySHACL's. Long or untrusted work belongs into a worker, which calls this.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, NamedTuple

from pyoxigraph import Quad
from pyshacl.errors import (
    ConstraintLoadError,
    ReportableRuntimeError,
    ShapeLoadError,
    ShapeRecursionWarning,
    ValidationFailure,
)
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import SH, Graph, URIRef
from rdflib.term import Identifier

from icgraph.errors import InputError
from icgraph.guard.conversion import to_graph, to_pyoxigraph, to_rdflib
from icgraph.guard.paths import read_path
from icgraph.guard.pyshacl_workaround import (
    GuardGraph,
    mend_pyshacl,
    prepare_shapes,
    read_message,
    strict,
)
from icgraph.guard.report import Finding, Report, Severity, record_of
from icgraph.guard.terms import Facts, Term, default_graph
from icgraph.store.channel import Progress

_SEVERITIES: Final = {SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_NOT_USABLE: Final = (
    ConstraintLoadError,
    NotImplementedError,
    ReportableRuntimeError,
    ShapeLoadError,
    ShapeRecursionWarning,
    SyntaxError,
    ValidationFailure,
    re.error,
)


def validate_graph(
    data: Iterable[Quad],
    shapes: Iterable[Quad],
    ontology: Iterable[Quad] = (),
    *,
    only: Collection[Term] | None = None,
    which: Collection[Term] | None = None,
    progress: Progress = lambda *_: None,
) -> Report:
    """What the shapes find in the default graph of the data.

    `only` restricts the nodes looked at, among those a shape targets; `which` the shapes
    whose targets are looked at. Raises InputError when the shapes cannot be used.
    """
    mend_pyshacl()
    with strict():
        graph = GuardGraph(list(default_graph([*data, *ontology])))
        shapes = list(default_graph(shapes))
        shapes_graph = to_graph(shapes)
        prepare_shapes(shapes_graph)
        asked = _Asked(
            None if only is None else frozenset(to_rdflib(node) for node in only),
            None if which is None else frozenset(to_rdflib(node) for node in which),
        )
        return Report.of(_findings(graph, shapes_graph, Facts(shapes), asked, progress))


class _Asked(NamedTuple):
    nodes: frozenset[Identifier] | None
    shapes: frozenset[Identifier] | None


def _findings(
    graph: GuardGraph, shapes_graph: Graph, facts: Facts, asked: _Asked, progress: Progress
) -> Iterator[Finding]:
    executor = SHACLExecutor(max_validation_depth=30)
    shape: Shape | None = None
    try:
        known = ShapesGraph(shapes_graph).shapes
        wanted = [shape for shape in known if asked.shapes is None or shape.node in asked.shapes]
        shapes = sorted(wanted, key=lambda shape: str(shape.node))
        for number, shape in enumerate(shapes, start=1):
            focus = shape.focus_nodes(graph)
            if asked.nodes is not None:
                focus &= asked.nodes
            if focus:
                _, results = shape.validate(executor, graph, focus=list(focus))
                for _, node, triples in results:
                    yield _finding(graph, facts, node, triples)
            progress("Validating", number, len(shapes))
    except _NOT_USABLE as error:
        where = f" {shape.node}" if shape else "s"
        problem = getattr(error, "message", "") or str(error)
        raise InputError(
            f"The shape{where} cannot be used: {problem}",
            advice="Mend the shape; see https://www.w3.org/TR/shacl/.",
        ) from None


def _finding(
    graph: GuardGraph, shapes: Facts, node: Identifier, triples: list[tuple[Any, Any, Any]]
) -> Finding:
    facts: dict[Any, Any] = {}
    messages: list[tuple[str, str]] = []
    for subject, predicate, value in triples:
        if subject != node:
            continue
        term = value[1] if isinstance(value, tuple) else value
        if predicate == SH.resultMessage:
            messages.append(read_message(term))
        else:
            facts[predicate] = term
    path, value = facts.get(SH.resultPath), facts.get(SH.value)
    return Finding(
        severity=_SEVERITIES.get(facts[SH.resultSeverity], Severity.VIOLATION),
        focus=to_pyoxigraph(facts[SH.focusNode]),
        record=_record(graph, facts[SH.focusNode]),
        shape=to_pyoxigraph(facts[SH.sourceShape]),
        component=str(facts[SH.sourceConstraintComponent]),
        path=None if path is None else read_path(shapes, to_pyoxigraph(path)),
        value=None if value is None else to_pyoxigraph(value),
        messages=tuple(sorted(set(messages))),
    )


def _record(graph: GuardGraph, focus: Any) -> str:
    # A text, a blank node or a thing nobody describes is mended in a record that refers to it.
    node, seen = focus, {focus}
    while not isinstance(node, URIRef) or (node, None, None) not in graph:
        referring = sorted({triple[0] for triple in graph.triples((None, None, node))} - seen)
        if not referring:
            break
        node = referring[0]
        seen.add(node)
    return record_of(to_pyoxigraph(node))
