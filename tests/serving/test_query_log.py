"""The query log of a real service with two HTTP processes, on its standard error."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Server, wait_until

MANY = 60


@pytest.fixture
def start(built_home, tmp_path):
    """Start a server with the given environment."""
    started = []

    def start(**environment):
        shutil.copytree(built_home, tmp_path / "home")
        started.append(Server(tmp_path / "home", environment=environment).start())
        return started[0]

    yield start
    started[0].stop()


def lines(server):
    return [json.loads(line) for line in server.printed if line.startswith("{")]


def ask_at_once(server):
    with ThreadPoolExecutor(8) as clients:
        for reply in clients.map(
            lambda number: server.query(f"ASK {{ BIND ('secret {number}' AS ?n) }}"), range(MANY)
        ):
            assert reply.status == 200


def test_every_query_is_one_whole_line_of_its_own(start):
    server = start(ICGRAPH_LOG_CLIENTS="network")

    ask_at_once(server)
    server.query("SELECT nonsense", Query_Id="wrong-1")

    assert wait_until(lambda: len(lines(server)) == MANY + 1, 10)
    found = lines(server)
    assert len({line["hash"] for line in found}) == MANY + 1
    assert {line["client"] for line in found} == {"127.0.0.0/24"}
    assert [line["id"] for line in found if line["outcome"] == "syntax-invalid"] == ["wrong-1"]
    answered = [line for line in found if line["outcome"] == "ok"]
    assert len(answered) == MANY
    for line in answered:
        assert line["revision"] == 1
        assert line["bytes"] > 0
        assert line["format"] == "application/sparql-results+json"
        assert 0 < line["evaluation"] <= line["duration"]


def test_without_the_setting_no_client_is_logged_and_never_a_text(start):
    server = start()

    ask_at_once(server)

    assert wait_until(lambda: len(lines(server)) == MANY, 10)
    assert all("client" not in line for line in lines(server))
    assert not any("secret" in line or "127.0.0" in line for line in server.printed)
