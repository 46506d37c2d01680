"""Records as pages and as data."""

import json
import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

GROUP = "/doc/practice/integration-support-group"
IRI = "https://w3id.org/icgraph/id/practice/integration-support-group"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_thing_leads_to_its_document(client):
    reply = client.get("/id/practice/integration-support-group")
    assert reply.status_code == 303
    assert reply.headers["Location"] == GROUP


def test_a_thing_that_is_not_there_is_not_found_at_once(client):
    assert client.get("/id/practice/nothing-of-the-kind").status_code == 404


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_data_comes_by_accept_and_holds_the_record(client, accept, media_type):
    reply = client.get(GROUP + "?context=inline", headers={"Accept": accept})
    assert reply.mimetype == media_type
    quads = list(parse(reply.data, format=RdfFormat.from_media_type(media_type)))
    labels = {q.object for q in quads if q.subject == NamedNode(IRI) and q.predicate == LABEL}
    assert Literal("Integration Support Group", language="en") in labels


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".jsonld", ".rdf", ".html"])
def test_a_suffix_outweighs_accept(client, suffix):
    reply = client.get(GROUP + suffix, headers={"Accept": "image/png"})
    assert reply.status_code == 200
    assert "Content-Location" not in reply.headers


def test_data_holds_the_parts_and_what_neighbours_are_called(client):
    reply = client.get("/doc/project/itaca.nt").text
    assert "<https://w3id.org/icgraph/id/project/itaca#grant>" in reply
    assert '"European Commission"@en' in reply


def test_an_unknown_suffix_is_not_found(client):
    assert client.get(GROUP + ".doc").status_code == 404


def test_a_format_that_is_not_offered_is_refused(client):
    reply = client.get(GROUP, headers={"Accept": "image/png"})
    assert reply.status_code == 406
    assert reply.mimetype == "application/problem+json"
    assert "text/turtle" in reply.json["offered"]


@pytest.mark.parametrize("slug", ["nothing", "UPPER", "a--b", "..", "a%20b", "é"])
def test_a_record_that_is_not_there_is_not_found(client, slug):
    assert client.get(f"/doc/practice/{slug}", headers=BROWSER).status_code == 404


