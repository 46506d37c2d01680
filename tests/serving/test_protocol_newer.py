"""Triple terms of SPARQL 1.2, in every format of results."""

import json
import urllib.parse

import pytest

from tests.conftest import Server

TERM = "<<( <http://x/s> <http://x/p> 'ü'@fr--ltr )>>"
ROW = f"SELECT ({TERM} AS ?t) {{}}"
GRAPH = f"CONSTRUCT {{ <http://x/r> <http://x/says> {TERM} }} {{}}"


def path(query: str, format_: str) -> str:
    return "/sparql?" + urllib.parse.urlencode({"query": query, "format": format_})


def test_a_triple_term_in_json_has_its_three_parts(server: Server) -> None:
    bindings = json.loads(server.get(path(ROW, "json")).body)["results"]["bindings"]
    found = bindings[0]["t"]
    assert found["type"] == "triple"
    assert found["value"]["subject"] == {"type": "uri", "value": "http://x/s"}
    assert found["value"]["object"]["xml:lang"] == "fr"


@pytest.mark.parametrize(
    ("query", "format_", "holds"),
    [
        (ROW, "xml", "<triple><subject><uri>http://x/s</uri></subject>"),
        (ROW, "tsv", '<<( <http://x/s> <http://x/p> "ü"@fr--ltr )>>'),
        (ROW, "csv", "http://x/s http://x/p"),
        (GRAPH, "ttl", '<<( <http://x/s> <http://x/p> "ü"@fr--ltr )>>'),
        (GRAPH, "nt", '<<( <http://x/s> <http://x/p> "ü"@fr--ltr )>>'),
        (GRAPH, "rdf", 'rdf:parseType="Triple"'),
        (ROW, "html", "http://x/s"),
    ],
)
def test_a_triple_term_can_be_written(server: Server, query, format_, holds) -> None:
    reply = server.get(path(query, format_))
    assert reply.status == 200
    assert holds in reply.text


def test_a_format_that_cannot_hold_triple_terms_says_so(server: Server) -> None:
    reply = server.get(path(GRAPH, "jsonld"))
    assert reply.status == 406
    assert json.loads(reply.body)["code"] == "format-not-offered"
