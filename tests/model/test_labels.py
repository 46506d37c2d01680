"""Which of several texts a reader gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from icgraph.model.labels import choose, in_one_language

ENGLISH, FRENCH = Literal("Poland", language="en"), Literal("Pologne", language="fr")
ALBANIAN, SWISS = Literal("Polonia", language="sq"), Literal("Pologne (CH)", language="fr-ch")
PLAIN = Literal("PL")


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ([FRENCH, ENGLISH], "en", ENGLISH),
        ([ENGLISH, FRENCH], "fr", FRENCH),
        ([ALBANIAN, ENGLISH], "fr", ENGLISH),
        ([ALBANIAN, FRENCH], "en", FRENCH),
        ([ENGLISH, SWISS], "fr", SWISS),
        ([SWISS, FRENCH], "fr", FRENCH),
        ([ALBANIAN], "en", ALBANIAN),
        ([PLAIN], "en", PLAIN),
        ([], "en", None),
    ],
)
def test_the_asked_language_then_english_then_french_then_any(texts, language, expected):
    assert choose(texts, language) == expected


@given(st.permutations([ENGLISH, FRENCH, ALBANIAN, SWISS, PLAIN]))
def test_the_order_given_does_not_matter(texts):
    assert choose(texts, "de") == ENGLISH


def test_several_texts_stay_in_one_language():
    texts = [Literal("b", language="en"), FRENCH, Literal("a", language="en")]
    assert [text.value for text in in_one_language(texts, "en")] == ["a", "b"]
