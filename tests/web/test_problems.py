"""Errors as answers."""

import re

import pytest

from icgraph.errors import ICGraphError, QueueFull, ResultTooLarge, TimeLimitExceeded
from tests.web.conftest import InProcess

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


def test_a_machine_gets_a_problem(client):
    reply = client.get("/nothing")
    assert reply.status_code == 404
    assert reply.mimetype == "application/problem+json"
    assert reply.json["status"] == 404
    assert reply.json["type"].endswith("/problems/not-found")
    assert "/nothing" in reply.json["detail"]


def test_a_person_gets_a_page(client):
    reply = client.get("/nothing?lang=fr", headers=BROWSER)
    assert reply.mimetype == "text/html"
    assert "Introuvable" in reply.text


def test_the_type_of_a_problem_leads_to_its_meaning(client):
    assert client.get("/problems/time-limit", headers=BROWSER).status_code == 200
    assert client.get("/problems/nonsense").status_code == 404


def test_a_method_that_is_not_taken_is_named(client):
    reply = client.delete("/topics")
    assert reply.status_code == 405
    assert set(reply.json["allowed"]) == {"GET", "HEAD", "OPTIONS"}
    assert "GET" in reply.headers["Allow"]


def test_a_busy_service_says_when_to_come_back(client, monkeypatch):
    def busy(_self: InProcess) -> str:
        raise QueueFull(
            "Too many queries wait.", advice="Try again.", limit="queue_length", value=64
        )

    monkeypatch.setattr(InProcess, "fingerprint", busy)
    reply = client.get("/topics", headers=BROWSER)
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert "Too many queries wait." in reply.text


@pytest.mark.parametrize("kind", [ResultTooLarge, TimeLimitExceeded])
def test_no_client_is_told_to_repeat_what_will_go_over_its_limit_again(
    client, monkeypatch, kind: type[ICGraphError]
):
    def over(_self: InProcess) -> str:
        raise kind("Over a limit.", limit="a_limit", value=1)

    monkeypatch.setattr(InProcess, "fingerprint", over)
    reply = client.get("/topics")
    assert reply.status_code == 503
    assert "Retry-After" not in reply.headers
    assert list(reply.json)[:4] == ["type", "title", "status", "detail"]
    assert (reply.json["limit"], reply.json["value"]) == ("a_limit", 1)


def test_an_unexpected_error_is_logged_and_not_shown(client, monkeypatch, capsys):
    def broken(_self: InProcess, _query: str) -> int:
        private = "what " + "somebody asked"
        raise RuntimeError(f"secret path {len(private)}")

    monkeypatch.setattr(InProcess, "rows", broken)
    reply = client.get("/topics")
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "RuntimeError" not in reply.text
    logged = "".join(capsys.readouterr())
    assert "RuntimeError: secret path" in logged
    assert "in broken" in logged
    assert "what somebody asked" not in logged


@pytest.mark.parametrize(
    "address", ["/", "/nothing", "/doc/practice/integration-support-group.ttl", "/topics"]
)
def test_every_answer_may_be_read_from_other_sites(client, address):
    assert client.get(address).headers["Access-Control-Allow-Origin"] == "*"


def test_a_preflight_is_answered(client):
    reply = client.options(
        "/topics", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
    )
    assert reply.status_code == 200
    assert "GET" in reply.headers["Access-Control-Allow-Methods"]
    assert "Accept" in reply.headers["Access-Control-Allow-Headers"]
    assert "Content-Type" not in reply.headers


def scripts(page: str) -> list[str]:
    return re.findall(r"<script[^>]*", page)


@pytest.mark.parametrize("address", ["/", "/nothing"])
def test_pages_run_nothing_and_fetch_nothing_from_elsewhere(client, address):
    reply = client.get(address, headers=BROWSER)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in reply.headers
    assert all(tag.startswith('<script defer src="/static/') for tag in scripts(reply.text))
    assert 'style="' not in reply.text
