"""How terms enter queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from icgraph.discovery.reading import fill


def test_every_declared_place_is_filled():
    query = "SELECT * { { VALUES ?x { UNDEF } } UNION { VALUES ?x { UNDEF } } }"
    assert fill(query, "x", [NamedNode("https://x.example/")]).count("<https://x.example/>") == 2


def test_an_undeclared_place_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="VALUES"):
        fill("SELECT * { }", "x", [])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_one_literal(text):
    query = fill("SELECT ?x { VALUES ?x { UNDEF } }", "x", [Literal(text)])
    assert [row["x"].value for row in Store().query(query)] == [text]


def test_names_are_expanded_and_iris_left_alone(reading):
    assert reading.expand("ic:Practice") == "https://w3id.org/icgraph/ns/Practice"
    assert reading.expand("https://x.example/") == "https://x.example/"
