"""What docs/conformance.md tells that no test of the suites asks, SPARQL 1.2 included."""

import pytest

from tests.conformance.engine import Engine
from tests.conformance.listed import NEWER, rows_under
from tests.conformance.service import Service

TSV = "text/tab-separated-values"
DATA = "INSERT DATA { <urn:s> <urn:p> <urn:o> ~ <urn:r> {| <urn:q> 1 |} }"
NOT_YET = "does not parse"
OWN_PREFIXES = """
    PREFIX a: <urn:a:> INSERT DATA { a:s a:p a:o } ;
    PREFIX b: <urn:b:> INSERT DATA { b:s a:p b:o } ;
    PREFIX a: <urn:c:> INSERT { ?s a:p b:o } WHERE { ?s ?p b:o }
"""


def test_the_engine_takes_prefixes_before_the_first_operation_only() -> None:
    assert Engine().update(OWN_PREFIXES).status == 400


def test_the_service_takes_prefixes_before_each_operation(service: Service) -> None:
    service.hold({})
    assert service.update(OWN_PREFIXES).status == 204
    assert {" ".join(map(str, row[1:])) for row in service.quads()} == {
        "<urn:a:s> <urn:a:p> <urn:a:o>",
        "<urn:b:s> <urn:a:p> <urn:b:o>",
        "<urn:b:s> <urn:c:p> <urn:b:o>",
    }


def test_an_update_is_done_as_a_whole_or_not_at_all(service: Service) -> None:
    service.hold({})
    failing = "INSERT DATA { <urn:s> <urn:p> <urn:o> } ; DROP GRAPH <urn:none>"
    assert service.update(failing).status == 400
    assert service.quads() == []


@pytest.mark.parametrize(
    "update", ["DROP GRAPH <urn:g>", "CLEAR GRAPH <urn:g>", "MOVE <urn:g> TO DEFAULT"]
)
def test_a_graph_without_statements_is_not_there(update: str, service: Service) -> None:
    service.hold({})
    filled = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    assert service.update(filled).status == 204
    emptied = "DELETE WHERE { GRAPH <urn:g> { ?s ?p ?o } }"
    for made in (emptied, "CREATE GRAPH <urn:g>", "CREATE GRAPH <urn:g>"):
        assert service.update(made).status == 204
        assert service.query("SELECT ?g { GRAPH ?g {} }", "text/csv").body == b"g\r\n"
        assert service.update(update).status == 400
        assert service.update(update.replace(" ", " SILENT ", 1)).status == 204


@pytest.mark.parametrize("row", rows_under(NEWER), ids=lambda row: row[0])
def test_sparql_1_2(row: list[str], service: Service) -> None:
    query, answer = (cell.strip("`") for cell in row[1:])
    service.hold({})
    assert service.update(DATA).status == 204
    reply = service.query(query, TSV)
    if answer == NOT_YET:
        assert reply.status == 400
    else:
        assert reply.body.decode().splitlines()[1:] == [answer]
