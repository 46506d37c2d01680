"""The numbers of a real service: the same from every process, and true after a kill."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Server, clean_environment, wait_until
from tests.faults.processes import http_processes

#: Requests on connections of their own: with so many, both processes have answered.
MANY = 12


@pytest.fixture(scope="module")
def server(built_home, tmp_path_factory):
    home = tmp_path_factory.mktemp("metrics") / "home"
    shutil.copytree(built_home, home)
    started = Server(home).start()
    yield started
    started.stop()


def numbers(text):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(server):
    return numbers(server.get("/metrics").text)


def answered(server):
    found = read(server)
    return sum(found.get(("icgraph_queries_total", how, "query"), 0) for how in ("ok", "cached"))


def replaced(server, killed):
    """Whether two others answer; a connection to the killed process may still be reset."""
    with suppress(OSError):
        both = read(server)["icgraph_http_processes", "answering"] == 2
        return both and killed not in http_processes(server)


def test_counts_are_those_of_the_whole_service_whichever_process_tells_them(server):
    before = answered(server)

    for number in range(MANY):
        assert server.query(f"ASK {{ BIND ({number} AS ?n) }}").status == 200

    assert [answered(server) - before for _ in range(MANY)] == [MANY] * MANY


def test_a_killed_http_process_takes_no_count_with_it(server):
    assert server.query("ASK {}").status == 200
    before = answered(server)
    killed = http_processes(server)[0]

    os.kill(killed, signal.SIGKILL)

    assert wait_until(lambda: replaced(server, killed), 20)
    for number in range(MANY):
        assert server.query(f"ASK {{ BIND ({number} AS ?again) }}").status == 200
    assert answered(server) == before + MANY


def test_answers_from_the_memory_of_the_service_are_counted_too(server):
    before = answered(server)
    cached = ("icgraph_queries_total", "cached", "query")
    cached_before = read(server).get(cached, 0)

    for _ in range(MANY):
        assert server.query("ASK { BIND ('the same again' AS ?s) }").status == 200

    assert answered(server) == before + MANY
    assert read(server)[cached] >= cached_before + MANY - 2  # each process evaluates it once
    assert read(server)["icgraph_cache_results",] > 1
    assert read(server)["icgraph_cache_bytes",] > 100


def test_errors_are_counted_by_their_code(server):
    refused = ("icgraph_queries_total", "query", "query-refused")
    before = read(server).get(refused, 0)

    server.query("SELECT * { SERVICE <http://127.0.0.1:9/> {} }")

    assert read(server)[refused] == before + 1


def test_the_processes_tell_their_memory_and_the_revision(server):
    found = read(server)

    assert found["icgraph_revision",] == 1
    for part in ("http", "workers", "parent"):
        assert found["icgraph_memory_bytes", part] > 1_000_000


def test_nobody_keeps_the_numbers(server):
    reply = server.get("/metrics")

    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Content-Type"].startswith("text/plain; version=")


def test_another_wsgi_server_on_the_same_home_is_part_of_the_service(server):
    program = (
        "from pathlib import Path; import sys\n"
        "from icgraph.config import Settings; from icgraph.web import create_app\n"
        "client = create_app(Settings(home=Path(sys.argv[1]))).test_client()\n"
        "assert client.get('/sparql?query=ASK{}').status_code == 200\n"
        "print(client.get('/metrics').text)\n"
    )
    before = answered(server)

    foreign = subprocess.run(
        [sys.executable, "-c", program, str(server.home)],
        env=clean_environment(),
        cwd=Path(server.home).parent,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )

    assert numbers(foreign.stdout)["icgraph_http_processes", "answering"] == 3
    assert answered(server) == before + 1
    assert read(server)["icgraph_http_processes", "answering"] == 2
