"""What people read when a query or an update does not parse."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from icgraph.errors import SyntaxInvalid
from icgraph.store import misfit
from icgraph.store.embedded import EmbeddedEngine
from icgraph.store.syntax import refusal

BASE = "https://example.org/graph/sparql"


def refused(text: str) -> SyntaxInvalid:
    with pytest.raises(SyntaxInvalid) as caught:
        EmbeddedEngine(Store()).query(text, base_iri=BASE)
    return caught.value


@pytest.mark.parametrize(
    ("text", "prefix", "place", "declaration"),
    [
        (
            "SELECT * { ?a rdfs:label ?b }",
            "rdfs",
            (1, 15),
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
        ),
        (
            "PREFIX ex: <http://example.org/>\nSELECT * { ?a ex:b ?c ; ic:country ?d }",
            "ic",
            (2, 25),
            "PREFIX ic: <https://example.org/graph/ns/>",
        ),
        ("SELECT (f:x(?s) AS ?y) { ?s ?p ?o }", "f", (1, 9), "PREFIX f: <…>"),
        ("SELECT * { :a ?b ?c }", "", (1, 12), "PREFIX : <…>"),
    ],
)
def test_a_prefix_that_is_not_declared_is_named_with_its_declaration(
    text, prefix, place, declaration
) -> None:
    error = refused(text)
    assert f"the prefix `{prefix}:`" in error.detail
    assert (error.members["line"], error.members["column"]) == place
    assert declaration in error.advice


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { <p:q> <a:b> 'c:d' # e:f\n",
        'SELECT * { ?s ?p """g:h""", "i:j"@en, _:k ',
        'SELECT * { ?s ?p "left open: l:m }',
        "SELECT * { ?s ?p '''left \n open: l:m }",
        "prefix n: <o:p> SELECT * { n:a:b ?p ",
    ],
)
def test_what_only_looks_like_a_prefix_is_not_blamed(text: str) -> None:
    assert "does not declare" not in refused(text).detail


def test_the_place_is_told_with_what_could_stand_there() -> None:
    error = refused("SELECT ?x { ?x ?y ?z ")
    assert "line 1, column 22, after “SELECT ?x { ?x ?y ?z”" in error.detail
    assert error.detail.endswith("it ends too early.")
    assert error.advice == "What could stand there, among others: . ; , { }"


@pytest.mark.parametrize(
    ("text", "place", "word", "advice"),
    [
        ("SELECT * { FILTER EXIST {?s ?p ?o} }", (1, 19), "EXIST", "EXISTS meant"),
        ("SELECT ?s WHERE { ?s ?p ?o } LIMT 10", (1, 30), "LIMT", "LIMIT meant"),
        ("SELEC ?s { ?s ?p ?o }", (1, 1), "SELEC", "SELECT meant"),
        ("SELECT * { ?s ?p ?o # c\n FILTR(?o) }", (2, 2), "FILTR", "FILTER meant"),
        ("SELECT (COUNT(?s) ?n) { ?s ?p ?o }", (1, 19), "?n", ": AS"),
        ("SELECT * { ?s ?p ?o } ORDER ?s", (1, 29), "?s", ": BY"),
        ("SELECT * { ?s ?p ?o FILTER(?o = ) }", (1, 33), ")", "just before it"),
        ("SELECT * { ?s ?p ?o }}", (1, 22), "}", "just before it"),
        ("SELECT ?s { ?s <http://e/é> 'é' ?p }", (1, 33), "?p", ": . ; , { }"),
    ],
)
def test_the_word_that_does_not_fit_is_named_with_its_own_place(text, place, word, advice) -> None:
    error = refused(text)
    assert (error.members["line"], error.members["column"]) == place
    assert f"“{word}” cannot stand there" in error.detail
    assert advice in error.advice


def test_no_part_of_a_text_is_evaluated_to_explain_it(monkeypatch) -> None:
    evaluated: list[str] = []

    class Watched:
        def query(self, text: str, **options: object) -> object:
            found = Store().query(text, **options)
            evaluated.append(text)  # it parsed
            return found

    monkeypatch.setattr(misfit, "Store", Watched)
    assert "“and”" in refused("ASK { ?s ?p ?o } and more").detail
    assert evaluated == []


@given(st.text("SELECT*{}?s.;,()'\"<>#\\: \n\t", max_size=40))
def test_every_text_that_is_refused_is_explained_within_itself(text: str) -> None:
    try:
        EmbeddedEngine(Store()).query(text, base_iri=BASE)
    except SyntaxInvalid as error:
        line, column = error.members["line"], error.members["column"]
        lines = text.split("\n")
        assert 1 <= column <= len(lines[line - 1]) + 1


def test_a_cause_that_the_engine_names_is_told_alone() -> None:
    error = refused("SELECT ?x ?y { ?s ?p ?x } GROUP BY ?x")
    assert error.detail.endswith("(The SELECT contains a variable that is unbound).")


def test_no_set_of_characters_is_shown() -> None:
    error = refusal(
        "error at 1:2: expected one of \"a\", ['%'], ['0' ..= '9']", "xyz", "update", None
    )
    assert "[" not in str(error)


@pytest.mark.parametrize("piece", ['\\"', "<a", "a-", "a:", "prefix a-", '""" ', "'''\\"])
@pytest.mark.parametrize("before", ["", '"', "'''", "prefix "])
def test_the_time_to_explain_grows_no_faster_than_the_text(piece: str, before: str) -> None:
    began = time.monotonic()
    refusal("error at 1:1: expected x", before + piece * 25_000, "query", None)
    assert time.monotonic() - began < 5
