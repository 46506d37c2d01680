"""Finding what an edit changes by comparing all quads before and after."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from icgraph.store import candidate
from icgraph.store.candidate import difference, effective

NUMBERS = st.frozensets(st.integers(0, 30))


def quads(numbers):
    node = NamedNode("http://e/x")
    return {Quad(node, node, Literal(str(number))) for number in numbers}


def filled(numbers):
    store = Store()
    store.extend(quads(numbers))
    return store


def read(text):
    return set(parse(text, format=RdfFormat.N_QUADS))


def edit(store, additions, removals):
    for quad in removals:
        store.remove(quad)
    store.extend(additions)


@pytest.fixture(scope="module")
def _small_blocks():
    patch = pytest.MonkeyPatch()
    patch.setattr(candidate, "_BLOCK_LINES", 3)
    yield
    patch.undo()


@pytest.mark.usefixtures("_small_blocks")
@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_difference_is_that_of_the_sets(held, added, removed):
    store = filled(held)
    found = difference(store, lambda it: edit(it, quads(added), quads(removed)), None)
    assert read(found.additions) == quads(added - held)
    assert read(found.removals) == quads((held & removed) - added)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_effect_of_quads_given_is_the_same_and_the_store_is_left_alone(held, added, removed):
    store = filled(held)
    found = effective(store, quads(added), quads(removed))
    assert read(found.additions) == quads(added - held)
    assert read(found.removals) == quads((held & removed) - added)
    assert set(store) == quads(held)


def test_the_text_of_a_candidate_is_sorted():
    found = effective(filled([]), quads(range(20)), [])
    assert found.additions.splitlines() == sorted(found.additions.splitlines())
