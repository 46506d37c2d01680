"""A citation can be run again: the answer of a revision stays what it was."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import ICGRAPH, Reply, Server, clean_environment, wait_until

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "home", options=("--bare",)).start()
    yield started
    started.stop()


def grow(server: Server, number: int) -> None:
    text = f"<http://example.org/{number}> <http://example.org/p> {number} ."
    reply = server.get("/data?default", data=text.encode(), Content_Type="text/turtle")
    assert reply.status in {200, 201, 204}, reply.text


def count(reply: Reply) -> int:
    assert reply.status == 200, reply.text
    return int(reply.text.split()[1])


def cited(server: Server, reply: Reply) -> str:
    match = re.search(r"<([^>]+)>; rel=\"?cite-as", reply.headers["Link"])
    assert match, reply.headers["Link"]
    parts = urlsplit(match[1])
    return f"{parts.path}?{parts.query}"


def test_the_pinned_link_of_an_answer_gives_the_same_bytes_after_many_changes(bare: Server) -> None:
    grow(bare, 1)
    first = bare.query(COUNT, Accept="text/csv")
    address = cited(bare, first)
    for number in range(2, 12):
        grow(bare, number)
    assert count(bare.query(COUNT, Accept="text/csv")) == 11

    again = bare.get(address, Accept="text/csv")
    if again.status != 200:
        assert (again.status, again.headers["Retry-After"]) == (503, "5")
        assert wait_until(lambda: bare.get(address, Accept="text/csv").status == 200, 20)
        again = bare.get(address, Accept="text/csv")
    assert again.body == first.body
    assert again.headers["ICGraph-Revision"] == first.headers["ICGraph-Revision"]
    assert "immutable" in again.headers["Cache-Control"]


def test_a_rebuilt_revision_is_kept_while_the_graph_grows(bare: Server) -> None:
    for number in range(8):
        grow(bare, number)
    address = f"/sparql?query={COUNT.replace(' ', '+').replace('?', '%3F')}&revision=3"
    assert wait_until(lambda: bare.get(address, Accept="text/csv").status == 200, 20)
    for number in range(8, 16):
        grow(bare, number)
    assert count(bare.get(address, Accept="text/csv")) == 2


@pytest.mark.prove
def test_the_first_revision_survives_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for number in range(3):
        file = tmp_path / f"{number}.ttl"
        file.write_text(f"<http://example.org/{number}> <http://example.org/p> {number} .")
        subprocess.run(
            [ICGRAPH, "load", "--bare", "--home", str(home), str(file)],
            check=True,
            env=clean_environment(),
            capture_output=True,
        )
    server = Server(home, options=("--bare",)).start()
    try:
        address = f"/sparql?query={COUNT.replace(' ', '+').replace('?', '%3F')}&revision=2"
        assert wait_until(lambda: server.get(address, Accept="text/csv").status == 200, 20)
        assert count(server.get(address, Accept="text/csv")) < count(
            server.query(COUNT, Accept="text/csv")
        )
    finally:
        server.stop()
