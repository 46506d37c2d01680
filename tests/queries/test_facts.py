"""The stored questions on the whole graph against the same computed from the facts files.

What facts cannot decide is not here: what grew out of what, who sits in the Lublin groups,
successions and activities were modelled by hand from the seed pages (see `expected/`), and the
history of records is told by a home (see `test_history.py`).
"""

from collections import Counter
from itertools import combinations

import pytest
from pyoxigraph import Store

from tests.queries import facts
from tests.queries.answers import rows

pytestmark = pytest.mark.skipif(
    not facts.SHARED.is_dir(), reason="the facts files (../shared/data) are not here"
)

#: Practices to which the hand-made records give what the page in another language says.
FRENCH_BY_HAND = {"practice/integration-support-group"}
#: The facts give this practice a start only; its page says that the group met until 2020.
CERTAIN_BY_HAND = "practice/integration-support-group"
#: One name of the facts, “Municipal and Provincial Police of Lublin”, is of two forces.
POLICE_BY_HAND = {
    (
        "practice/collaboration-with-neuchatel-study-visits-and-exchange-of-knowledge",
        "organisation/lublin-provincial-police",
    )
}

#: The French page of this practice is one of the seed pages; the facts do not tell its title.
VERSION_BY_HAND = (
    "practice/integration-support-group",
    "source/www-coe-int-integration-support-group-1348bcbe",
    "source/coe-int-integration-support-group-29258682",
)


def column(store: Store, name: str, *columns: str) -> list[str]:
    return [row[0] for row in rows(store, name, *columns)]


def test_practices_in_poland(everything: Store) -> None:
    found = {each.iri for each in facts.practices() if each.country == "pl"}
    assert set(column(everything, "practices-in-a-country", "practice")) == found


def test_practices_lie_in_the_country_they_state_by_their_places_too(everything: Store) -> None:
    query = """
        PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX ic: <https://w3id.org/icgraph/ns/>
        PREFIX geo: <http://www.opengis.net/ont/geosparql#>
        ASK { ?practice a ic:Practice ; ic:country ?country ; dcterms:spatial ?place
              FILTER NOT EXISTS { ?place geo:sfWithin* ?country } }"""
    assert not everything.query(query)


def test_practices_per_topic(everything: Store) -> None:
    counts = facts.topic_counts(facts.practices())
    found = rows(everything, "practices-per-topic", "topic", "practices")
    assert found
    assert {topic: int(number) for topic, number in found} == {
        f"topic/{topic}": counts[topic] for topic in facts.topic_slugs().values()
    }


def test_with_whom_lublin_collaborates(everything: Store) -> None:
    lublin = "place/pl-lublin"
    expected = {
        (partnership, ours, theirs)
        for partnership, parties in facts.partnerships().items()
        for ours in parties
        for theirs in parties
        if lublin in facts.seats().get(ours, ()) and lublin not in facts.seats().get(theirs, ())
    }
    found = rows(everything, "collaborations-of-a-city", "collaboration", "ours", "partner")
    assert set(found) == expected


def test_partners_of_grant_963374(everything: Store) -> None:
    (number,) = (n for n, line in facts.numbered("projects") if line.get("grant") == "963374")
    made = facts.record("projects", number, "name", facts.lines("projects")[number - 1]["name"])
    assert made is not None
    found = column(everything, "partners-of-a-grant", "partner")
    assert set(found) == facts.consortia()[made]


def test_practices_written_up_by_a_project_of_the_programme(everything: Store) -> None:
    expected = {
        practice.iri
        for practice in facts.practices()
        for project in practice.values.get("projects", [])
        if "relation" in project and "REC" in project["programme"]
    }
    found = column(everything, "practices-written-up-in-a-programme", "practice")
    assert set(found) == expected


def test_practices_active_in_2013(everything: Store) -> None:
    expected = {
        (each.iri, certainty)
        for each in facts.practices()
        if (certainty := facts.active(each, 2013)) is not None
    }
    assert (CERTAIN_BY_HAND, "possible") in expected
    expected = expected - {(CERTAIN_BY_HAND, "possible")} | {(CERTAIN_BY_HAND, "certain")}
    found = rows(everything, "practices-active-in-a-year", "practice", "certainty")
    assert set(found) == expected


def test_ongoing_practices(everything: Store) -> None:
    expected = {
        (each.iri, f"temporal-status/{each.status}", facts.HARVEST)
        for each in facts.practices()
        if each.goes_on
    }
    assert set(rows(everything, "ongoing-practices", "practice", "status", "statedOn")) == expected


def test_practices_of_several_places(everything: Store) -> None:
    expected = {
        (each.iri, place)
        for each in facts.practices()
        for place in each.places
        if len(each.places) > 1
    }
    assert set(rows(everything, "practices-of-several-places", "practice", "place")) == expected


