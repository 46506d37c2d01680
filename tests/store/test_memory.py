from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from icgraph.store.changes import Change
from icgraph.store.embedded import change_paths, checkpoint_path
from icgraph.store.home import Home, open_home
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.memory import MemoryGraph
from icgraph.store.projection import Projection

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def quad(number: int) -> Quad:
    return Quad(NamedNode(f"http://example.org/{number}"), LABEL, Literal(str(number)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def record(log: ChangeLog, add: set[Quad], remove: set[Quad] | None = None) -> None:
    change = Change("tester", "change", frozenset(add), frozenset(remove or ()))
    log.append(change, after=log.head(), time=NOON)


def held(graph: MemoryGraph) -> set[Quad]:
    return set(graph.engine.store)


def load(home: Home, revision: int) -> MemoryGraph:
    return MemoryGraph.load(checkpoint_path(home.projection, revision), revision, home.spool)


def test_a_checkpoint_is_read_whole_and_leaves_no_file(home: Home) -> None:
    with closing(open_log(home.log, None)) as log:
        record(log, {quad(number) for number in range(1000)})
        Projection(home.projection, checkpoints=2).follow(log)
    assert held(load(home, 1)) == {quad(number) for number in range(1000)}
    assert not list(home.spool.iterdir())


def test_a_copy_follows_additions_and_removals(home: Home) -> None:
    with closing(open_log(home.log, None)) as log:
        projection = Projection(home.projection, checkpoints=2)
        record(log, {quad(1), quad(2)})
        projection.follow(log)
        graph = load(home, 1)
        record(log, {quad(3)}, {quad(1)})
        record(log, {quad(1)}, {quad(2)})
        projection.follow(log)
    assert graph.advance(home.projection, 3)
    assert held(graph) == {quad(1), quad(3)}
    assert graph.revision == 3


def test_a_copy_that_is_ahead_stays_there(home: Home) -> None:
    with closing(open_log(home.log, None)) as log:
        projection = Projection(home.projection, checkpoints=2)
        record(log, {quad(1)})
        record(log, {quad(2)})
        projection.follow(log)
    graph = load(home, 2)
    assert graph.advance(home.projection, 1)
    assert graph.revision == 2


def test_without_one_of_the_changes_nothing_is_done(home: Home) -> None:
    with closing(open_log(home.log, None)) as log:
        projection = Projection(home.projection, checkpoints=2)
        record(log, {quad(1)})
        projection.follow(log)
        graph = load(home, 1)
        record(log, {quad(2)})
        record(log, {quad(3)})
        projection.follow(log)
    for path in change_paths(home.projection, 3):
        path.unlink()
    assert not graph.advance(home.projection, 3)
    assert (graph.revision, held(graph)) == (1, {quad(1)})


def test_blank_nodes_keep_their_labels(home: Home) -> None:
    nameless = Quad(BlankNode("b1"), LABEL, Literal("nameless"))
    with closing(open_log(home.log, None)) as log:
        record(log, {nameless})
        projection = Projection(home.projection, checkpoints=2)
        projection.follow(log)
        graph = load(home, 1)
        record(log, set(), {nameless})
        projection.follow(log)
    assert held(graph) == {nameless}
    assert graph.advance(home.projection, 2)
    assert not held(graph)


def test_a_checkpoint_that_is_gone_is_an_error(home: Home) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        load(home, 9)