def test_variants_are_told_apart_for_caches(client):
    page, data = client.get(GROUP, headers=BROWSER), client.get(GROUP + ".ttl")
    assert {"Accept", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
    assert page.headers["ETag"] != data.headers["ETag"]
    assert page.headers["Content-Location"] == GROUP + ".html"
    assert f'<{IRI}>; rel="describes"' in page.headers["Link"]
    assert 'rel="alternate"; type="text/turtle"' in page.headers["Link"]


def test_an_unchanged_record_is_not_sent_again(client, engine):
    tag = client.get(GROUP).headers["ETag"]
    engine.asked = 0
    reply = client.get(GROUP, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.data, engine.asked) == (304, b"", 0)
    assert reply.headers["ETag"] == tag
    assert "Accept" in reply.headers["Vary"]


def test_a_new_revision_is_sent_again(client, engine):
    tag = client.get(GROUP).headers["ETag"]
    engine.revision = 2
    assert client.get(GROUP, headers={"If-None-Match": tag}).status_code == 200


def test_head_says_what_get_would(client):
    head, got = client.head(GROUP), client.get(GROUP)
    assert head.data == b""
    for name in ("Content-Type", "ETag", "Link", "Vary"):
        assert head.headers[name] == got.headers[name]


def test_a_page_tells_a_stranger_what_where_and_when(client):
    page = client.get(GROUP, headers=BROWSER).text
    line = page[
        page.index('<p class="line">') : page.index("</header>", page.index('<p class="line">'))
    ]
    assert "Lublin</a>, <a" in line
    assert "Poland</a> · 2012–2020 · ended" in line


def test_a_page_tells_members_cohorts_and_successor(client):
    page = client.get(GROUP, headers=BROWSER).text
    assert "at least 2 universities" in page
    assert "Taking part is voluntary and unpaid." in page
    assert "Succeeded by <a" in page
    assert "Lublin Civic Dialogue Committee</a> (April 2021)" in page


def test_a_project_tells_its_money(client):
    page = client.get("/doc/project/itaca", headers=BROWSER).text
    for words in ("963374", "European Commission", "Rights, Equality and Citizenship"):
        assert words in page


def test_a_text_in_another_language_says_which(client):
    page = client.get("/doc/organisation/cosm", headers=BROWSER).text
    assert '<span lang="fr">Service de la cohésion multiculturelle</span>' in page


def test_every_kind_has_a_page(client, engine):
    for kind, iri in _one_of_each(engine):
        page = client.get(iri, headers=BROWSER)
        assert page.status_code == 200, kind
        assert "<h1" in page.text


def test_a_hub_shows_a_page_of_its_links_and_counts_the_rest(client):
    page = client.get("/doc/place/es", headers=BROWSER).text
    assert "The first 50 of " in page


def test_the_site_works_below_a_path_prefix(client):
    page = client.get(GROUP, headers=BROWSER, environ_overrides={"SCRIPT_NAME": "/graph"}).text
    assert 'href="/graph/doc/place/pl-lublin"' in page
    assert 'href="/doc/' not in page


def test_addresses_are_those_of_each_request(client):
    def places(**request) -> set[str]:
        page = client.get(headers=BROWSER, **request).text
        return set(re.findall(r'href="([^"]*/place/pl-lublin(?:\?[^"]*)?)"', page))

    bare = "/doc/place/pl-lublin"
    below = {"SCRIPT_NAME": "/graph"}
    for _ in range(2):
        assert bare in places(path=GROUP)
        assert f"{bare}?lang=fr" in places(path=GROUP, query_string="lang=fr")
        assert places(path=GROUP, environ_overrides=below) == {f"/graph{bare}"}


def test_json_ld_parses_as_json(client):
    assert json.loads(client.get(GROUP + ".jsonld").data)


@pytest.fixture
def hostile():
    """A record whose texts and links try to break out of the page."""
    base = "https://w3id.org/icgraph/"
    one = NamedNode(base + "id/practice/hostile")
    store = Store()
    statements = [
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", NamedNode(base + "ns/Practice")),
        (LABEL.value, Literal("<script>alert(1)</script>\"'>", language="en")),
        (
            "http://purl.org/dc/terms/abstract",
            Literal("<img src=x onerror=alert(2)>", language="en"),
        ),
        ("http://xmlns.com/foaf/0.1/page", NamedNode("javascript:alert(3)")),
        ("http://xmlns.com/foaf/0.1/page", NamedNode("data:text/html,x")),
        ("http://xmlns.com/foaf/0.1/page", NamedNode("https://elsewhere.example/?a=1&b=2")),
        ("http://purl.org/dc/terms/source", NamedNode(base + "id/source/nowhere")),
    ]
    for predicate, object_ in statements:
        store.add(Quad(one, NamedNode(predicate), object_))
    return build_app(Site(InProcess(store), Base(base), Settings())).test_client()


def test_texts_never_become_markup(hostile):
    page = hostile.get("/doc/practice/hostile", headers=BROWSER).text
    assert page.count("<script") == page.count('<script type="application/ld+json">')
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_only_web_addresses_become_links(hostile):
    page = hostile.get("/doc/practice/hostile", headers=BROWSER).text
    assert 'href="javascript:' not in page
    assert 'href="data:' not in page
    assert 'href="https://elsewhere.example/?a=1&amp;b=2" rel="nofollow noopener"' in page


def _one_of_each(engine):
    for row in engine.store.query(
        "SELECT ?kind (MIN(?iri) AS ?one) WHERE { ?s ?p ?o "
        'FILTER(CONTAINS(STR(?s), "/id/") && !CONTAINS(STR(?s), "#")) BIND(STR(?s) AS ?iri) '
        'BIND(STRBEFORE(STRAFTER(?iri, "/id/"), "/") AS ?kind) } GROUP BY ?kind'
    ):
        iri = row["one"].value
        yield row["kind"].value, iri[iri.index("/id/") :].replace("/id/", "/doc/")
