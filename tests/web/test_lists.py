"""Lists: what the page says of a selection, and the same selection as data."""

import csv
import io
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from icgraph.config import Settings
from icgraph.discovery.facets import FACETS
from icgraph.model.iris import Base
from icgraph.model.kinds import KINDS
from icgraph.model.terms import DEFAULT_BASE
from icgraph.web import build_app
from icgraph.web.list_data import _cell
from icgraph.web.media import GRAPH_FORMATS
from icgraph.web.site import Site
from tests.web.conftest import InProcess

BROWSER = {"Accept": "text/html"}
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CHOSEN = "topic=refugees&country=es&country=it"


@pytest.fixture(scope="module")
def client(real_store):
    """One application for all tests of this module: its tables are read once."""
    site = Site(InProcess(real_store), Base(DEFAULT_BASE), Settings())
    return build_app(site).test_client()


def _json(client, address):
    return client.get(address, headers={"Accept": "application/json"}).json


def _iris(document):
    return [record["iri"] for record in document["records"]]


def test_the_page_counts_what_the_data_counts(client):
    page = client.get(f"/practices?{CHOSEN}", headers=BROWSER).text
    assert f" of {_json(client, f'/practices?{CHOSEN}')['total']}</span>" in page


def test_a_number_on_the_page_is_that_of_results_with_the_value(client):
    page = client.get("/practices?topic=refugees", headers=BROWSER).text
    offered = re.findall(
        r'name="country" value="([a-z]+)">\s*<span>[^<]*</span> <span class="count">(\d+)', page
    )
    assert len(offered) >= 8
    for code, count in offered[:8]:
        added = _json(client, f"/practices?topic=refugees&country={code}")
        assert added["total"] == int(count)


def test_several_values_of_a_facet_widen_and_several_facets_narrow(client):
    topic = set(_iris(_json(client, "/practices?topic=refugees")))
    spain = set(_iris(_json(client, "/practices?country=es")))
    italy = set(_iris(_json(client, "/practices?country=it")))
    assert set(_iris(_json(client, f"/practices?{CHOSEN}"))) == topic & (spain | italy)


def test_each_chip_leads_to_the_list_without_it(client):
    page = client.get(f"/practices?{CHOSEN}", headers=BROWSER).text
    chosen = re.search(r'<ul class="chosen".*?</ul>', page, re.DOTALL)[0]
    addresses = [found.replace("&amp;", "&") for found in re.findall('href="([^"]+)"', chosen)]
    assert addresses == [
        "/practices?country=es&country=it",
        "/practices?topic=refugees&country=it",
        "/practices?topic=refugees&country=es",
        "/practices",
    ]


def test_an_empty_list_says_what_to_remove(client):
    page = client.get("/practices?topic=refugees&country=mt&q=lublin", headers=BROWSER).text
    assert "Nothing fits." in page
    assert "No single one of these choices" in page
    page = client.get("/practices?topic=refugees&country=es&q=zzzz", headers=BROWSER).text
    found = re.search(r"There would be results.*?</ul>", page, re.DOTALL)[0]
    (way_out, count) = re.search(r'href="([^"]+)".*?class="count">(\d+)', found).groups()
    assert _json(client, way_out.replace("&amp;", "&"))["total"] == int(count) > 0


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/csv", "text/turtle"])
def test_a_value_that_nothing_has_is_named(client, accept):
    reply = client.get("/practices?topic=nonsense&shoe=1", headers={"Accept": accept})
    assert reply.status_code == 200
    assert reply.headers["ICGraph-Note"] == "nothing is known of: nonsense, shoe"


def test_a_page_names_what_nothing_has(client):
    page = client.get("/practices?topic=nonsense&topic=refugees&shoe=1", headers=BROWSER).text
    assert "Nothing here has “nonsense” under Topic" in page
    assert "<code>shoe</code>" in page


def test_data_name_what_nothing_has(client):
    document = _json(client, "/practices?topic=nonsense&topic=refugees&shoe=1")
    assert document["unknown"] == [{"facet": "topic", "value": "nonsense"}]
    assert document["notUnderstood"] == ["shoe"]
    assert document["total"] == _json(client, "/practices?topic=refugees")["total"]


