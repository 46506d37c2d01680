"""Changes whose makers, reasons and values want to run: they stay texts in every form they take.

The other hostile tests ask a plain store, which has no history, no search and no pictures.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse

from icgraph.curation.publish import Signature, publish_additions
from icgraph.discovery.indexer import index_home
from icgraph.guard.report import Report
from icgraph.model.iris import slugify
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.home import Home
from icgraph.store.log import open_log
from icgraph.store.packaged import packaged_dataset
from icgraph.store.projection import Projection
from tests.conftest import Server
from tests.web.hostile import hostile_beside
from tests.web.inert import MARK, MARKUP, dangers
from tests.web.routes import PRACTICE

pytestmark = pytest.mark.alone  # too long for `make test`; the gate runs it

ATOM = "{http://www.w3.org/2005/Atom}"
RECORDS = (
    PRACTICE.removeprefix("/doc/"),
    "place/pl",
    "place/pl-lublin",
    "partnership/lublin-neuchatel",
    "organisation/pl-lublin-municipality",
    "project/c4i",
)
CHOSEN = (f"{DEFAULT_BASE}scheme/topic/refugees", *(f"{DEFAULT_BASE}id/{one}" for one in RECORDS))
AGENT = f"/agent/{slugify(MARKUP)}"
#: Pages on which a hostile text must be seen, as text.
PAGES = (
    "/changes",
    "/changes/2",
    AGENT,
    *(f"/doc/{record}" for record in RECORDS),
    *(f"/doc/{record}/history" for record in RECORDS),
    "/compare?record=practice/integration-support-group&record=place/pl-lublin",
    f"/compare?record=place/pl&find={MARK}",
    f"/search?q={MARK}",
    "/practices?city=pl-lublin",
    "/organisations?country=pl",
    "/scheme/topic/refugees",
    "/scheme/topic",
    "/topics",
    "/pictures/map",
    "/pictures/network?country=pl",
    "/pictures/topics",
)
PICTURES = ("/pictures/map.svg", "/pictures/network.svg?country=pl", "/pictures/topics.svg")
DATA_BLOCK = re.compile(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', re.DOTALL)
DATA = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def hostile(built_home, tmp_path_factory) -> Iterator[Server]:
    """A server whose second change is hostile in all that its maker can choose."""
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    shutil.copytree(built_home, home.folder)
    published = [quad for quad in packaged_dataset() if quad.graph_name == DefaultGraph()]
    signature = Signature(MARKUP, MARKUP, datetime(2026, 11, 22, tzinfo=UTC))
    with closing(open_log(home.log, None)) as log:
        additions = hostile_beside(published, CHOSEN)
        publish_additions(log, additions, signature, lambda _: Report.of([]))
        Projection(home.projection, checkpoints=2).follow(log)
    index_home(home)
    started = Server(home.folder).start()
    yield started
    started.stop()


@pytest.mark.parametrize("path", PAGES)
def test_hostile_texts_stay_texts_on_pages(hostile: Server, path: str) -> None:
    page = hostile.get(path, Accept="text/html")
    assert page.status == 200
    assert MARK in page.text
    assert dangers(page.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_what_pages_tell_search_engines_cannot_leave_its_script(hostile: Server, path: str) -> None:
    page = hostile.get(path, Accept="text/html").text
    for block in DATA_BLOCK.findall(page):
        assert list(_unsafe_addresses(json.loads(block))) == []


def _unsafe_addresses(value: object) -> Iterator[str]:
    """The addresses in JSON-LD that a reader could follow to something that runs."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"@id", "url", "sameAs", "isBasedOn", "citation"} and isinstance(inner, str):
                if urlsplit(inner).scheme not in {"", "http", "https"}:
                    yield inner
            else:
                yield from _unsafe_addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _unsafe_addresses(inner)


@pytest.mark.parametrize("path", PICTURES)
def test_hostile_texts_stay_texts_in_pictures(hostile: Server, path: str) -> None:
    reply = hostile.get(path)
    assert (reply.status, reply.headers.get_content_type()) == (200, "image/svg+xml")
    assert dangers(reply.text) == []
    for element in ET.fromstring(reply.body).iter():
        assert not element.tag.endswith(("}script", "}foreignObject", "}b"))


def test_hostile_texts_are_in_a_picture(hostile: Server) -> None:
    assert MARK in hostile.get("/pictures/topics.svg").text
    assert MARK in hostile.get("/pictures/network.svg?country=pl").text


def test_hostile_texts_stay_texts_in_the_feed(hostile: Server) -> None:
    reply = hostile.get("/changes.atom")
    feed = ET.fromstring(reply.body)
    entries = feed.findall(f"{ATOM}entry")
    assert any(MARK in entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries)
    assert any(MARK in entry.findtext(f"{ATOM}summary") for entry in entries)
    assert any(MARK in entry.findtext(f"{ATOM}title") for entry in entries)
    for element in feed.iter():
        assert element.tag.startswith(ATOM)
        assert element.get("type") != "html"
        assert urlsplit(element.get("href", "")).scheme in {"", "http", "https"}


@pytest.mark.parametrize("suffix", DATA)
def test_hostile_texts_are_literals_in_the_feed_as_data(hostile: Server, suffix: str) -> None:
    reply = hostile.get(f"/changes.{suffix}")
    values = {quad.object.value for quad in parse(reply.body, format=DATA[suffix])}
    assert MARKUP in values


@pytest.mark.parametrize("path", ["/changes/2", AGENT])
def test_who_and_why_are_literals_in_data(hostile: Server, path: str) -> None:
    reply = hostile.get(path, Accept="text/turtle")
    quads = list(parse(reply.body, format=RdfFormat.TURTLE))
    assert MARKUP in {quad.object.value for quad in quads}
    assert not [quad for quad in quads if quad.subject.value.startswith("javascript:")]


@pytest.mark.parametrize("path", [f"/search?q={MARK}&format=json", f"/search/suggest?q={MARK}"])
def test_json_is_never_taken_for_a_page(hostile: Server, path: str) -> None:
    reply = hostile.get(path, Accept="text/html")
    assert reply.headers.get_content_type() == "application/json"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert MARK in reply.text
    addresses = re.findall(r'"address": "([^"]*)"', reply.text)
    assert addresses
    assert all(address.startswith("/") for address in addresses)


@pytest.mark.parametrize("form", ["bib", "ris"])
def test_a_citation_is_a_file_of_lines(hostile: Server, form: str) -> None:
    reply = hostile.get(f"{PRACTICE}/citation.{form}")
    assert reply.headers.get_content_type() != "text/html"
    assert "attachment" in reply.headers["Content-Disposition"]
    assert MARK in reply.text
