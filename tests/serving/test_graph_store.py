"""The SPARQL 1.1 Graph Store Protocol over a real server, in a bare home."""

import uuid
from urllib.parse import quote

import pytest

from tests.conftest import Reply, Server

TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
ONE = b"<http://e/a> <http://e/p> 'one' ."
TWO = b"<http://e/a> <http://e/p> 'two' ."
XML = (
    b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<r:Description r:about="http://e/s"><e:p r:resource="http://e/o"/></r:Description>'
    b"</r:RDF>"
)


@pytest.fixture
def graph() -> str:
    """The address of a graph that does not exist yet."""
    return f"/data?graph={quote(f'http://e/{uuid.uuid4().hex}', safe='')}"


def send(
    server: Server, method: str, address: str, body: bytes = b"", content_type: str = TURTLE
) -> Reply:
    return server.get(address, data=body, method=method, Content_Type=content_type)


def lines(server: Server, address: str) -> set[str]:
    reply = server.get(address, Accept=NTRIPLES)
    assert reply.status == 200, reply.text
    return set(reply.text.splitlines())


def test_a_graph_is_made_read_replaced_added_to_and_deleted(
    bare_server: Server, graph: str
) -> None:
    assert bare_server.get(graph).status == 404
    assert send(bare_server, "PUT", graph, ONE).status == 201
    assert lines(bare_server, graph) == {'<http://e/a> <http://e/p> "one" .'}
    assert send(bare_server, "PUT", graph, TWO).status == 204
    assert lines(bare_server, graph) == {'<http://e/a> <http://e/p> "two" .'}
    assert send(bare_server, "POST", graph, ONE).status == 204
    assert len(lines(bare_server, graph)) == 2
    assert bare_server.get(graph, method="DELETE").status == 204
    assert bare_server.get(graph).status == 404
    assert bare_server.get(graph, method="DELETE").status == 404


def test_every_write_is_a_revision_and_the_answer_names_it(bare_server: Server, graph: str) -> None:
    first = send(bare_server, "PUT", graph, ONE)
    second = send(bare_server, "POST", graph, TWO)
    numbers = [int(reply.headers["ICGraph-Revision"]) for reply in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert int(bare_server.get(graph).headers["ICGraph-Revision"]) == numbers[1]


def test_writing_what_is_there_already_makes_no_revision(bare_server: Server, graph: str) -> None:
    first = send(bare_server, "PUT", graph, ONE)
    again = send(bare_server, "PUT", graph, ONE)
    assert again.status == 204
    assert again.headers["ICGraph-Revision"] == first.headers["ICGraph-Revision"]


def test_the_default_graph_is_there_even_when_empty(bare_server: Server) -> None:
    bare_server.get("/data?default", method="DELETE")
    reply = bare_server.get("/data?default")
    assert (reply.status, reply.body) == (200, b"")
    assert send(bare_server, "PUT", "/data?default", ONE).status == 204
    assert lines(bare_server, "/data?default") == {'<http://e/a> <http://e/p> "one" .'}
    assert bare_server.get("/data?default", method="DELETE").status == 204


@pytest.mark.parametrize("folder", ["data", "graph"])
def test_an_address_stands_for_a_graph_below_the_base(bare_server: Server, folder: str) -> None:
    name = f"{folder}/somewhere/{uuid.uuid4().hex}"
    assert send(bare_server, "PUT", f"/{name}", b"<> <http://e/p> <x> .").status == 201
    iri = f"https://w3id.org/icgraph/{name}"
    expected = {f"<{iri}> <http://e/p> <{iri.rpartition('/')[0]}/x> ."}
    assert lines(bare_server, f"/{name}") == expected
    assert lines(bare_server, f"/data?graph={quote(iri)}") == expected


def test_a_relative_graph_is_resolved_against_the_request(bare_server: Server) -> None:
    name = uuid.uuid4().hex
    assert send(bare_server, "PUT", f"/data?graph={name}", ONE).status == 201
    whole = quote(f"{bare_server.address}/{name}", safe="")
    assert lines(bare_server, f"/data?graph={whole}") == lines(bare_server, f"/data?graph={name}")


def test_a_post_without_a_graph_makes_a_new_one(bare_server: Server) -> None:
    replies = [send(bare_server, "POST", "/data", ONE) for _ in range(2)]
    assert [reply.status for reply in replies] == [201, 201]
    places = {reply.headers["Location"] for reply in replies}
    assert len(places) == 2
    for place in places:
        assert lines(bare_server, place) == {'<http://e/a> <http://e/p> "one" .'}


def test_the_files_of_a_form_are_added_together(bare_server: Server, graph: str) -> None:
    body = (
        b'--X\r\nContent-Disposition: form-data; name="a"; filename="a.ttl"\r\n'
        b"Content-Type: text/turtle\r\n\r\n" + ONE + b"\r\n"
        b'--X\r\nContent-Disposition: form-data; name="b"; filename="b.nt"\r\n\r\n'
        b'<http://e/a> <http://e/p> "two" .\r\n--X--\r\n'
    )
    kind = "multipart/form-data; boundary=X"
    assert send(bare_server, "POST", graph, body, kind).status == 201
    assert len(lines(bare_server, graph)) == 2


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/n-triples", b"<http://e/s> <http://e/p> <http://e/o> ."),
        ("application/ld+json", b'{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}'),
        ("application/rdf+xml; charset=utf-8", XML),
    ],
)
def test_every_format_that_is_given_is_also_taken(
    bare_server: Server, graph: str, content_type: str, body: bytes
) -> None:
    assert send(bare_server, "PUT", graph, body, content_type).status == 201
    assert lines(bare_server, graph) == {"<http://e/s> <http://e/p> <http://e/o> ."}
    answered = bare_server.get(graph, Accept=content_type)
    assert answered.headers.get_content_type() == content_type.partition(";")[0]


