"""SPARQL Update over a real server: who may, what is recorded, what stays as it was."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import Reply, Server, wait_until
from tests.faults.processes import query_workers

TOKEN = "0123456789abcdef"
BEARER = f"Bearer {TOKEN}"
UPDATE = "application/sparql-update"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
PRACTICE = "SELECT ?s { ?s a <https://w3id.org/icgraph/ns/Practice> } ORDER BY ?s LIMIT 1"
#: Takes longer than a test waits.
LONG = """INSERT { <a:a> <a:b> ?n } WHERE {
  SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } }"""


@pytest.fixture(scope="module")
def normal(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the packaged graph that takes writes with a token."""
    home = tmp_path_factory.mktemp("written") / "home"
    shutil.copytree(built_home, home)
    started = Server(home, environment={"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


def update(server: Server, text: str, **headers: str) -> Reply:
    return server.get("/sparql", data=text.encode(), Content_Type=UPDATE, **headers)


def count(server: Server) -> int:
    return int(server.query(COUNT, Accept="text/csv").text.split()[1])


def revision(server: Server) -> int:
    return int(json.loads(server.get("/health").body)["revision"])


def test_an_update_is_readable_when_it_is_answered_in_every_process(bare_server: Server) -> None:
    update(bare_server, "CLEAR ALL")
    for number in range(10):
        reply = update(bare_server, f"INSERT DATA {{ <a:a> <a:number> {number} }}")
        assert (reply.status, reply.body) == (204, b"")
        replies = [bare_server.query(COUNT, Accept="text/csv") for _ in range(4)]
        assert {each.text.split()[1] for each in replies} == {str(number + 1)}
        assert {each.headers["ICGraph-Revision"] for each in replies} == {
            reply.headers["ICGraph-Revision"]
        }


def test_an_update_by_form_and_by_body_does_the_same(bare_server: Server) -> None:
    update(bare_server, "CLEAR ALL")
    form = urlencode({"update": "INSERT DATA { <a:a> <a:b> 'é+%25' }"}).encode()
    assert bare_server.get("/sparql", data=form).status == 204
    before = revision(bare_server)
    assert update(bare_server, "INSERT DATA { <a:a> <a:b> 'é+%25' }").status == 204
    assert revision(bare_server) == before  # it says so already


def test_updates_at_once_are_all_recorded_one_after_the_other(bare_server: Server) -> None:
    update(bare_server, "CLEAR ALL ; INSERT DATA { <a:counter> <a:value> 0 }")
    step = """DELETE { <a:counter> <a:value> ?old } INSERT { <a:counter> <a:value> ?new }
              WHERE { <a:counter> <a:value> ?old BIND(?old + 1 AS ?new) }"""
    with ThreadPoolExecutor(8) as several:
        replies = list(several.map(lambda _: update(bare_server, step), range(16)))
    assert {reply.status for reply in replies} == {204}
    assert len({reply.headers["ICGraph-Revision"] for reply in replies}) == 16
    reply = bare_server.query("SELECT ?n { <a:counter> <a:value> ?n }", Accept="text/csv")
    assert reply.text.split() == ["n", "16"]


def test_the_dataset_of_an_update_can_be_named_by_the_request(bare_server: Server) -> None:
    update(bare_server, "CLEAR ALL ; INSERT DATA { GRAPH <http://e/g> { <a:a> <a:b> 1 } }")
    form = {"update": "INSERT { ?s <a:found> ?o } WHERE { ?s ?p ?o }"}
    sent = urlencode({**form, "using-graph-uri": "http://e/g"}).encode()
    assert bare_server.get("/sparql", data=sent).status == 204
    assert count(bare_server) == 1
    sent = urlencode({"update": "WITH <a:x> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"}).encode()
    assert bare_server.get("/sparql?using-graph-uri=http://e/g", data=sent).status == 400


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("INSERT DATA { <a:a> <a:b> }", "syntax-invalid"),
        ("LOAD <http://127.0.0.1:9/>", "query-refused"),
        ("LOAD SILENT <file:///etc/passwd>", "query-refused"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE ?x { ?s ?p ?o } }", "query-refused"),
        ("CREATE GRAPH <http://e/there> ; CREATE GRAPH <http://e/there>", "input-invalid"),
    ],
)
def test_an_update_that_is_refused_records_nothing(
    bare_server: Server, text: str, code: str
) -> None:
    before = revision(bare_server)
    reply = update(bare_server, text)
    assert reply.status == 400
    assert json.loads(reply.body)["code"] == code
    assert revision(bare_server) == before


