"""What docs/conformance.md says of SPARQL 1.2, asked as it is written there."""

import pytest

from tests.conformance.listed import NEWER, rows_under
from tests.conformance.service import Service

TSV = "text/tab-separated-values"
DATA = "INSERT DATA { <urn:s> <urn:p> <urn:o> ~ <urn:r> {| <urn:q> 1 |} }"
NOT_YET = "does not parse"


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
