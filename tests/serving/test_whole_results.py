"""Large results come whole, with their length, and pass the HTTP processes without staying there.

`make test` asks for a million rows, `make prove` for ten.
"""

import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.faults.processes import http_processes

pytestmark = pytest.mark.alone

MEBIBYTE = 1_048_576
LIMITS = {
    "ICGRAPH_RESULT_ROWS": "20000000",
    "ICGRAPH_RESULT_BYTES": str(2048 * MEBIBYTE),
    "ICGRAPH_SPOOL_BYTES": str(40_960 * MEBIBYTE),
    "ICGRAPH_QUERY_SECONDS": "600",
}
#: What an HTTP process may grow by beside a result of any size: blocks on their way, no more.
FLAT = 64


@pytest.fixture
def generous(home: Path) -> Iterator[Server]:
    started = Server(home, environment=LIMITS).start()
    yield started
    started.stop()


def resident(server: Server) -> int:
    """The largest memory of an HTTP process, in MiB."""
    sizes = [0]
    for pid in http_processes(server):
        with suppress(FileNotFoundError, ProcessLookupError):
            status = Path(f"/proc/{pid}/status").read_text()
            sizes.append(int(status.partition("VmRSS:")[2].split()[0]) // 1024)
    return max(sizes)


@contextmanager
def growth(server: Server) -> Iterator[list[int]]:
    """Fills the list with how much an HTTP process has grown at most, in MiB."""
    before = most = resident(server)
    left = threading.Event()
    grown: list[int] = []

    def watch() -> None:
        nonlocal most
        while not left.wait(0.1):
            most = max(most, resident(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield grown
    finally:
        left.set()
        watcher.join()
        grown.append(most - before)


def rows_of(server: Server, rows: int) -> tuple[int, int, int, bytes]:
    """Ask for so many rows: the length announced, the bytes read, the rows among them, the end."""
    text = (
        "SELECT ?x { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } { SELECT ?x { ?s ?p ?x . ?t ?q ?y } "
        f"LIMIT {rows // 10} }} }}"
    )
    data = urllib.parse.urlencode({"query": text, "format": "tsv"}).encode()
    length = lines = 0
    end = b""
    with urllib.request.urlopen(server.address + "/sparql", data, timeout=600) as answer:
        announced = int(answer.headers["Content-Length"])
        while block := answer.read(MEBIBYTE):
            length += len(block)
            lines += block.count(b"\n")
            end = block[-1:]
    return announced, length, lines - 1, end


def assert_whole_and_flat(server: Server, rows: int) -> None:
    with growth(server) as grown:
        announced, length, found, end = rows_of(server, rows)
    assert length == announced > rows
    assert found == rows
    assert end == b"\n"
    assert grown[0] < FLAT
    assert not list((server.home / "spool").iterdir())


def test_a_million_rows_come_whole_and_leave_the_http_processes_flat(generous: Server) -> None:
    assert_whole_and_flat(generous, 1_000_000)


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_ten_million_rows_come_whole_and_leave_the_http_processes_flat(generous: Server) -> None:
    assert_whole_and_flat(generous, 10_000_000)


def test_a_row_too_many_is_refused_whole(home: Path) -> None:
    server = Server(home, environment={"ICGRAPH_RESULT_ROWS": "1000"}).start()
    try:
        whole = server.query("SELECT * { ?s ?p ?o } LIMIT 1000", Accept="text/csv")
        refused = server.query("SELECT * { ?s ?p ?o } LIMIT 1001", Accept="text/csv")
    finally:
        server.stop()
    assert (whole.status, len(whole.text.splitlines())) == (200, 1001)
    assert refused.status == 503
    assert '"limit": "result_rows"' in refused.text
    assert refused.headers["Content-Type"] == "application/problem+json"