@pytest.mark.parametrize("query", ["sort=x", "certainty=x", "format=x", "all=x", "year=<b>"])
def test_what_cannot_be_chosen_is_refused(client, query):
    reply = client.get(f"/practices?{query}")
    assert reply.status_code in {400, 406}
    assert reply.json["advice"]


def test_too_many_values_are_refused(client):
    query = "&".join(f"topic=t{number}" for number in range(51))
    assert client.get(f"/practices?{query}").status_code == 400


def test_all_formats_hold_the_same_records(client):
    expected = set(_iris(_json(client, f"/practices?{CHOSEN}")))
    text = client.get(f"/practices?{CHOSEN}&format=csv").text
    assert {row["iri"] for row in csv.DictReader(io.StringIO(text))} == expected
    for format_ in GRAPH_FORMATS:
        reply = client.get(f"/practices?{CHOSEN}", headers={"Accept": format_.media_type})
        assert reply.mimetype == format_.media_type
        quads = parse(reply.data, format=RdfFormat.from_media_type(format_.media_type))
        practice = NamedNode(f"{DEFAULT_BASE}ns/Practice")
        found = {q.subject.value for q in quads if (q.predicate, q.object) == (TYPE, practice)}
        assert found == expected, format_.name


def test_columns_are_the_facets(client):
    document = _json(client, "/practices?year=2019&topic=refugees")
    text = client.get("/practices?year=2019&topic=refugees&format=csv").text
    columns = set(next(csv.reader(io.StringIO(text))))
    assert columns == set(document["records"][0])
    assert set(document["facets"]) - {"year"} < columns


def test_a_long_list_comes_in_pages_that_name_the_next(client):
    seen = []
    address = "/sources?format=csv"
    while address:
        reply = client.get(address)
        seen += [row["iri"] for row in csv.DictReader(io.StringIO(reply.text))]
        links = ", ".join(reply.headers.getlist("Link"))
        following = re.search(r'<([^>]+)>; rel="next"', links)
        address = following and following[1]
    assert len(seen) == len(set(seen)) == _json(client, "/sources")["total"] > 1000


def test_a_browser_gets_a_file_that_spreadsheets_read(client):
    reply = client.get("/practices?q=lodz&format=csv", headers=BROWSER)
    assert reply.data.startswith("\ufeffiri,".encode())
    assert reply.headers["Content-Disposition"] == 'attachment; filename="practices.csv"'
    assert client.get("/practices?q=lodz&format=csv").data.startswith(b"iri,")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(text):
    assert _cell({"text": text, "language": "en"}) == f"'{text}"
    assert _cell([{"label": text}]) == f"'{text}"


def test_lists_are_sorted_by_start_and_by_change(client):
    starts = [record["start"] or 0 for record in _json(client, "/practices?sort=year")["records"]]
    assert starts == sorted(starts, reverse=True)
    changes = [r["changed"] or "" for r in _json(client, "/practices?sort=changed")["records"]]
    assert changes == sorted(changes, reverse=True)


def test_the_order_stays_from_page_to_page(client):
    page = client.get("/practices?sort=year&topic=education", headers=BROWSER).text
    assert 'rel="next" href="/practices?topic=education&amp;sort=year&amp;page=2"' in page


def test_a_facet_can_be_shown_whole(client):
    document = _json(client, "/practices")
    page = client.get("/practices?all=city", headers=BROWSER).text
    shown = re.findall(r'name="city" value="([^"]+)"', page)
    assert set(shown) == {value["value"] for value in document["facets"]["city"]}


def test_the_page_keeps_its_language(client):
    page = client.get("/practices?lang=fr&topic=refugees", headers=BROWSER).text
    assert "Affiner la liste" in page
    assert '<input type="hidden" name="lang" value="fr">' in page


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_facets_are_those_of_the_documents(kind):
    text = (Path(__file__).parents[2] / "docs" / "lists.md").read_text()
    row = re.search(rf"^\| `/{kind.path}` \| `([^`]+)` \|$", text, re.MULTILINE)
    assert row[1].split() == [facet.name for facet in FACETS[kind.name]]
