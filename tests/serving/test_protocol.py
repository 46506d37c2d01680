"""The SPARQL 1.1 Protocol over a real server."""

import json
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Server

ONE = "SELECT (1 AS ?x) WHERE { }"
GRAPH = "CONSTRUCT { <http://x/s> <http://x/p> 'ü' } WHERE { }"
FORM = "application/x-www-form-urlencoded"


def encoded(**parameters: str) -> str:
    return urllib.parse.urlencode(parameters)


def test_a_query_by_get_answers_json_by_default(server: Server) -> None:
    reply = server.query(ONE)
    assert reply.headers["Content-Type"] == "application/sparql-results+json"
    assert json.loads(reply.body)["results"]["bindings"][0]["x"]["value"] == "1"


def test_a_graph_query_answers_turtle_by_default(server: Server) -> None:
    reply = server.query(GRAPH)
    assert reply.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert '"ü"' in reply.text


def test_a_query_by_form_and_by_body_answer_the_same(server: Server) -> None:
    form = server.get("/sparql", data=encoded(query=ONE).encode(), Content_Type=FORM)
    bare = server.get("/sparql", data=ONE.encode(), Content_Type="application/sparql-query")
    assert form.body == bare.body == server.query(ONE).body


@pytest.mark.parametrize(
    ("accept", "content_type", "begins"),
    [
        (
            "application/sparql-results+xml",
            "application/sparql-results+xml; charset=utf-8",
            "<?xml",
        ),
        ("text/csv", "text/csv; charset=utf-8", "x\r\n1"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "?x\n1"),
        ("text/csv;q=0.1, application/sparql-results+json", "application/sparql-results+json", "{"),
        ("application/json", "application/sparql-results+json", "{"),
        ("*/*", "application/sparql-results+json", "{"),
    ],
)
def test_the_client_chooses_the_format(server, accept, content_type, begins) -> None:
    reply = server.query(ONE, Accept=accept)
    assert reply.headers["Content-Type"] == content_type
    assert reply.text.startswith(begins)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/n-triples", "application/n-triples; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml; charset=utf-8"),
    ],
)
def test_the_client_chooses_the_format_of_a_graph(server, accept, content_type) -> None:
    assert server.query(GRAPH, Accept=accept).headers["Content-Type"] == content_type


def test_a_text_that_a_spreadsheet_would_run_stays_as_it_is(server: Server) -> None:
    """SPARQL 1.1 Query Results CSV and TSV Formats, section 3.2; our own tables differ."""
    reply = server.query('SELECT ("=1+1" AS ?text) {}', Accept="text/csv")
    assert reply.text == "text\r\n=1+1\r\n"


def test_the_parameter_format_rules_over_the_header(server: Server) -> None:
    reply = server.get("/sparql?" + encoded(query=ONE, format="csv"), Accept="text/html")
    assert reply.text == "x\r\n1\r\n"


def test_a_format_that_is_not_offered_is_told_with_those_that_are(server: Server) -> None:
    reply = server.query(ONE, Accept="image/png")
    assert reply.status == 406
    assert "text/csv" in json.loads(reply.body)["offered"]


def test_an_answer_to_ask_is_a_truth_value(server: Server) -> None:
    assert json.loads(server.query("ASK { ?s ?p ?o }").body)["boolean"] is True


@pytest.mark.parametrize("text", ["100 %25 + 1", "a+b", "Łódź ü &", "?x=1#y"])
def test_parameters_are_decoded_once(server: Server, text: str) -> None:
    reply = server.get("/sparql?" + encoded(query=f"SELECT ('{text}' AS ?x) {{}}", format="csv"))
    assert reply.text.splitlines()[1].strip('"') == text


def test_relative_iris_lie_below_the_base_of_the_graph(server: Server) -> None:
    text = "SELECT (<id/practice/x> AS ?a) (IRI('/z') AS ?b) {}"
    reply = server.get("/sparql?" + encoded(query=text, format="csv"))
    assert reply.text == "a,b\r\nhttps://w3id.org/icgraph/id/practice/x,https://w3id.org/z\r\n"


def test_head_answers_as_get_does_without_the_body(server: Server) -> None:
    for path in ("/sparql?" + encoded(query=ONE), "/sparql", "/sparql?query=nonsense"):
        get, head = server.get(path), server.get(path, method="HEAD")
        varying = {"date", "query-id", "server-timing", "connection"}
        assert head.status == get.status
        assert head.body == b""
        same = [name for name in get.headers if name.lower() not in varying]
        assert [head.headers[name] for name in same] == [get.headers[name] for name in same]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_does_not_exist_is_empty(server: Server, name: str) -> None:
    text = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    path = "/sparql?" + encoded(query=text) + "&" + encoded(**{name: "http://example.org/none"})
    assert json.loads(server.get(path).body)["boolean"] is False


