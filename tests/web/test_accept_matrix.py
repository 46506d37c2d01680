"""Real header lines of real clients, against every kind of resource.

Each line names who sends it and what it must get. The rules are RFC 9110's: weights, and the
most specific range; where two are liked alike, our own order, pages first.
"""

from functools import cache

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.packaged import packaged_dataset
from icgraph.web import build_app
from icgraph.web.media import HTML, JSONLD, NTRIPLES, RDFXML, TURTLE
from icgraph.web.site import Site
from tests.web.conftest import InProcess

ANYTHING = "*/*"
HEADERS = {
    # Browsers, readers of text, and crawlers.
    "Chrome 124": (
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
        ),
        HTML,
    ),
    "Chrome 70": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8",
        HTML,
    ),
    "Chrome 16": (
        (
            "application/xml,application/xhtml+xml,text/html;q=0.9, text/plain;q=0.8,image/png,"
            "*/*;q=0.5"
        ),
        HTML,
    ),
    "Firefox 92": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        HTML,
    ),
    "Firefox 128": (
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,"
            "image/svg+xml,*/*;q=0.8"
        ),
        HTML,
    ),
    "Firefox 65": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
        HTML,
    ),
    "Firefox 3": (
        (
            "text/xml,application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,"
            "image/png,*/*;q=0.5"
        ),
        HTML,
    ),
    "Safari 17": ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    "Safari 5": (
        (
            "application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,"
            "*/*;q=0.5"
        ),
        HTML,
    ),
    "Edge 18": ("text/html, application/xhtml+xml, application/xml; q=0.9, */*; q=0.8", HTML),
    "Edge 12": ("text/html, application/xhtml+xml, image/jxr, */*", HTML),
    "Internet Explorer 11": ("text/html, application/xhtml+xml, */*", HTML),
    "Internet Explorer 9": (
        (
            "image/jpeg, application/x-ms-application, image/gif, application/xaml+xml, "
            "image/pjpeg, application/x-ms-xbap, application/x-shockwave-flash, "
            "application/msword, */*"
        ),
        HTML,
    ),
    "Opera 10": (
        (
            "text/html, application/xml;q=0.9, application/xhtml+xml, image/png, image/jpeg, "
            "image/gif, image/x-xbitmap, */*;q=0.1"
        ),
        HTML,
    ),
    "Konqueror": (
        "text/html, text/*;q=0.9, image/jpeg;q=0.9, image/png;q=0.9, image/*;q=0.9, */*;q=0.8",
        HTML,
    ),
    "Lynx": (
        "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01",
        HTML,
    ),
    "w3m": ("text/html, text/*;q=0.5, image/*", HTML),
    "Googlebot": (
        (
            "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,"
            "*/*;q=0.8"
        ),
        HTML,
    ),
    "an image in a page": ("image/avif,image/webp,*/*", HTML),
    # What names nothing gets the page.
    "curl, wget, requests, httpx": (ANYTHING, HTML),
    "Go, urllib": (None, HTML),
    "a client with an empty header": ("", HTML),
    "Java's URLConnection": ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    "jQuery, html": ("text/html, */*; q=0.01", HTML),
    # Web developers.
    "axios": ("application/json, text/plain, */*", JSONLD),
    "jQuery, json": ("application/json, text/javascript, */*; q=0.01", JSONLD),
    "fetch of JSON": ("application/json", JSONLD),
    "jQuery, xml": ("application/xml, text/xml, */*; q=0.01", RDFXML),
    "Mastodon": ("application/activity+json, application/ld+json", JSONLD),
    "PyLD": (
        "application/ld+json, application/json;q=0.5, text/html;q=0.8, application/xhtml+xml;q=0.8",
        JSONLD,
    ),
    "jsonld.js": ("application/ld+json, application/json", JSONLD),
    "a reader of contexts": (
        (
            "application/ld+json;profile=http://www.w3.org/ns/json-ld#context, "
            "application/ld+json, application/json;q=0.5"
        ),
        JSONLD,
    ),
    # People at a shell.
    "curl, Turtle": ("text/turtle", TURTLE),
    "curl, Turtle in UTF-8": ("text/turtle;charset=utf-8", TURTLE),
    "curl, RDF/XML": ("application/rdf+xml", RDFXML),
    "curl, N-Triples": ("application/n-triples", NTRIPLES),
    "curl, JSON-LD": ("application/ld+json", JSONLD),
    "curl, plain text": ("text/plain", NTRIPLES),
    "curl, any application type": ("application/*", JSONLD),
    "curl, anything but pages": ("*/*, text/html;q=0", TURTLE),
    "curl, no Turtle": ("text/turtle;q=0, */*;q=0.5, text/html;q=0.1", JSONLD),
    # Libraries and tools of linked data.
    "rdflib 7.6": (
        (
            "application/rdf+xml, text/n3, text/turtle, application/n-triples, "
            "application/ld+json, application/n-quads, application/trix, application/trig"
        ),
        TURTLE,
    ),
    "rdflib, xml": ("application/rdf+xml, */*;q=0.1", RDFXML),
    "rdflib, n3": ("text/n3, */*;q=0.1", TURTLE),
    "rdflib, turtle": ("text/turtle, application/x-turtle, */*;q=0.1", TURTLE),
    "rdflib, nt": ("text/plain, */*;q=0.1", NTRIPLES),
    "rdflib, json-ld": ("application/ld+json, application/json;q=0.9, */*;q=0.1", JSONLD),
    "rdflib 4": (
        "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1",
        RDFXML,
    ),
    "Jena": (
        (
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
            "application/rdf+xml;q=0.7,*/*;q=0.3"
        ),
        TURTLE,
    ),
    "Jena's LocatorHTTP": (
        (
            "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,"
            "application/rdf+xml;q=0.7"
        ),
        TURTLE,
    ),
    "Jena 2": (
        (
            "application/rdf+xml, application/xml; q=0.8, text/xml; q=0.7, "
            "application/rss+xml; q=0.3, */*; q=0.2"
        ),
        RDFXML,
    ),
    "Jena 3, graphs over HTTP": (
        "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.8,application/xml;q=0.7",
        TURTLE,
    ),
    "Comunica 2": (
        (
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
            "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,"
            "application/json;q=0.45,text/n3;q=0.35,application/xml;q=0.3,image/svg+xml;q=0.3,"
            "text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,text/shaclc;q=0.1,"
            "text/shaclc-ext;q=0.05"
        ),
        JSONLD,
    ),
    "a client built on Comunica": (
        (
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
            "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5"
        ),
        JSONLD,
    ),
    "Solid's data browser": (
        (
            "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
            "application/n-triples;q=0.8,*/*;q=0.1"
        ),
        JSONLD,
    ),
    "the Linked Data Fragments client": ("text/turtle;q=1.0,text/html;q=0.5", TURTLE),
    "OWL API, Protégé": (
        "application/rdf+xml, application/xml; q=0.5, text/xml; q=0.3, */*; q=0.2",
        RDFXML,
    ),
    "ONT-API": (
        (
            "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, "
            "*/*; q=0.09"
        ),
        RDFXML,
    ),
    "Virtuoso's sponger 6": (
        (
            "application/rdf+xml; q=1.0, text/rdf+n3; q=0.9, application/rdf+turtle; q=0.5, "
            "application/x-turtle; q=0.6, application/turtle; q=0.5, text/turtle; q=0.7, "
            "application/xml; q=0.2, */*; q=0.1"
        ),
        RDFXML,
    ),
    "Virtuoso's sponger 7": (
        (
            "application/rdf+xml; q=1.0, text/rdf+n3; q=0.9, application/rdf+turtle; q=0.5, "
            "application/x-turtle; q=0.6, application/turtle; q=0.5, text/turtle; q=1.0, "
            "application/xml; q=0.2, */*; q=0.1"
        ),
        TURTLE,
    ),
    "OpenLink's RDF browser": (
        (
            "application/rdf+xml, text/rdf+n3, application/rdf+turtle, application/x-turtle, "
            "application/turtle, application/xml, */*"
        ),
        TURTLE,
    ),
    "OpenLink's data sniffer": (
        "text/turtle;q=1.0,application/ld+json;q=0.5,text/plain;q=0.2,text/html;q=0.5,*/*;q=0.1",
        TURTLE,
    ),
    "Tabulator": (
        (
            "application/rdf+xml, application/xhtml+xml;q=0.3, text/xml;q=0.2, "
            "application/xml;q=0.2, text/html;q=0.3, text/plain;q=0.1, text/n3, text/rdf+n3;q=0.5, "
            "application/x-turtle;q=0.2, text/turtle;q=1"
        ),
        TURTLE,
    ),
    "Sindice": ("application/rdf+xml, application/xml;q=0.6, text/xml;q=0.6", RDFXML),
    "the RDF Browser extension": (
        (
            "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,application/trig,"
            "application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.5"
        ),
        TURTLE,
    ),
    "a SPARQL client for Rust": (
        (
            "application/sparql-results+json,application/sparql-results+xml;q=0.8,text/turtle,"
            "application/n-triples;q=0.9,application/rdf+xml;q=0.8"
        ),
        TURTLE,
    ),
    "ActiveTriples": (
        "application/n-triples, application/rdf+xml;q=0.8, text/turtle;q=0.6",
        NTRIPLES,
    ),
    "RDFSharp 2": (
        (
            "application/rdf+xml,text/turtle,application/turtle,application/x-turtle,"
            "application/n-triples,application/trix"
        ),
        TURTLE,
    ),
    "RDFSharp, ontologies": (
        (
            "application/owl+xml,application/rdf+xml,text/turtle,application/turtle,"
            "application/x-turtle,application/n-triples"
        ),
        TURTLE,
    ),
    "a loader of ontologies": (
        "text/turtle;q=1.0, application/rdf+xml;q=0.8, application/ld+json;q=0.6",
        TURTLE,
    ),
    # What there is not.
    "a reader of pictures": ("image/png, image/*;q=0.8", None),
    "a reader of TriX alone": ("application/trix", None),
    "a client that wants nothing": ("*/*;q=0", None),
}

