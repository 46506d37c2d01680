"""Queries that differ in constants only are guessed to take as long."""

import pytest

from icgraph.query.shape import shape

ASKED = """PREFIX ic: <https://w3id.org/icgraph/ns/>
SELECT ?practice WHERE { ?practice ic:country place:pl ; ic:startYear 2012 } LIMIT 10"""


@pytest.mark.parametrize(
    "other",
    [
        ASKED.replace("place:pl", "place:es"),
        ASKED.replace("place:pl", "<https://w3id.org/icgraph/id/place/es>"),
        ASKED.replace("2012", "1999"),
        ASKED.replace("LIMIT 10", "LIMIT 9900"),
        ASKED.replace("\n", "  # to be continued\n\n"),
    ],
)
def test_other_constants_and_layout_have_the_same_shape(other: str) -> None:
    assert shape(other) == shape(ASKED)


@pytest.mark.parametrize(
    "other",
    [
        ASKED.replace("?practice WHERE", "(COUNT(?practice) AS ?n) WHERE"),
        ASKED.replace("SELECT", "SELECT DISTINCT"),
        ASKED.replace(" ; ic:startYear 2012", ""),
        ASKED.replace("LIMIT 10", ""),
        ASKED.replace("} LIMIT", "} ORDER BY ?practice LIMIT"),
    ],
)
def test_other_patterns_and_clauses_have_another_shape(other: str) -> None:
    assert shape(other) != shape(ASKED)


def test_literals_vary_but_operators_stay() -> None:
    asked = 'SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), "Lublin")) }'
    assert shape(asked) == shape(asked.replace("Lublin", "Łódź # {"))
    assert shape(asked) != shape(asked.replace("CONTAINS", "STRSTARTS"))


def test_a_long_text_takes_a_moment_only() -> None:
    assert shape("a." * 200_000)
    assert shape(":" * 200_000)
