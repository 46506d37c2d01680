"""A real server, and clients that are slow, large, impatient or gone."""

import json
import socket
import time
import urllib.parse
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import children

TOKEN = "a token of sixteen characters"
ASK = "GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: here\r\n\r\n"
#: 400 x 400 statements: some 90 MB of JSON.
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
COUNT = "SELECT (COUNT(*) AS ?count) { ?s <http://example.org/p> ?o }"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(
        tmp_path_factory.mktemp("gateway") / "home",
        ("--bare",),
        {
            "ICGRAPH_TOKEN": TOKEN,
            "ICGRAPH_BODY_SECONDS": "3",
            "ICGRAPH_UPLOAD_BYTES": "2000000",
            "ICGRAPH_HTTP_PROCESSES": "1",
        },
    ).start()
    add(started, *(f"<http://example.org/{number}>" for number in range(400)))
    yield started
    started.stop()


def add(server, *subjects):
    triples = " ".join(f'{subject} <http://example.org/p> "a value" .' for subject in subjects)
    update = urllib.parse.urlencode({"update": f"INSERT DATA {{ {triples} }}"}).encode()
    reply = server.get("/sparql", data=update, Authorization=f"Bearer {TOKEN}")
    assert reply.status < 300, reply.text


def connect(server, text):
    """A connection on which this has been sent."""
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(text.encode())
    return closing(connection)


def answer(connection, method="GET"):
    response = HTTPResponse(connection, method=method)
    response.begin()
    with response:
        return response, response.read()


def post(path="/sparql", *headers):
    lines = (f"POST {path} HTTP/1.1", "Host: here", "Content-Type: application/sparql-query")
    return "\r\n".join((*lines, *headers)) + "\r\n\r\n"


def http_process(server):
    return max(children(server.process.pid), key=resident)


