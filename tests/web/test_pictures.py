"""The pictures: each is made of the rows of the query it shows, and tells what it leaves out."""

import html
import re
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from icgraph.config import Settings
from icgraph.discovery.pictures import MOST_LINKS
from icgraph.discovery.reading import Reading
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE, prefixes
from icgraph.web import build_app
from icgraph.web.place_map import place_map
from icgraph.web.record_view import read_view
from icgraph.web.site import Site
from tests.web.conftest import InProcess

NAMES = ("map", "network", "years", "topics")
SVG = "{http://www.w3.org/2000/svg}"
TYPE = NamedNode(prefixes()["rdf"] + "type")
LABEL = NamedNode(prefixes()["rdfs"] + "label")


def query_of(page: str) -> str:
    return html.unescape(re.search(r"<code>(.*?)</code>", page, re.DOTALL)[1])


def rows_of_table(page: str) -> list[str]:
    table = page.partition('<table class="told')[2].partition("<tbody>")[2]
    return re.findall(r"<tr>.*?</tr>", table.partition("</tbody>")[0], re.DOTALL)


def cells(row: str) -> list[str]:
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in found]


def ic(name: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}ns/{name}")


def place(slug: str) -> NamedNode:
    return NamedNode(f"{DEFAULT_BASE}id/place/{slug}")


def client_over(*statements: tuple):
    store = Store()
    store.extend(Quad(*statement) for statement in statements)
    return build_app(Site(InProcess(store), Base(DEFAULT_BASE), Settings())).test_client()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_picture_is_a_page_and_a_file(client, name, language):
    page = client.get(f"/pictures/{name}?lang={language}")
    file = client.get(f"/pictures/{name}.svg?lang={language}")
    assert page.status_code == file.status_code == 200
    assert file.content_type == "image/svg+xml; charset=utf-8"
    root = ET.fromstring(file.data)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert title.text in html.unescape(page.text)
    assert description.text in html.unescape(page.text)


@pytest.mark.parametrize("name", NAMES)
def test_all_pictures_are_shown_on_one_page(client, name):
    page = client.get("/pictures").text
    assert f'href="/pictures/{name}"' in page
    assert f'src="/pictures/{name}.svg"' in page


@pytest.mark.parametrize("name", NAMES)
def test_a_file_stands_alone(client, name):
    text = client.get(f"/pictures/{name}.svg").text
    root = ET.fromstring(text)
    assert "--accent: #" in root.find(f"{SVG}style").text
    addresses = [link.get("href") for link in root.iter(f"{SVG}a")]
    assert all(address.startswith(f"{DEFAULT_BASE}id/") for address in addresses)
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize("path", ["/pictures/map.svg", "/pictures/network", "/pictures"])
def test_a_picture_that_is_known_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    french = client.get(path, headers={"Accept-Language": "fr"})
    assert french.headers["ETag"] != first.headers["ETag"]
    assert "Accept-Language" in first.headers["Vary"]


def test_an_opened_file_can_run_nothing(client):
    policy = client.get("/pictures/map.svg").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy


def test_the_map_holds_every_city_of_its_query_that_has_coordinates(client, real_store):
    page = client.get("/pictures/map").text
    rows = list(real_store.query(query_of(page)))
    table = [cells(row) for row in rows_of_table(page)]
    assert len(table) == len(rows) > 200
    assert [int(row[2]) for row in table] == [int(row["practices"].value) for row in rows]
    placed = [row for row in rows if row["point"] is not None]
    drawn = re.findall(r'<a class="city[^"]*" href="([^"]+)"|href="([^"]+)"[^>]*class="city', page)
    assert len(drawn) == len(placed)
    assert f"{len(rows) - len(placed)} of {len(rows)} cities have no known coordinates" in page
    assert [row[3] for row in table].count("not known") == len(rows) - len(placed)


def test_the_network_holds_every_link_of_its_query(client, real_store):
    page = client.get("/pictures/network").text
    rows = list(real_store.query(query_of(page)))
    assert page.count('class="tie"') == len(rows) > 300
    assert len(rows_of_table(page)) == len({row["work"].value for row in rows})


@pytest.mark.parametrize(
    ("kind", "country"), [("partnership", ""), ("project", "pl"), ("", "fr"), ("", "nowhere")]
)
def test_the_network_is_narrowed_to_works_of_a_kind_with_a_country(
    client, real_store, kind, country
):
    page = client.get(f"/pictures/network?kind={kind}&country={country}").text
    kinds = [f"ic:{kind.title()}"] if kind else ["ic:Project", "ic:Partnership"]
    inside = (
        f"?work ic:involves/dcterms:spatial/geo:sfWithin* {place(country)} ." if country else ""
    )
    expected = {
        (row["work"].value, row["member"].value)
        for name in kinds
        for row in real_store.query(
            f"SELECT ?work ?member WHERE {{ ?work a {name} ; ic:involves ?member . {inside} }}",
            prefixes=prefixes(),
        )
    }
    assert page.count('class="tie"') == len(expected)
    shown = {(row["work"].value, row["member"].value) for row in real_store.query(query_of(page))}
    assert shown == expected


