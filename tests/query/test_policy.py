import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icgraph.errors import QueryRefused, SyntaxInvalid
from icgraph.query.policy import check_query, is_volatile, keywords

REACHES_OUT = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://x/> { } }",
    "SELECT * { SeRvIcE ?x { } }",
    "SELECT * {SERVICE<http://x/>{}}",
    "SELECT * { \\u0053ERVICE <http://x/> { } }",
    "SELECT * { S\\U00000045RVICE <http://x/> { } }",
    "SELECT * { ?s ?p 'a' . # comment\n SERVICE <http://x/> { } }",
    "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> { } }",
    'SELECT * { ?s ?p "\\"" . SERVICE <http://x/> { } }',
    "SELECT * { ?s ?p 'x'@en SERVICE <http://x/> { } }",
    "SELECT * { ?a<?b SERVICE <http://x/> {} FILTER(?c>?d) }",
    "PREFIX a: <http://x/> SELECT * { ?s a:b ?o. SERVICE a:c { } }",
    "LOAD <file:///etc/passwd>",
    "SELECT * { SERVICESILENT<http://x/> { } }",
    "SELECT * { SERVICE?x{ } }",
    "PREFIX ex: <http://x/> SELECT * { SERVICEex:c { } }",
    "PREFIX ex: <http://x/> SELECT * { SERVICESILENTex:c { } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:e { } }",
    "PREFIX : <http://x/> SELECT * { service:e#comment\n{ } }",
    "SELECT * { ?s ?p trueSERVICE<http://x/> { } }",
    "SELECT * { ?s ?p 1e0SERVICE<http://x/> { } }",
    "SELECT * { ?s ?p 1.SERVICE<http://x/> { } }",
    "PREFIX ex: <http://x/> SELECT * { ?s ?p trueSERVICEex:c { } }",
    "LOADSILENT<file:///etc/passwd>",
]
STAYS_IN = [
    "SELECT ?service { ?service ?p $load }",
    "SELECT * { ?s ?p 'SERVICE' }",
    'SELECT * { ?s ?p """ SERVICE <x> "" LOAD """ }',
    "SELECT * { ?s <http://x/SERVICE> ?o }",
    "PREFIX service: <http://x/> SELECT * { ?s service:load ?o }",
    "PREFIX x: <http://x/> SELECT * { ?s x:SERVICE ?o }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://x/> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX x: <http://x/> SELECT * { GRAPH x:SERVICE { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o } # SERVICE",
    "SELECT * { _:service ?p ?o }",
    "SELECT * { ?s ?p 'x'@service }",
    "SELECT * { ?s ?p '\\'SERVICE' }",
]


@pytest.mark.parametrize("query", REACHES_OUT)
def test_a_query_that_reaches_out_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        check_query(query)


@pytest.mark.parametrize("query", STAYS_IN)
def test_the_word_alone_is_not_refused(query: str) -> None:
    check_query(query)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    try:
        list(keywords(text))
    except SyntaxInvalid:
        assert "\\U" in text


def test_who_may_not_load_is_told_another_way() -> None:
    with pytest.raises(QueryRefused) as caught:
        check_query("LOAD <http://127.0.0.1/file.ttl>")
    assert "/data" in caught.value.advice


def test_an_impossible_codepoint_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxInvalid):
        check_query("SELECT * { \\UFFFFFFFF }")


@pytest.mark.parametrize("piece", ["a-", '\\"', "\\u0041-", "a.", "_a-", "<a", "a:b-"])
@pytest.mark.parametrize("before", ["", '"', "'''"])
def test_the_time_to_read_a_text_grows_no_faster_than_the_text(piece: str, before: str) -> None:
    text = f"#NOW\n{before}" + piece * 25_000
    began = time.monotonic()
    is_volatile(text)
    list(keywords(text))
    assert time.monotonic() - began < 5  # 15 s and more when each piece is read from all before it


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?now) {}",
        "SELECT (struuid () AS ?id) {}",
        "SELECT (RAND#comment\n() AS ?x) {}",
        "SELECT * { ?s ?p ?a FILTER(?a<NOW()&&1>0) }",
        "SELECT * { ?s ?p ?a FILTER(?a<1&&'>'<STR(RAND())) }",
        "SELECT (BNODE('a') AS ?node) {}",
    ],
)
def test_a_call_that_gives_another_value_each_time_is_found(query: str) -> None:
    assert is_volatile(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?now { ?now ?p 'now' }",
        "PREFIX know: <http://x/know#> SELECT * { ?s know:uuid ?rand }",
        "SELECT * { ?s ?p ?o } # NOW",
    ],
)
def test_a_word_without_a_call_is_the_same_each_time(query: str) -> None:
    assert not is_volatile(query)