def test_every_answer_names_its_revision(server: Server) -> None:
    assert server.query(ONE).headers["ICGraph-Revision"] == "1"


def test_other_sites_may_read_answers_and_errors(server: Server) -> None:
    for text in (ONE, "nonsense"):
        assert server.query(text).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "options", "status", "code"),
    [
        ("/sparql?timeout=3", {}, 400, "input-invalid"),
        ("/sparql?query=a&query=b", {}, 400, "input-invalid"),
        ("/sparql?" + encoded(query="SELECT"), {}, 400, "syntax-invalid"),
        (
            "/sparql?" + encoded(query="SELECT * { SERVICE <http://x/> {} }"),
            {},
            400,
            "query-refused",
        ),
        ("/sparql?" + encoded(query=ONE, timeout="soon"), {}, 400, "input-invalid"),
        ("/sparql?" + encoded(update="CLEAR ALL"), {}, 400, "query-refused"),
        ("/sparql", {"data": b"x", "Content_Type": "text/plain"}, 415, "media-type-unsupported"),
        (
            "/sparql",
            {"data": b"\xff", "Content_Type": "application/sparql-query"},
            400,
            "input-invalid",
        ),
        ("/sparql", {"method": "DELETE"}, 405, "method-not-allowed"),
        ("/nowhere", {}, 404, "not-found"),
    ],
)
def test_a_bad_request_is_a_problem_with_advice(server, path, options, status, code) -> None:
    reply = server.get(path, **options)
    problem = json.loads(reply.body)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert (reply.status, problem["status"], problem["code"]) == (status, status, code)


def test_a_query_over_its_time_says_so_and_sends_nothing(server: Server) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    reply = server.get("/sparql?" + encoded(query=text, timeout="1"))
    problem = json.loads(reply.body)
    assert reply.status == 503
    assert (problem["limit"], problem["value"]) == ("query_seconds", 1)


def test_a_result_beyond_memory_comes_whole_with_its_length(server: Server) -> None:
    reply = server.query("SELECT * WHERE { ?s ?p ?o . ?t ?p ?o } LIMIT 20000")
    assert int(reply.headers["Content-Length"]) == len(reply.body) > 1_048_576
    assert len(json.loads(reply.body)["results"]["bindings"]) == 20000


def test_a_head_request_leaves_nothing_behind(server: Server) -> None:
    text = "SELECT * WHERE { ?s ?p ?o }"
    head = server.get("/sparql?" + encoded(query=text), method="HEAD")
    assert head.status == 200
    assert int(head.headers["Content-Length"]) > 1_048_576
    assert not list((server.home / "spool").iterdir())


def test_a_page_shows_some_rows_of_many_and_says_so(server: Server) -> None:
    reply = server.query("SELECT * WHERE { ?s ?p ?o . ?t ?p ?o } LIMIT 5000", Accept="text/html")
    assert "5000 rows" in reply.text
    assert "the first 1000 are shown" in reply.text


def test_a_page_shows_the_beginning_of_a_large_graph_and_says_so(server: Server) -> None:
    reply = server.query("CONSTRUCT WHERE { ?s ?p ?o }", Accept="text/html")
    assert "This is the beginning" in reply.text


def test_options_names_the_methods_there_are(server: Server) -> None:
    allowed = server.get("/sparql", method="OPTIONS").headers["Allow"]
    assert {method.strip() for method in allowed.split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/ns", "/ns/", "/practices/", "/shapes"])
def test_an_address_is_answered_with_and_without_its_slash(server: Server, path: str) -> None:
    assert server.get(path, Accept="text/html", Host="evil.example").status == 200


def test_health_stays_honest_while_all_workers_are_busy(server: Server) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    path = "/sparql?" + encoded(query=slow, timeout="5")
    with ThreadPoolExecutor(6) as clients:
        busy = [clients.submit(server.get, path) for _ in range(6)]
        health = server.get("/health")
        assert health.status == 200
        assert json.loads(health.body)["status"] in {"ready", "busy"}
        assert all(client.result().status == 503 for client in busy)


def test_a_browser_without_a_query_gets_a_form(server: Server) -> None:
    reply = server.get("/sparql", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert "<textarea" in reply.text


def test_a_browser_that_fails_keeps_its_query(server: Server) -> None:
    reply = server.query("SELECT ?kept", Accept="text/html")
    assert reply.status == 400
    assert "SELECT ?kept</textarea>" in reply.text


def test_a_browser_gets_rows_as_a_page(server: Server) -> None:
    assert "<td>&lt;b&gt;</td>" in server.query("SELECT ('<b>' AS ?x) {}", Accept="text/html").text