@pytest.mark.parametrize("asked", ["kind=zz", "country=a b", "country=%22%3E", "kind=Project"])
def test_a_filter_that_no_one_could_have_chosen_is_refused(client, asked):
    assert client.get(f"/pictures/network?{asked}").status_code == 400


def test_the_bars_count_each_practice_that_tells_its_year_once(client, real_store):
    page = client.get("/pictures/years").text
    rows = list(real_store.query(query_of(page)))
    dated = sum(int(row["practices"].value) for row in rows if row["year"] is not None)
    whole = sum(int(row["practices"].value) for row in rows)
    assert sum(int(cells(row)[-1]) for row in rows_of_table(page)) == dated
    tips = re.findall(r'<g class="bar"><title>[^:]+: (\d+)', page)
    assert sum(map(int, tips)) == dated
    assert f"{whole - dated} of {whole} practices do not say when they began" in page


def test_a_square_counts_the_practices_that_its_link_leads_to(client, real_store):
    page = client.get("/pictures/topics").text
    rows = [row for row in real_store.query(query_of(page)) if row["topic"] and row["country"]]
    squares = re.findall(r'<g class="cell depth\d"><title>', page)
    assert len(squares) == len(rows) > 200
    table = "".join(rows_of_table(page))
    link = 'href="/practices?topic=refugees&amp;country=de"'
    count = re.search(f"{re.escape(link)}[^>]*>(\\d+)<", table)[1]
    listed = client.get("/practices?topic=refugees&country=de").text
    assert len(set(re.findall(r'href="(/doc/practice/[^"#?]+)"', listed))) == int(count)


def test_texts_of_the_graph_stay_texts(client):
    evil, city = NamedNode("javascript:alert(1)"), place("evil")
    name = Literal('</title></svg><script>alert("x")</script>\u0001&', language="en")
    hostile = client_over(
        (city, TYPE, ic("City")), (city, LABEL, name), (city, ic("country"), evil),
        (city, NamedNode(prefixes()["geo"] + "hasCentroid"), NamedNode(f"{city.value}#c")),
        (NamedNode(f"{city.value}#c"), NamedNode(prefixes()["geo"] + "asWKT"),
         Literal("POINT(10 50)")),
    )  # fmt: skip
    file = hostile.get("/pictures/map.svg")
    root = ET.fromstring(file.data)
    assert not list(root.iter(f"{SVG}script"))
    assert '<script>alert("x")' in "".join(root.itertext())
    page = hostile.get("/pictures/map").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_picture_of_as_many_rows_as_its_query_allows_says_that_there_may_be_more():
    work = NamedNode(f"{DEFAULT_BASE}id/project/large")
    members = [
        NamedNode(f"{DEFAULT_BASE}id/organisation/m{n}") for n in range(MOST_LINKS + 1)
    ]  # fmt: skip
    large = client_over(
        (work, TYPE, ic("Project")), *((work, ic("involves"), member) for member in members)
    )
    page = large.get("/pictures/network").text
    assert page.count('class="tie"') == MOST_LINKS
    assert f"The query gives no more than {MOST_LINKS} rows" in page


@pytest.mark.parametrize("name", NAMES)
def test_a_graph_of_nothing_has_no_picture_and_says_so(name):
    page = client_over().get(f"/pictures/{name}")
    assert page.status_code == 200
    assert "Nothing fits" in page.text


def map_of(app, kind: str, slug: str):
    with app.test_request_context("/"):
        site = app.extensions["icgraph"]
        reading = Reading(site.execution, site.base, "en")
        return place_map(read_view(reading, site.base.name_of(f"{DEFAULT_BASE}id/{kind}/{slug}")))


def test_the_page_of_a_place_can_show_where_it_is(app):
    svg = map_of(app, "place", "pl-lublin").svg
    assert svg.count("<circle") == 1
    assert "/pictures/land/europe.svg" in svg


def test_a_place_far_from_europe_is_shown_on_the_world(app):
    assert "/pictures/land/world.svg" in map_of(app, "place", "jp-hamamatsu").svg


def test_a_place_without_coordinates_has_no_map(app):
    assert map_of(app, "place", "it-rome") is None


@pytest.mark.parametrize("name", ["europe", "world"])
def test_the_ground_of_small_maps_is_a_file(client, name):
    root = ET.fromstring(client.get(f"/pictures/land/{name}.svg").data)
    assert len(list(root.iter(f"{SVG}path"))) > 60
