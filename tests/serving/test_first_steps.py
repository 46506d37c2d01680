"""What a stranger does first: the promises of the README, over a real server."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.conftest import ICGRAPH, Server, clean_environment

RECORD = "/id/practice/integration-support-group"
PREFIX = "PREFIX ic: <https://w3id.org/icgraph/ns/> "
NOTE = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/icgraph/id/place/pl-lublin> skos:altLabel "Lublinium"@la .
"""


def icgraph(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ICGRAPH, *arguments, "--home", str(home)],
        env=clean_environment(),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def other_base(tmp_path: Path) -> Iterator[Server]:
    """A server whose graph lies below an address of its own."""
    started = Server(tmp_path / "home", ("--base", "http://127.0.0.1:8999/g/")).start()
    yield started
    started.stop()


def test_the_graph_has_all_practices(server: Server) -> None:
    reply = server.query(PREFIX + "SELECT (COUNT(*) AS ?n) { ?p a ic:Practice }", Accept="text/csv")
    assert reply.text == "n\r\n389\r\n"


def test_the_graph_has_no_blank_nodes(server: Server) -> None:
    reply = server.query("ASK { ?s ?p ?o FILTER (ISBLANK(?s) || ISBLANK(?o)) }")
    assert json.loads(reply.body)["boolean"] is False


def test_a_record_is_dereferenced_by_a_redirect(server: Server) -> None:
    reply = server.get(RECORD, Accept="text/turtle")
    assert reply.status == 303
    assert reply.headers["Location"].endswith("/doc/practice/integration-support-group")


