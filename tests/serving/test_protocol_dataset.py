"""The dataset that a request describes (SPARQL 1.1 Protocol, section 2.1.4)."""

import json
import subprocess
import urllib.parse
from collections.abc import Iterator
from itertools import product

import pytest

from tests.conftest import ICGRAPH, Server, clean_environment

FORM = "application/x-www-form-urlencoded"
BARE = "application/sparql-query"
GRAPHS = [f"http://example.org/graph/{number}" for number in (1, 2, 3)]
NAMES = "SELECT ?name { ?thing <http://example.org/name> ?name } ORDER BY ?name"
NAMED = "SELECT ?graph ?name { GRAPH ?graph { ?thing <http://example.org/name> ?name } }"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A bare server: the name "0" in its default graph, "1" to "3" in three named ones.

    The first two of these share a statement.
    """
    folder = tmp_path_factory.mktemp("dataset")
    lines = ['<http://example.org/0> <http://example.org/name> "0" .']
    for number, graph in enumerate(GRAPHS, start=1):
        thing = f"<http://example.org/{number}> <http://example.org/name> "
        lines.append(f'{thing} "{number}" <{graph}> .')
    shared = "<http://example.org/all> <http://example.org/name>"
    lines += [f'{shared} "shared" <{graph}> .' for graph in GRAPHS[:2]]
    file = folder / "graphs.nq"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    home = folder / "home"
    subprocess.run(
        [ICGRAPH, "load", "--bare", "--home", str(home), str(file)],
        env=clean_environment(),
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )
    server = Server(home, ("--bare",)).start()
    yield server
    server.stop()


def ask(server: Server, way: str, query: str, graphs: list[tuple[str, str]]) -> list[list[str]]:
    """The rows of the answer, by one of the three ways of the protocol."""
    dataset = urllib.parse.urlencode(graphs)
    whole = urllib.parse.urlencode([("query", query), *graphs])
    accept = {"Accept": "application/sparql-results+json"}
    if way == "get":
        reply = server.get(f"/sparql?{whole}", **accept)
    elif way == "form":
        reply = server.get("/sparql", data=whole.encode(), Content_Type=FORM, **accept)
    else:
        path = f"/sparql?{dataset}"
        reply = server.get(path, data=query.encode(), Content_Type=BARE, **accept)
    assert reply.status == 200, reply.text
    result = json.loads(reply.body)
    names = result["head"]["vars"]
    return [[row[name]["value"] for name in names] for row in result["results"]["bindings"]]


WAYS = ("get", "form", "bare")


@pytest.mark.parametrize(("way", "count"), list(product(WAYS, (1, 2, 3))))
def test_the_default_graph_is_what_the_request_names(small: Server, way: str, count: int) -> None:
    graphs = [("default-graph-uri", graph) for graph in GRAPHS[:count]]
    found = {name for (name,) in ask(small, way, NAMES, graphs)}
    assert found - {"shared"} == {str(number) for number in range(1, count + 1)}
    assert ask(small, way, NAMED, graphs) == []


@pytest.mark.parametrize(("way", "count"), list(product(WAYS, (1, 2, 3))))
def test_the_named_graphs_are_those_of_the_request(small: Server, way: str, count: int) -> None:
    graphs = [("named-graph-uri", graph) for graph in GRAPHS[:count]]
    assert {graph for graph, _ in ask(small, way, NAMED, graphs)} == set(GRAPHS[:count])
    assert ask(small, way, NAMES, graphs) == []


@pytest.mark.parametrize("way", WAYS)
def test_default_and_named_graphs_together_are_the_dataset(small: Server, way: str) -> None:
    graphs = [("default-graph-uri", GRAPHS[2]), ("named-graph-uri", GRAPHS[0])]
    assert ask(small, way, NAMES, graphs) == [["3"]]
    assert sorted(ask(small, way, NAMED, graphs)) == [[GRAPHS[0], "1"], [GRAPHS[0], "shared"]]


@pytest.mark.parametrize("way", WAYS)
def test_the_dataset_of_the_request_rules_over_that_of_the_query(small: Server, way: str) -> None:
    query = f"SELECT ?name FROM <{GRAPHS[0]}> {{ ?thing <http://example.org/name> ?name }}"
    assert ask(small, way, query, [("default-graph-uri", GRAPHS[2])]) == [["3"]]
    assert sorted(ask(small, way, query, [])) == [["1"], ["shared"]]


@pytest.mark.parametrize("way", WAYS)
def test_without_a_dataset_every_graph_there_is_can_be_read(small: Server, way: str) -> None:
    assert ask(small, way, NAMES, []) == [["0"]]
    assert {graph for graph, _ in ask(small, way, NAMED, [])} == set(GRAPHS)


def test_a_statement_of_two_default_graphs_is_there_once(small: Server) -> None:
    graphs = [("default-graph-uri", graph) for graph in GRAPHS[:2]]
    assert ask(small, "get", NAMES, graphs) == [["1"], ["2"], ["shared"]]


def test_a_statement_of_two_graphs_of_the_query_is_there_once(small: Server) -> None:
    query = (
        f"SELECT (COUNT(*) AS ?count) FROM <{GRAPHS[0]}> FROM <{GRAPHS[1]}> "
        f"FROM NAMED <{GRAPHS[2]}> {{ ?s ?p ?o . GRAPH ?g {{ ?t ?p ?q }} }}"
    )
    assert ask(small, "get", query, []) == [["3"]]
