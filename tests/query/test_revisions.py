"""Queries while the graph changes: in memory, on disk, kept results and pinned revisions."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.config import Settings
from icgraph.errors import NotFound, ResultTooLarge, ServiceNotReady, SpoolFull
from icgraph.query.answer import Answer
from icgraph.query.execution import Execution
from icgraph.query.request import QueryRequest
from icgraph.store.changes import Change
from icgraph.store.home import Home, open_home
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.projection import Projection
from icgraph.store.rebuilding import Rebuilder
from tests.conftest import wait_until

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
LARGE = "SELECT ?a ?b WHERE { ?s ?p ?a . ?t ?q ?b } LIMIT 15000"
JSON = "application/sparql-results+json"
BASE = "https://w3id.org/icgraph/"


def things(start: int, end: int) -> frozenset[Quad]:
    return frozenset(
        Quad(NamedNode(f"http://example.org/{n}"), LABEL, Literal(f"thing {n}"))
        for n in range(start, end)
    )


class Graph:
    """A graph that grows by ten things a revision; the first has two hundred."""

    def __init__(self, folder: Path) -> None:
        self.home: Home = open_home(folder)
        self.log: ChangeLog = open_log(self.home.log, None)
        self.projection = Projection(
            self.home.projection, checkpoints=2, checkpoint_bytes=10_000_000
        )
        self._grow(things(0, 200))

    def grow(self) -> None:
        head = self.log.head()
        self._grow(things(200 + 10 * head, 210 + 10 * head))

    def _grow(self, added: frozenset[Quad]) -> None:
        change = Change("tester", "grow", added)
        self.log.append(change, after=self.log.head(), time=NOON)
        self.projection.follow(self.log)

    def execution(self, **settings: object) -> Execution:
        given = {"http_processes": 1, "query_workers": 2, "query_memory": 256, **settings}
        return Execution.over(self.home, Settings(**given), BASE)


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Graph]:
    made = Graph(tmp_path / "home")
    with closing(made.log):
        yield made


def ask(execution: Execution, text: str = COUNT, **changes: object) -> Answer:
    asked = {"text": text, "seconds": 20, "solutions_type": "text/csv", "graph_type": "text/turtle"}
    return execution.run(QueryRequest(**{**asked, **changes}))


def count(execution: Execution, **changes: object) -> int:
    return int(ask(execution, **changes).read().split()[1])


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_every_new_revision_is_read_at_once(graph: Graph, engine: str) -> None:
    with closing(graph.execution(engine=engine)) as execution:
        assert count(execution) == 200
        for number in range(1, 6):
            graph.grow()
            assert count(execution) == 200 + 10 * number


def test_workers_come_to_read_from_memory_and_go_on_to_follow(graph: Graph) -> None:
    with closing(graph.execution(engine="memory", cache_bytes=0)) as execution:
        keeper = execution._pool._keeper
        assert wait_until(
            lambda: keeper._server is not None and keeper._server.state is not None, 20
        )
        for number in range(1, 6):
            graph.grow()
            assert count(execution) == 200 + 10 * number
        state = {"revision": 6}.items()
        assert wait_until(lambda: keeper._server.state.items() >= state, 10)


def test_a_graph_beyond_the_bound_is_left_on_disk(graph: Graph) -> None:
    with closing(graph.execution(memory_statements=100)) as execution:
        assert count(execution) == 200
        assert execution._pool._keeper._server.state is None


def test_the_same_question_is_evaluated_once_a_revision(graph: Graph) -> None:
    with closing(graph.execution()) as execution:
        assert not ask(execution).cached
        again = ask(execution)
        assert again.cached
        assert (again.revision, again.rows, again.read()) == (1, 1, b"n\r\n200\r\n")
        graph.grow()
        assert not ask(execution).cached
        assert ask(execution, solutions_type=JSON).cached is False


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_may_differ_each_time_is_neither_kept_nor_tagged(graph: Graph, call: str) -> None:
    text = f"SELECT ({call} AS ?x) WHERE {{}}"
    with closing(graph.execution()) as execution:
        assert not ask(execution, text).cached
        assert not ask(execution, text).cached
        assert execution.tag(QueryRequest(text, 1, "text/csv", None)) is None


def test_a_tag_tells_revisions_formats_and_datasets_apart(graph: Graph) -> None:
    asked = QueryRequest(COUNT, 1, "text/csv", None)
    others = [
        QueryRequest(COUNT, 1, JSON, None),
        QueryRequest(COUNT, 1, "text/csv", None, default_graphs=("http://example.org/g",)),
        QueryRequest(COUNT, 1, "text/csv", None, named_graphs=("http://example.org/g",)),
        QueryRequest(COUNT, 1, "text/csv", None, base_iri="http://example.org/"),
        QueryRequest(COUNT + " ", 1, "text/csv", None),
    ]
    with closing(graph.execution()) as execution:
        before = execution.tag(asked)
        assert before == execution.tag(QueryRequest(COUNT, 9, "text/csv", None, client="a"))
        assert before not in {execution.tag(other) for other in others}
        graph.grow()
        assert execution.tag(asked) != before


def test_a_pinned_query_is_answered_from_that_revision(graph: Graph) -> None:
    graph.grow()
    with closing(graph.execution()) as execution:
        assert count(execution, revision=1) == 200
        assert count(execution, revision=2) == count(execution) == 210


def test_a_pinned_answer_is_neither_taken_from_nor_tagged_like_that_of_the_newest(
    graph: Graph,
) -> None:
    first_rows = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3"  # in memory others than on disk
    newest = QueryRequest(first_rows, 1, "text/csv", None)
    with closing(graph.execution(engine="memory")) as execution:
        ask(execution, first_rows)
        assert not ask(execution, first_rows, revision=1).cached
        assert ask(execution, first_rows, revision=1).cached
        assert execution.tag(newest) != execution.tag(replace(newest, revision=1))


def test_an_older_revision_is_rebuilt_for_who_asks_again(graph: Graph) -> None:
    for _ in range(4):
        graph.grow()
    rebuilder = Rebuilder(graph.home)
    with closing(graph.execution()) as execution:
        with pytest.raises(ServiceNotReady, match="rebuilt"):
            count(execution, revision=1)
        assert wait_until(lambda: rebuilder.look(5), 20)
        graph.projection.prune()
        assert count(execution, revision=1) == 200
        graph.grow()
        assert count(execution, revision=1) == 200


@pytest.mark.parametrize("revision", [0, -1, 3])
def test_a_revision_that_never_was_is_not_found(graph: Graph, revision: int) -> None:
    graph.grow()
    with closing(graph.execution()) as execution, pytest.raises(NotFound, match="newest is 2"):
        count(execution, revision=revision)


def test_one_row_more_than_allowed_is_refused_and_names_the_limit(graph: Graph) -> None:
    text = "SELECT * WHERE { ?s ?p ?o }"
    with closing(graph.execution(result_rows=200)) as execution:
        assert ask(execution, text).rows == 200
        graph.grow()
        with pytest.raises(ResultTooLarge) as caught:
            ask(execution, text)
        assert caught.value.members.items() >= {"limit": "result_rows", "value": 200}.items()
        with pytest.raises(ResultTooLarge):
            ask(execution, "CONSTRUCT WHERE { ?s ?p ?o }")


def test_large_results_on_their_way_out_have_a_bound_in_all(graph: Graph) -> None:
    limits = {"spool_bytes": 8_000_000, "result_bytes": 2_000_000, "long_query_workers": 1}
    with closing(graph.execution(**limits)) as execution:
        answers: list[Answer] = []

        def ask_for_large_ones() -> None:
            answers.extend(
                ask(execution, f"{LARGE} # {number}", solutions_type=JSON) for number in range(20)
            )

        with pytest.raises(SpoolFull) as caught:
            ask_for_large_ones()
        assert caught.value.members["limit"] == "spool_bytes"
        assert 1 < len(answers) < 8
        assert count(execution) == 200  # what needs no room goes on
        for answer in answers:
            answer.close()
        assert execution.figures()["spool_bytes"] == 0
        ask(execution, LARGE, solutions_type=JSON).close()


def test_times_of_a_query_are_told(graph: Graph) -> None:
    with closing(graph.execution()) as execution:
        timing = ask(execution).timing
        assert timing.queue > 0
        assert timing.evaluation > 0