RESOURCES = (
    "/doc/practice/integration-support-group",
    "/doc/place/pl-lublin",
    "/doc/organisation/cosm",
    "/doc/project/itaca",
    "/doc/partnership/associate-exchange-within-cities",
    "/doc/activity/annual-meeting-of-icc-coordinators-bilbao-2023",
    "/doc/programme/amif",
    "/doc/source/{source}",
    "/ns/Practice",
    "/scheme/topic/anti-rumour",
    "/shapes/Membership-member",
    "/changes/1",
    "/agent/operator",
)
PROVENANCE = NamedNode(f"{DEFAULT_BASE}graph/provenance")
CHANGE = NamedNode(f"{DEFAULT_BASE}changes/1")
AGENT = NamedNode(f"{DEFAULT_BASE}agent/operator")


class Remembering(InProcess):
    """An engine that evaluates each query once, as the service's does."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.rows = cache(super().rows)
        self.graph = cache(super().graph)


def _recorded() -> list[Quad]:
    """What publishing adds: a change, and who made it."""
    prov, rdfs = FOREIGN_PREFIXES["prov"], FOREIGN_PREFIXES["rdfs"]
    return [
        Quad(CHANGE, NamedNode(rdfs + "label"), Literal("load"), PROVENANCE),
        Quad(CHANGE, NamedNode(prov + "wasAssociatedWith"), AGENT, PROVENANCE),
        Quad(AGENT, NamedNode(rdfs + "label"), Literal("operator"), PROVENANCE),
    ]


@pytest.fixture(scope="module")
def clients():
    """A client, and the resources' addresses."""
    store = Store()
    store.bulk_extend([*packaged_dataset(), *_recorded()])
    start = f"{DEFAULT_BASE}id/source/"
    source = min(
        quad.subject.value.removeprefix(start)
        for quad in store.quads_for_pattern(
            None, None, NamedNode(f"{DEFAULT_BASE}ns/SourceDocument"), DefaultGraph()
        )
    )
    app = build_app(Site(Remembering(store), Base(DEFAULT_BASE), Settings()))
    return app.test_client(), [path.replace("{source}", source) for path in RESOURCES]


