"""The quality page of a real server: it follows what is published, and comes back when killed."""

import csv
import io
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph

from tests.conftest import Server, wait_until
from tests.faults.processes import children, command, running

TOKEN = "0123456789abcdef"
LUBLIN = "https://w3id.org/icgraph/id/place/pl-lublin"
SECONDS = 90


@pytest.fixture(scope="module")
def served(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("assessed") / "home"
    shutil.copytree(built_home, home)
    started = Server(home, environment={"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


def assessed(server: Server) -> dict:
    reply = server.get("/quality.json")
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


def change(server: Server, update: str) -> int:
    reply = server.get(
        "/sparql",
        data=update.encode(),
        Content_Type="application/sparql-update",
        Authorization=f"Bearer {TOKEN}",
    )
    assert reply.status == 204, reply.text
    return int(reply.headers["ICGraph-Revision"])


def assessor(server: Server) -> int | None:
    found = (pid for pid in children(server.process.pid) if running(pid))
    return next((pid for pid in found if "icgraph.catalogue.assessing" in command(pid)), None)


def test_all_formats_tell_the_same_findings(served: Server) -> None:
    findings = assessed(served)["findings"]
    assert findings
    rows = list(csv.DictReader(io.StringIO(served.get("/quality.csv").text)))
    assert len(rows) == len(findings)
    graph = Graph().parse(data=served.get("/quality.ttl").text, format="turtle")
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == len(findings)


def test_a_rule_and_a_severity_choose_findings(served: Server) -> None:
    findings = assessed(served)["findings"]
    rule = findings[0]["shape"]["value"]
    chosen = json.loads(served.get(f"/quality.json?severity=info&rule={rule}").body)["findings"]
    expected = [each for each in findings if each["shape"]["value"] == rule]
    assert chosen == [each for each in expected if each["severity"] == "info"]
    assert served.get("/quality?severity=grave").status == 400


def test_the_page_follows_what_is_published(served: Server) -> None:
    revision = change(
        served,
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f'INSERT DATA {{ <{LUBLIN}> skos:altLabel "Zebratown"@en }}',
    )
    assert wait_until(lambda: assessed(served)["revision"] == revision, SECONDS)
    page = served.get("/quality", Accept="text/html").text
    assert f"/changes/{revision}" in page


@pytest.mark.prove
def test_a_killed_assessor_is_replaced_and_catches_up(served: Server) -> None:
    killed = assessor(served)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    revision = change(
        served,
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        f'INSERT DATA {{ <{LUBLIN}> skos:altLabel "Quaggaville"@en }}',
    )
    assert wait_until(lambda: assessed(served)["revision"] == revision, SECONDS)
    assert assessor(served) != killed
