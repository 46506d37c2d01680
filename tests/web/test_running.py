"""The list of running queries, as people see it."""

import pytest

from icgraph.config import Settings
from icgraph.errors import ServiceNotReady
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.query.watch import Listing, Watch
from icgraph.store.tasks import Task
from icgraph.web import build_app
from icgraph.web.site import Site

TOKEN = "a token of sixteen characters"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watch():
    return Watch(log_clients="network")


@pytest.fixture
def client(engine, watch):
    return build_app(Site(engine, Base(DEFAULT_BASE), Settings(token=TOKEN), watch)).test_client()


def test_a_page_shows_the_queries_in_the_language_of_the_reader(client, watch):
    with watch.entry("ASK { ?s ?p '<b>' }", id="one", task=Task(), client="192.0.2.7"):
        page = client.get(
            "/sparql/queries",
            headers={**WITH_TOKEN, "Accept": "text/html", "Accept-Language": "fr"},
        )

    assert "<h1>Requêtes en cours</h1>" in page.text
    assert "1 requête en attente ou en cours" in page.text
    assert "ASK { ?s ?p &#39;&lt;b&gt;&#39; }" in page.text
    assert "192.0.2.0/24" in page.text
    assert "en attente</td>" in page.text


def test_a_page_says_when_a_process_did_not_tell_its_queries(client, watch, monkeypatch):
    monkeypatch.setattr(watch, "queries", lambda: Listing([], 2))

    page = client.get("/sparql/queries", headers={**WITH_TOKEN, "Accept": "text/html"})

    assert "2 processes did not answer" in page.text


def test_nobody_may_list_queries_where_no_token_is_set(engine, watch):
    client = build_app(Site(engine, Base(DEFAULT_BASE), Settings(), watch)).test_client()

    for headers in ({}, WITH_TOKEN, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert client.get("/sparql/queries", headers=headers).status_code == 401


def test_the_password_of_a_browser_is_the_token(client):
    reply = client.get("/sparql/queries", auth=("anybody", TOKEN))

    assert reply.json == {"queries": [], "silent": 0}


def test_a_query_is_stopped_by_its_id_without_a_token(client, watch):
    task = Task()
    with watch.entry("ASK {}", id="one", task=task):
        assert client.delete("/sparql/queries/one").status_code == 204

    assert task.error is not None
    assert client.delete("/sparql/queries/one").status_code == 404


def test_the_numbers_are_told_before_there_is_a_revision(client, engine, monkeypatch):
    def not_ready():
        raise ServiceNotReady("The graph is being built.")

    monkeypatch.setattr(engine, "head", not_ready)

    reply = client.get("/metrics")

    assert reply.status_code == 200
    assert "icgraph_revision 0.0" in reply.text
