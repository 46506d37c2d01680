"""The stored questions over HTTP, in a home that was loaded: only there has a record a history."""

import json
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.queries.answers import QUESTIONS, text_of

LOADED = "Load the data packaged with icgraph"


def answers(server: Server, name: str) -> list[dict[str, str]]:
    reply = server.query(text_of(name), accept="application/sparql-results+json")
    assert reply.status == 200, reply.text
    found = json.loads(reply.body)["results"]["bindings"]
    return [{column: term["value"] for column, term in row.items()} for row in found]


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_service_answers_every_stored_question(path: Path, server: Server) -> None:
    assert answers(server, path.stem)


def test_a_record_says_who_made_it_when_and_why_and_that_its_topics_were_assigned(
    server: Server,
) -> None:
    (row,) = answers(server, "history-of-a-record")
    assert row["document"].endswith("/doc/practice/integration-support-group")
    assert row["topicsBasis"] == "assigned by reading"
    assert row["who"] == "icgraph"
    assert row["why"].startswith(LOADED)
    assert "T" in row["modified"]


def test_a_fresh_home_says_of_every_record_that_it_changed(server: Server) -> None:
    changed = [row["record"] for row in answers(server, "changes-since-a-date")]
    numbers = server.query(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT DISTINCT ?record { ?record rdfs:label ?name "
        'FILTER (REGEX(STR(?record), "/id/[^#]+$")) }',
        accept="application/sparql-results+json",
    )
    records = {row["record"]["value"] for row in json.loads(numbers.body)["results"]["bindings"]}
    assert len(changed) == len(set(changed))
    assert set(changed) == records
