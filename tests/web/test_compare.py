"""Records side by side."""

import re

import pytest

from icgraph.config import Settings
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.site import Site
from tests.web.conftest import InProcess

BROWSER = {"Accept": "text/html"}
PAIR = "record=practice/lublin-for-all&record=place/pl-lublin"


@pytest.fixture(scope="module")
def client(real_store):
    """One application for all tests of this module: its tables are read once."""
    site = Site(InProcess(real_store), Base(DEFAULT_BASE), Settings())
    return build_app(site).test_client()


def _rows(client, query):
    reply = client.get(f"/compare?{query}", headers={"Accept": "application/json"})
    return {
        row["name"]: [[value["label"] for value in cell["values"]] for cell in row["cells"]]
        for row in reply.json["rows"]
    }


def test_each_record_has_a_cell_in_every_row(client):
    rows = _rows(client, PAIR)
    assert all(len(cells) == 2 for cells in rows.values())
    assert rows["country"] == [["Poland"], ["Poland"]]
    assert rows["kind"][1] == ["city"]


def test_a_place_tells_how_many_practices_lists_have_of_it(client):
    total = client.get("/practices?city=pl-lublin&format=json").json["total"]
    assert _rows(client, PAIR)["practice"] == [[], [str(total)]]
    of_country = client.get("/practices?country=pl&format=json").json["total"]
    assert _rows(client, "record=place/pl")["practice"] == [[str(of_country)]]


def test_what_all_have_in_common_is_marked(client):
    reply = client.get(f"/compare?{PAIR}", headers={"Accept": "application/json"}).json
    (country,) = [row for row in reply["rows"] if row["name"] == "country"]
    assert all(value["shared"] for cell in country["cells"] for value in cell["values"])
    page = client.get(f"/compare?{PAIR}", headers=BROWSER).text
    assert "<strong>Poland</strong>" in page


def test_the_page_shows_the_same_rows(client):
    page = client.get(f"/compare?{PAIR}", headers=BROWSER).text
    assert len(re.findall(r'<th scope="row">', page)) == len(_rows(client, PAIR))


def test_a_record_can_be_left_out(client):
    page = client.get(f"/compare?{PAIR}", headers=BROWSER).text
    assert 'href="/compare?record=place/pl-lublin"' in page.replace("%2F", "/")


def test_a_record_can_be_found_and_added(client):
    page = client.get(f"/compare?{PAIR}&find=Neuchatel", headers=BROWSER).text.replace("%2F", "/")
    assert f'href="/compare?{PAIR}&record=place/ch-neuchatel"'.replace("&", "&amp;") in page


def test_an_iri_names_a_record_too(client):
    assert _rows(client, "record=https://w3id.org/icgraph/id/place/pl-lublin")["kind"] == [["city"]]


def test_nothing_chosen_is_explained(client):
    assert "Choose up to four" in client.get("/compare", headers=BROWSER).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("record=place/atlantis", 404),
        ("record=nonsense", 400),
        ("record=javascript:alert(1)", 400),
        ("&".join(f"record=place/{slug}" for slug in ("pl", "it", "es", "fr", "ch")), 400),
        ("format=shoe", 406),
    ],
)
def test_what_cannot_be_compared_is_explained(client, query, status):
    reply = client.get(f"/compare?{query}")
    assert reply.status_code == status
    assert reply.json["advice"]


def test_a_number_leads_to_the_list_that_it_counts(client):
    page = client.get("/compare?record=place/pl-lublin&record=place/pl", headers=BROWSER).text
    found = re.findall(r'href="/practices\?(city|country)=([a-z-]+)">(\d+)<', page)
    assert [(facet, slug) for facet, slug, _ in found] == [("city", "pl-lublin"), ("country", "pl")]
    for facet, slug, count in found:
        assert client.get(f"/practices?{facet}={slug}&format=json").json["total"] == int(count)
