"""What is seen of queries from outside: those that run, and what became of the others.

One context round the evaluation of each query lists it among the running ones, writes its
line to the query log when it has ended, and counts it. The processes of a service tell each
other about their queries, so that any of them answers for all.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

import structlog

from icgraph.config import Settings
from icgraph.errors import ICGraphError, ServiceNotReady
from icgraph.query.entry import Entry
from icgraph.query.log import Ended, QueryLog, shown_client
from icgraph.query.metrics import Metrics
from icgraph.query.numbers import Figures, Numbers, gauges
from icgraph.query.peers import Peers
from icgraph.query.place import Place, take_place
from icgraph.query.running import Running, text_hash
from icgraph.store.channel import Header
from icgraph.store.home import Home
from icgraph.store.tasks import Task

_UNKNOWN: Final = "error"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """The running queries of the service, and how many of its processes did not tell theirs."""

    queries: list[dict[str, Any]]
    silent: int


class Watch:
    """The queries of this process and, by way of its peers, of the whole service."""

    def __init__(
        self, *, place: Place | None = None, log: QueryLog | None = None, log_clients: str = "none"
    ) -> None:
        """Watch from a place in `home/run`, or, without one, this process alone."""
        self._log = log
        self._log_clients = log_clients
        self._metrics = Metrics(place)
        self._running = Running(place.folder / "ids" if place else None)
        self._figures: list[Figures] = []
        self._peers = Peers(place, self._reply) if place else None

    @classmethod
    def over(cls, home: Home, settings: Settings) -> Self:
        """Watch as one of the processes that serve a home."""
        log = QueryLog() if settings.query_log else None
        try:
            place = take_place(home.run)
        except OSError as error:
            _log.error("this process is on its own: home/run cannot be written", error=str(error))
            place = None
        return cls(place=place, log=log, log_clients=settings.log_clients)

    @contextmanager
    def entry(
        self,
        text: str,
        *,
        id: str,  # noqa: A002 - what everybody calls it
        task: Task,
        client: str = "",
        named: bool = False,
        kind: str = "query",
    ) -> Iterator[Entry]:
        """Watch a query or update (`kind`) while the context lasts; its errors pass through.

        `named` says that the client chose the id. Raises QueryIdTaken.
        """
        started = time.monotonic()
        shown = shown_client(client, self._log_clients)
        entry = Entry(Ended(id, kind, text_hash(text), shown), self._end)
        try:
            with self._running.entry(id, text, shown, task, kind=kind, named=named):
                yield entry
        except ICGraphError as error:
            entry.failed(error.code)
            raise
        except BaseException:
            entry.failed(_UNKNOWN)
            raise
        finally:
            entry.ended.duration = time.monotonic() - started
            self._end(entry.ended)

    def queries(self) -> Listing:
        """All queries that wait or run in the service, for operators; the oldest first."""
        others, silent = self._ask({"ask": "queries"})
        found = self._running.list()
        for other in others:
            found.extend(other["queries"])
        return Listing(sorted(found, key=lambda query: str(query["started"])), len(silent))

    def find(self, id: str) -> dict[str, Any] | None:  # noqa: A002
        """How far the query with this id is; None when it runs nowhere in the service.

        Raises ServiceNotReady when a process did not tell.
        """
        here = self._running.find(id)
        if here:
            return here
        others, silent = self._ask({"ask": "find", "id": id})
        found = next((other["query"] for other in others if other["query"]), None)
        if found is None:
            _refuse_to_guess(id, silent)
        return found

    def stop(self, id: str) -> bool:  # noqa: A002
        """Stop the query with this id, wherever in the service it is; whether there was one.

        Raises ServiceNotReady when a process did not tell.
        """
        if self._running.stop(id):
            return True
        others, silent = self._ask({"ask": "stop", "id": id})
        stopped = any(other["stopped"] for other in others)
        if not stopped:
            _refuse_to_guess(id, silent)
        return stopped

    def add_figures(self, figures: Figures) -> None:
        """Add what a part of this process tells about itself when metrics are read.

        The names are those of `query.numbers`; the service's gauge is the sum over processes.
        """
        self._figures.append(figures)

    def worker_died(self, cause: str) -> None:
        """Count a worker that ended though nobody told it to."""
        self._metrics.count_death(cause)

    def metrics(self, revision: int, accept: str) -> tuple[bytes, str]:
        """The numbers of the whole service, in a format of `accept`, and its content type."""
        others, silent = self._ask({"ask": "numbers"})
        numbers = [self._numbers(), *(Numbers.from_json(other) for other in others)]
        return self._metrics.text(gauges(numbers, revision, len(silent)), accept)

    def close(self) -> None:
        """Stop answering the peers."""
        if self._peers:
            self._peers.close()

    def _end(self, ended: Ended) -> None:
        self._metrics.count(ended)
        if self._log:
            self._log.write(ended)

    def _ask(self, question: Header) -> tuple[list[Header], list[int]]:
        return self._peers.ask(question) if self._peers else ([], [])

    def _numbers(self) -> Numbers:
        return Numbers.here(self._running.states(), self._figures)

    def _reply(self, question: Header) -> Header:
        match question["ask"]:
            case "queries":
                return {"queries": self._running.list()}
            case "find":
                return {"query": self._running.find(question["id"])}
            case "stop":
                return {"stopped": self._running.stop(question["id"])}
            case _:
                return self._numbers().to_json()


def _refuse_to_guess(id: str, silent: list[int]) -> None:  # noqa: A002
    if silent:
        raise ServiceNotReady(
            f"Not all processes of the service told in time whether they run the query {id}.",
            advice="Try again in a few seconds.",
        )
