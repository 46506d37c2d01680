"""The comparison itself: what must be the same, and what must not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from tests.conformance.results import (
    Table,
    read_csv,
    read_json,
    read_tsv,
    read_turtle,
    read_xml,
)
from tests.conformance.sameness import Row, same_rows

A, B, C, D = (BlankNode(name) for name in "abcd")
P = NamedNode("urn:x:p")
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def ring(*nodes: BlankNode) -> list[Row]:
    return [(nodes[place - 1], P, node) for place, node in enumerate(nodes)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([(A, P)], [(B, P)]),
        ([(A, A), (A, B)], [(C, C), (C, D)]),
        (ring(A, B, C), ring(C, A, D)),
        ([*ring(A, B), (A, A)], [*ring(C, D), (D, D)]),
        ([(P,), (P,), (None,)], [(None,), (P,), (P,)]),
    ],
)
def test_names_of_blank_nodes_and_the_order_of_rows_do_not_matter(
    left: list[Row], right: list[Row]
) -> None:
    assert same_rows(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([(A, A)], [(A, B)]),
        ([(A, P), (B, P)], [(A, P)]),
        ([(P,), (P,)], [(P,)]),
        ([(A, P), (A, P)], [(A, P), (B, P)]),
        ([(Literal("1", datatype=INTEGER),)], [(Literal("01", datatype=INTEGER),)]),
        ([(Literal("a"),)], [(Literal("a", language="en"),)]),
        ([(None,)], [(Literal(""),)]),
    ],
)
def test_anything_else_matters(left: list[Row], right: list[Row]) -> None:
    assert not same_rows(left, right)


def test_two_rings_of_three_are_not_one_ring_of_six() -> None:
    nodes = [BlankNode(f"n{number}") for number in range(6)]
    assert not same_rows(ring(*nodes[:3]) + ring(*nodes[3:]), ring(*nodes))


nodes = st.sampled_from([A, B, C, D, P, None])
tables = st.lists(st.tuples(nodes, nodes, nodes), max_size=8)


@given(tables, st.permutations([A, B, C, D]), st.randoms(use_true_random=False))
def test_a_table_is_the_same_as_itself_shuffled_and_renamed(
    table: list[Row], names: list[BlankNode], order: random.Random
) -> None:
    renaming = dict(zip([A, B, C, D], names, strict=True))
    renamed = [tuple(renaming.get(cell, cell) for cell in row) for row in table]
    order.shuffle(renamed)
    assert same_rows(table, renamed)


def test_order_matters_where_it_is_due() -> None:
    forth = Table(("x",), ((P,), (A,)))
    back = Table(("x",), ((B,), (P,)))
    assert forth.same(back, ordered=False)
    assert not forth.same(back, ordered=True)


def test_variables_are_told_apart_by_name_not_by_place() -> None:
    assert Table(("x", "y"), ((P, A),)).same(Table(("y", "x"), ((A, P),)), ordered=False)
    assert not Table(("x", "y"), ((P, A),)).same(Table(("x", "y"), ((A, P),)), ordered=False)
    assert not Table(("x",), ()).same(Table(("y",), ()), ordered=False)


def test_a_number_in_another_form_is_the_same_by_value_only() -> None:
    short, long = (Table(("x",), ((Literal(form, datatype=INTEGER),),)) for form in ("1", "01"))
    assert not short.same(long, ordered=False)
    assert short.by_value().same(long.by_value(), ordered=False)


SOLUTION = Table(
    ("x", "y", "z"),
    ((P, Literal('a"\tb', language="en"), None), (A, Literal("01", datatype=INTEGER), P)),
)


def test_every_format_reads_into_the_same_table() -> None:
    json = b"""{"head": {"vars": ["x", "y", "z"]}, "results": {"bindings": [
      {"x": {"type": "uri", "value": "urn:x:p"},
       "y": {"type": "literal", "value": "a\\"\\tb", "xml:lang": "en"}},
      {"x": {"type": "bnode", "value": "n"},
       "y": {"type": "literal", "value": "01",
             "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
       "z": {"type": "uri", "value": "urn:x:p"}}]}}"""
    xml = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#">
      <head><variable name="x"/><variable name="y"/><variable name="z"/></head><results>
      <result><binding name="x"><uri>urn:x:p</uri></binding>
        <binding name="y"><literal xml:lang="en">a"&#9;b</literal></binding></result>
      <result><binding name="z"><uri>urn:x:p</uri></binding>
        <binding name="y"><literal datatype="http://www.w3.org/2001/XMLSchema#integer"
          >01</literal></binding><binding name="x"><bnode>n</bnode></binding></result>
      </results></sparql>"""
    tsv = (
        b'?x\t?y\t?z\n<urn:x:p>\t"a\\"\\tb"@en\t\n'
        b'_:n\t"01"^^<http://www.w3.org/2001/XMLSchema#integer>\t<urn:x:p>\n'
    )
    for table in (read_json(json), read_xml(xml), read_tsv(tsv)):
        assert table.same(SOLUTION, ordered=True), table


def test_csv_keeps_texts_and_blank_nodes() -> None:
    table = read_csv(b'x,y\r\n"a ""b"", c",_:n\r\n,1\r\n')
    due = Table(("x", "y"), ((Literal('a "b", c'), A), (Literal(""), Literal("1"))))
    assert table.same(due, ordered=True)


def test_a_truth_is_a_truth_in_both_formats() -> None:
    xml = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean></sparql>'
    true, false = read_json(b'{"head": {}, "boolean": true}'), read_json(b'{"boolean": false}')
    assert read_xml(xml).same(true, ordered=True)
    assert not true.same(false, ordered=True)


def test_a_graph_has_each_triple_once() -> None:
    assert len(read_turtle(b"<x:s> <x:p> <x:o>, <x:o> .").rows) == 1


def test_a_binding_of_a_variable_that_is_not_declared_is_a_mistake() -> None:
    undeclared = b"""{"head": {"vars": []},
      "results": {"bindings": [{"x": {"type": "uri", "value": "urn:x:p"}}]}}"""
    with pytest.raises(AssertionError, match="declared"):
        read_json(undeclared)
