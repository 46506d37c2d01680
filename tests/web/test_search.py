"""The page of results, the same as JSON, and suggestions."""

import json
import re

import pytest

from icgraph.config import Settings
from icgraph.discovery.entries import Entries, Entry
from icgraph.discovery.index import MemoryIndex
from icgraph.discovery.index_content import IndexHead
from icgraph.discovery.search import Search
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.embedded import EmbeddedEngine
from icgraph.web import build_app
from icgraph.web.exchange import EXCHANGE, Departure, Exchange
from icgraph.web.site import Site

BROWSER = {"Accept": "text/html"}
BASE = Base(DEFAULT_BASE)


@pytest.fixture(scope="module")
def index(real_store) -> MemoryIndex:
    entries = Entries(EmbeddedEngine(real_store), BASE)
    found = (entries.entry(name) for name in entries.names())
    return MemoryIndex([each for each in found if each], IndexHead(1, "revision 1"))


def client_over(engine, index):
    search = Search(index) if index else None
    return build_app(Site(engine, BASE, Settings(), search=search)).test_client()


@pytest.fixture
def client(engine, index):
    return client_over(engine, index)


def page(client, query: str, **headers: str) -> str:
    reply = client.get(f"/search?{query}", headers={**BROWSER, **headers})
    assert reply.status_code == 200
    return reply.text


def titles(text: str) -> list[str]:
    return re.findall(r'<h2><a href="/doc/([^"?]+)', text)


def test_results_lead_to_records(client):
    assert titles(page(client, "q=lodz"))[0] == "place/pl-lodz"


def test_topics_are_results_with_pages_of_their_own(client):
    text = page(client, "q=refugees")
    address = re.search(r'<h2><a href="([^"]+)"', text)[1]
    assert address == "/scheme/topic/refugees"
    assert client.get(address, headers=BROWSER).status_code == 200
    assert "Topics and other concepts" in text
    assert '<span class="tag">Topic</span>' in text
    first = client.get("/search?q=refugees&kind=concept&format=json").json["results"][0]
    assert first["iri"] == f"{DEFAULT_BASE}scheme/topic/refugees"
    assert (first["kind"], first["address"]) == ("concept", address)


def test_topics_are_suggested(client):
    first = client.get("/search/suggest?q=refug").json["suggestions"][0]
    assert first["address"] == "/scheme/topic/refugees"
    assert (first["name"], first["kindName"]) == ("Refugees", "Topic")
    school = client.get("/search/suggest?q=school&kind=concept").json["suggestions"][0]
    assert (school["kindName"], school["address"]) == (
        "Concept",
        "/scheme/organisation-type/school",
    )


def test_words_sought_are_marked_as_they_are_written(client):
    assert "<mark>Łódź</mark>" in page(client, "q=lodz")
    assert "<mark>réfugiés</mark>" in page(client, "q=REFUGIES&lang=fr").replace("R", "r")


def test_a_snippet_shows_the_words_in_a_short_piece(client):
    text = page(client, "q=monthly+coordinate+departments")
    assert "<mark>monthly</mark>" in text
    snippets = re.findall(r"<p>(.*?)</p>", text, re.DOTALL)
    assert all(len(re.sub("<[^>]*>", "", snippet)) < 400 for snippet in snippets)


def test_kinds_are_counted_and_can_be_chosen(client):
    text = page(client, "q=lublin")
    counted = re.search(r'href="([^"]*kind=project[^"]*)"[^>]*>Projects <span[^>]*>(\d+)<', text)
    assert counted
    chosen = page(client, counted[1].partition("?")[2].replace("&amp;", "&"))
    assert f" of {counted[2]}</p>" in chosen
    assert {title.partition("/")[0] for title in titles(chosen)} == {"project"}


def test_pages_follow_each_other(client):
    first, second = (titles(page(client, f"q=lublin&page={number}")) for number in (1, 2))
    assert len(first) == 20
    assert not set(first) & set(second)
    assert 'rel="next"' in page(client, "q=lublin")


def test_an_error_of_typing_is_told(client):
    text = page(client, "q=lublni")
    assert "“lublni”; it is read as “lublin”" in text
    assert titles(text)[0] == "place/pl-lublin"


def test_what_may_be_meant_is_offered(client):
    text = page(client, "q=Lublin+neuchx%C3%A2tlex")
    assert re.search(r'Did you mean <a href="/search\?q=Lublin\+neuchatel[^"]*">', text)


def test_nothing_found_is_said(client):
    text = page(client, "q=xqqqz")
    assert 'role="status">Nothing was found.' in text
    assert "No record has: xqqqz." in text


def test_without_a_question_the_page_says_what_can_be_asked(client):
    assert "lodz finds Łódź" in page(client, "")


def test_french_readers_get_french_names(client):
    text = page(client, "q=lublin+police&lang=fr")
    assert "Pologne" in text
    assert "Coopération policière" in re.sub("<[^>]*>", "", text)


