"""The description of the service in RDF (SPARQL 1.1 Service Description)."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web.authorisation import takes_writes
from icgraph.web.service_description import SD, describe
from icgraph.web.site import Site
from tests.conftest import Reply, Server

ENDPOINT = "http://example.org/below/sparql"


def triples(reply: Reply) -> set[Triple]:
    media_type = reply.headers["Content-Type"].partition(";")[0]
    quads = parse(reply.body, format=RdfFormat.from_media_type(media_type))
    return {quad.triple for quad in quads}


def objects(found: set[Triple], name: str) -> set[str]:
    return {triple.object.value for triple in found if triple.predicate.value == SD + name}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples, text/html;q=0.1", "application/n-triples"),
    ],
)
def test_an_address_without_a_query_is_described_in_rdf(server, accept, media_type) -> None:
    reply = server.get("/sparql", Accept=accept)
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith(media_type)
    found = triples(reply)
    assert objects(found, "endpoint") == {server.address + "/sparql"}
    assert SD + "SPARQL11Query" in objects(found, "supportedLanguage")


def test_the_parameter_format_chooses_the_description_too(server: Server) -> None:
    reply = server.get("/sparql?format=nt", Accept="text/html")
    assert reply.headers["Content-Type"] == "application/n-triples; charset=utf-8"


def test_the_description_names_the_graphs_there_are(server: Server) -> None:
    names = objects(triples(server.get("/sparql")), "name")
    assert "https://w3id.org/icgraph/graph/provenance" in names


def test_the_description_has_head_and_a_tag(server: Server) -> None:
    tag = server.get("/sparql", method="HEAD").headers["ETag"]
    again = server.get("/sparql", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_a_description_that_is_not_accepted_is_refused_with_what_is_offered(server) -> None:
    reply = server.get("/sparql", Accept="image/png")
    assert reply.status == 406
    assert b"text/turtle" in reply.body


@pytest.mark.parametrize("writable", [True, False])
def test_updates_are_promised_only_where_they_are_taken(writable: bool) -> None:
    described = set(describe(ENDPOINT, Settings(), [], writable=writable))
    assert (SD + "SPARQL11Update" in objects(described, "supportedLanguage")) == writable


@pytest.mark.parametrize(
    ("settings", "taken"),
    [
        (Settings(), False),
        (Settings(bare=True), True),
        (Settings(token="0123456789abcdef"), True),
    ],
)
def test_who_has_no_token_takes_no_writes(settings, taken) -> None:
    assert takes_writes(Site(None, Base(DEFAULT_BASE), settings)) == taken


def test_the_limits_are_told_in_words() -> None:
    found = describe(ENDPOINT, Settings(query_seconds=17), [], writable=False)
    sentences = [triple.object for triple in found if isinstance(triple.object, Literal)]
    assert any("17 seconds" in sentence.value for sentence in sentences)


def test_the_description_lies_at_the_address_that_was_asked() -> None:
    found = set(describe(ENDPOINT, Settings(), ["http://example.org/g"], writable=False))
    assert objects(found, "endpoint") == {ENDPOINT}
    assert all(str(triple.subject.value).startswith(ENDPOINT + "#") for triple in found)
    assert NamedNode("http://example.org/g") in {triple.object for triple in found}
