"""The home page and the lists."""

import re

import pytest

from icgraph.discovery.lists import PAGE_LENGTH
from icgraph.model.kinds import KINDS

BROWSER = {"Accept": "text/html"}


def _titles(page: str) -> list[str]:
    return re.findall(r'<article class="card">\s*<h[23]><a href="/doc/([^"]+)"', page)


def test_the_home_page_counts_what_there_is(client):
    page = client.get("/", headers=BROWSER).text
    assert "<strong>389</strong> Practices" in page


def test_the_home_page_asks_and_answers(client):
    page = client.get("/", headers=BROWSER).text
    assert 'action="/search"' in page
    assert page.count('href="/sparql?query=') == 3


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_has_a_list(client, kind):
    page = client.get(f"/{kind.path}", headers=BROWSER)
    assert page.status_code == 200
    assert _titles(page.text)


def test_pages_of_a_list_follow_each_other(client):
    first = _titles(client.get("/practices", headers=BROWSER).text)
    second = _titles(client.get("/practices?page=2", headers=BROWSER).text)
    assert len(first) == len(second) == PAGE_LENGTH
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=integration+support", "practice/integration-support-group"),
        ("q=SUPPORT+Lublin", "practice/integration-support-group"),
        ("q=soutien", "practice/integration-support-group"),
        ("country=pl&topic=political-public-participation", "practice/integration-support-group"),
    ],
)
def test_a_filter_finds(client, query, found):
    assert found in _titles(client.get(f"/practices?{query}", headers=BROWSER).text)


def test_words_are_found_without_their_marks(client):
    with_marks = _titles(client.get("/places?q=Neuchâtel", headers=BROWSER).text)
    without = _titles(client.get("/places?q=neuchatel", headers=BROWSER).text)
    assert with_marks == without
    assert "place/ch-neuchatel" in without


@pytest.mark.parametrize(
    ("words", "same"),
    [("lodz", "Łódź"), ("BODO", "Bodø"), ("tanger tetouan", "Tanger-Tétouan")],
)
def test_words_are_found_however_they_are_written(client, words, same):
    found = [
        client.get("/places", query_string={"q": text, "format": "json"}).json["records"]
        for text in (words, same)
    ]
    assert found[0] == found[1] != []


def test_every_word_must_fit(client):
    page = client.get("/practices?q=lublin+zzzz", headers=BROWSER).text
    assert not _titles(page)
    assert "Nothing fits." in page


@pytest.mark.parametrize("text", ['" } #', "\\", "{{7*7}}", "<b>", "UNDEF", "a\x00b", "x" * 5000])
def test_no_text_breaks_the_search(client, text):
    page = client.get("/practices", query_string={"q": text}, headers=BROWSER)
    assert page.status_code == 200
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=-1", "page=²", "topic=A+B", "country=%22"]
)
def test_impossible_parameters_are_explained(client, query):
    reply = client.get(f"/practices?{query}")
    assert reply.status_code == 400
    assert reply.json["advice"]


def test_a_page_beyond_the_last_is_not_found(client):
    assert client.get("/practices?page=99").status_code == 404


def test_topics_lead_to_their_practices(client):
    page = client.get("/topics", headers=BROWSER).text
    counted = re.findall(
        r'href="/practices\?topic=refugees">[^<]*</a> <span class="count">(\d+)', page
    )
    total = client.get("/practices?topic=refugees", headers=BROWSER).text
    assert f" of {counted[0]}</span>" in total


def test_an_unchanged_list_is_not_sent_again(client):
    tag = client.get("/practices", headers=BROWSER).headers["ETag"]
    assert client.get("/practices", headers={**BROWSER, "If-None-Match": tag}).status_code == 304