def test_places_that_welcome_and_have_no_practice_on_refugees(everything: Store) -> None:
    welcoming = Counter(
        place
        for each in facts.practices()
        if "welcoming-social-integration" in each.topics
        for place in each.places
    )
    refugees = {
        place for each in facts.practices() if "refugees" in each.topics for place in each.places
    }
    found = rows(everything, "places-with-one-topic-without-another", "place", "practices")
    assert {place: int(number) for place, number in found} == {
        place: number for place, number in welcoming.items() if place not in refugees
    }


def test_topics_that_go_together(everything: Store) -> None:
    expected = Counter(
        (f"topic/{one}", f"topic/{other}")
        for each in facts.practices()
        for one, other in combinations(sorted(each.topics), 2)
    )
    found = rows(everything, "topics-that-go-together", "topic", "other", "practices")
    assert {(one, other): int(number) for one, other, number in found} == expected


def test_practices_with_police(everything: Store) -> None:
    expected = {
        (each.iri, body)
        for each in facts.practices()
        for body in each.bodies
        if facts.kinds().get(body) == "police"
    } | POLICE_BY_HAND
    columns = ("practice", "organisation")
    assert set(rows(everything, "practices-by-kind-of-organisation", *columns)) == expected
    reached = rows(everything, "practices-that-reach-a-kind-of-organisation", *columns, "through")
    assert {row[:2] for row in reached if row[0] == row[2]} == expected


def test_organisations_in_most_collaborations(everything: Store) -> None:
    found = rows(everything, "organisations-in-most-collaborations")
    assert {(body, int(number)) for body, _, number in found} == {
        (body, number) for body, number in facts.collaborations().items() if number > 1
    }


def test_practices_without_a_french_title(everything: Store) -> None:
    lacking = {each.iri for each in facts.practices() if "fr" not in each.values["title"]}
    found = column(everything, "practices-without-a-french-title", "practice")
    assert set(found) == lacking - FRENCH_BY_HAND


def test_disagreements_of_sources(everything: Store) -> None:
    found = rows(everything, "disagreements-of-sources")
    assert {
        (record, thing.rpartition("#")[2].rpartition("/")[2], frozenset({value, other}))
        for record, _, thing, value, _, other, *_ in found
    } == facts.disagreements()
    assert all(why for *_, why in found)
    decided = {(record, thing) for record, _, thing, *_, followed, _ in found if followed}
    assert decided == {(record, thing) for record, _, thing, *_ in found}


def test_index_ranking_of_2017(everything: Store) -> None:
    expected = {
        (place, *(str(result.get(key, "")) for key in ("score", "rank", "of")))
        for place, result in facts.index_results()
        if result.get("year") == "2017"
    }
    found = rows(everything, "index-ranking", "place", "score", "rank", "outOf")
    assert set(found) == expected


def test_index_score_and_number_of_practices(everything: Store) -> None:
    practices = Counter(place for each in facts.practices() for place in each.places)
    expected = {
        (place, result.get("year", ""), str(result["score"]), str(practices[place]))
        for place, result in facts.index_results()
        if "score" in result
    }
    found = rows(everything, "index-score-and-practices", "place", "year", "score", "practices")
    assert set(found) == expected


def test_identifiers_in_geonames(everything: Store) -> None:
    expected = {
        (place, f"https://sws.geonames.org/{line['geonames_id']}/")
        for place, line in facts.places().items()
        if "geonames_id" in line and "geo_note" not in line
    }
    found = rows(everything, "records-with-identifiers-elsewhere", "record", "identifier")
    assert set(found) == expected


def test_partner_places_of_lublin(everything: Store) -> None:
    found = rows(everything, "partner-cities-of-a-city", "place", "partnerships")
    assert {place: int(number) for place, number in found} == facts.partner_places(
        "place/pl-lublin"
    )


def test_practices_about_refugees(everything: Store) -> None:
    expected = {each.iri for each in facts.practices() if "refugees" in each.topics}
    assert set(column(everything, "practices-on-a-topic", "practice")) == expected


def test_practices_since_2020(everything: Store) -> None:
    expected = {
        (each.iri, each.start[0][:4])
        for each in facts.practices()
        if each.start is not None and each.start[0] >= "2020"
    }
    assert set(rows(everything, "practices-since-a-year", "practice", "since")) == expected


def test_practices_with_the_service_of_the_canton_of_neuchatel(everything: Store) -> None:
    expected = {each.iri for each in facts.practices() if "organisation/cosm" in each.bodies}
    assert set(column(everything, "practices-with-an-organisation", "practice")) == expected


def test_practices_of_lublin_4_all(everything: Store) -> None:
    expected = {each.iri for each in facts.practices() if "project/lublin-4-all" in each.projects}
    assert set(column(everything, "practices-of-a-project", "practice")) == expected


def test_language_versions_of_sources(everything: Store) -> None:
    expected = set(facts.translations())
    assert expected
    found = rows(everything, "language-versions-of-sources", "practice", "original", "version")
    assert set(found) == expected | {VERSION_BY_HAND}
