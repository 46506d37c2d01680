"""Numbers for machines that watch the service, in the format of Prometheus.

What has happened is counted in files below `home/run/metrics` that all processes of the
service share out among themselves by their places, so that a killed process takes no count
with it. How things stand is asked of the living processes at the moment of reading.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from icgraph.query.log import Ended
from icgraph.query.place import Place

_log = structlog.get_logger(__name__)

#: Room for some hundreds of counters; the library begins with the same.
FILE_BYTES: Final = 65_536
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one process, and the sum over all of them; one a process."""

    def __init__(self, place: Place | None = None) -> None:
        """Count in files by that place, or in memory for this process alone."""
        values.ValueClass = values.MutexValue
        self._folder = _count_in_files(place) if place else None
        own = CollectorRegistry()
        self._own = own
        queries = Counter(
            "icgraph_queries",
            "Queries and updates that have ended, by how.",
            ("kind", "outcome"),
            registry=own,
        )
        seconds = Histogram(
            "icgraph_query_seconds",
            "Wall time of queries and updates, waiting included; without answers from memory.",
            ("kind",),
            buckets=BUCKETS,
            registry=own,
        )
        # There are as many as kinds and outcomes; the library looks each up under a lock.
        self._queries = cache(queries.labels)
        self._seconds = cache(seconds.labels)
        self._rows = Counter(
            "icgraph_result_rows", "Rows and triples of results, where counted.", registry=own
        )
        self._bytes = Counter("icgraph_result_bytes", "Bytes of results.", registry=own)
        self._deaths = Counter(
            "icgraph_worker_deaths",
            "Query workers that ended though nobody told them to, by cause.",
            ("cause",),
            registry=own,
        )

    def count(self, ended: Ended) -> None:
        """Count a query or update that has ended."""
        self._queries(ended.kind, ended.outcome).inc()
        if ended.outcome not in {"cached", "not-modified"}:
            self._seconds(ended.kind).observe(ended.duration)
        if ended.rows:
            self._rows.inc(ended.rows)
        if ended.bytes:
            self._bytes.inc(ended.bytes)

    def count_death(self, cause: str) -> None:
        """Count a worker that died: of its `memory` limit, a `fault`, or while `idle`."""
        self._deaths.labels(cause).inc()

    def text(self, now: Iterable[Metric], accept: str) -> tuple[bytes, str]:
        """All counts of the service and the gauges `now`, in a format of `accept`; its type."""
        registry = CollectorRegistry()
        registry.register(_Shared(self._folder) if self._folder else self._own)
        registry.register(_Now(now))
        encode, content_type = choose_encoder(accept)
        return encode(registry), content_type


class _Shared(Collector):
    """The counts of all processes, living and dead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        # A process that is killed between making a file and giving it a size leaves an empty one.
        files = [str(file) for file in self._folder.glob("*.db") if file.stat().st_size]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return merged


class _Now(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def _count_in_files(place: Place) -> Path | None:
    """Make the library count in files named after our place instead of the process's number.

    A process that takes the place of a dead one counts on in its files. Their disk is taken
    before the library maps them: a mapped file without disk behind it ends the process once
    the disk is full. None when there is none to take.
    """
    folder = place.folder / "metrics"
    try:
        for sort in ("counter", "histogram"):
            with (folder / f"{sort}_{place.number}.db").open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, FILE_BYTES)
    except OSError as error:
        _log.error("counting in this process alone: home/run is full", error=str(error))
        return None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: place.number)  # type: ignore[no-untyped-call]
    return folder