@pytest.fixture(scope="module")
def tags():
    """The tags seen so far: format -> address -> tag."""
    return {}


@pytest.mark.parametrize("name", HEADERS)
def test_each_client_gets_what_it_asks_for_from_every_kind_of_resource(name, clients, tags):
    client, addresses = clients
    accept, expected = HEADERS[name]
    headers = {} if accept is None else {"Accept": accept}
    wrong = [
        f"{address}: {found}"
        for address in addresses
        if (found := _deviation(client.get(address, headers=headers), address, expected, tags))
    ]
    assert not wrong, "\n".join(wrong)


def _deviation(reply, address, expected, tags):
    """What is not as it must be, or an empty text."""
    if not {"Accept", "Accept-Language"} <= set(reply.headers["Vary"].split(", ")):
        return f"Vary is {reply.headers['Vary']}"
    if expected is None:
        refused = reply.status_code == 406 and "ETag" not in reply.headers
        offered = "text/turtle" in reply.json["offered"] if refused else False
        return "" if offered else f"{reply.status_code} in place of 406"
    if (reply.status_code, reply.mimetype) != (200, expected.media_type):
        return f"{reply.status_code} {reply.mimetype}"
    tag = reply.headers["ETag"]
    if tag.startswith("W/") or tags.setdefault((address, expected.name), tag) != tag:
        return f"the tag {tag} is weak, or another than before"
    others = {found for (where, what), found in tags.items() if what != expected.name}
    return f"the tag {tag} is of another variant, too" if tag in others else ""


@pytest.mark.parametrize("format_", [TURTLE, NTRIPLES, JSONLD, RDFXML])
def test_what_is_said_to_be_a_format_can_be_read_as_it(format_, clients):
    client, addresses = clients
    syntax = RdfFormat.from_media_type(format_.media_type)
    for address in addresses:
        # This parser fetches no contexts.
        alone = f"{address}{'&' if '?' in address else '?'}context=inline"
        reply = client.get(alone, headers={"Accept": format_.media_type})
        assert list(parse(reply.data, format=syntax, base_iri=DEFAULT_BASE)), address
