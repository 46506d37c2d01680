"""JSON-LD for web developers: framed, short keys, a context of its own, and nothing lost."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.web.jsonld import context_for, framed

PROJECT = "/doc/project/itaca"
LD = {"Accept": "application/ld+json"}
RECORDS = (
    "practice/integration-support-group", "place/pl-lublin", "place/pl", "organisation/cosm",
    "project/itaca", "partnership/lublin-neuchatel", "activity/lublin-study-visits-to-neuchatel",
    "programme/rec", "source/www-coe-int-integration-support-group-1348bcbe",
)  # fmt: skip


def triples(text: bytes, format_: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(text, format=format_)}


def test_the_record_is_the_root_with_its_parts_in_it(client):
    project = client.get(PROJECT + ".jsonld").json
    assert project["id"] == f"{DEFAULT_BASE}id/project/itaca"
    assert project["type"] == ["Project"]
    assert project["name"]["en"]
    assert project["grant"][0]["identifier"] == "963374"
    assert project["grant"][0]["funder"][0]["name"]["en"] == "European Commission"
    assert isinstance(project["startYear"], int)
    assert project["document"]["id"] == f"{DEFAULT_BASE}doc/project/itaca"


def test_documents_name_the_context_by_an_address_that_never_changes(client):
    address = client.get(PROJECT, headers=LD).json["@context"]
    reply = client.get(address)
    assert reply.mimetype == "application/ld+json"
    assert reply.json["@context"]["ic"]["@id"] == f"{DEFAULT_BASE}ns/"
    assert "immutable" in reply.headers["Cache-Control"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    unchanged = client.get(address, headers={"If-None-Match": reply.headers["ETag"]})
    assert unchanged.status_code == 304


def test_the_context_without_its_stamp_is_kept_for_an_hour_only(client):
    control = client.get("/ns/context.jsonld").headers["Cache-Control"]
    assert "immutable" not in control
    assert "max-age=3600" in control


def test_the_context_lies_below_the_base_of_the_graph():
    context = context_for("http://127.0.0.1:8000/")
    assert context.definitions["ic"]["@id"] == "http://127.0.0.1:8000/ns/"
    assert DEFAULT_BASE not in context.text


def test_a_parameter_that_is_not_known_is_refused(client):
    assert client.get(PROJECT + ".jsonld?context=none").status_code == 400


@pytest.mark.parametrize("record", RECORDS)
def test_json_ld_says_just_what_n_triples_say(client, record):
    framed_ = client.get(f"/doc/{record}.jsonld?context=inline")
    assert framed_.status_code == 200
    flat = triples(client.get(f"/doc/{record}.nt").data, RdfFormat.N_TRIPLES)
    assert triples(framed_.data, RdfFormat.JSON_LD) == flat


@pytest.mark.parametrize("address", ["/ns/Practice", "/scheme/topic/refugees", "/scheme/role"])
def test_words_are_framed_too_without_loss(client, address):
    framed_ = client.get(address + "?context=inline", headers=LD)
    flat = client.get(address, headers={"Accept": "application/n-triples"})
    assert framed_.json["id"] == f"{DEFAULT_BASE}{address[1:]}"
    assert triples(framed_.data, RdfFormat.JSON_LD) == triples(flat.data, RdfFormat.N_TRIPLES)


ROOT = f"{DEFAULT_BASE}id/practice/x"
KEYS = ("ns/startYear", "ns/purpose", "ns/period", "ns/value", "ns/statedOn", "ns/isVoluntary")
OTHERS = ("rdfs:label", "skos:altLabel", "foaf:primaryTopic", "dcterms:subject", "dcat:startDate",
          "dcterms:identifier", "rdf:type", "owl:sameAs")  # fmt: skip


def foreign(name: str) -> str:
    prefix, _, local = name.partition(":")
    return FOREIGN_PREFIXES[prefix] + local


iris = st.sampled_from(
    [ROOT, f"{ROOT}#a", f"{ROOT}#b", f"{DEFAULT_BASE}doc/practice/x", "urn:x:y", "https://e.org/"]
).map(NamedNode)
predicates = st.sampled_from(
    [*(DEFAULT_BASE + key for key in KEYS), *map(foreign, OTHERS), "https://e.org/p"]
).map(NamedNode)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
datatypes = ["integer", "decimal", "boolean", "date", "gYear", "string", "anyURI"]
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(
        lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "fr-ch"])
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(foreign(f"xsd:{name}"))),
        st.one_of(
            texts, st.integers().map(str), st.sampled_from(["true", "false", "1", "01", "-0"])
        ),
        st.sampled_from(datatypes),
    ),
)


def statement(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Triple:
    if predicate.value == foreign("rdf:type") and isinstance(value, Literal):
        value = NamedNode(f"{DEFAULT_BASE}ns/Practice")
    return Triple(subject, predicate, value)


@settings(max_examples=150)
@given(st.lists(st.builds(statement, iris, predicates, iris | literals), max_size=12))
def test_whatever_is_said_can_be_read_back(said):
    body = framed(said, ROOT, context_for(DEFAULT_BASE), None)
    assert triples(body, RdfFormat.JSON_LD) == set(said)
    assert json.loads(body)["id"] == ROOT
