import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from icgraph.errors import InputError
from icgraph.store.changes import decode_quads, encode_quads, rebase, without_blank_nodes

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
nodes = st.integers(0, 9).map(lambda number: NamedNode(f"https://w3id.org/icgraph/id/x/{number}"))
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "fr"])),
    st.integers().map(Literal),
)
quads = st.builds(Quad, nodes, nodes, st.one_of(nodes, literals))


@given(st.frozensets(quads, max_size=20))
def test_quads_survive_encoding_whatever_their_text(given_quads: frozenset[Quad]) -> None:
    assert decode_quads(encode_quads(given_quads)) == given_quads


@given(st.lists(quads, max_size=20, unique=True), st.randoms())
def test_the_encoding_does_not_depend_on_the_order(given_quads, random) -> None:
    shuffled = list(given_quads)
    random.shuffle(shuffled)
    assert encode_quads(shuffled) == encode_quads(given_quads)


@given(st.frozensets(quads, max_size=20))
def test_another_base_leaves_nothing_of_the_default_one(given_quads: frozenset[Quad]) -> None:
    moved = encode_quads(rebase(given_quads, "http://127.0.0.1:9/"))
    assert b"https://w3id.org/icgraph/" not in moved


def test_a_blank_node_is_refused_with_the_statement_that_has_it() -> None:
    bad = Quad(BlankNode("b"), NamedNode("http://a/p"), Literal("x"))
    with pytest.raises(InputError, match="http://a/p"):
        without_blank_nodes([bad], "The data")
