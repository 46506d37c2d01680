"""Running queries in this process's own workers, on the newest published revision."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from icgraph.config import Settings
from icgraph.errors import BodyTooLarge, ServiceNotReady
from icgraph.query.request import QueryRequest
from icgraph.store.embedded import checkpoint_path, published_head
from icgraph.store.home import Home
from icgraph.store.pool import Pool

ENTRY_POINT = "icgraph.query.worker"
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result: its bytes, or the `file` that holds them, to be deleted once sent."""

    revision: int
    media_type: str
    body: bytes
    file: Path | None


class Execution:
    """What the layers above ask; safe to use from several threads."""

    def __init__(self, pool: Pool, home: Home, settings: Settings, base: str) -> None:
        self._pool = pool
        self._home = home
        self._settings = settings
        self._base = base

    def head(self) -> int:
        """The newest revision that can be read; raises ServiceNotReady when there is none."""
        revision = published_head(self._home.projection)
        if not revision:
            raise ServiceNotReady(
                "The graph is being built; no revision can be read yet.",
                advice="Try again in a few seconds.",
            )
        return revision

    def run(self, request: QueryRequest) -> Answer:
        """Evaluate a query; see `Pool.run` for the errors, and `query.policy` for refusals."""
        self._check_length(request.text)
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
        header, body = self._pool.run(task, seconds=request.seconds)
        file = Path(header["file"]) if header["file"] else None
        return Answer(revision, header["media_type"], body, file)

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
        if answer.file is None:
            return answer.body
        try:
            return answer.file.read_bytes()
        finally:
            answer.file.unlink()
