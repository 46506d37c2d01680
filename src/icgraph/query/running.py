"""The queries and updates that wait or run in this process, and how to stop them.

An id that a client gave is held by a lock in `home/run/ids` while its query runs, so that no
process of the service runs it twice; an id of our own making is unlike any other.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from icgraph.errors import QueryIdTaken, QueryStopped
from icgraph.query.place import Hold, take
from icgraph.store.tasks import Task

TEXT_SHOWN: Final = 4096


@dataclass(frozen=True, slots=True)
class RunningQuery:
    """A query on its way; `since` is a reading of the clock that `Running` has."""

    id: str
    kind: str
    text: str
    client: str | None
    task: Task
    started: datetime
    since: float

    def state(self, now: float) -> dict[str, Any]:
        """What whoever knows the id may see, as JSON values."""
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.task.state,
            "started": self.started.isoformat(timespec="milliseconds"),
            "seconds": round(now - self.since, 3),
        }

    def whole(self, now: float) -> dict[str, Any]:
        """What an operator may see; a long text is cut."""
        shown = self.state(now) | {"hash": text_hash(self.text), "text": self.text[:TEXT_SHOWN]}
        if len(self.text) > TEXT_SHOWN:
            shown["length"] = len(self.text)
        if self.client is not None:
            shown["client"] = self.client
        return shown


class Running:
    """The queries of one process; safe to use from several threads."""

    def __init__(
        self, ids: Path | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`ids` is the folder in which the processes of a service keep the ids in use."""
        self._ids = ids
        self._clock = clock
        self._queries: dict[str, RunningQuery] = {}
        self._lock = threading.Lock()

    @contextmanager
    def entry(
        self,
        id: str,  # noqa: A002 - what everybody calls it
        text: str,
        client: str | None,
        task: Task,
        *,
        kind: str = "query",
        named: bool = True,
    ) -> Iterator[None]:
        """List a query as long as the context lasts; `named` says that the client chose its id.

        Raises QueryIdTaken when a query with this id is running.
        """
        query = RunningQuery(id, kind, text, client, task, datetime.now(UTC), self._clock())
        hold = self._hold(id) if named else None
        try:
            with self._lock:
                if id in self._queries:
                    raise _taken(id)
                self._queries[id] = query
            try:
                yield
            finally:
                with self._lock:
                    del self._queries[id]
        finally:
            if hold:
                hold.free()

    def list(self) -> list[dict[str, Any]]:
        """All of them, as JSON values for operators, the oldest first."""
        with self._lock:
            queries = [*self._queries.values()]
        now = self._clock()
        return [query.whole(now) for query in queries]

    def find(self, id: str) -> dict[str, Any] | None:  # noqa: A002
        """How far the query with this id is; None when it does not run here."""
        with self._lock:
            query = self._queries.get(id)
        return query.state(self._clock()) if query else None

    def stop(self, id: str) -> bool:  # noqa: A002
        """Stop the query with this id; whether it ran here."""
        with self._lock:
            query = self._queries.get(id)
        if query:
            query.task.stop(
                QueryStopped(
                    f"The {query.kind} {id} was stopped on request.",
                    advice="Nothing of its result was sent.",
                )
            )
        return query is not None

    def states(self) -> dict[str, int]:
        """How many are `waiting`, `running` and `long`."""
        with self._lock:
            queries = [*self._queries.values()]
        states = [query.task.state for query in queries]
        return {state: states.count(state) for state in ("waiting", "running", "long")}

    def _hold(self, id: str) -> Hold | None:  # noqa: A002
        if self._ids is None:
            return None
        try:
            hold = take(self._ids / f"{sha256(id.encode()).hexdigest()}.lock")
        except OSError:
            return None  # a full disk is no reason to refuse a query; this process looks itself
        if not hold:
            raise _taken(id)
        return hold


def text_hash(text: str) -> str:
    """16 hexadecimal digits by which a text is known without being told."""
    return sha256(text.encode()).hexdigest()[:16]


def _taken(id: str) -> QueryIdTaken:  # noqa: A002
    return QueryIdTaken(
        f"A query with the id {id} is running already.",
        advice="Wait for it, stop it, or give another id, or none.",
    )
