"""Questions asked together: the answers of each, in as few queries as there are steps."""

import pytest
from pyoxigraph import NamedNode

from icgraph.discovery.asking import Asking, answer, once, rows, together
from icgraph.model.terms import DEFAULT_BASE

LABELS = "SELECT ?thing ?label WHERE { VALUES ?thing { UNDEF } ?thing rdfs:label ?label }"
COUNT = "SELECT (COUNT(*) AS ?count) WHERE { VALUES ?type { UNDEF } ?s a ?type }"
LUBLIN, LEEDS = (NamedNode(f"{DEFAULT_BASE}id/place/{slug}") for slug in ("pl-lublin", "gb-leeds"))
CITY = NamedNode(f"{DEFAULT_BASE}ns/City")


def labels(*things: NamedNode) -> Asking[set[str]]:
    found = yield from rows(LABELS, thing=things)
    return {row["label"].value for row in found}


def label_of_its_country(place: NamedNode) -> Asking[set[str]]:
    query = "SELECT ?country WHERE { VALUES ?place { UNDEF } ?place ic:country ?country }"
    countries = yield from rows(query, place=[place])
    return (yield from labels(*(row["country"] for row in countries)))


def test_each_gets_its_own_answer_from_one_query(reading, engine):
    alone = [answer(reading, labels(place)) for place in (LUBLIN, LEEDS)]
    cities = answer(reading, rows(COUNT, type=[CITY]))
    engine.asked = 0
    found = answer(reading, together(labels(LUBLIN), labels(LEEDS), rows(COUNT, type=[CITY])))
    assert found == (*alone, cities)
    assert engine.asked == 1


def test_those_with_more_steps_go_on_when_others_are_done(reading, engine):
    found = answer(reading, together(label_of_its_country(LUBLIN), labels(LEEDS), labels()))
    assert "Poland" in found[0]
    assert "Leeds" in found[1]
    assert engine.asked == 2


def test_together_within_together_shares_its_queries(reading, engine):
    inner = together(label_of_its_country(LUBLIN), labels(LUBLIN))
    outer = together(inner, label_of_its_country(LEEDS))
    ((poland, _), kingdom) = answer(reading, outer)
    assert "Poland" in poland
    assert "United Kingdom" in kingdom
    assert engine.asked == 2


def test_nothing_is_asked_where_nothing_is_to_be_known(reading, engine):
    assert answer(reading, together()) == ()
    assert engine.asked == 0


def test_long_questions_are_asked_one_by_one(reading, engine):
    many = [NamedNode(f"https://example.org/{number:0>60}") for number in range(1000)]
    found = answer(reading, together(labels(LUBLIN, *many), labels(LEEDS, *many)))
    assert [bool(texts) for texts in found] == [True, True]
    assert engine.asked == 2


def test_what_is_asked_once_is_asked_again_after_a_change(reading, engine):
    def ask() -> set[str]:
        return answer(reading, once(reading, "Lublin", labels(LUBLIN)))

    assert ask() == ask()
    assert engine.asked == 1
    engine.revision = 2
    ask()
    assert engine.asked == 2


def test_an_error_reaches_who_asked(reading):
    with pytest.raises(ValueError, match="declares no VALUES"):
        answer(reading, together(labels(LUBLIN), rows(COUNT, thing=[LUBLIN])))
