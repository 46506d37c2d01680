"""The query worker: reads untrusted text, one task at a time, and writes the whole result.

It evaluates queries on a revision that its fork server holds in memory, or on a checkpoint
that it opens read-only itself; and it parses files.

Started by the pool as `python -m icgraph.query.worker`. It may be killed at any moment.
"""

import resource
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples

from icgraph.errors import InputError
from icgraph.query import updates
from icgraph.query.dataset import merged_dataset
from icgraph.query.policy import check_query
from icgraph.query.request import QueryRequest
from icgraph.query.results import Spool, tidy_prefixes, write_answer, write_shown
from icgraph.store.changes import encode_quads, without_blank_nodes
from icgraph.store.channel import Header, Payload, Progress
from icgraph.store.embedded import EmbeddedEngine, checkpoint_path, open_checkpoint
from icgraph.store.forkserver import serve
from icgraph.store.memory import MemoryGraph
from icgraph.store.merging import merged
from icgraph.store.parsing import parse_file

_MIB: Final = 1_048_576
#: A worker that has taken this part of the memory it may take gives it back by ending.
_SWOLLEN: Final = 0.25
#: What is answered so fast has taken little.
_QUICK_SECONDS: Final = 0.02


class _Memory:
    """How much memory this process may take for a task, beyond the graph it has open."""

    def __init__(self) -> None:
        self._base = 0
        self._allowance = 0

    def is_limited(self) -> bool:
        """Whether a limit stands."""
        return self._allowance > 0

    def lift(self) -> None:
        """Allow any amount, while a graph is opened or brought up to date."""
        self._allowance = 0
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def limit(self, allowance: int) -> None:
        """Allow so many bytes more than there are now."""
        self._base, self._allowance = _address_space(), allowance
        resource.setrlimit(resource.RLIMIT_AS, (self._base + allowance, resource.RLIM_INFINITY))

    def swollen(self) -> bool:
        """Whether much of what was allowed is held still."""
        return _address_space() - self._base > self._allowance * _SWOLLEN


_memory: Final = _Memory()
_held: list[MemoryGraph] = []  # at most one, inherited from the fork server


def prepare(state: Header) -> bool:
    """Hold a revision in memory, in the fork server: the `revision` of the `projection`.

    False when the one held cannot become it.
    """
    folder, revision = Path(state["projection"]), state["revision"]
    if _held:
        return _held[0].advance(folder, revision)
    checkpoint = checkpoint_path(folder, revision)
    _held.append(MemoryGraph.load(checkpoint, revision, Path(state["spool"])))
    return True


def handle(header: Header, body: bytes, progress: Progress) -> tuple[Header, Payload]:
    """Do one task; raises ICGraphError.

    The task `query` has a `request` (QueryRequest), the `projection` and the `revision` of it to
    ask, whether it may be asked `in_memory`, the `base`, the `memory` in MiB, a `spool` folder
    and the limits `result_bytes` and `result_rows`; its answer has a `media_type`, the number of
    `rows`, the `revision`, and the seconds of `evaluation` and `serialisation`. The task `parse`
    has `files`; its answer is N-Quads. For the tasks that change the graph see `query.updates`;
    they too name the revision, and so does their answer.
    """
    match header["task"]:
        case "query":
            return _query(header)
        case "parse":
            return {}, _parse([Path(file) for file in header["files"]], progress)
        case task if task in updates.TASKS:
            return _candidate(header, body)
        case task:
            raise InputError(f"The worker has no task {task!r}.", advice="It has: query, parse.")


def _query(header: Header) -> tuple[Header, Payload]:
    request = QueryRequest.from_json(header["request"])
    engine, revision, expected = _engine(header)
    check_query(request.text)  # within the limit on memory, for it parses the text
    began = time.monotonic()
    spool = Spool(
        Path(header["spool"]), limit=header["result_bytes"], most_rows=header["result_rows"]
    )
    try:
        media_type = _evaluate(engine, request, header["base"], spool)
    except (RuntimeError, ValueError) as error:
        raise InputError(
            f"The query cannot be evaluated: {error}.",
            advice="Look at its functions, and at the IRIs of the request.",
        ) from None
    payload = spool.finish()
    if media_type == "text/turtle" and isinstance(payload, bytes):
        payload = tidy_prefixes(payload)
    ended = time.monotonic()
    answer = {
        "media_type": media_type,
        "rows": spool.rows,
        "revision": revision,
        "evaluation": (spool.begun or ended) - began,
        "serialisation": ended - (spool.begun or ended),
        "last": not expected or (ended - began > _QUICK_SECONDS and _memory.swollen()),
    }
    return answer, payload


def _candidate(header: Header, body: bytes) -> tuple[Header, Payload]:
    """A candidate change, in a worker that ends with it: in memory, the graph itself is edited."""
    engine, revision, _ = _engine(header)
    in_memory = bool(_held) and engine is _held[0].engine
    copies = None if in_memory else Path(header["spool"])
    answer, quads = updates.evaluate(engine, header, body, copies=copies)
    return {**answer, "revision": revision, "last": True}, quads


def _answer(
    engine: EmbeddedEngine, request: QueryRequest
) -> QuerySolutions | QueryTriples | QueryBoolean:
    default_graphs = _nodes(request.default_graphs)
    named_graphs = _nodes(request.named_graphs)
    if dataset := merged_dataset(request):
        engine, graph = merged(engine, dataset.default_graphs, dataset.named_graphs)
        default_graphs, named_graphs = [graph], _nodes(dataset.named_graphs)
    return engine.query(
        request.text,
        base_iri=request.base_iri,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
    )


def _evaluate(engine: EmbeddedEngine, request: QueryRequest, base: str, spool: Spool) -> str:
    answer = _answer(engine, request)
    if request.shown is not None and isinstance(answer, QuerySolutions):
        spool.rows = write_shown(answer, request.shown, spool)
        return "text/tab-separated-values"
    return write_answer(answer, request, base, spool)


def _engine(header: Header) -> tuple[EmbeddedEngine, int, bool]:
    """What to ask, which revision that is, and whether it is where the asker expected it."""
    revision: int = header["revision"]
    expected = bool(header["in_memory"] and _held)
    allowance = header["memory"] * _MIB
    if expected and _follow(_held[0], revision, header["projection"], allowance):
        return _held[0].engine, _held[0].revision, True
    return _on_disk(header["projection"], revision, allowance), revision, not expected


def _follow(held: MemoryGraph, revision: int, projection: str, allowance: int) -> bool:
    """Bring what is held to a revision, and see to the limit; whether it could be done."""
    if held.revision < revision:
        _memory.lift()
        if not held.advance(Path(projection), revision):
            return False
    if not _memory.is_limited():
        _memory.limit(allowance)
    return True


@lru_cache(maxsize=1)
def _on_disk(projection: str, revision: int, allowance: int) -> EmbeddedEngine:
    _memory.lift()
    engine = open_checkpoint(checkpoint_path(Path(projection), revision))
    _memory.limit(allowance)
    return engine


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _parse(files: list[Path], progress: Progress) -> bytes:
    quads: set[Quad] = set()
    for number, file in enumerate(files, start=1):
        quads.update(without_blank_nodes(parse_file(file), str(file)))
        progress("Reading", number, len(files))
    return encode_quads(quads)


def _nodes(iris: tuple[str, ...] | None) -> list[NamedNode] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


if __name__ == "__main__":
    serve(handle, prepare)
