"""What an answer says of how long it holds and where it can be had again, by a real server."""

import json
import urllib.parse

import pytest

from tests.conftest import Reply, Server

ONE = "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def path(query: str = ONE, **parameters: str) -> str:
    return "/sparql?" + urllib.parse.urlencode({"query": query, **parameters})


def directives(reply: Reply) -> set[str]:
    return {part.strip() for part in reply.headers["Cache-Control"].split(",")}


def cited(server: Server, reply: Reply) -> str:
    address, _, relation = reply.headers["Link"].partition(">; ")
    assert relation == 'rel="cite-as"'
    assert address.startswith(f"<{server.address}/sparql?")
    return address.removeprefix("<" + server.address)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_has_the_answer_is_told_so(server: Server, method: str) -> None:
    first = server.get(path())
    assert first.headers["ETag"].startswith('W/"')
    assert directives(first) == {"public", "no-cache"}
    again = server.get(path(), method=method, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    for name in ("ETag", "Cache-Control", "ICGraph-Revision", "Link", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_a_client_that_wants_no_answer_is_told_whether_there_is_one(server: Server) -> None:
    there = server.get(path(ONE + " # star"), If_None_Match="*")
    assert (there.status, there.body) == (304, b"")
    assert there.headers["ETag"] == server.get(path(ONE + " # star")).headers["ETag"]
    assert server.get(path("SELECT nonsense"), If_None_Match="*").status == 400


def test_tags_tell_formats_datasets_and_queries_apart(server: Server) -> None:
    graph = "https://w3id.org/icgraph/graph/provenance"
    variants = [
        path(),
        path(format="csv"),
        path(**{"default-graph-uri": graph}),
        path(**{"named-graph-uri": graph}),
        path(ONE + " OFFSET 1"),
        path(format="html"),
        path(format="html", lang="fr"),
    ]
    tags = [server.get(variant).headers["ETag"] for variant in variants]
    assert len(set(tags)) == len(variants)
    assert tags == [server.get(variant).headers["ETag"] for variant in variants]


def test_a_page_of_results_has_a_tag_of_its_own(server: Server) -> None:
    first = server.get(path(), Accept=FIREFOX)
    again = server.get(path(), Accept=FIREFOX, If_None_Match=first.headers["ETag"])
    assert first.headers["ETag"] != server.get(path()).headers["ETag"]
    assert {name.strip() for name in first.headers["Vary"].split(",")} == {
        "Accept",
        "Accept-Language",
    }
    assert again.status == 304


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_may_differ_each_time_is_neither_tagged_nor_kept(server: Server, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{}}"
    reply = server.get(path(query), If_None_Match="*")
    assert reply.status == 200
    assert directives(reply) == {"no-store"}
    assert "ETag" not in reply.headers
    word = call.removesuffix("()")
    assert "ETag" in server.get(path(f"SELECT ('{word}' AS ?x) {{}}")).headers


@pytest.mark.parametrize("way", ["get", "post"])
def test_every_answer_leads_to_where_it_can_be_had_for_ever(server: Server, way: str) -> None:
    if way == "get":
        reply = server.get(path(format="csv"))
    else:
        reply = server.get(
            "/sparql?format=csv", data=ONE.encode(), Content_Type="application/sparql-query"
        )
    pinned = server.get(cited(server, reply))
    assert pinned.body == reply.body
    assert pinned.headers["ICGraph-Revision"] == reply.headers["ICGraph-Revision"] == "1"
    assert {"public", "immutable"} <= directives(pinned)


def test_a_page_of_results_shows_where_it_can_be_cited(server: Server) -> None:
    reply = server.get(path(), Accept=FIREFOX)
    assert 'rel="cite-as"' in reply.text
    assert "&amp;revision=1" in reply.text


@pytest.mark.parametrize(
    ("revision", "status"),
    [("2", 404), ("0", 400), ("one", 400), ("0" * 19 + "1" + "0" * 5000, 404)],
)
def test_a_revision_that_is_not_there_is_told_with_advice(server, revision, status) -> None:
    reply = server.get(path(revision=revision))
    assert reply.status == status
    assert json.loads(reply.body)["advice"]


def test_an_answer_tells_where_its_time_went(server: Server) -> None:
    timing = server.get(path("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")).headers["Server-Timing"]
    durations = dict(part.split(";dur=") for part in timing.split(", "))
    assert durations.keys() == {"queue", "evaluation", "serialisation"}
    assert all(float(duration) >= 0 for duration in durations.values())


def test_an_id_comes_back_and_is_made_where_none_is_given(server: Server) -> None:
    assert server.get(path(id="mine")).headers["Query-Id"] == "mine"
    made = {server.get(path(ONE + " #" + str(n))).headers["Query-Id"] for n in range(2)}
    assert len(made) == 2
