"""The dataset's pages, its changes, its site map and the ontology's documentation, in process."""

import json
import re
import shutil
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from icgraph.catalogue.feeds import Feed
from icgraph.config import Settings
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.changes import Change
from icgraph.store.embedded import checkpoint_path, open_checkpoint
from icgraph.store.home import Home
from icgraph.store.log import open_log
from icgraph.web import build_app
from icgraph.web.embedded_json import embedded_json
from icgraph.web.site import Site
from tests.web.conftest import InProcess

BASE = Base(DEFAULT_BASE)
ATOM = "{http://www.w3.org/2005/Atom}"
AS = "https://www.w3.org/ns/activitystreams#"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TYPE = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
LABEL = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
HOSTILE = "</script><script>alert(1)</script> & <b>ć</b>"
DATA = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")


@pytest.fixture(scope="module")
def whole(dumped_home, tmp_path_factory):
    """A home as the supervisor keeps it: dump and feed made; two changes after the first."""
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    shutil.copytree(dumped_home.folder, home.folder)
    store = Store()
    store.bulk_extend(open_checkpoint(checkpoint_path(home.projection, 1)).store)
    added = RecordName("place", "xx-new")
    thing = NamedNode(BASE.record(added))
    changes = [
        {Quad(thing, TYPE, NamedNode(BASE.term("Place"))), Quad(thing, LABEL, Literal(HOSTILE))},
        {Quad(NamedNode(BASE.record(RecordName("place", "pl-lublin"))), LABEL, Literal("x"))},
    ]
    log = open_log(home.log, None)
    for number, additions in enumerate(changes, start=2):
        record(log, store, number, additions=additions)
    record(log, store, 4, additions={tombstone(added)}, removals=changes[0])
    feed = Feed(home.feed, log.base)
    feed.follow(log)
    feed.close()
    log.close()
    return home, store


def record(log, store, number, additions=(), removals=()):
    told = Change("operator", f"Change {HOSTILE}", frozenset(additions), frozenset(removals))
    log.append(told, after=number - 1, time=datetime(2026, 11, 22, number, tzinfo=UTC))
    for quad in removals:
        store.remove(quad)
    store.extend(additions)


def tombstone(name):
    """What is left of a record that was withdrawn."""
    title = NamedNode(FOREIGN_PREFIXES["dcterms"] + "title")
    document, graph = NamedNode(BASE.document(name)), NamedNode(BASE.graph("provenance"))
    return Quad(document, title, Literal("What was new"), graph)


@pytest.fixture
def client(whole):
    home, store = whole
    return client_over(InProcess(store, revision=4), home)


def client_over(engine, home):
    return build_app(Site(engine, BASE, Settings(home=home.folder))).test_client()


def triples(reply):
    return set(parse(reply.data, format=RdfFormat.from_media_type(reply.mimetype)))


