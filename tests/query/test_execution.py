import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.config import Settings
from icgraph.errors import (
    BodyTooLarge,
    FormatNotOffered,
    InputError,
    MemoryLimitExceeded,
    ResultTooLarge,
    ServiceNotReady,
    SyntaxInvalid,
    TimeLimitExceeded,
)
from icgraph.query.execution import ENTRY_POINT, Execution
from icgraph.query.request import QueryRequest
from icgraph.store.changes import Change
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.pool import Pool
from icgraph.store.projection import Projection

JSON = "application/sparql-results+json"
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r"


def numbered(count: int) -> frozenset[Quad]:
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    return frozenset(
        Quad(NamedNode(f"http://example.org/{n}"), label, Literal(f"thing {n}"))
        for n in range(count)
    )


@pytest.fixture(scope="module")
def execution(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Execution]:
    home = open_home(tmp_path_factory.mktemp("home"))
    with closing(open_log(home.log, None)) as log:
        change = Change("tester", "fill", numbered(2000))
        log.append(change, after=0, time=datetime(2026, 11, 21, tzinfo=UTC))
        Projection(home.projection, checkpoints=2).follow(log)
    settings = Settings(query_memory=64, result_bytes=5_000_000, query_text=2048)
    with Pool(ENTRY_POINT, size=2, waiting=8) as pool:
        yield Execution(pool, home, settings, "https://w3id.org/icgraph/")


def ask(text: str, **changes: object) -> QueryRequest:
    asked = {"text": text, "seconds": 20, "solutions_type": JSON, "graph_type": "text/turtle"}
    return QueryRequest(**{**asked, **changes})


def test_rows_leave_out_what_is_unbound(execution: Execution) -> None:
    rows = execution.rows("SELECT ?x ?y WHERE { VALUES (?x ?y) { (1 UNDEF) } }")
    assert [list(row) for row in rows] == [["x"]]


def test_rows_hold_the_terms_as_they_are(execution: Execution) -> None:
    texts = ["", 'tab\tline\nreturn\rquote"back\\slash', "\u2028é𝄞", "<a>&amp;"]
    terms = [Literal(text) for text in texts] + [
        Literal("deux", language="fr-CH"),
        Literal("7", datatype=NamedNode("http://example.org/kind")),
        Literal("2026-11-21", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        NamedNode("http://example.org/é"),
    ]
    rows = execution.rows(f"SELECT ?x WHERE {{ VALUES ?x {{ {' '.join(map(str, terms))} }} }}")
    assert [row["x"] for row in rows] == terms


def test_turtle_declares_the_prefixes_it_uses_and_no_others(execution: Execution) -> None:
    turtle = execution.graph("DESCRIBE <http://example.org/7>", "text/turtle").decode()
    assert turtle.splitlines()[0] == "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    assert turtle.count("@prefix") == 1


def test_a_result_beyond_memory_comes_from_a_file_and_is_whole(execution: Execution) -> None:
    answer = execution.run(ask("SELECT * WHERE { ?s ?p ?o . ?t ?p ?q } LIMIT 10000"))
    assert not isinstance(answer.payload, bytes)
    assert answer.read().endswith(b"]}}")


def test_a_query_over_time_is_stopped_and_says_so(execution: Execution) -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimitExceeded):
        execution.run(ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {CROSS} }}", seconds=0.5))
    assert time.monotonic() - started < 5


def test_a_query_over_memory_is_stopped_and_says_so(execution: Execution) -> None:
    with pytest.raises(MemoryLimitExceeded):
        execution.run(ask(f"SELECT * WHERE {{ {CROSS} }} ORDER BY ?r ?a"))


def test_a_result_over_its_size_is_refused(execution: Execution) -> None:
    with pytest.raises(ResultTooLarge):
        execution.run(ask("SELECT * WHERE { ?s ?p ?o . ?t ?q ?u }"))


def test_a_long_text_is_refused_before_it_is_read(execution: Execution) -> None:
    asked = ask("SELECT * WHERE { ?s ?p ?o } #" + "x" * 3000)
    for read in (execution.run, execution.tag):
        with pytest.raises(BodyTooLarge):
            read(asked)


def test_no_result_has_a_name_on_disk(execution: Execution) -> None:
    with pytest.raises(ResultTooLarge):
        execution.run(ask("SELECT * WHERE { ?s ?p ?o . ?t ?q ?u }"))
    unread = execution.run(ask("SELECT * WHERE { ?s ?p ?o . ?t ?p ?q } LIMIT 10000"))
    assert not isinstance(unread.payload, bytes)
    unread.payload.close()
    assert not list(Path(execution._home.spool).iterdir())


def test_a_graph_query_for_a_client_that_takes_tables_only_is_not_acceptable(execution) -> None:
    with pytest.raises(FormatNotOffered):
        execution.run(ask("DESCRIBE <http://example.org/7>", graph_type=None))


@pytest.mark.parametrize(
    "changes",
    [
        {"default_graphs": ("not an iri",)},
        {"text": "SELECT (<http://www.w3.org/2001/XMLSchema#foo>(1) AS ?x) {}"},
    ],
)
def test_what_cannot_be_evaluated_is_the_asker_s_to_mend(execution: Execution, changes) -> None:
    with pytest.raises(InputError):
        execution.run(ask(**{"text": "SELECT * { ?s ?p ?o }", **changes}))


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ('SELECT ("\\u0001" AS ?x) {}', {"solutions_type": "application/sparql-results+xml"}),
        ("CONSTRUCT { <http://e/s> <http://e/1#> 1 } {}", {"graph_type": "application/rdf+xml"}),
        (
            'CONSTRUCT { <http://e/s> <http://e/p> "\\u0001" } {}',
            {"graph_type": "application/rdf+xml"},
        ),
    ],
)
def test_what_xml_cannot_hold_is_refused_in_xml(execution: Execution, text, changes) -> None:
    with pytest.raises(FormatNotOffered, match="XML cannot"):
        execution.run(ask(text, **changes))


def test_a_page_gets_some_rows_and_the_number_of_all(execution: Execution) -> None:
    answer = execution.run(ask("SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?s", shown=3))
    assert answer.rows == 2000
    assert answer.read().decode().splitlines()[:2] == ["?o", '"thing 0"']


def test_a_syntax_error_does_not_end_the_worker(execution: Execution) -> None:
    for _ in range(5):
        with pytest.raises(SyntaxInvalid):
            execution.run(ask("SELECT nothing"))
    assert execution.rows("SELECT ?s WHERE { ?s ?p 'thing 7' }")


def test_a_slow_query_does_not_hold_up_a_quick_one(execution: Execution) -> None:
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(
            execution.run, ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {CROSS} }}", seconds=3)
        )
        threading.Event().wait(0.2)
        started = time.monotonic()
        execution.rows("SELECT ?s WHERE { ?s ?p 'thing 7' }")
        assert time.monotonic() - started < 2
        with pytest.raises(TimeLimitExceeded):
            slow.result()


def test_a_home_without_a_revision_is_not_ready(tmp_path: Path) -> None:
    with Pool(ENTRY_POINT, size=1) as pool:
        empty = Execution(pool, open_home(tmp_path / "home"), Settings(), "http://x/")
        with pytest.raises(ServiceNotReady):
            empty.rows("SELECT * WHERE { ?s ?p ?o }")
