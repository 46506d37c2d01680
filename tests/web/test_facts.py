"""What the pages of each kind tell: figures, ties, documents, memberships, disagreements."""

import re

import pytest
from pyoxigraph import NamedNode, Quad, Store

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def section(client):
    """The words of one section of a page, without markup."""

    def read(address: str, heading: str) -> str:
        page = client.get(f"/doc/{address}", headers=BROWSER).text
        parts = [part for part in page.split("<section") if f">{heading}" in part]
        assert parts, heading
        return " ".join(re.sub(r"<[^>]+>", " ", parts[0].partition("</section>")[0]).split())

    return read


def test_a_practice_tells_its_figures_with_unit_and_year(section):
    words = section("practice/the-quality-of-life-framework", "In figures")
    assert "councils taking part 9 councils 2022" in words


def test_figures_about_the_city_are_marked_as_context(section):
    words = section("practice/the-quality-of-life-framework", "Figures about")
    assert "Figures about Auckland" in words
    assert "these describe the place, not the practice" in words


def test_thousands_stand_apart_and_years_do_not(section):
    words = section("practice/zambujal-gets-better", "Figures about")
    assert "2,052 homes" in words
    assert "2,0" not in section("practice/the-quality-of-life-framework", "In figures")


def test_a_practice_tells_its_ties_with_other_cities(section):
    words = section("practice/lublin-antirumours-methodology-tot", "Ties with other cities")
    assert "Barcelona , Spain method exchange" in words


def test_a_practice_tells_what_it_was_adapted_from(section):
    assert "Barcelona" in section("practice/lublin-antirumours-methodology-tot", "Adapted from")


def test_a_practice_tells_its_documents_and_cost(section):
    assert "Lewisham Young Mayor: about" in section("practice/young-mayor", "Documents")
    assert "30,000 GBP" in section("practice/young-mayor", "Cost and contact")


def test_a_practice_tells_whom_to_ask(section):
    words = section("practice/the-copenhagen-host-programme", "Cost and contact")
    assert "coordinator of the Host Programme" in words


def test_a_project_tells_its_budget(section):
    assert "Budget 851,900 EUR" in section("project/divpol", "Money")


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("a-smile-of-a-child", "read in full"),
        ("the-quality-of-life-framework", "read in part only"),
    ],
)
def test_a_record_tells_how_much_of_its_sources_was_read(section, slug, words):
    assert words in section(f"practice/{slug}", "Sources")


def test_a_record_of_which_only_a_listing_was_seen_says_so():
    one, source = (NamedNode(f"{DEFAULT_BASE}id/{name}") for name in ("practice/one", "source/s"))
    document = NamedNode(f"{DEFAULT_BASE}doc/practice/one")
    seen = NamedNode(f"{DEFAULT_BASE}scheme/evidence/listing")
    store = Store()
    store.add(Quad(one, NamedNode("http://purl.org/dc/terms/source"), source))
    graph = NamedNode(f"{DEFAULT_BASE}graph/provenance")
    store.add(Quad(document, NamedNode(f"{DEFAULT_BASE}ns/evidence"), seen, graph))
    app = build_app(Site(InProcess(store), Base(DEFAULT_BASE), Settings()))
    page = app.test_client().get("/doc/practice/one", headers=BROWSER).text
    assert "Only the entry in a listing was seen." in page


def test_notes_of_the_editors_are_told(section):
    words = section("place/de-erlangen", "Editors’ notes")
    assert "city counts itself as the 100th member" in words


def test_a_year_printed_in_a_shared_listing_is_told_of_the_practice(section):
    words = section("practice/weeks-of-culture", "Sources")
    assert "Year printed at the entry: 2018." in words


def test_a_place_tells_its_inhabitants_and_where_they_were_counted(client):
    page = client.get("/doc/place/ua-pavlohrad", headers=BROWSER).text
    assert "101,430" in page
    assert "after GeoNames" in page


def test_a_place_tells_the_networks_it_is_a_member_of(section, client):
    words = section("place/ua-pavlohrad", "Member of")
    assert "Ukrainian Network of Intercultural Cities 2016 ongoing" in words
    assert "Takes part in" not in client.get("/doc/place/ua-pavlohrad", headers=BROWSER).text


def test_a_place_tells_its_index_results(section):
    words = section("place/es-bilbao", "Results in the Intercultural Cities Index")
    assert "2013 64 21 of 56 cities" in words
    assert "report published December 2020; score not seen" in words


def test_a_place_tells_which_practices_have_ties_to_it(section):
    assert "Practices with ties to this place 1" in section("place/ua-pavlohrad", "Practices with")


def test_a_network_tells_its_members_and_their_number_over_time(section):
    slug = "organisation/intercultural-cities-network"
    assert "Agadir , Morocco ongoing" in section(slug, "Places that are or were members")
    assert "2023 Stated for 2023-11. 162" in section(slug, "Number of members over time")


def test_a_project_tells_its_website(client):
    page = client.get("/doc/project/lublin-4-all", headers=BROWSER).text
    assert "<dt>Website</dt>" in page


def test_an_activity_tells_its_days(client):
    address = "/doc/activity/study-visit-on-refugees-and-the-labour-market"
    page = client.get(address, headers=BROWSER).text
    assert "22 October 2015" in page
    assert "23 October 2015" in page


def test_where_sources_disagree_each_is_heard_and_the_decision_given(section):
    words = section("place/ua-pavlohrad", "Where sources disagree")
    assert "member of Ukrainian Network of Intercultural Cities : start 2016" in words
    assert "start 2011" in words
    assert "What this record has, and why: The year is that of the reports" in words


def test_a_record_whose_sources_agree_says_nothing_of_it(client):
    assert "sources disagree" not in client.get("/doc/project/divpol", headers=BROWSER).text


def test_a_source_tells_its_kind_its_year_and_when_it_was_read(client):
    page = client.get("/doc/source/www-coe-int-zambujal-gets-better-35243fe2", headers=BROWSER)
    words = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
    assert "Kind of source page of a good practice" in words
    assert "Year printed at the entry 2016" in words
    assert "Read on " in words


def test_a_source_that_was_not_read_says_so(client):
    page = client.get("/doc/source/www-coe-int-the-patras-carnival-7f1981da", headers=BROWSER).text
    assert "the page itself was not read" in page


def test_english_notes_on_a_french_page_say_their_language(client):
    page = client.get("/doc/place/de-erlangen?lang=fr", headers=BROWSER).text
    assert '<span lang="en">The day is that of the city' in page
    assert (
        '<span lang="en">percent</span>'
        in client.get("/doc/practice/the-quality-of-life-framework?lang=fr", headers=BROWSER).text
    )


def test_the_kinds_of_facts_that_have_sections_are_not_told_twice(client):
    for address in ("practice/young-mayor", "place/es-bilbao", "project/divpol"):
        assert "More facts" not in client.get(f"/doc/{address}", headers=BROWSER).text
