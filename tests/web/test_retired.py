"""What answers in the place of a record that is not in the graph."""

import json
from datetime import UTC, datetime

import pytest
from pyoxigraph import Literal, RdfFormat, Store, parse

from icgraph.config import Settings
from icgraph.curation.replacement import merged, without
from icgraph.curation.tombstones import Reason, Retired, tombstone
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.media import JSONLD, PROBLEM
from icgraph.web.site import Site
from tests.web.conftest import InProcess
from tests.web.test_accept_matrix import HEADERS

BASE = Base(DEFAULT_BASE)
WITHDRAWN = RecordName("practice", "integration-support-group")
LOSER = RecordName("organisation", "equality-authority-of-ireland")
WINNER = RecordName("organisation", "irish-human-rights-and-equality-commission")
HEIR = RecordName("practice", "salut-l-etranger-ere")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
REASON = "Told <b>twice</b>."
ADDRESSES = ("/id/practice/integration-support-group", "/doc/practice/integration-support-group")


@pytest.fixture(scope="module")
def client(real_store: Store):
    quads = merged(without(set(real_store), WITHDRAWN, BASE), LOSER, WINNER, BASE)
    for record, heir in ((Retired(WITHDRAWN, None), HEIR), (Retired(LOSER, WINNER), WINNER)):
        quads |= tombstone(
            record,
            heir=heir,
            labels=[Literal("Groupe", language="fr"), Literal("Group", language="en")],
            reason=Reason("curator", REASON),
            moment=datetime(2026, 11, 21, 10, tzinfo=UTC),
            base=BASE,
        )
    store = Store()
    store.bulk_extend(quads)
    return build_app(Site(InProcess(store), BASE, Settings())).test_client()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_withdrawn_record_tells_people_what_when_why_and_what_instead(client, address):
    reply = client.get(address, headers=BROWSER)
    assert reply.status_code == 410
    assert {"Accept", "Accept-Language"} <= set(reply.headers["Vary"].split(", "))
    for words in (
        "Group</h1>",
        "Withdrawn on 21 November 2026.",
        "Told &lt;b&gt;twice&lt;/b&gt;.",
        '<a href="/doc/practice/salut-l-etranger-ere">',
    ):
        assert words in reply.text


def test_a_tombstone_speaks_french(client):
    page = client.get(ADDRESSES[1] + "?lang=fr", headers=BROWSER).text
    assert "Groupe</h1>" in page
    assert 'lang="en">Told' in page
    assert "À lire à la place" in page


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/rdf+xml"]
)
def test_a_withdrawn_record_tells_programs_the_same_as_rdf(client, address, media_type):
    reply = client.get(address, headers={"Accept": media_type})
    assert (reply.status_code, reply.mimetype) == (410, media_type)
    told = {
        str(quad.object) for quad in parse(reply.data, format=RdfFormat.from_media_type(media_type))
    }
    assert f'"{REASON}"@en' in told
    assert f"<{BASE.document(HEIR)}>" in told


def test_a_suffix_outweighs_accept_on_tombstones_too(client):
    reply = client.get(ADDRESSES[1] + ".jsonld", headers={"Accept": "text/html"})
    assert (reply.status_code, reply.mimetype) == (410, "application/ld+json")
    assert json.loads(reply.data)["reason"] == {"en": REASON}


@pytest.mark.parametrize("accept", ["application/problem+json", "application/json", "image/png"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_who_wants_no_rdf_gets_a_problem(client, address, accept):
    reply = client.get(address, headers={"Accept": accept})
    assert (reply.status_code, reply.mimetype) == (410, "application/problem+json")
    assert reply.json["reason"] == REASON
    assert reply.json["date"] == "2026-11-21T10:00:00Z"
    assert reply.json["replacedBy"] == [BASE.record(HEIR)]


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/id/organisation/{}", "/id/organisation/{}"),
        ("/doc/organisation/{}", "/doc/organisation/{}"),
        ("/doc/organisation/{}.ttl", "/doc/organisation/{}.ttl"),
        ("/doc/organisation/{}.linkset.json", "/doc/organisation/{}.linkset.json"),
    ],
)
def test_a_merged_record_leads_to_the_one_that_stands_for_it(client, address, target):
    reply = client.get(address.format(LOSER.slug))
    assert reply.status_code == 301
    assert reply.headers["Location"] == target.format(WINNER.slug)
    assert client.get(reply.headers["Location"]).status_code in {200, 303}
    assert client.get(target.format(WINNER.slug)).status_code in {200, 303}


def test_the_winner_tells_the_names_of_both(client):
    assert (
        "Equality Authority of Ireland" in client.get(f"/doc/organisation/{WINNER.slug}.ttl").text
    )


@pytest.mark.parametrize("folder", ["id", "doc"])
def test_a_mistyped_name_gets_suggestions(client, folder):
    reply = client.get(f"/{folder}/place/pl-lublim")
    assert reply.status_code == 404
    assert reply.json["suggestions"][0] == {
        "iri": f"{DEFAULT_BASE}id/place/pl-lublin", "title": "Lublin", "language": "en"
    }  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/doc/places/lublin", "/doc/place/Lublín", "/doc/plase/pl_lublin"]
)
def test_a_half_remembered_address_gets_them_as_links(client, address):
    page = client.get(address, headers=BROWSER)
    assert page.status_code == 404
    assert '<a href="/doc/place/pl-lublin">Lublin</a>' in page.text


@pytest.mark.parametrize(
    "address", ["/doc/place/zzzzqqqq", "/doc/xq/lublin", "/doc/place/%F0%9F%98%80"]
)
def test_nothing_is_suggested_where_nothing_is_like_it(client, address):
    assert client.get(address).json["suggestions"] == []


@pytest.mark.parametrize("name", HEADERS)
def test_each_client_gets_a_tombstone_in_the_form_it_asks_for(client, name):
    """Who wants plain JSON is told of a problem; who accepts nothing we have, that it is gone."""
    accept, expected = HEADERS[name]
    reply = client.get(ADDRESSES[1], headers={} if accept is None else {"Accept": accept})
    assert reply.status_code == 410
    assert {"Accept", "Accept-Language"} <= set(reply.headers["Vary"].split(", "))
    if expected:
        plain_json = expected is JSONLD and "application/ld+json" not in accept
        told = PROBLEM if plain_json and "application/json" in accept else expected
        assert reply.mimetype == told.media_type