def test_the_dataset_is_a_page_and_data_at_one_address(client):
    page = client.get("/dataset", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "40,4" in page.text
    found = [client.get("/dataset", headers={"Accept": kind}) for kind in DATA]
    assert [reply.mimetype for reply in found] == list(DATA)
    assert len({frozenset(triples(reply)) for reply in found}) == 1
    assert all({"Accept", "Accept-Language"} <= set(reply.vary) for reply in (page, *found))
    assert len({reply.headers["ETag"] for reply in (page, *found)}) == 5


@pytest.mark.parametrize("suffix", ["html", "ttl", "jsonld", "nt", "rdf"])
def test_suffixes_choose_a_format(client, suffix):
    for address in (f"/dataset.{suffix}", f"/dataset/1.{suffix}"):
        reply = client.get(address, headers={"Accept": "image/png"})
        assert reply.status_code == 200, address
        assert 'rel="cite-as"' in reply.headers["Link"]


def test_figures_on_the_page_follow_the_graph(whole):
    home, store = whole
    changed = Store()
    changed.bulk_extend(store)
    one = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o"))
    before, engine = client_over(InProcess(store), home), InProcess(changed, revision=2)
    changed.add(one)
    counted = [
        int(re.search(r"void:triples (\d+) ;\n? *void:uriSpace", each.text)[1])
        for each in (
            before.get("/dataset.ttl"),
            client_over(engine, home).get("/dataset.ttl"),
        )
    ]
    assert counted[1] == counted[0] + 1


def test_who_has_the_description_gets_304(client):
    first = client.get("/dataset.ttl")
    again = client.get("/dataset.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_dump_changes_the_description_within_a_revision(whole):
    home, store = whole
    client = client_over(InProcess(store, revision=4), home)
    first = client.get("/dataset.ttl")
    shutil.move(home.dumps / "00000001", home.folder / "aside")
    try:
        second = client.get("/dataset.ttl", headers={"If-None-Match": first.headers["ETag"]})
    finally:
        shutil.move(home.folder / "aside", home.dumps / "00000001")
    assert second.status_code == 200
    assert "dumps/latest.nq.gz" in second.text
    assert "dumps/latest.nq.gz" not in first.text


def test_the_page_tells_search_engines_what_it_is(client):
    page = client.get("/dataset", headers={"Accept": "text/html"}).text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(block[1])
    assert told["@type"] == "Dataset"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_no_text_ends_the_block_of_json():
    value = {"name": f"{HOSTILE}\u2028<!--"}
    text = embedded_json(value)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == value


def test_a_version_is_a_revision(client):
    page = client.get("/dataset/1", headers={"Accept": "text/html"})
    assert "Load the data packaged" in page.text
    assert NamedNode(f"{DEFAULT_BASE}dataset/1") in {
        quad.subject for quad in triples(client.get("/dataset/1.ttl"))
    }


@pytest.mark.parametrize("name", ["0", "01", "99", "x", "1.zip", "-1", "9" * 30, "²"])
def test_a_version_that_is_not_there_is_not_found(client, name):
    assert client.get(f"/dataset/{name}").status_code == 404


@pytest.mark.parametrize(
    ("accept", "target"),
    [("*/*", ".ttl"), ("text/html", ".html"), ("application/rdf+xml", ".rdf"), (None, ".ttl")],
)
def test_the_well_known_address_leads_to_the_description(client, accept, target):
    reply = client.get("/.well-known/void", headers={"Accept": accept} if accept else {})
    assert reply.status_code == 302
    assert reply.headers["Location"] == f"/dataset{target}"
    assert "Accept" in reply.vary


def test_the_newest_dump_is_led_to_and_its_revision_told(client):
    reply = client.get("/dumps/latest.csv.zip")
    assert reply.status_code == 302
    assert reply.headers["ICGraph-Revision"] == "1"
    file = client.get(reply.headers["Location"], buffered=True)
    assert (file.status_code, file.mimetype) == (200, "application/zip")
    assert "filename=icgraph-r1-" in file.headers["Content-Disposition"]


def test_a_part_of_a_dump_can_be_fetched(client):
    address = client.get("/dumps/latest.nq.gz").headers["Location"]
    everything = client.get(address, buffered=True)
    part = client.get(address, headers={"Range": "bytes=10-19"}, buffered=True)
    assert part.status_code == 206
    assert part.data == everything.data[10:20]
    assert part.headers["ETag"] == everything.headers["ETag"]


def test_while_there_is_no_dump_one_is_made_and_the_client_told_to_come_back(whole, tmp_path):
    client = client_over(InProcess(whole[1]), Home(tmp_path))
    reply = client.get("/dumps/latest.nq.gz")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert reply.json["code"] == "being-made"
    assert (tmp_path / "dumps" / "wish").exists()


@pytest.mark.parametrize(
    "name",
    ["latest.exe", "x", "manifest.json", "icgraph-r2-2026-11-22.nq.gz", "..%2Fmanifest.json",
     "icgraph-r1-2026-11-22.exe"],
)  # fmt: skip
def test_other_names_are_no_dumps(client, name):
    assert client.get(f"/dumps/{name}").status_code == 404


def test_the_list_of_dumps_shows_checksums(client):
    page = client.get("/dumps/").text
    assert len(set(re.findall(r">([0-9a-f]{64})<", page))) == 5


def feed_of(client, address="/changes.atom"):
    reply = client.get(address)
    assert reply.mimetype == "application/atom+xml"
    return ET.fromstring(reply.data)


def links(feed):
    return {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}


def test_the_feed_begins_with_the_newest_change(client):
    entries = feed_of(client).findall(f"{ATOM}entry")
    told = [
        (entry.find(f"{ATOM}category").get("term"), entry.find(f"{ATOM}link").get("href"))
        for entry in entries[:3]
    ]
    assert told == [
        ("withdrawn", "http://localhost/doc/place/xx-new"),
        ("changed", "http://localhost/doc/place/pl-lublin"),
        ("added", "http://localhost/doc/place/xx-new"),
    ]


def test_a_record_that_left_is_called_what_it_was_called(client):
    first = feed_of(client).find(f"{ATOM}entry/{ATOM}title")
    assert first.text == "Withdrawn: What was new"


def test_following_the_feed_finds_every_happening_once(client):
    address, seen = "/changes.atom", []
    while address:
        feed = feed_of(client, address)
        seen += [entry.find(f"{ATOM}id").text for entry in feed.findall(f"{ATOM}entry")]
        following = links(feed).get("next")
        address = following and following.removeprefix("http://localhost")
    assert len(seen) == len(set(seen)) == 2646 + 3


def test_each_page_of_the_feed_leads_back_to_the_newer_one(client):
    feed = feed_of(client)
    older = feed_of(client, urlsplit(links(feed)["next"])._replace(scheme="", netloc="").geturl())
    assert "previous" in links(older)
    assert "previous" not in links(feed)


def test_the_changes_are_activities_in_every_format_of_rdf(client):
    found = [client.get("/changes", headers={"Accept": kind}) for kind in DATA]
    graphs = [triples(reply) for reply in found]
    assert all(graph == graphs[0] for graph in graphs)
    kinds = {quad.object.value for quad in graphs[0] if quad.predicate == TYPE}
    assert {f"{AS}Create", f"{AS}Update", f"{AS}Delete", f"{AS}OrderedCollectionPage"} <= kinds


def test_hostile_texts_are_inert_on_the_page_and_whole_in_atom(client):
    page = client.get("/changes", headers={"Accept": "text/html"}).text
    assert "<script>alert" not in page
    summaries = [each.text for each in feed_of(client).iter(f"{ATOM}summary")]
    assert f"Change {HOSTILE}" in summaries


@pytest.mark.parametrize("page", ["0", "9999"])
def test_a_page_beyond_the_last_is_not_found(client, page):
    assert client.get(f"/changes?page={page}").status_code == 404


@pytest.mark.parametrize("page", ["x", "-1", "1" * 20, "²"])
def test_a_page_is_a_number(client, page):
    assert client.get("/changes", query_string={"page": page}).status_code == 400


def test_the_site_map_names_every_record_with_its_last_change(client):
    index = ET.fromstring(client.get("/sitemap.xml").data)
    pages = [loc.text for loc in index.iter(f"{MAP}loc")]
    assert pages == [
        "http://localhost/sitemaps/site.xml",
        "http://localhost/sitemaps/records-1.xml",
    ]
    urls = ET.fromstring(client.get("/sitemaps/records-1.xml").data).findall(f"{MAP}url")
    assert len(urls) == 2646
    assert all(
        datetime.fromisoformat(url.find(f"{MAP}lastmod").text).tzinfo is not None for url in urls
    )


def test_every_page_of_the_site_map_is_there(client):
    site = ET.fromstring(client.get("/sitemaps/site.xml").data)
    for loc in site.iter(f"{MAP}loc"):
        path = loc.text.removeprefix("http://localhost")
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


@pytest.mark.parametrize("number", [0, 2, 10**12])
def test_the_site_map_has_no_other_page(client, number):
    assert client.get(f"/sitemaps/records-{number}.xml").status_code == 404


def test_robots_are_told_what_costs_much_and_where_the_map_is(client):
    text = client.get("/robots.txt").text
    assert "Disallow: /sparql\n" in text
    assert text.endswith("Sitemap: http://localhost/sitemap.xml\n")


def test_addresses_keep_the_prefix_of_a_proxy(whole):
    site = Site(InProcess(whole[1], revision=4), BASE, Settings(home=whole[0].folder, proxies=1))
    client = build_app(site).test_client()
    headers = {"X-Forwarded-Host": "example.org", "X-Forwarded-Prefix": "/graph"}
    assert "http://example.org/graph/doc/" in client.get("/changes.atom", headers=headers).text
    assert "http://example.org/graph/dumps/" in client.get("/dataset.ttl", headers=headers).text
    assert "Disallow: /graph/sparql" in client.get("/robots.txt", headers=headers).text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_ontology_page_explains_every_term(client, language):
    page = client.get(f"/ns/?lang={language}", headers={"Accept": "text/html"}).text
    data = client.get("/ns/", headers={"Accept": "text/turtle"})
    wanted = FOREIGN_PREFIXES["skos"] + "definition"
    defined = {
        (quad.subject.value.rpartition("/")[2], quad.object.value)
        for quad in triples(data)
        if quad.predicate.value == wanted and quad.object.language == language
    }
    assert len(defined) > 60
    for name, definition in defined:
        assert f'id="{name}"' in page, name
        assert definition.replace("&", "&amp;").replace("'", "&#39;") in page, definition


def term(page, name):
    return re.search(rf'<article class="term" id="{name}">.*?</article>', page, re.DOTALL)[0]


def test_a_term_comes_with_its_use_an_example_and_its_rules(client):
    page = client.get("/ns/", headers={"Accept": "text/html"}).text
    practice = term(page, "Practice")
    assert "389 things" in practice
    assert 'href="/doc/practice/' in practice
    assert "A practice needs at least one place" in practice
    place = term(page, "partnerPlace")
    assert "246 statements" in place
    assert "rule" in place


def test_the_drawing_is_part_of_the_page_without_styles_of_its_own(client):
    page = client.get("/ns/?lang=fr", headers={"Accept": "text/html"}).text
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    drawing = next(each for each in drawings if ">Bonne pratique<" in each)
    assert "<style" not in drawing
    assert "style=" not in drawing
