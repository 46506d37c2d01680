"""What a record's page offers besides its facts: when, what is like it, its query, its citation."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from icgraph.model.terms import DEFAULT_BASE

GROUP = "/doc/practice/integration-support-group"
IRI = DEFAULT_BASE + "id/practice/integration-support-group"
#: A page makes no more queries than this, however many links it has.
MOST_QUERIES = 20


@pytest.fixture
def page(client):
    return lambda path=GROUP, language="en": (
        client.get(path, headers={"Accept": "text/html", "Accept-Language": language}).text
    )


def test_the_query_behind_a_page_finds_what_the_record_states(page, engine):
    address = re.search(r'href="([^"]*)">The query behind this page', page())[1]
    (query,) = parse_qs(urlsplit(unescape(address)).query)["query"]
    rows = engine.rows(query)
    assert {row["s"].value.partition("#")[0] for row in rows} == {IRI}
    stated = engine.rows(
        f'SELECT ?s ?p ?o WHERE {{ ?s ?p ?o FILTER(?s = <{IRI}> || STRSTARTS(STR(?s), "{IRI}#")) }}'
    )
    assert len(rows) == len(stated)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Start: between 1 January 2012 and 31 December 2012."),
        ("fr", "Début\u00a0: entre le 1 janvier 2012 et le 31 décembre 2012."),
    ],
)
def test_the_timeline_is_told_in_words(page, language, words):
    drawing = re.search(r'<svg role="img" aria-label="([^"]*)"', page(language=language))[1]
    assert words in unescape(drawing)


def test_similar_practices_say_what_they_share(page):
    found = page()
    similar = found[found.index('id="similar"') :]
    assert "Collaboration with Neuchâtel" in similar
    assert "Same project: Lublin 4 All · Same organisations: Family Assistance Centre" in similar


def test_it_is_cited_with_revision_and_address(page):
    found = page()
    assert "revision 1" in found
    assert f'<span class="address">{IRI}</span>' in found
    assert "@misc{icgraph-practice-integration-support-group," in unescape(found)


@pytest.mark.parametrize(
    "path",
    [
        GROUP,
        "/doc/place/pl-lublin",
        "/doc/place/pl",
        "/doc/organisation/council-of-europe",
        "/doc/organisation/intercultural-cities-network",
        "/doc/project/itaca",
        "/doc/partnership/lublin-neuchatel",
    ],
)
def test_a_page_is_read_with_few_queries(page, engine, path):
    engine.asked = 0
    page(path)
    assert engine.asked <= MOST_QUERIES


@pytest.mark.parametrize("path", [GROUP, "/", "/topics", "/doc/project/itaca"])
def test_pages_carry_no_styles_or_scripts_of_their_own(page, path):
    found = page(path)
    assert " style=" not in found
    assert "<style" not in found
    assert not re.search(r"\son[a-z]+=", found)


def test_ids_on_a_page_are_unique(page):
    ids = re.findall(r'\sid="([^"]*)"', page())
    assert len(ids) == len(set(ids))


def test_only_parts_of_the_site_that_are_there_stand_in_its_navigation(page, app):
    addresses = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert (">Pictures</a>" in page("/topics")) == ("pictures.index" in addresses)
    assert ">Query</a>" in page("/topics")
