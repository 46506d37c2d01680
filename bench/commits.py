"""Reading while the graph changes: a change once a second for a minute, at a million statements.

No query may fail, and the 99th percentile of the readers must not double. `python -m
bench.commits` measures and writes the figures beside those of `bench.figures`.
"""

import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.figures import LIMIT_SECONDS
from bench.graphs import write_graph
from bench.keeping import keep, options
from bench.load import CLIENTS, measure
from bench.mix import cold_orders
from bench.servers import CACHE, OurServer, Running

STATEMENTS = 1_000_000
SECONDS = 60.0


@dataclass(slots=True)
class Writer:
    """Records a change once a second until it is told to stop."""

    endpoint: str
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Write, one statement a change."""
        number = 0
        while not self.stop.is_set():
            began = time.monotonic()
            self._write(number)
            number += 1
            self.stop.wait(max(0.0, began + 1 - time.monotonic()))

    def _write(self, number: int) -> None:
        thing = f"<https://w3id.org/icgraph/id/practice/practice-{number}>"
        name = "<http://www.w3.org/2004/02/skos/core#note>"
        text = f'INSERT DATA {{ {thing} {name} "seen {time.time_ns()}" }}'
        body = urllib.parse.urlencode({"update": text}).encode()
        began = time.monotonic()
        try:
            urllib.request.urlopen(self.endpoint, data=body, timeout=LIMIT_SECONDS).close()
        except (urllib.error.URLError, OSError):
            self.refused += 1
        else:
            self.latencies.append(time.monotonic() - began)


def main() -> None:
    """Measure, keep, write the page."""
    arguments = options(__doc__, statements=STATEMENTS, seconds=SECONDS).parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    written = write_graph(CACHE / f"graph-{arguments.statements}.nq", arguments.statements)
    with (
        tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder,
        OurServer().serving(written.path, Path(folder), cache=False) as running,
    ):
        commits = _measure(running, written.records, arguments.seconds)
    commits["statements"] = written.statements
    keep("commits", commits, arguments.kept, arguments.output)


def _measure(running: Running, records: list[str], seconds: float) -> dict[str, Any]:
    orders = cold_orders(running.endpoint, records)
    measure(running.endpoint, orders, min(5.0, seconds), limit=LIMIT_SECONDS)
    before = measure(running.endpoint, orders, seconds, limit=LIMIT_SECONDS)
    writer = Writer(running.endpoint)
    thread = threading.Thread(target=writer.run)
    thread.start()
    try:
        during = measure(running.endpoint, orders, seconds, limit=LIMIT_SECONDS)
    finally:
        writer.stop.set()
        thread.join()
    return {
        "readers": CLIENTS,
        "seconds": seconds,
        "before": before.to_json(),
        "during": during.to_json(),
        "recorded": len(writer.latencies),
        "refused": writer.refused,
        "median": 1000 * statistics.median(writer.latencies or [float("nan")]),
    }


if __name__ == "__main__":
    main()
