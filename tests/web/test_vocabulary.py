"""The ontology, the schemes and the shapes at their own addresses."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

BASE = "https://w3id.org/icgraph/"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/ns/", "grew out of"),
        ("/ns/Practice", "good practice"),
        ("/scheme/", "topics"),
        ("/scheme/topic", "Refugees"),
        ("/scheme/topic/refugees", "Refugees"),
        ("/shapes/", "Practice-place"),
        ("/shapes/Practice-place", "at least one place"),
    ],
)
def test_words_have_pages(client, address, words):
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert words.casefold() in page.text.casefold()


@pytest.mark.parametrize(
    "name",
    [
        "ns/",
        "ns/Practice",
        "scheme/",
        "scheme/topic",
        "scheme/role/lead",
        "shapes/",
        "shapes/Practice-place",
    ],
)
def test_words_have_data_at_the_same_address(client, name):
    reply = client.get(f"/{name}", headers={"Accept": "text/turtle"})
    assert reply.status_code == 200
    assert reply.headers["Content-Location"] == f"/{name}"
    subjects = {quad.subject for quad in parse(reply.data, format=RdfFormat.TURTLE)}
    assert subjects
    if not name.endswith("/"):
        assert NamedNode(BASE + name) in subjects


def test_a_shape_comes_with_its_constraints(client):
    reply = client.get("/shapes/Practice-place-in-country", headers={"Accept": "text/turtle"})
    assert b"SELECT" in reply.data


@pytest.mark.parametrize(
    "name", ["ns/Nothing", "scheme/nothing", "shapes/Nothing", "ns/a>b", "ns/a b"]
)
def test_unknown_words_are_not_found(client, name):
    assert client.get(f"/{name}").status_code == 404
