"""Finding what a change says of one thing, without unpacking all of it at once."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from icgraph.errors import LogDamaged
from icgraph.store import touched
from icgraph.store.changes import encode_quads
from icgraph.store.touched import statements_about

BASE = "https://example.org/id/practice/"
GRAPHS = st.sampled_from([DefaultGraph(), NamedNode("https://example.org/graph/provenance")])
SUBJECTS = st.sampled_from(
    [BASE + tail for tail in ("a", "ab", "a-2", "a#period", "a#m-x", "b", "A")]
)
TEXTS = st.text(max_size=60).map(Literal) | SUBJECTS.map(NamedNode)
QUADS = st.builds(
    lambda subject, object_, graph: Quad(
        NamedNode(subject), NamedNode("https://example.org/p"), object_, graph
    ),
    SUBJECTS,
    TEXTS,
    GRAPHS,
)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch):
    monkeypatch.setattr(touched, "_BLOCK", 50)


@given(st.frozensets(QUADS, max_size=40))
def test_exactly_the_things_own_statements_are_found(quads):
    found = statements_about(zlib.compress(encode_quads(quads)), [BASE + "a"])
    own = {q for q in quads if q.subject.value in {BASE + "a", BASE + "a#period", BASE + "a#m-x"}}
    assert len(found) == len(own)
    assert set(found) == own


def test_several_things_are_sought_at_once():
    quads = [
        Quad(NamedNode(BASE + name), NamedNode("https://example.org/p"), Literal("x"))
        for name in ("a", "b", "c")
    ]
    found = statements_about(zlib.compress(encode_quads(quads)), [BASE + "a", BASE + "c"])
    assert {quad.subject.value for quad in found} == {BASE + "a", BASE + "c"}


def test_a_damaged_text_is_not_taken_for_an_empty_one():
    with pytest.raises(LogDamaged):
        statements_about(b"not compressed", [BASE + "a"])
