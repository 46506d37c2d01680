"""Texts and IRIs of the graph that want to run, on every page: they stay what they are, texts."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pyoxigraph import Quad, RdfFormat, serialize

from icgraph.model.kinds import KINDS
from icgraph.store.packaged import packaged_dataset
from tests.conftest import ICGRAPH, Server, clean_environment
from tests.web.hostile import DATA, LINK, hostile_beside
from tests.web.inert import MARK, dangers
from tests.web.routes import PRACTICE, ROUTES

pytestmark = pytest.mark.alone  # too long for `make test`; the gate runs it

BASE = "https://w3id.org/icgraph/"
BROWSER = "text/html"
CONCEPT = f"{BASE}scheme/topic/refugees"
TERM = f"{BASE}ns/Practice"


def _chosen(quads: list[Quad]) -> list[str]:
    """A record of each kind, and what else has a page: what is said of them turns hostile."""
    documents = sorted(
        {quad.subject.value for quad in quads if quad.subject.value.startswith(BASE)}
    )
    found = [CONCEPT, TERM, f"{BASE}changes/1", f"{BASE}id{PRACTICE.removeprefix('/doc')}"]
    for kind in KINDS:
        start = f"{BASE}id/{kind}/"
        found.append(next(each for each in documents if each.startswith(start)))
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the packaged graph with hostile values beside the honest ones."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    quads = list(packaged_dataset())
    file = folder / "hostile.nq"
    file.write_bytes(
        serialize({*quads, *hostile_beside(quads, _chosen(quads))}, format=RdfFormat.N_QUADS) or b""
    )
    subprocess.run(
        [ICGRAPH, "load", "--bare", "--home", str(folder / "home"), str(file)],
        env=clean_environment(),
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    server = Server(folder / "home", ("--bare",)).start()
    yield server
    server.stop()


def addresses() -> list[str]:
    """A page of each route, and one record of each kind."""
    chosen = [each.removeprefix(BASE) for each in _chosen(list(packaged_dataset()))]
    records = [f"/doc/{each.removeprefix('id/')}" for each in chosen if each.startswith("id/")]
    queries = (
        f"SELECT ?a ?b {{ BIND (<{DATA.value}> AS ?a) BIND (<{LINK.value}> AS ?b) }}",
        f"SELECT ?p ?o {{ <{BASE}id{PRACTICE.removeprefix('/doc')}> ?p ?o }}",
        f"DESCRIBE <{BASE}id{PRACTICE.removeprefix('/doc')}>",
    )
    asked = [f"/sparql?{urlencode({'query': text})}" for text in queries]
    others = [route.path for route in ROUTES.values() if route.status == 200]
    others += [route.unknown for route in ROUTES.values() if route.unknown]
    listed = [f"/{kind.path}" for kind in KINDS.values()]
    return list(dict.fromkeys([*others, *records, "/ns/Practice", *listed, *asked]))


@pytest.mark.parametrize("path", addresses())
def test_nothing_of_the_graph_runs_in_a_page(hostile: Server, path: str) -> None:
    reply = hostile.get(path, Accept=BROWSER)
    # Some pages are not there over a plain store, or are no pages; none may fail.
    assert reply.status in {200, 404, 406}
    if reply.headers.get_content_type() == "text/html":
        assert dangers(reply.text) == []


def test_the_hostile_texts_are_on_the_pages(hostile: Server) -> None:
    page = hostile.get(PRACTICE, Accept=BROWSER).text
    assert page.count(MARK) > 5
    assert "javascript:alert(1)" in page