def resident(pid):
    """The memory of a process, in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_a_body_that_comes_too_slowly_is_refused(server):
    with connect(server, post("/sparql", "Content-Length: 100") + "ASK") as connection:
        response, body = answer(connection)

    assert response.status == 408
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(body)
    assert (problem["code"], problem["limit"], problem["value"]) == ("body-late", "body_seconds", 3)


def test_many_slow_bodies_hinder_nobody(server):
    with ExitStack() as slow:
        for _ in range(700):
            slow.enter_context(connect(server, post("/sparql", "Content-Length: 100") + "ASK"))
        assert [server.query("ASK {}").status for _ in range(20)] == [200] * 20
        assert server.get("/health").status == 200


@pytest.mark.parametrize(("path", "limit"), [("/sparql", 2_065_536), ("/validate", 1_048_576)])
def test_a_body_that_says_it_is_too_large_is_not_waited_for(server, path, limit):
    request = post(path, f"Content-Length: {limit + 1}", "Expect: 100-continue")
    with connect(server, request) as connection:
        response, body = answer(connection)

    assert response.status == 413
    assert json.loads(body)["code"] == "body-too-large"
    assert json.loads(body)["value"] == limit


def test_a_chunked_body_that_grows_too_large_is_refused(server):
    with connect(server, post("/sparql", "Transfer-Encoding: chunked")) as connection:
        for _ in range(24):
            connection.sendall(b"186A0\r\n" + b" " * 100_000 + b"\r\n")
        response, _ = answer(connection)

    assert response.status == 413


def test_a_body_is_waited_for_and_may_come_in_chunks(server):
    with connect(server, post("/sparql", "Transfer-Encoding: chunked")) as connection:
        for part in (b"5\r\nASK {\r\n", b"1\r\n}\r\n", b"0\r\n\r\n"):
            connection.sendall(part)
            time.sleep(0.05)
        response, body = answer(connection)

    assert response.status == 200
    assert json.loads(body)["boolean"] is True


def test_a_client_that_expects_to_be_told_is_told(server):
    request = post("/sparql", "Content-Length: 6", "Expect: 100-continue")
    with connect(server, request) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"ASK {}")
        response, _ = answer(connection)

    assert response.status == 200


def test_requests_on_one_connection_are_answered_in_their_order(server):
    first = "GET /nowhere HTTP/1.1\r\nHost: here\r\n\r\n"
    with connect(server, first + ASK + first + ASK) as connection:
        received = b""
        while received.count(b"HTTP/1.1 ") < 4 or not received.endswith(b"true}"):
            received += connection.recv(65_536)

    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"404", b"200", b"404", b"200"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/", "/nowhere"])
def test_head_says_what_get_says_without_a_body(server, path):
    reply = server.get(path)
    head = f"HEAD {path} HTTP/1.1\r\nHost: here\r\n\r\n"
    with connect(server, head + ASK) as connection:
        response, body = answer(connection, "HEAD")

    assert (response.status, body) == (reply.status, b"")
    assert response.headers["Content-Type"] == reply.headers["Content-Type"]
    assert response.headers["Content-Length"] == reply.headers["Content-Length"]


def test_percent_signs_are_decoded_once(server):
    said = json.loads(server.get("/no%2525where%20/%C3%A9").body)["detail"]
    assert "/no%25where /é" in said

    text = 'SELECT ("%25 + é" AS ?x) {}'
    assert json.loads(server.query(text).body)["results"]["bindings"][0]["x"]["value"] == "%25 + é"


def running(server):
    reply = server.get("/sparql/queries", Authorization=f"Bearer {TOKEN}")
    return [query["id"] for query in json.loads(reply.body)["queries"]]


def test_a_client_that_leaves_ends_its_query(server):
    query = urllib.parse.urlencode({"query": FOREVER, "id": "left"})
    request = f"GET /sparql?{query} HTTP/1.1\r\nHost: here\r\n\r\n"
    with connect(server, request):
        assert wait_until(lambda: "left" in running(server), 10)
    assert wait_until(lambda: "left" not in running(server), 5)


def test_readers_that_stall_hold_no_thread_and_little_memory(server):
    query = urllib.parse.urlencode({"query": LARGE})
    request = f"GET /sparql?{query} HTTP/1.1\r\nHost: here\r\n\r\n"
    whole = len(server.query(LARGE).body)
    assert whole > 20_000_000
    before = resident(http_process(server))
    with ExitStack() as stalled:
        readers = []
        for _ in range(8):
            readers.append(stalled.enter_context(connect(server, request)))
            assert readers[-1].recv(1, socket.MSG_PEEK)  # it has begun
        assert [server.query(f"ASK {{ # {turn}\n}}").status for turn in range(20)] == [200] * 20
        assert server.get("/").status == 200
        assert resident(http_process(server)) - before < 40_000_000
        _, body = answer(readers[0])
    assert len(body) == whole


def test_an_answer_is_repeated_until_the_graph_changes(server):
    first, second = server.query(COUNT), server.query(COUNT)
    assert first.headers["Query-Id"]
    assert "Query-Id" not in second.headers
    assert second.body == first.body
    assert second.headers["ETag"] == first.headers["ETag"]

    add(server, "<http://example.org/another>")

    def count():
        found = json.loads(server.query(COUNT).body)
        return int(found["results"]["bindings"][0]["count"]["value"])

    assert wait_until(lambda: count() == 401, 10)


def test_whoever_has_a_repeated_answer_is_told_so(server):
    tag = server.query(COUNT).headers["ETag"]
    server.query(COUNT)

    unchanged = server.query(COUNT, If_None_Match=tag)
    other = server.query(COUNT, If_None_Match=tag, Accept="text/csv")

    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["ETag"] == tag
    assert other.status == 200
    assert other.body.startswith(b"count\r\n")


def test_a_volatile_answer_is_not_repeated(server):
    query = "SELECT (STRUUID() AS ?x) {}"
    assert server.query(query).body != server.query(query).body


def test_the_prefix_of_a_proxy_is_kept_in_links(tmp_path):
    proxied = Server(tmp_path / "home", ("--bare",), {"ICGRAPH_PROXIES": "1"}).start()
    try:
        page = proxied.get("/sparql", Accept="text/html", X_Forwarded_Prefix="/below")
        plain = proxied.get("/sparql", Accept="text/html")
    finally:
        proxied.stop()
    assert 'action="/below/sparql"' in page.text
    assert "/below" not in plain.text


@pytest.mark.parametrize("path", ["/data/whole", "/graph/whole", "/%64ata/whole"])
def test_a_large_graph_is_taken_by_every_address_of_one(server, path):
    triples = "".join(f"<http://example.org/{n}> <x:y> <x:z> .\n" for n in range(40_000))
    headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}
    assert len(triples) > 1_500_000
    reply = server.get(path, data=triples.encode(), method="PUT", **headers)
    assert reply.status in {201, 204}, reply.text


def test_a_long_address_is_read_and_long_headers_are_refused(server):
    assert server.get(f"/sparql?query=ASK%7B%7D%23{'x' * 60_000}").status == 200
    try:
        refused = server.query("ASK {}", Accept="a/b," * 75_000 + "*/*").status
    except OSError:  # it was hung up on before it had sent all
        refused = 431
    assert refused == 431
