"""Hubs in pages: who points at a thing, counted, and never more than a page at once."""

import re

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from icgraph.discovery.links import SHOWN, read_incoming
from icgraph.discovery.reading import Reading
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES

SPAIN = "/doc/place/es"
TOPIC = "/scheme/topic/welcoming-social-integration"
HYDRA = FOREIGN_PREFIXES["hydra"]
BROWSER = {"Accept": "text/html"}
TURTLE = {"Accept": "text/turtle"}


def triples(reply):
    return {quad.triple for quad in parse(reply.data, format=RdfFormat.TURTLE)}


def next_page(reply) -> str | None:
    found = re.search(r'<([^>]*)>; rel="next"', reply.headers["Link"])
    return found[1] if found else None


def all_pages(client, address, headers):
    replies = []
    while address:
        replies.append(client.get(address, headers=headers))
        assert replies[-1].status_code == 200
        address = next_page(replies[-1])
    return replies


@pytest.mark.parametrize(
    ("address", "iri"),
    [(SPAIN, f"{DEFAULT_BASE}id/place/es"), (TOPIC, DEFAULT_BASE + TOPIC[1:])],
)
def test_the_pages_of_data_hold_every_incoming_link_once(client, engine, address, iri):
    pages = [triples(reply) for reply in all_pages(client, address, TURTLE)]
    links = [each for page in pages for each in page if each.object == NamedNode(iri)]
    records = [each for each in links if each.subject.value.startswith(f"{DEFAULT_BASE}id/")]
    stored = {
        quad.triple
        for quad in engine.store.quads_for_pattern(None, None, NamedNode(iri))
        if str(quad.subject).startswith(f"<{DEFAULT_BASE}id/")
    }
    assert len(pages) > 1
    assert len(set(records)) == len(records)
    assert stored == {each for each in records if each.predicate != NamedNode(HYDRA + "member")}


def test_each_page_is_bounded_and_the_record_stands_on_the_first(client):
    first, *others = (triples(reply) for reply in all_pages(client, SPAIN, TURTLE))
    record = NamedNode(f"{DEFAULT_BASE}id/place/es")
    assert any(each.subject == record for each in first)
    for page in others:
        assert not any(each.subject == record for each in page)
        members = [each for each in page if each.predicate == NamedNode(HYDRA + "member")]
        assert len(members) <= 4 * SHOWN


def test_data_names_the_pages_beside_and_how_many_links_there_are(client, engine):
    reading = Reading(engine, Base(DEFAULT_BASE), "en")
    count = read_incoming(reading, f"{DEFAULT_BASE}id/place/es").count
    document = f"{DEFAULT_BASE}doc/place/es"
    view, links = NamedNode(f"{document}?page=2"), NamedNode(f"{document}#links")
    page = triples(client.get(f"{SPAIN}.ttl?page=2"))
    told = {(each.predicate.value, each.object) for each in page if each.subject in {view, links}}
    assert (HYDRA + "previous", NamedNode(f"{document}?page=1")) in told
    totals = [value.value for name, value in told if name == HYDRA + "totalItems"]
    assert totals == [str(count)]


def test_what_few_things_point_at_has_no_pages(client):
    reply = client.get("/doc/practice/integration-support-group.ttl")
    assert b"hydra" not in reply.data
    assert 'rel="first"' not in reply.headers["Link"]


@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
def test_the_pages_beside_come_in_the_same_format(client, suffix):
    reply = client.get(SPAIN + suffix)
    assert next_page(reply) == f"{SPAIN}{suffix}?page=2"
    assert client.get(next_page(reply)).mimetype == reply.mimetype


@pytest.mark.parametrize("address", [SPAIN, TOPIC])
def test_people_find_the_way_to_all_links(client, address):
    pages = [reply.text for reply in all_pages(client, address, BROWSER)]
    link = re.compile(r'href="(/doc/practice/[^"]+)"')
    practices = {found for page in pages for found in link.findall(page)}
    assert len(practices) > SHOWN
    assert f'<a rel="next" href="{address}?page=2">' in pages[0]
    assert '<a rel="prev"' in pages[-1]


@pytest.mark.parametrize("address", [SPAIN, SPAIN + ".nt", TOPIC])
@pytest.mark.parametrize(
    ("page", "status"),
    [("1", 200), ("999", 404), ("0", 400), ("-1", 400), ("two", 400), ("²", 400)],
)
def test_a_page_that_there_is_not_is_said_not_to_be(client, address, page, status):
    assert client.get(f"{address}?page={page}", headers=BROWSER).status_code == status


@pytest.mark.parametrize("suffix", [".linkset.ttl", ".", ".ttl.html", ".json"])
def test_a_suffix_there_is_not_is_not_found(client, suffix):
    assert client.get(SPAIN + suffix).status_code == 404
