"""Clients that know the right answers, and hold every answer they get against them."""

import http.client
import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from tests.conftest import Server
from tests.faults.processes import COUNT

#: Small, large (spooled, several MiB) and graph answers, each with the format it is asked in.
QUERIES: Final = (
    (COUNT, "application/sparql-results+json"),
    (
        "SELECT ?s ?o (CONCAT(STR(?s), STR(?o)) AS ?both) { ?s a ?o } ORDER BY ?s ?o",
        "application/sparql-results+json",
    ),
    ("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "text/tab-separated-values"),
    (
        "CONSTRUCT { ?s a ?o } { SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o LIMIT 5000 }",
        "application/n-triples",
    ),
    ("ASK { ?s a ?o }", "application/sparql-results+xml"),
)
_SECONDS: Final = 60


@dataclass(frozen=True)
class Given:
    """What came back: a status of 0 stands for a connection that broke or was refused."""

    status: int
    body: bytes
    seconds: float
    problem: str = ""


class Client:
    """One connection to a server; made again when it breaks. `source` is the client's address."""

    def __init__(self, server: Server, source: str = "127.0.0.1") -> None:
        where = urllib.parse.urlsplit(server.address)
        self._connection = http.client.HTTPConnection(
            where.hostname or "", where.port, timeout=_SECONDS, source_address=(source, 0)
        )

    def ask(self, text: str, accept: str = "*/*") -> Given:
        body = urllib.parse.urlencode({"query": text})
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.monotonic()
        try:
            # Who sends too much may be told so before all is sent; the answer counts.
            with suppress(BrokenPipeError, ConnectionResetError):
                self._connection.request("POST", "/sparql", body, headers)
            if self._connection.sock is None:
                raise ConnectionResetError
            answer = self._connection.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            return Given(0, b"", time.monotonic() - began, repr(error))
        return Given(answer.status, read, time.monotonic() - began)

    def close(self) -> None:
        self._connection.close()


@dataclass
class Tally:
    """What the clients of `under_load` got; `wrong` is what nobody may ever get."""

    right: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[Given] = field(default_factory=list)

    def count(self, given: Given, expected: bytes) -> None:
        if given.status == 200:
            if given.body == expected:
                self.right += 1
            else:
                self.wrong.append(given)
        elif given.status in {0, 500, 503}:
            self.failed[given.problem or str(given.status)] += 1
        else:
            self.wrong.append(given)


def answers(server: Server) -> dict[str, bytes]:
    """The right answers to QUERIES."""
    client = Client(server)
    given = {text: client.ask(text, accept) for text, accept in QUERIES}
    client.close()
    assert all(each.status == 200 for each in given.values()), given
    return {text: each.body for text, each in given.items()}


@contextmanager
def under_load(server: Server, clients: int, expected: dict[str, bytes]) -> Iterator[Tally]:
    """Clients ask without a pause, in words nobody used before, until the block is left."""
    tally = Tally()
    lock = threading.Lock()
    stop = threading.Event()

    def ask(number: int) -> None:
        client = Client(server)
        dice = random.Random(number)
        asked = 0
        while not stop.is_set():
            text, accept = dice.choice(QUERIES)
            asked += 1
            given = client.ask(f"{text} # {number}-{asked}", accept)
            with lock:
                tally.count(given, expected[text])
        client.close()

    with ThreadPoolExecutor(clients) as pool:
        asking: list[Future[None]] = [pool.submit(ask, number) for number in range(clients)]
        try:
            yield tally
        finally:
            stop.set()
    for each in asking:
        each.result()
