"""Typed links in headers and in link sets."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icgraph.web.media import HTML, TURTLE
from icgraph.web.signposting import (
    LINKSET,
    LINKSET_JSON,
    Link,
    Variant,
    link_field,
    linkset,
    signposts,
)

BASE = "https://w3id.org/icgraph/"
NAME = "practice/integration-support-group"
DOCUMENT = f"{BASE}doc/{NAME}"
LINK = re.compile(r'<([^<>"\s]*)>; rel="([a-z-]+)"(?:; type="([^"]+)")?(?:; anchor="([^"]+)")?')


def links(reply) -> list[tuple[str, str, str]]:
    """Target, relation and type of each link of a header."""
    return [match.groups()[:3] for match in LINK.finditer(reply.headers["Link"])]


def targets(reply, relation: str) -> list[str]:
    return [target for target, found, _ in links(reply) if found == relation]


def test_a_page_says_how_to_cite_it_what_it_is_and_under_which_licence(client):
    page = client.get(f"/doc/{NAME}", headers={"Accept": "text/html"})
    assert targets(page, "cite-as") == [f"{BASE}id/{NAME}"]
    assert targets(page, "type") == ["https://schema.org/AboutPage"]
    assert targets(page, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert targets(page, "collection") == [f"{BASE}practices"]
    assert f"/doc/{NAME}.ttl" in targets(page, "describedby")


@pytest.mark.parametrize("suffix", [".html", ".ttl", ".jsonld", ".nt", ".rdf"])
def test_links_of_a_header_lead_to_what_they_promise(client, suffix):
    for target, _, media_type in links(client.get(f"/doc/{NAME}{suffix}")):
        if target.startswith("/"):
            reply = client.get(target)
            assert (reply.status_code, reply.mimetype) == (200, media_type or reply.mimetype)


@pytest.mark.parametrize(
    "address",
    ["/ns/Practice", "/scheme/topic/anti-rumour", "/shapes/Membership-member", "/ns/"],
)
def test_terms_say_the_same_of_themselves(client, address):
    reply = client.get(address, headers={"Accept": "text/turtle"})
    assert targets(reply, "cite-as") == [BASE + address[1:]]
    assert targets(reply, "license")


def test_headers_stay_small(client, engine):
    for iri in ("/doc/place/es", "/doc/organisation/intercultural-cities-network", "/ns/"):
        assert len(client.get(iri).headers["Link"]) < 4096


def test_a_link_set_says_all_that_the_headers_say(client):
    reply = client.get(f"/doc/{NAME}.linkset.json")
    assert reply.mimetype == "application/linkset+json"
    contexts = {each.pop("anchor"): each for each in reply.json["linkset"]}
    for suffix in (".html", ".ttl", ".jsonld", ".nt", ".rdf"):
        said = links(client.get(f"/doc/{NAME}{suffix}"))
        context = contexts[DOCUMENT if suffix == ".html" else DOCUMENT + suffix]
        told = {
            (target["href"].removeprefix(BASE[:-1]), relation, target.get("type"))
            for relation, found in context.items()
            for target in found
        }
        assert told == {(target.removeprefix(BASE[:-1]), *rest) for target, *rest in said}


def test_both_forms_of_a_link_set_say_the_same(client):
    text = client.get(f"/doc/{NAME}.linkset")
    assert text.mimetype == "application/linkset"
    in_text = {
        (anchor, relation, target, media_type)
        for target, relation, media_type, anchor in LINK.findall(text.text)
    }
    in_json = {
        (context["anchor"], relation, target["href"], target.get("type", ""))
        for context in client.get(f"/doc/{NAME}.linkset.json").json["linkset"]
        for relation, found in context.items()
        if relation != "anchor"
        for target in found
    }
    assert in_text == in_json


def test_there_is_no_link_set_of_what_is_not_there(client):
    assert client.get("/doc/practice/nothing-of-the-kind.linkset.json").status_code == 404


@given(st.text().filter(lambda text: not re.search(r"[\ud800-\udfff]", text)))
def test_no_target_breaks_out_of_its_link(text):
    link = Link("cite-as", f"https://example.org/{text}", "text/turtle")
    field = link_field([link])
    assert field.isascii()
    assert field.isprintable()
    assert field.count("<") == field.count(">") == 1
    assert field.count('"') == 4
    told = json.loads(linkset({"https://example.org/": [link]}, LINKSET_JSON))
    assert told["linkset"][0]["cite-as"][0]["href"] in field
    assert field.split(";")[0] in linkset({"https://example.org/": [link]}, LINKSET).decode()


def test_a_variant_names_the_others_only():
    variants = [Variant(HTML, "/doc/x.html"), Variant(TURTLE, "/doc/x.ttl")]
    said = signposts(TURTLE, cite_as="https://example.org/x", variants=variants)
    assert [link.target for link in said if link.relation == "alternate"] == ["/doc/x.html"]
