"""Which datasets must be merged before the engine asks them, and that they are."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from icgraph.query.dataset import Dataset, merged_dataset
from icgraph.query.request import QueryRequest
from icgraph.store.embedded import EmbeddedEngine
from icgraph.store.merging import merged

BASE = "http://example.org/sparql"
A, B, C = (f"http://example.org/{name}" for name in "abc")


def asked(text: str, **changes: object) -> QueryRequest:
    return QueryRequest(text, 10, None, None, base_iri=BASE, **changes)


@pytest.mark.parametrize(
    ("text", "dataset"),
    [
        (f"SELECT * FROM <{A}> FROM <{B}> {{ ?s ?p ?o }}", Dataset((A, B), ())),
        ("SELECT * FROM <a> FROM <b> { ?s ?p ?o }", Dataset((A, B), ())),
        (f"BASE <{BASE}> ASK FROM <a> FROM <b> {{}}", Dataset((A, B), ())),
        ("PREFIX f: <http://example.org/> ASK from f:a FROM f:b {}", Dataset((A, B), ())),
        ("SELECT(1<2 AS ?x)FROM<a>FROM<b>{ ?s ?p 'FROM' }", Dataset((A, B), ())),
        ("SELECT ?x FROM <c> { ?s ?p ' FROM <a> FROM <b>' }", None),
        ("SELECT (1<'>' AS ?x) (' FROM <a> FROM <b> ' AS ?y) FROM <c> {}", None),
        (
            "CONSTRUCT { ?s ?p ?o } FROM <a> FROM NAMED <c> FROM <b> WHERE { ?s ?p ?o }",
            Dataset((A, B), (C,)),
        ),
        ("SELECT (EXISTS { ?a ?b ?c } AS ?x) FROM <a> FROM <b> {}", Dataset((A, B), ())),
        ('VERSION "1.2" DESCRIBE <a> FROM <a> #FROM <c>\nFROM <b>', Dataset((A, B), ())),
        ("SELECT * FROM <a> FROM <a> { ?s ?p ?o }", None),
        ("SELECT * FROM <a> FROM NAMED <b> { ?s ?p ?o }", None),
        ("SELECT ('FROM <a> FROM <b>' AS ?from) { ?from ?p 'FROM' }", None),
        ("SELECT * FROM x:a FROM x:b { ?s ?p ?o }", None),
        ("FROM FROM", None),
        ("SELECT * FROM NAMED", None),
        ("", None),
    ],
)
def test_two_default_graphs_of_a_text_are_merged(text: str, dataset: Dataset | None) -> None:
    assert merged_dataset(asked(text)) == dataset


def test_the_dataset_of_the_request_comes_before_that_of_the_text() -> None:
    text = "SELECT * FROM <a> FROM <b> { ?s ?p ?o }"
    assert merged_dataset(asked(text, default_graphs=(C,), named_graphs=())) is None
    found = merged_dataset(asked(text, default_graphs=(B, C), named_graphs=(A,)))
    assert found == Dataset((B, C), (A,))


def test_a_merge_holds_each_statement_once_and_keeps_blank_nodes() -> None:
    thing, name, node = NamedNode("urn:thing"), NamedNode("urn:name"), BlankNode("shared")
    store = Store()
    for graph in (A, B):
        store.add(Quad(thing, name, Literal("shared"), NamedNode(graph)))
        store.add(Quad(node, name, Literal(graph), NamedNode(graph)))
    store.add(Quad(thing, name, Literal("other"), NamedNode(C)))
    store.add(Quad(thing, name, Literal("default")))
    engine, graph = merged(EmbeddedEngine(store), [A, B], [C])
    assert set(engine.store) == {
        Quad(thing, name, Literal("shared"), graph),
        Quad(node, name, Literal(A), graph),
        Quad(node, name, Literal(B), graph),
        Quad(thing, name, Literal("other"), NamedNode(C)),
    }
