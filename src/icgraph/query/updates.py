"""Updates and uploads, evaluated in a worker into a candidate change; nothing is recorded here.

What an update would change is asked of the graph as CONSTRUCT queries where that surely comes
to the same; else the update is run, on a store that is thrown away, and all quads before and
after are compared.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, RdfFormat, parse

from icgraph.errors import InputError, SyntaxInvalid
from icgraph.query.policy import check_query
from icgraph.query.update_text import (
    Data,
    Modify,
    Operation,
    Template,
    add_using,
    is_plain,
    plain_text,
    read_operations,
    read_runs,
)
from icgraph.store.candidate import Candidate, difference, effective
from icgraph.store.channel import Header
from icgraph.store.embedded import EmbeddedEngine
from icgraph.store.parsing import syntax_invalid
from icgraph.store.scratch import ask_empty, run_updates, updated
from icgraph.store.syntax import refusal

TASKS: Final = ("update", "graph-put", "graph-post", "graph-delete")

Graph = NamedNode | DefaultGraph


def evaluate(
    engine: EmbeddedEngine, header: Header, body: bytes, *, copies: Path | None
) -> tuple[Header, bytes]:
    """The candidate change of a task; raises SyntaxInvalid, QueryRefused and InputError.

    Without a folder for `copies` the store of the engine may be changed, and is lost. The task
    `update` has a `base_iri`, perhaps `using_graphs` and `using_named_graphs`, and the text as
    its body. The tasks `graph-put`, `graph-post` and `graph-delete` (SPARQL 1.1 Graph Store
    Protocol, section 5) have a `graph`, None for the default one, and `parts`: for each a
    `media_type`, its `length` in the body and a `base_iri`. The answer has the length of the
    `additions` in its body, the rest of which is removals, and whether the graph `existed`.
    """
    try:
        candidate = _candidate(engine, header, body, copies)
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(
            f"The update cannot be evaluated: {error}.",
            advice="Look at its graphs and functions; nothing was changed.",
        ) from None
    lengths = {"additions": len(candidate.additions), "existed": candidate.existed}
    return lengths, candidate.additions + candidate.removals


def _candidate(
    engine: EmbeddedEngine, header: Header, body: bytes, copies: Path | None
) -> Candidate:
    if header["task"] == "update":
        return _update(engine, header, body, copies)
    graph = DefaultGraph() if header["graph"] is None else NamedNode(header["graph"])
    held = frozenset(engine.store.quads_for_pattern(None, None, None, graph))
    given = [] if header["task"] == "graph-delete" else _parse(header["parts"], body, graph)
    removed: Iterable[Quad] = () if header["task"] == "graph-post" else held
    found = effective(engine.store, given, removed)
    existed = bool(held) or header["graph"] is None
    return Candidate(found.additions, found.removals, existed)


def _parse(parts: Iterable[dict[str, Any]], body: bytes, graph: Graph) -> list[Quad]:
    """The triples of the parts of a body, in the graph, with blank nodes of their own."""
    quads: list[Quad] = []
    start = 0
    for part in parts:
        text = body[start : start + part["length"]]
        start += part["length"]
        rdf_format = RdfFormat.from_media_type(part["media_type"])
        try:
            quads += [
                Quad(quad.subject, quad.predicate, quad.object, graph)
                for quad in parse(
                    text,
                    format=rdf_format,
                    base_iri=part["base_iri"],
                    without_named_graphs=True,
                    rename_blank_nodes=True,
                )
            ]
        except SyntaxError as error:
            raise syntax_invalid(error, "The body") from None
    return quads


def _update(engine: EmbeddedEngine, header: Header, body: bytes, copies: Path | None) -> Candidate:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"The update is not UTF-8 (byte {error.start + 1}).",
            advice="Send it in the encoding UTF-8.",
        ) from None
    base_iri = header["base_iri"]
    using = header.get("using_graphs") or (), header.get("using_named_graphs") or ()
    runs = read_runs(text) if is_plain(text) else [text]
    _check(runs, base_iri)
    if any(using):
        runs = [add_using(run if is_plain(run) else plain_text(run), *using) for run in runs]
        _check(runs, base_iri)
    operations = [
        operation
        for run in runs
        for operation in (read_operations(run) if is_plain(run) else [None])
    ]
    if all(isinstance(operation, Data) for operation in operations):
        return _data(engine, operations, base_iri)
    match operations:
        case [Modify() as modify] if _is_askable(modify):
            with suppress(SyntaxInvalid):  # not what this was taken for: run it
                return _modify(engine, modify, base_iri)
    return difference(engine.store, lambda store: run_updates(store, runs, base_iri), copies)


def _check(runs: Iterable[str], base_iri: str | None) -> None:
    for run in runs:
        check_query(run)
        _check_syntax(run, base_iri)


def _check_syntax(text: str, base_iri: str | None) -> None:
    try:
        updated(text, base_iri)
    except SyntaxError as error:
        raise refusal(str(error), text, "update", base_iri) from None
    except RuntimeError:
        return  # about graphs that an empty store does not have


def _data(
    engine: EmbeddedEngine, operations: Iterable[Operation], base_iri: str | None
) -> Candidate:
    additions: set[Quad] = set()
    removals: set[Quad] = set()
    for operation in operations:
        assert isinstance(operation, Data)
        quads = updated(operation.inserting, base_iri)
        into, out_of = (additions, removals) if operation.adds else (removals, additions)
        into |= quads
        out_of -= quads
    return effective(engine.store, additions, removals)


def _is_askable(modify: Modify) -> bool:
    """Whether one query for each template gives what one evaluation of the whole would."""
    asked = len(modify.additions) + len(modify.removals)
    shares_labels = len(modify.additions) > 1 and any(each.labels for each in modify.additions)
    return not shares_labels and (asked <= 1 or not modify.volatile)


def _modify(engine: EmbeddedEngine, modify: Modify, base_iri: str | None) -> Candidate:
    scope = _graph(modify.scope, modify, base_iri)
    additions, removals = (
        [quad for template in templates for quad in _ask(engine, template, modify, scope, base_iri)]
        for templates in (modify.additions, modify.removals)
    )
    return effective(engine.store, additions, removals)


def _ask(
    engine: EmbeddedEngine,
    template: Template,
    modify: Modify,
    scope: Graph,
    base_iri: str | None,
) -> list[Quad]:
    graph = _graph(template.graph, modify, base_iri)
    triples = engine.query(
        f"{modify.prologue}\nCONSTRUCT {{ {template.triples} }} {modify.using}\n"
        f"WHERE {modify.where}",
        base_iri=base_iri,
        default_graphs=[scope] if isinstance(scope, NamedNode) else None,
    )
    assert isinstance(triples, QueryTriples)
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def _graph(written: str | None, modify: Modify, base_iri: str | None) -> Graph:
    if written is None:
        return DefaultGraph()
    found = ask_empty(f"{modify.prologue}\nSELECT ({written} AS ?graph) {{}}", base_iri)
    assert isinstance(found, NamedNode)
    return found
