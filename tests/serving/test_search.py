"""The search of a real server: it follows the graph, and comes back from any harm."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import Server, wait_until
from tests.faults.processes import children, command, running

TOKEN = "0123456789abcdef"
NAMED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { <https://w3id.org/icgraph/id/place/pl-lublin> skos:altLabel "%s"@en }
"""
SECONDS = 60


@pytest.fixture(scope="module")
def served(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("sought") / "home"
    shutil.copytree(built_home, home)
    started = Server(home, environment={"ICGRAPH_TOKEN": TOKEN}).start()
    yield started
    started.stop()


def indexer(server: Server) -> int | None:
    found = (pid for pid in children(server.process.pid) if running(pid))
    return next((pid for pid in found if "icgraph.discovery.indexer" in command(pid)), None)


def names_found(server: Server, text: str) -> list[str]:
    reply = server.get(f"/search?format=json&q={quote(text)}")
    if reply.status == 503:
        return []
    assert reply.status == 200, reply.text
    return [result["iri"].rpartition("/")[2] for result in json.loads(reply.body)["results"]]


def call_lublin(server: Server, name: str) -> int:
    reply = server.get(
        "/sparql",
        data=(NAMED % name).encode(),
        Content_Type="application/sparql-update",
        Authorization=f"Bearer {TOKEN}",
    )
    assert reply.status == 204, reply.text
    return int(reply.headers["ICGraph-Revision"])


def found_soon(server: Server, name: str) -> bool:
    return wait_until(lambda: "pl-lublin" in names_found(server, name), SECONDS)


def test_a_recorded_change_is_found(served: Server) -> None:
    assert "pl-lublin" not in names_found(served, "zebratown")
    revision = call_lublin(served, "Zebratown")
    assert found_soon(served, "zebratown")
    # Both HTTP processes answer from it, and from nothing that they remember of before.
    for _ in range(10):
        reply = served.get("/search?format=json&q=zebratown")
        assert json.loads(reply.body)["revision"] == revision
        assert json.loads(reply.body)["total"] >= 1


@pytest.mark.prove
def test_a_killed_indexer_is_replaced_and_catches_up(served: Server) -> None:
    killed = indexer(served)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    call_lublin(served, "Quaggaville")
    assert found_soon(served, "quaggaville")
    assert indexer(served) != killed


def test_a_deleted_index_comes_back(served: Server) -> None:
    for path in (served.home / "search").iterdir():
        path.unlink()
    assert wait_until(lambda: "pl-lublin" in names_found(served, "lublin"), SECONDS)


@pytest.mark.prove
def test_a_damaged_index_comes_back(served: Server) -> None:
    folder = served.home / "search"
    name = (folder / "current").read_text().strip()
    with (folder / name).open("r+b") as file:
        file.write(b"\xff" * (folder / name).stat().st_size)
    (folder / f"{name}-wal").unlink(missing_ok=True)
    call_lublin(served, "Okapiton")
    assert found_soon(served, "okapiton")


def test_the_indexer_ends_with_its_server(built_home: Path, tmp_path: Path) -> None:
    shutil.copytree(built_home, tmp_path / "home")
    server = Server(tmp_path / "home").start()
    assert wait_until(lambda: indexer(server) is not None, SECONDS)
    pid = indexer(server)
    assert pid is not None
    server.process.kill()
    assert wait_until(lambda: not running(pid), SECONDS)
    server.stop()


def test_a_bare_server_has_no_indexer(bare_server: Server) -> None:
    assert indexer(bare_server) is None
    assert bare_server.get("/search?q=a").status == 404
