"""Running queries of a real service with two HTTP processes: seen, stopped, and not run twice."""

import json
import shutil
import threading
import time
import urllib.parse

import pytest

from tests.conftest import Server, wait_until

TOKEN = "a token of sixteen characters"
LONG = "SELECT (COUNT(*) AS ?n) # <script>\nWHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
#: Requests on connections of their own: with so many, both processes have answered.
MANY = 12


@pytest.fixture(scope="module")
def server(built_home, tmp_path_factory):
    home = tmp_path_factory.mktemp("running") / "home"
    shutil.copytree(built_home, home)
    started = Server(home, environment={"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


class LongQuery:
    """A query without end, asked in a thread."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.address = f"/sparql/queries/{name}"
        self.thread = threading.Thread(target=self._ask)

    def _ask(self):
        self.reply = self.server.get(
            "/sparql?" + urllib.parse.urlencode({"query": LONG, "id": self.name, "timeout": 25})
        )
        self.ended = time.monotonic()

    def __enter__(self):
        self.thread.start()
        assert wait_until(lambda: self.server.get(self.address).status == 200, 10)
        return self

    def __exit__(self, *_):
        self.server.get(self.address, method="DELETE")
        self.thread.join()


def told(reply):
    return json.loads(reply.body)


def listed(server):
    reply = server.get("/sparql/queries", Authorization=f"Bearer {TOKEN}")
    assert reply.status == 200
    return told(reply)


def test_a_running_query_is_listed_by_any_process(server):
    with LongQuery(server, "listed") as query:
        for _ in range(MANY):
            (found,) = listed(server)["queries"]
            assert found["id"] == query.name
            assert found["text"] == LONG
            assert found["state"] in {"waiting", "running", "long"}
            assert found["seconds"] < 25
            assert "client" not in found

    assert listed(server) == {"queries": [], "silent": 0}


def test_a_running_query_becomes_a_long_one(server):
    with LongQuery(server, "becomes-long") as query:
        assert wait_until(lambda: told(server.get(query.address))["state"] == "long", 10)


def test_whoever_knows_the_id_stops_the_query_and_its_client_is_told_at_once(server):
    for attempt in range(4):  # its process, or the other: as connections fall
        query = LongQuery(server, f"stopped-{attempt}")
        with query:
            begun = time.monotonic()
            assert server.get(query.address, method="DELETE").status == 204

        assert query.ended - begun < 2
        assert query.reply.status == 409
        assert told(query.reply)["code"] == "query-stopped"
        assert query.reply.headers["Query-Id"] == query.name
        assert server.get(query.address).status == 404


def test_an_id_that_runs_is_refused_by_any_process(server):
    with LongQuery(server, "taken") as query:
        for _ in range(MANY):
            reply = server.get(f"/sparql?id={query.name}&query=ASK%7B%7D")
            assert (reply.status, told(reply)["code"]) == (409, "query-id-taken")

    assert server.get(f"/sparql?id={query.name}&query=ASK%7B%7D").status == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_id_that_runs_nowhere_is_not_found(server, method):
    reply = server.get("/sparql/queries/nobody", method=method)

    assert reply.status == 404
    assert told(reply)["code"] == "not-found"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc="])
def test_listing_all_needs_the_token(server, authorization):
    headers = {"Authorization": authorization} if authorization else {}

    reply = server.get("/sparql/queries", **headers)

    assert (reply.status, told(reply)["code"]) == (401, "token-needed")
    # Chromium takes a header for one challenge: after Bearer it would not see Basic.
    challenges = reply.headers.get_all("WWW-Authenticate")
    assert [challenge.split()[0] for challenge in challenges] == ["Basic", "Bearer"]


def test_a_browser_gets_a_page_whose_texts_are_harmless(server):
    with LongQuery(server, "on-the-page"):
        reply = server.get("/sparql/queries", Accept="text/html", Authorization=f"Bearer {TOKEN}")

    assert reply.status == 200
    assert "on-the-page" in reply.text
    assert "# &lt;script&gt;" in reply.text
    assert "<script" not in reply.text


def test_nothing_about_running_queries_is_kept_by_caches(server):
    with LongQuery(server, "not-kept") as query:
        for path in ("/sparql/queries", query.address):
            reply = server.get(path, Authorization=f"Bearer {TOKEN}")
            assert reply.headers["Cache-Control"] == "no-store"
