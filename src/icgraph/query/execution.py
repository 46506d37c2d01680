"""Running queries in this process's own workers, on the newest published revision or a pinned one.

Results are kept per revision, so that the same question costs one evaluation until the graph
changes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Self

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from icgraph.config import Settings
from icgraph.errors import (
    BodyTooLarge,
    MemoryLimitExceeded,
    NotFound,
    QueueFull,
    ResultTooLarge,
    ServiceNotReady,
    SpoolFull,
)
from icgraph.query.answer import Answer, Timing
from icgraph.query.cache import KeptResult, ResultCache
from icgraph.query.policy import is_volatile
from icgraph.query.request import QueryRequest
from icgraph.query.results import MEMORY_BYTES
from icgraph.query.room import Room
from icgraph.query.shape import shape
from icgraph.store.channel import Header
from icgraph.store.embedded import Head, PublishedHead, checkpoint_head, wish_path
from icgraph.store.home import Home
from icgraph.store.pool import LongTasks, Pool
from icgraph.store.tasks import Task

ENTRY_POINT = "icgraph.query.worker"
Term = NamedNode | BlankNode | Literal


class Execution:
    """What the layers above ask; safe to use from several threads."""

    def __init__(self, pool: Pool, home: Home, settings: Settings, base: str) -> None:
        self._pool = pool
        self._home = home
        self._settings = settings
        self._base = base
        self._published = PublishedHead(home.projection)
        # Half of the room for kept results is for whole answers, which the gateway keeps.
        self._cache = ResultCache(settings.share(settings.cache_bytes) // 2)
        self._room = Room(
            settings.share(settings.spool_bytes),
            result=settings.result_bytes,
            places=settings.share(settings.query_workers)
            + settings.share(settings.long_query_workers),
        )

    @classmethod
    def over(
        cls,
        home: Home,
        settings: Settings,
        base: str,
        *,
        died: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """With workers of its own, this process's share of them; `died` as for `Pool`."""
        published = PublishedHead(home.projection)
        pool = Pool(
            ENTRY_POINT,
            size=settings.share(settings.query_workers),
            waiting=settings.share(settings.queue_length),
            long=LongTasks(settings.share(settings.long_query_workers), settings.long_query_after),
            memory=settings.query_memory * 2**20,
            state=lambda: _held_in_memory(published.read(), home, settings),
            died=died,
        )
        return cls(pool, home, settings, base)

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def head(self) -> int:
        """The newest revision that can be read; raises ServiceNotReady when there is none."""
        return self._head().number

    def fingerprint(self) -> str:
        """What tells the newest revision from any other, of this home or of another."""
        return self._head().hash

    def tag(self, request: QueryRequest) -> str | None:
        """What tells the answer from other answers, found without evaluating.

        None when it may be another each time, or when the revision cannot be read now.
        Raises BodyTooLarge, and what `run` raises for a revision that does not exist.
        """
        self._check_length(request.text)
        if is_volatile(request.text):
            return None
        known_as = self._revision(request.revision).hash
        return _digest(known_as, request) if known_as else None

    def run(self, request: QueryRequest, task: Task | None = None) -> Answer:
        """Evaluate a query; see `Pool.run` for the errors, and `query.policy` for refusals.

        Raises NotFound for a revision that does not exist, ServiceNotReady for one that is
        being rebuilt.
        """
        self._check_length(request.text)
        head = self._revision(request.revision)
        if not head.number:
            raise ServiceNotReady(
                f"Revision {request.revision} is being rebuilt from the change log.",
                advice="Try again in a few seconds; it is then kept for some time.",
            )
        key = None if is_volatile(request.text) else _digest(head.hash, request)
        kept = self._cache.get(key) if key else None
        if kept is not None:
            return Answer(kept.revision, kept.media_type, kept.body, kept.rows, cached=True)
        answer = self._evaluate(request, head, task)
        if key and isinstance(answer.payload, bytes) and answer.revision == head.number:
            result = KeptResult(answer.revision, answer.media_type, answer.payload, answer.rows)
            self._cache.put(key, result)
        return answer

    def write(
        self, header: Header, body: bytes, *, seconds: float, task: Task | None = None
    ) -> tuple[Header, bytes]:
        """Run a task of `query.updates` in so many seconds of wall time.

        Its answer tells the `revision` it was run on.
        """
        asked = {
            **header,
            "projection": str(self._home.projection),
            "revision": self._head().number,
            "in_memory": True,
            "memory": self._settings.query_memory,
            "spool": str(self._home.spool),
        }
        with self._naming_memory():
            answer, quads = self._pool.run(asked, body, seconds=seconds, task=task, makes_way=False)
        assert isinstance(quads, bytes)
        return answer, quads

    def answers(self, *, within: float) -> bool:
        """Whether a small query is answered in so many seconds; False when all workers are busy.

        Raises what else hinders it.
        """
        small = "ASK { ?s ?p ?o }"
        request = QueryRequest(small, within, "application/sparql-results+json", None)
        try:
            self._evaluate(request, self._head(), None)
        except QueueFull:
            return False
        return True

    def engine(self) -> str:
        """Where queries run: `memory`, `disk`, or `loading`: on disk until memory holds them."""
        if _held_in_memory(self._head(), self._home, self._settings) is None:
            return "disk"
        return "memory" if self._pool.held() is not None else "loading"

    def rows(self, query: str) -> list[dict[str, Term]]:
        """The solutions of a SELECT query of our own; a variable that is unbound is absent."""
        # Of the formats the quickest to write and to read; each holds the terms as they are.
        body = self._read(query, solutions_type="text/tab-separated-values")
        solutions = parse_query_results(body, format=QueryResultsFormat.TSV)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return [
            {name: value for name, value in zip(names, solution, strict=True) if value is not None}
            for solution in solutions
        ]

    def graph(self, query: str, media_type: str) -> bytes:
        """The result of a CONSTRUCT or DESCRIBE query of our own, in one of `GRAPH_FORMATS`."""
        return self._read(query, graph_type=media_type)

    def figures(self) -> dict[str, float]:
        """What is held now: kept results, their bytes, and the bytes on their way out on disk."""
        results, size = self._cache.size()
        return {"cache_results": results, "cache_bytes": size, "spool_bytes": self._room.held()}

    def _read(
        self, query: str, *, solutions_type: str | None = None, graph_type: str | None = None
    ) -> bytes:
        seconds = self._settings.query_seconds
        return self.run(QueryRequest(query, seconds, solutions_type, graph_type)).read()

    def _head(self) -> Head:
        head = self._published.read()
        if not head.number:
            raise ServiceNotReady(
                "The graph is being built; no revision can be read yet.",
                advice="Try again in a few seconds.",
            )
        return head

    def _revision(self, pinned: int | None) -> Head:
        """The revision to ask; its number is 0 while it is being rebuilt."""
        newest = self._head()
        if pinned is None or pinned == newest.number:
            return newest
        if not 0 < pinned <= newest.number:
            raise NotFound(
                f"There is no revision {pinned}; the newest is {newest.number}.",
                advice="Leave the parameter out for the newest one.",
            )
        wish_path(self._home.projection, pinned).touch()  # it is wanted, so it is kept
        return checkpoint_head(self._home.projection, pinned)

    def _check_length(self, text: str) -> None:
        length = len(text.encode())
        if length > self._settings.query_text:
            raise BodyTooLarge(
                f"The query has {length} bytes; {self._settings.query_text} are allowed.",
                advice="Shorten it; long VALUES lists can be sent in parts.",
                limit="query_text",
                value=self._settings.query_text,
            )

    def _evaluate(self, request: QueryRequest, head: Head, task: Task | None) -> Answer:
        has_room = self._room.free()
        header: Header = {
            "task": "query",
            "request": request.to_json(),
            "projection": str(self._home.projection),
            "revision": head.number,
            # The rows of a pinned query must come in the same order each time, as on disk.
            "in_memory": request.revision is None,
            "base": self._base,
            "memory": self._settings.query_memory,
            "spool": str(self._home.spool),
            "result_bytes": self._room.result if has_room else MEMORY_BYTES,
            "result_rows": self._settings.result_rows,
        }
        try:
            with self._naming_memory():
                answer, payload = self._pool.run(
                    header,
                    seconds=request.seconds,
                    client=request.client,
                    task=task,
                    known_as=shape(request.text),
                )
        except ResultTooLarge as error:
            if has_room or error.members["limit"] != "result_bytes":
                raise
            raise self._spool_full() from None
        timing = Timing(answer["waited"], answer["evaluation"], answer["serialisation"])
        size = 0 if isinstance(payload, bytes) else payload.seek(0, 2)
        if not isinstance(payload, bytes):
            payload.seek(0)
            self._room.change(size)
        return Answer(
            answer["revision"],
            answer["media_type"],
            payload,
            answer["rows"],
            timing,
            on_close=lambda: self._room.change(-size),
        )

    @contextmanager
    def _naming_memory(self) -> Iterator[None]:
        """Say how much memory is allowed, where a pool says that it was not enough."""
        try:
            yield
        except MemoryLimitExceeded as error:
            error.members["value"] = self._settings.query_memory
            raise

    def _spool_full(self) -> SpoolFull:
        return SpoolFull(
            "Large results on their way out fill the room they have; nothing of this was sent.",
            advice="Try again in a few seconds, or add a LIMIT.",
            limit="spool_bytes",
            value=self._settings.spool_bytes,
        )


def _held_in_memory(head: Head, home: Home, settings: Settings) -> Header | None:
    """What workers should find in memory; None to let them read from disk."""
    fits = settings.engine == "memory" or (
        settings.engine == "auto" and head.statements <= settings.memory_statements
    )
    if not head.number or not fits:
        return None
    return {
        "projection": str(home.projection),
        "revision": head.number,
        "spool": str(home.spool),
    }


def _digest(known_as: str, request: QueryRequest) -> str:
    asked = (
        known_as,
        request.text,
        request.base_iri,
        request.default_graphs,
        request.named_graphs,
        request.solutions_type,
        request.graph_type,
        request.shown,
        # What was found in memory, in any order, must not answer a pinned query.
        request.revision is not None,
    )
    return sha256(repr(asked).encode()).hexdigest()[:32]
