"""What a page says of its record in the words of schema.org."""

import json
import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
HOSTILE = '</script><script>alert(1)</script><!-- <script> ]]> \u2028 &amp; "\\'


def said(client, record: str) -> dict:
    blocks = BLOCK.findall(client.get(f"/doc/{record}.html").text)
    assert len(blocks) == 1
    return json.loads(blocks[0])


@pytest.mark.parametrize(
    ("record", "type_"),
    [
        ("practice/integration-support-group", "Action"),
        ("place/pl-lublin", "City"),
        ("place/pl", "Country"),
        ("organisation/cosm", "GovernmentOrganization"),
        ("project/itaca", "Project"),
        ("partnership/lublin-neuchatel", "Organization"),
        ("activity/lublin-study-visits-to-neuchatel", "Event"),
        ("programme/rec", "FundingScheme"),
        ("source/www-coe-int-integration-support-group-1348bcbe", "WebPage"),
    ],
)
def test_every_kind_is_something_to_search_engines(client, record, type_):
    thing = said(client, record)
    assert thing["@context"] == "https://schema.org"
    assert thing["@id"] == f"{DEFAULT_BASE}id/{record}"
    assert thing["@type"] == type_
    assert thing["name"]


def test_links_have_names(client):
    event = said(client, "activity/lublin-study-visits-to-neuchatel")
    assert "Multicultural Cohesion Service of the Canton of Neuchâtel" in {
        body["name"] for body in event["contributor"]
    }
    assert all(page["url"].startswith("https://") for page in event["subjectOf"])


def test_hostile_texts_stay_texts(real_store):
    store = Store()
    store.bulk_extend(real_store)
    iri = NamedNode(f"{DEFAULT_BASE}id/place/pl-lublin")
    for old in list(store.quads_for_pattern(iri, LABEL, None)):
        store.remove(old)
    store.add(Quad(iri, LABEL, Literal(HOSTILE, language="en")))
    client = build_app(Site(InProcess(store), Base(DEFAULT_BASE), Settings())).test_client()
    page = client.get("/doc/place/pl-lublin.html").text
    assert said(client, "place/pl-lublin")["name"] == HOSTILE
    assert "<script>alert" not in page
    assert "<!--" not in page