@pytest.mark.parametrize(
    ("accept", "rdf_format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_a_record_says_the_same_in_every_format(server, accept, rdf_format) -> None:
    # The parser fetches nothing, so the context must be in the answer.
    reply = server.get(f"{RECORD.replace('/id/', '/doc/')}?context=inline", Accept=accept)
    turtle = server.get(RECORD, follow=True, Accept="text/turtle")
    found = {quad.triple for quad in parse(reply.body, rdf_format)}
    assert found == {quad.triple for quad in parse(turtle.body, RdfFormat.TURTLE)}
    assert any("Integration Support Group" in str(triple) for triple in found)


def test_a_person_reads_a_record_without_rdf(server: Server) -> None:
    page = server.get(RECORD, follow=True, Accept="text/html").text
    for words in ("Integration Support Group", "Lublin", "2012–2020", "Civic Dialogue Committee"):
        assert words in page


def test_a_client_that_has_the_page_is_told_so_and_no_other(server: Server) -> None:
    first = server.get(RECORD, follow=True, Accept="text/turtle")
    tag = first.headers["ETag"]
    path = RECORD.replace("/id/", "/doc/")
    assert server.get(path, Accept="text/turtle", If_None_Match=tag).status == 304
    assert server.get(path, Accept="application/ld+json", If_None_Match=tag).status == 200
    assert server.get(path + "-nope", Accept="text/turtle", If_None_Match=tag).status == 404
    assert server.get(path + "-nope", Accept="text/turtle", If_None_Match="*").status == 404


@pytest.mark.prove
def test_a_stopped_server_starts_again_with_the_same_graph(home: Path) -> None:
    answers = []
    for _ in range(2):
        started = Server(home).start()
        answers.append(started.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
        assert started.stop() == 0
    assert answers[0] == answers[1]


def test_loading_the_same_data_again_is_no_change(home: Path) -> None:
    again = icgraph("load", home=home)
    assert again.returncode == 0
    assert "stays at revision 1" in again.stdout


def test_a_load_beside_a_running_server_reaches_its_readers(home: Path) -> None:
    started = Server(home).start()
    try:
        (home.parent / "note.ttl").write_text(NOTE)
        loaded = icgraph("load", "note.ttl", "--agent", "Maria", home=home)
        assert "Revision 2" in loaded.stdout, loaded.stderr
        reply = started.query("SELECT ?s { ?s ?p 'Lublinium'@la }", Accept="text/csv")
        assert "pl-lublin" in reply.text
        assert reply.headers["ICGraph-Revision"] == "2"
    finally:
        started.stop()


def test_a_change_is_recorded_with_who_when_and_why(home: Path) -> None:
    (home.parent / "note.ttl").write_text(NOTE)
    icgraph("load", "note.ttl", "--agent", "Maria", "--message", "A Latin name", home=home)
    started = Server(home).start()
    try:
        reply = started.query(
            "PREFIX prov: <http://www.w3.org/ns/prov#> "
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
            "SELECT ?why ?who WHERE { GRAPH <https://w3id.org/icgraph/graph/provenance> {"
            " <https://w3id.org/icgraph/doc/place/pl-lublin> prov:wasGeneratedBy ?change ."
            " ?change rdfs:label ?why ; prov:endedAtTime ?when ;"
            " prov:wasAssociatedWith/rdfs:label ?who } }",
            Accept="text/csv",
        )
        assert reply.text == "why,who\r\nA Latin name,Maria\r\n"
    finally:
        started.stop()


@pytest.mark.prove
def test_the_first_file_comes_after_the_packaged_data(tmp_path: Path) -> None:
    (tmp_path / "note.ttl").write_text(NOTE)
    loaded = icgraph("load", "note.ttl", home=tmp_path / "home")
    assert "Revision 2" in loaded.stdout


def test_nobody_writes_provenance_but_the_system(home: Path) -> None:
    graph = "https://w3id.org/icgraph/graph/provenance"
    for name in (graph, graph + "-too", "https://w3id.org/icgraph/graph/claims/"):
        (home.parent / "forged.trig").write_text(
            f"<{name}> {{ <https://w3id.org/icgraph/changes/1> <http://a/p> 1 }}"
        )
        refused = icgraph("load", "forged.trig", home=home)
        assert refused.returncode == 2
        assert name in refused.stderr


def test_the_change_behind_a_record_is_dereferenced(server: Server) -> None:
    turtle = server.get(RECORD, follow=True, Accept="text/turtle").text
    assert "<https://w3id.org/icgraph/changes/1>" in turtle
    told = server.get("/changes/1", Accept="text/turtle").text
    assert "prov:wasAssociatedWith <https://w3id.org/icgraph/agent/icgraph>" in told
    assert "Load the data packaged" in server.get("/changes/1", Accept="text/html").text
    assert "/changes/1" in server.get("/agent/icgraph", Accept="text/html").text
    assert server.get("/changes/2", Accept="text/turtle").status == 404
    assert server.get("/agent/nobody", Accept="text/html").status == 404


@pytest.mark.prove
def test_refused_data_changes_nothing(home: Path) -> None:
    bad = "<https://w3id.org/icgraph/id/practice/x> a <https://w3id.org/icgraph/ns/Practice> ."
    (home.parent / "bad.ttl").write_text(bad)
    refused = icgraph("load", "bad.ttl", home=home)
    assert refused.returncode == 1
    assert "Cite at least one source" in refused.stderr
    assert "revision 1," in icgraph("check", home=home).stdout


@pytest.mark.prove
def test_a_deleted_projection_is_made_again_from_the_log(home: Path) -> None:
    shutil.rmtree(home / "projection")
    assert icgraph("check", "--rebuild", home=home).returncode == 0
    assert icgraph("check", home=home).returncode == 0


def test_a_home_with_another_base_serves_the_whole_graph_below_it(other_base: Server) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?p a <http://127.0.0.1:8999/g/ns/Practice> }"
    assert other_base.query(count, Accept="text/csv").text == "n\r\n389\r\n"
    left = "ASK { ?s ?p ?o FILTER (CONTAINS(STR(?o), 'w3id.org/icgraph')) }"
    assert json.loads(other_base.query(left).body)["boolean"] is False
    page = other_base.get("/doc/practice/integration-support-group", Accept="text/html")
    assert page.status == 200
