"""A graph is there while it holds something: the same in every copy of a revision."""

from datetime import UTC, datetime

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from icgraph.store.changes import Change
from icgraph.store.embedded import EmbeddedEngine, checkpoint_path, open_checkpoint
from icgraph.store.home import Home
from icgraph.store.log import ChangeLog
from icgraph.store.memory import MemoryGraph
from icgraph.store.projection import Projection

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FULL, EMPTIED = NamedNode("http://example.org/full"), NamedNode("http://example.org/emptied")


def quad(number: int, graph: NamedNode) -> Quad:
    return Quad(FULL, FULL, Literal(str(number)), graph)


@pytest.fixture
def copies(home: Home, log: ChangeLog) -> list[EmbeddedEngine]:
    """Revision 2 on disk, in memory by following, and in memory by reading."""
    projection = Projection(home.projection, checkpoints=2)
    added = frozenset({quad(1, FULL), quad(2, FULL), quad(1, EMPTIED)})
    removed = frozenset({quad(2, FULL), quad(1, EMPTIED)})
    log.append(Change("tester", "fill", added, frozenset()), after=0, time=NOON)
    projection.follow(log)
    following = MemoryGraph.load(checkpoint_path(home.projection, 1), 1, home.spool)
    log.append(Change("tester", "empty", frozenset(), removed), after=1, time=NOON)
    projection.follow(log)
    assert following.advance(home.projection, 2)
    checkpoint = checkpoint_path(home.projection, 2)
    reading = MemoryGraph.load(checkpoint, 2, home.spool)
    return [open_checkpoint(checkpoint), following.engine, reading.engine]


def test_an_emptied_graph_is_named_by_no_copy(copies: list[EmbeddedEngine]) -> None:
    for copy in copies:
        assert list(copy.store.named_graphs()) == [FULL]
        assert [row[0] for row in copy.query("SELECT ?g { GRAPH ?g {} }")] == [FULL]


def test_the_engine_alone_goes_on_naming_it() -> None:
    store = Store()
    store.add(quad(1, EMPTIED))
    store.remove(quad(1, EMPTIED))
    assert list(store.named_graphs()) == [EMPTIED]
