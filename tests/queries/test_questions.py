import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from icgraph.model.terms import prefixes
from tests.queries.answers import (
    EXPECTED,
    QUESTIONS,
    expected,
    filled,
    rows,
    seed_quads,
    text_of,
)

EVERYDAY = [
    "ongoing-practices",
    "partner-cities-of-a-city",
    "partners-of-a-grant",
    "practices-by-kind-of-organisation",
    "practices-in-a-country",
    "practices-of-a-project",
    "practices-on-a-topic",
    "practices-since-a-year",
    "practices-with-an-organisation",
    "sources-of-a-record",
]
#: What the seeds say nothing of: the history, claims and the index.
NOT_IN_THE_SEEDS = {
    "changes-since-a-date",
    "disagreements-of-sources",
    "history-of-a-record",
    "index-ranking",
    "index-score-and-practices",
}
#: What only a home knows, which records who changed it.
NOT_IN_THE_FILES = {"changes-since-a-date"}
HEADER = re.compile(
    r"# title \(en\): \S.*\n# title \(fr\): \S.*\n"
    r"# description \(en\): \S.*\n# description \(fr\): \S.*\n"
    r"(# question: CQ\d\d\n)?\n"
)
BY_HAND = sorted(path.stem for path in EXPECTED.glob("*.csv"))


def patterns_in(node: object) -> Iterator[object]:
    # A property path stands in one triple pattern, as a person would count.
    if isinstance(node, CompValue):
        if node.name == "BGP":
            yield from node.triples
        for value in node.values():
            yield from patterns_in(value)
    elif isinstance(node, Iterable) and not isinstance(node, str):
        for value in node:
            if isinstance(value, CompValue):
                yield from patterns_in(value)


def test_the_ten_everyday_questions_are_all_there() -> None:
    assert len(EVERYDAY) == 10
    assert set(EVERYDAY) <= {path.stem for path in QUESTIONS}


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_question_needs_at_most_six_triple_patterns(name: str) -> None:
    query = prepareQuery(text_of(name))
    assert 1 <= len(list(patterns_in(query.algebra))) <= 6


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_says_in_two_languages_what_it_asks(path: Path) -> None:
    assert HEADER.match(path.read_text())


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_prefixes_of_a_question_are_those_of_the_graph(path: Path) -> None:
    declared = dict(re.findall(r"^PREFIX (\S+): <(\S+)>$", path.read_text(), re.MULTILINE))
    assert declared.items() <= prefixes().items()
    assert list(declared) == sorted(declared)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_an_answer_in_the_whole_graph(path: Path, everything: Store) -> None:
    answer = rows(everything, path.stem)
    assert bool(answer) == (path.stem not in NOT_IN_THE_FILES)
    assert len(answer) == len(set(answer))


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_answers_come_in_the_same_order_every_time(path: Path) -> None:
    quads = seed_quads()
    # The second store is filled in the opposite order.
    assert rows(filled(quads), path.stem) == rows(filled(quads[::-1]), path.stem)


def test_every_question_that_the_seeds_can_answer_was_answered_by_hand() -> None:
    assert {path.stem for path in QUESTIONS} == {*BY_HAND, *NOT_IN_THE_SEEDS}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_seeds_give_the_answer_worked_out_by_hand(name: str, seeds: Store) -> None:
    columns, answer = expected(name)
    assert rows(seeds, name, *columns) == answer


def test_what_the_seeds_say_of_lublins_collaborations_stands_in_the_whole_graph(
    everything: Store,
) -> None:
    columns, answer = expected("collaborations-of-a-city")
    assert set(answer) <= set(rows(everything, "collaborations-of-a-city", *columns))


def test_the_partners_of_grant_963374_stand_in_the_whole_graph(everything: Store) -> None:
    columns, answer = expected("partners-of-a-grant")
    assert set(answer) <= set(rows(everything, "partners-of-a-grant", *columns))


def test_lublin_is_no_partner_of_the_project_in_which_pages_about_it_were_written(
    everything: Store,
) -> None:
    partners = {name for _, name, _ in rows(everything, "partners-of-a-grant")}
    assert "Lublin City Administration" not in partners
