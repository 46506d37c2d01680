"""The worker as the pool runs it: a process of its own."""

import json

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from icgraph.errors import InputError, SyntaxInvalid
from icgraph.guard.report import Report
from icgraph.store.pool import Pool

GRAPH = """
@prefix ic: <https://w3id.org/icgraph/ns/> .
<https://w3id.org/icgraph/id/practice/welcome-desk> a ic:Practice .
"""


@pytest.fixture(scope="module")
def pool():
    with Pool("icgraph.guard.worker", size=1) as pool:
        yield pool


def test_a_graph_goes_in_and_a_report_comes_out(pool):
    body = serialize(parse(GRAPH, RdfFormat.TURTLE), format=RdfFormat.N_QUADS)
    told = []

    header, answer = pool.run(
        {"task": "validate", "ontology": True},
        body,
        seconds=60,
        progress=lambda *step: told.append(step),
    )

    assert header["conforms"] is False
    assert not Report.from_json(json.loads(answer)).conforms
    assert told


@pytest.mark.parametrize(
    ("task", "body", "error"),
    [("dance", b"", InputError), ("validate", b"<a:b> <a:c> .", SyntaxInvalid)],
)
def test_an_error_comes_back_as_itself(pool, task, body, error):
    with pytest.raises(error):
        pool.run({"task": task}, body, seconds=60)