def test_blank_nodes_of_two_uploads_stay_two(bare_server: Server, graph: str) -> None:
    text = b"_:b <http://e/p> 'same' ."
    send(bare_server, "PUT", graph, text)
    send(bare_server, "POST", graph, text)
    assert len(lines(bare_server, graph)) == 2


def test_a_graph_has_a_tag_until_it_changes(bare_server: Server, graph: str) -> None:
    send(bare_server, "PUT", graph, ONE)
    tag = bare_server.get(graph).headers["ETag"]
    assert tag.startswith('W/"')  # another process may give the statements in another order
    assert bare_server.get(graph, If_None_Match=tag).status == 304
    send(bare_server, "POST", graph, TWO)
    assert bare_server.get(graph, If_None_Match=tag).status == 200


def test_a_head_has_the_headers_and_no_body(bare_server: Server, graph: str) -> None:
    assert bare_server.get(graph, method="HEAD").status == 404
    send(bare_server, "PUT", graph, ONE)
    reply = bare_server.get(graph, method="HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Content-Type"] == bare_server.get(graph).headers["Content-Type"]


@pytest.mark.parametrize(
    ("address", "content_type", "body", "status"),
    [
        ("/data?graph=http://e/x", "text/weird", b"", 415),
        ("/data?graph=http://e/x", "", ONE, 415),
        ("/data?graph=http://e/x", "text/turtle; charset=latin-1", ONE, 415),
        ("/data?graph=http://e/x", TURTLE, b"<a> <b>", 400),
        ("/data?graph=http://e/x", "application/rdf+xml", ONE, 400),
        ("/data?graph=http://e/x", TURTLE, b"<http://e/a> <http://e/p> '\xff' .", 400),
        ("/data?graph=http://e/x&default", TURTLE, ONE, 400),
        ("/data?graph=http://e/x&graph=http://e/y", TURTLE, ONE, 400),
        ("/data?graph=http://e/a%20b", TURTLE, ONE, 400),
        ("/data?graph=%FF", TURTLE, ONE, 400),
        ("/data", TURTLE, ONE, 400),
    ],
)
def test_what_cannot_be_put_is_refused_and_nothing_happens(
    bare_server: Server, address: str, content_type: str, body: bytes, status: int
) -> None:
    before = bare_server.get("/data?default").headers["ICGraph-Revision"]
    reply = send(bare_server, "PUT", address, body, content_type)
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert bare_server.get("/data?default").headers["ICGraph-Revision"] == before


def test_an_upload_larger_than_the_limit_is_refused(bare_server: Server, graph: str) -> None:
    reply = send(bare_server, "PUT", graph, b"#" * 100_001)
    assert reply.status == 413
    assert bare_server.get(graph).status == 404


def test_an_unknown_format_is_not_acceptable(bare_server: Server) -> None:
    assert bare_server.get("/data?default", Accept="image/png").status == 406
    assert bare_server.get("/data?default&format=png").status == 406


def test_a_browser_learns_the_methods_that_are_taken(bare_server: Server) -> None:
    reply = bare_server.get("/data?default", method="OPTIONS")
    assert reply.status in {200, 204}
    assert {"GET", "PUT", "POST", "DELETE"} <= set(reply.headers["Allow"].split(", "))


def test_a_normal_home_shows_its_graphs_and_takes_no_writes_without_a_token(
    server: Server,
) -> None:
    assert server.get("/graph/provenance", Accept=NTRIPLES).status == 200
    assert server.get("/data?default", Accept=NTRIPLES, method="HEAD").status == 200
    assert send(server, "PUT", "/data?default", ONE).status == 401
    assert server.get("/data?default", method="DELETE").status == 401


def put(server: Server, graph: str, **conditions: str) -> int:
    return server.get(graph, data=ONE, method="PUT", Content_Type=TURTLE, **conditions).status


def test_a_write_can_demand_that_the_graph_is_new_or_is_there(
    bare_server: Server, graph: str
) -> None:
    assert put(bare_server, graph, If_Match="*") == 412
    assert put(bare_server, graph, If_None_Match="*") == 201
    assert put(bare_server, graph, If_None_Match="*") == 412
    assert put(bare_server, graph, If_Match="*") == 204


def test_a_write_that_depends_on_a_tag_is_not_done(bare_server: Server, graph: str) -> None:
    assert put(bare_server, graph, If_Match='"nonsense"') == 412
    assert bare_server.get(graph).status == 404


def test_an_asterisk_asks_whether_a_graph_is_there(bare_server: Server, graph: str) -> None:
    assert bare_server.get(graph, If_None_Match="*").status == 404
    send(bare_server, "PUT", graph, ONE)
    assert bare_server.get(graph, If_None_Match="*").status == 304
