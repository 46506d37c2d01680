"""The load: eight clients that ask the stored queries and look records up, at the same time."""

import http.client
import random
import statistics
import threading
import time
import urllib.parse
from dataclasses import dataclass

from icgraph.discovery.stored import stored_queries
from icgraph.store.packaged import packaged_records

CLIENTS = 8
LOOKUPS = 200


@dataclass(frozen=True, slots=True)
class Speed:
    """What a server did: requests a second, and latencies in milliseconds."""

    per_second: float
    median: float
    p99: float
    failed: int


def light_mix() -> list[str]:
    """The texts asked: every stored query once, and `LOOKUPS` records by their IRIs."""
    records = sorted(
        {str(quad.subject) for quad in packaged_records() if "#" not in str(quad.subject)}
    )
    chosen = random.Random(1).sample(records, LOOKUPS)
    lookups = [f"SELECT ?p ?o WHERE {{ {record} ?p ?o }}" for record in chosen]
    return [query.text for query in stored_queries()] + lookups


def measure(endpoint: str, texts: list[str], seconds: float) -> Speed:
    """Ask for so many seconds, each client in an order of its own."""
    where = urllib.parse.urlsplit(endpoint)
    paths = [f"{where.path}?{urllib.parse.urlencode({'query': text})}" for text in texts]
    latencies: list[float] = []
    failures: list[int] = []
    deadline = time.monotonic() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(where.netloc, timeout=60)
        order = random.Random(number).sample(paths, len(paths))
        turn = 0
        while time.monotonic() < deadline:
            began = time.perf_counter()
            connection.request(
                "GET",
                order[turn % len(order)],
                headers={"Accept": "application/sparql-results+json"},
            )
            response = connection.getresponse()
            response.read()
            latencies.append(1000 * (time.perf_counter() - began))
            if response.status != 200:
                failures.append(response.status)
            turn += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(latencies)
    return Speed(
        per_second=len(ordered) / seconds,
        median=statistics.median(ordered),
        p99=ordered[int(len(ordered) * 0.99)],
        failed=len(failures),
    )