def test_an_update_is_not_taken_by_get(bare_server: Server) -> None:
    before = revision(bare_server)
    assert bare_server.get("/sparql?update=CLEAR+ALL").status in {400, 405}
    assert revision(bare_server) == before


def test_a_killed_worker_costs_the_update_an_error_and_changes_nothing(
    bare_server: Server,
) -> None:
    many = " ".join(f"<a:{n}> <a:p> {n} ." for n in range(300))
    update(bare_server, f"CLEAR ALL ; INSERT DATA {{ {many} }}")
    before, held = revision(bare_server), count(bare_server)
    replies: list[Reply] = []
    asking = threading.Thread(target=lambda: replies.append(update(bare_server, LONG)))
    asking.start()

    def killed() -> bool:
        for worker in query_workers(bare_server):
            os.kill(worker, signal.SIGKILL)
        return bool(replies)

    assert wait_until(killed, 25)
    asking.join()
    assert replies[0].status in {500, 503}
    assert (revision(bare_server), count(bare_server)) == (before, held)
    assert update(bare_server, "INSERT DATA { <a:a> <a:after> 1 }").status == 204


def test_an_update_is_stopped_by_its_id_and_changes_nothing(bare_server: Server) -> None:
    many = " ".join(f"<a:{n}> <a:p> {n} ." for n in range(300))
    update(bare_server, f"CLEAR ALL ; INSERT DATA {{ {many} }}")
    before = revision(bare_server)
    with ThreadPoolExecutor(1) as other:
        running = other.submit(update, bare_server, LONG, Query_Id="my-update")
        stop = "/sparql/queries/my-update"
        assert wait_until(lambda: bare_server.get(stop, method="DELETE").status < 300, 20)
        assert running.result().status == 409
    assert revision(bare_server) == before


def test_a_write_needs_the_token(normal: Server) -> None:
    before = revision(normal)
    text = "INSERT DATA { <a:a> <a:b> 1 }"
    assert update(normal, text).status == 401
    wrong = update(normal, text, Authorization="Bearer 0123456789abcdeg")
    assert wrong.status == 401
    assert "WWW-Authenticate" in wrong.headers
    assert revision(normal) == before


def test_a_change_is_recorded_with_who_and_why_and_can_be_looked_up(normal: Server) -> None:
    practice = normal.query(PRACTICE, Accept="text/csv").text.split()[1]
    label = "<http://www.w3.org/2004/02/skos/core#altLabel> 'A name for a test'@en"
    reply = update(
        normal,
        f"INSERT DATA {{ <{practice}> {label} }}",
        Authorization=BEARER,
        Change_Message="Because of a test",
    )
    assert reply.status == 204, reply.text
    place = reply.headers["Location"]
    assert place == f"/changes/{reply.headers['ICGraph-Revision']}"
    told = normal.get(place, Accept="application/n-triples").text
    assert "Because of a test" in told
    assert "/agent/operator" in told
    page = normal.get(practice.partition("icgraph")[2].replace("/id/", "/doc/"), Accept="text/html")
    assert "A name for a test" in page.text


def test_a_change_that_breaks_the_rules_is_refused_with_the_report(normal: Server) -> None:
    practice = normal.query(PRACTICE, Accept="text/csv").text.split()[1]
    before = revision(normal)
    reply = update(normal, f"DELETE WHERE {{ <{practice}> a ?type }}", Authorization=BEARER)
    problem = json.loads(reply.body)
    assert (reply.status, problem["code"]) == (422, "graph-invalid")
    assert problem["report"]["counts"]["violation"] > 0
    assert revision(normal) == before


@pytest.mark.parametrize(
    ("graph", "status"),
    [
        ("https://w3id.org/icgraph/graph/claims/a-test", 204),
        ("https://w3id.org/icgraph/graph/provenance", 400),
        ("http://e/another", 400),
    ],
)
def test_claims_can_be_written_and_no_other_named_graph(
    normal: Server, graph: str, status: int
) -> None:
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <a:a> <a:b> 1 }} }}"
    assert update(normal, text, Authorization=BEARER).status == status


def test_blank_nodes_are_refused_where_records_are_kept(normal: Server) -> None:
    reply = update(normal, "INSERT DATA { <a:a> <a:b> [] }", Authorization=BEARER)
    assert reply.status == 400
    assert "blank node" in reply.text


def test_a_message_that_cannot_be_read_is_refused(normal: Server) -> None:
    reply = normal.get("/sparql?message=%07", data=b"update=CLEAR+ALL", Authorization=BEARER)
    assert reply.status == 400