@pytest.mark.parametrize(
    "query", ["q=a&kind=sources", "q=a&page=0", "q=a&page=51", "q=a&page=x", "q=a&format=xml"]
)
def test_impossible_parameters_are_explained(client, query):
    reply = client.get(f"/search?{query}")
    assert reply.status_code == 400
    assert reply.json["advice"]


def test_a_page_beyond_the_last_is_not_found(client):
    assert client.get("/search?q=lodz&page=9").status_code == 404


@pytest.mark.parametrize("by", [{"headers": {"Accept": "application/json"}}, {"format": "json"}])
def test_programs_get_json(client, by):
    address = "/search?q=lublni&kind=place" + ("&format=json" if "format" in by else "")
    reply = client.get(address, headers=by.get("headers", BROWSER))
    assert reply.mimetype == "application/json"
    assert reply.headers["ICGraph-Revision"] == "1"
    answer = reply.json
    assert answer["revision"] == 1
    assert answer["total"] == answer["counts"]["place"]
    assert answer["readAs"] == {"lublni": ["lublin"]}
    first = answer["results"][0]
    assert first["iri"] == f"{DEFAULT_BASE}id/place/pl-lublin"
    assert first["names"]["en"] == ["Lublin"]
    assert first["address"] == "/doc/place/pl-lublin"


def test_the_formats_are_told_apart_by_caches(client):
    html, data = (
        client.get("/search?q=lodz", headers={"Accept": accept})
        for accept in ("text/html", "application/json")
    )
    assert html.headers["ETag"] != data.headers["ETag"]
    assert "Accept" in html.headers["Vary"]
    again = client.get("/search?q=lodz", headers={**BROWSER, "If-None-Match": html.headers["ETag"]})
    assert again.status_code == 304


def test_names_are_suggested(client):
    answer = client.get("/search/suggest?q=n%C3%A9uch").json
    assert answer["revision"] == 1
    first = answer["suggestions"][0]
    assert first["name"] == "Neuchâtel"
    assert first["kindName"] == "Place"
    assert first["where"] == "Switzerland"
    assert first["address"] == "/doc/place/ch-neuchatel"


def test_suggestions_can_be_of_one_kind(client):
    suggestions = client.get("/search/suggest?q=lublin&kind=project").json["suggestions"]
    assert {each["kind"] for each in suggestions} == {"project"}
    assert client.get("/search/suggest?q=lublin&kind=nothing").status_code == 400


def test_a_name_in_another_language_is_suggested_as_it_was_typed(client):
    answer = client.get("/search/suggest?q=%D0%BB%D1%8E%D0%B1%D0%BB").json
    first = answer["suggestions"][0]
    assert (first["name"], first["language"]) == ("Люблін", "uk")


def test_an_index_that_is_behind_says_so_and_is_not_remembered(engine, index):
    engine.revision = 2
    client = client_over(engine, index)
    for address in ("/search/suggest?q=lod", "/search?q=lodz"):
        exchange = Exchange(Departure())
        reply = client.get(address, headers=BROWSER, environ_overrides={EXCHANGE: exchange})
        assert exchange.lasts is None
    assert "These results are of revision 1." in reply.text


def test_an_index_that_is_up_to_date_is_remembered(client):
    exchange = Exchange(Departure())
    reply = client.get("/search?q=lodz", headers=BROWSER, environ_overrides={EXCHANGE: exchange})
    assert exchange.lasts is not None
    assert "catching up" not in reply.text


def test_an_index_that_moved_on_has_another_tag(engine, index):
    behind = client_over(engine, index).get("/search?q=lodz").headers["ETag"]
    moved = MemoryIndex([], IndexHead(2, "revision 2"))
    assert client_over(engine, moved).get("/search?q=lodz").headers["ETag"] != behind


def test_names_and_texts_cannot_bring_markup(engine):
    hostile = Entry(
        RecordName("practice", "hostile"),
        (("<script>alert(1)</script> bridge", "de"),),
        (),
        (),
        (('<img src=x onerror="alert(1)"> bridge', "en"),),
    )
    client = client_over(engine, MemoryIndex([hostile], IndexHead(1, "revision 1")))
    text = page(client, "q=bridge+%3Cscript%3E")
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert '<span lang="de">&lt;<mark>script</mark>&gt;' in text


@pytest.mark.parametrize("text", ['"', "lublin*", "NEAR(a b)", "a\x00b", "x" * 10_000])
def test_no_text_breaks_the_page(client, text):
    for address in ("/search", "/search/suggest"):
        reply = client.get(address, query_string={"q": text}, headers=BROWSER)
        assert reply.status_code == 200


def test_a_plain_store_has_no_search(engine):
    reply = client_over(engine, None).get("/search?q=a", headers={"Accept": "application/json"})
    assert reply.status_code == 404
    assert json.loads(reply.data)["advice"]
