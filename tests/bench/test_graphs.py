"""The graphs that are measured: they keep the rules and answer the questions."""

from pathlib import Path

import pytest
from bench.graphs import write_graph
from pyoxigraph import DefaultGraph, RdfFormat, Store, parse

from icgraph.discovery.stored import stored_queries
from icgraph.guard.checking import graph_check
from icgraph.guard.report import Severity
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.packaged import packaged_graph

STATEMENTS = 60_000


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graphs") / "graph.nq"
    write_graph(path, STATEMENTS)
    return path


def test_a_graph_has_the_size_that_was_asked_for(graph: Path) -> None:
    quads = list(parse(path=graph, format=RdfFormat.N_QUADS))
    assert STATEMENTS <= len(quads) < STATEMENTS * 1.01
    assert len(set(quads)) > 0.99 * len(quads)


def test_the_same_seed_writes_the_same_graph(graph: Path, tmp_path: Path) -> None:
    write_graph(tmp_path / "again.nq", STATEMENTS)
    assert (tmp_path / "again.nq").read_bytes() == graph.read_bytes()


def test_every_stored_question_has_an_answer_in_it(graph: Path) -> None:
    store = Store()
    store.bulk_load(path=str(graph), format=RdfFormat.N_QUADS)
    assert [query.name for query in stored_queries() if not list(store.query(query.text))] == []


@pytest.mark.prove
def test_what_was_grown_keeps_the_rules(graph: Path) -> None:
    default = [
        quad
        for quad in parse(path=graph, format=RdfFormat.N_QUADS)
        if quad.graph_name == DefaultGraph()
    ]
    assert len(default) > len(packaged_graph())
    check = graph_check(DEFAULT_BASE, seconds=200, progress=lambda *_: None)
    assert check(default).counts[Severity.VIOLATION] == 0
