"""Whole graphs that are read: seen and stopped like queries."""

import pytest

from icgraph.config import Settings
from icgraph.errors import QueryStopped
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.query.answer import Answer
from icgraph.query.watch import Watch
from icgraph.web import build_app
from icgraph.web.site import Site


class Stopped:
    """What reading a graph needs of `Execution`; stopped by its id while it is at it."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.seen: list[dict[str, object]] = []
        self.stops = True
        self.rows: int | None = 1

    def head(self) -> int:
        return 7

    def fingerprint(self) -> str:
        return "revision 7"

    def run(self, request, task) -> Answer:
        (query,) = self.watch.queries().queries
        self.seen.append(query)
        if self.stops:
            self.watch.stop(query["id"])
            assert isinstance(task.error, QueryStopped)
            raise task.error
        return Answer(7, request.graph_type, b"", self.rows)


@pytest.fixture
def engine():
    return Stopped(Watch(log_clients="none"))


@pytest.fixture
def client(engine):
    return build_app(Site(engine, Base(DEFAULT_BASE), Settings(), engine.watch)).test_client()


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/data?default", "GET the default graph"),
        ("/data?graph=http://e/g", "GET <http://e/g>"),
        ("/graph/provenance", f"GET <{DEFAULT_BASE}graph/provenance>"),
    ],
)
def test_a_graph_that_is_read_is_listed_and_stopped_by_its_id(client, engine, address, text):
    reply = client.get(address, headers={"Query-Id": "my-graph"})

    assert (reply.status_code, reply.json["code"]) == (409, "query-stopped")
    assert reply.headers["Query-Id"] == "my-graph"
    (seen,) = engine.seen
    assert (seen["id"], seen["kind"], seen["text"]) == ("my-graph", "graph", text)
    assert engine.watch.queries().queries == []


def test_reading_a_graph_ends_with_its_client(client, engine, monkeypatch):
    stopping = []
    monkeypatch.setattr(
        "icgraph.web.graph_store.stop_with_client", lambda task, _: stopping.append(task)
    )
    engine.stops = False

    assert client.get("/data?default").status_code == 200
    assert len(stopping) == 1


def test_a_graph_without_statements_is_not_there(client, engine):
    engine.stops, engine.rows = False, 0

    assert client.get("/data?graph=http://e/g").status_code == 404
    assert client.get("/data?default").status_code == 200
