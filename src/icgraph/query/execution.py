"""Running queries in this process's own workers, on the newest published revision."""

from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from icgraph.config import Settings
from icgraph.errors import BodyTooLarge, QueueFull, ServiceNotReady
from icgraph.query.request import QueryRequest
from icgraph.store.channel import Header, Payload
from icgraph.store.embedded import checkpoint_path, published_head
from icgraph.store.home import Home
from icgraph.store.pool import Pool
from icgraph.store.tasks import Task

ENTRY_POINT = "icgraph.query.worker"
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the parts of an evaluation took, in seconds."""

    queue: float = 0
    evaluation: float = 0
    serialisation: float = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result: bytes, or an open file that holds them and has no name on disk.

    `rows` is the number of solutions, told only for a request with `shown`.
    """

    revision: int
    media_type: str
    payload: Payload
    rows: int | None = None
    timing: Timing = Timing()
    cached: bool = False

    def close(self) -> None:
        """Free the place of a large result, once it has been sent."""
        if not isinstance(self.payload, bytes):
            self.payload.close()

    def read(self) -> bytes:
        """All bytes of the result."""
        if isinstance(self.payload, bytes):
            return self.payload
        with self.payload as file:
            return file.read()


class Execution:
    """What the layers above ask; safe to use from several threads."""

    def __init__(self, pool: Pool, home: Home, settings: Settings, base: str) -> None:
        self._pool = pool
        self._home = home
        self._settings = settings
        self._base = base

    def head(self) -> int:
        """The newest revision that can be read; raises ServiceNotReady when there is none."""
        return self._head()[0]

    def fingerprint(self) -> str:
        """What tells the newest revision from any other, of this home or of another."""
        return self._head()[1]

    def _head(self) -> tuple[int, str]:
        revision, known_as = published_head(self._home.projection)
        if not revision:
            raise ServiceNotReady(
                "The graph is being built; no revision can be read yet.",
                advice="Try again in a few seconds.",
            )
        return revision, known_as

    def tag(self, _request: QueryRequest) -> str | None:
        """What the answer depends on; not known yet, so that no answer is kept."""
        return None

    def run(self, request: QueryRequest, _task: Task | None = None) -> Answer:
        """Evaluate a query; see `Pool.run` for the errors, and `query.policy` for refusals."""
        self._check_length(request.text)
        if request.revision not in {None, self.head()}:
            raise ServiceNotReady(
                f"Revision {request.revision} cannot be read at present.",
                advice="Ask without the parameter `revision`.",
            )
        return self._evaluate(request)

    def _check_length(self, text: str) -> None:
        length = len(text.encode())
        if length > self._settings.query_text:
            raise BodyTooLarge(
                f"The query has {length} bytes; {self._settings.query_text} are allowed.",
                advice="Shorten it; long VALUES lists can be sent in parts.",
                limit="query_text",
                value=self._settings.query_text,
            )

    def _evaluate(self, request: QueryRequest) -> Answer:
        revision = self.head()
        task = {
            "task": "query",
            "request": request.to_json(),
            "checkpoint": str(checkpoint_path(self._home.projection, revision)),
            "base": self._base,
            "memory": self._settings.query_memory,
            "spool": str(self._home.spool),
            "result_bytes": self._settings.result_bytes,
        }
        header, payload = self._pool.run(task, seconds=request.seconds)
        return Answer(revision, header["media_type"], payload, header.get("rows"))

    def write(self, header: Header, body: bytes) -> tuple[Header, bytes]:
        """Run a task of `query.updates` on the newest revision, which the answer tells."""
        revision = self.head()
        task = {
            **header,
            "checkpoint": str(checkpoint_path(self._home.projection, revision)),
            "memory": self._settings.query_memory,
            "spool": str(self._home.spool),
        }
        answer, payload = self._pool.run(task, body, seconds=self._settings.query_seconds)
        assert isinstance(payload, bytes)
        return {**answer, "revision": revision}, payload

    def answers(self, *, within: float) -> bool:
        """Whether a small query is answered in so many seconds; False when all workers are busy.

        Raises what else hinders it.
        """
        small = "ASK { ?s ?p ?o }"
        try:
            self._evaluate(QueryRequest(small, within, "application/sparql-results+json", None))
        except QueueFull:
            return False
        return True

    def rows(self, query: str) -> list[dict[str, Term]]:
        """The solutions of a SELECT query of our own; a variable that is unbound is absent."""
        body = self._read(query, solutions_type="application/sparql-results+json")
        solutions = parse_query_results(body, format=QueryResultsFormat.JSON)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return [
            {name: value for name in names if (value := solution[name]) is not None}
            for solution in solutions
        ]

    def graph(self, query: str, media_type: str) -> bytes:
        """The result of a CONSTRUCT or DESCRIBE query of our own, in one of `GRAPH_FORMATS`."""
        return self._read(query, graph_type=media_type)

    def _read(
        self, query: str, *, solutions_type: str | None = None, graph_type: str | None = None
    ) -> bytes:
        answer = self._evaluate(
            QueryRequest(query, self._settings.query_seconds, solutions_type, graph_type)
        )
        return answer.read()
