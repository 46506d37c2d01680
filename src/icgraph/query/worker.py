"""The query worker: reads untrusted text, one task at a time, and writes the whole result.

It evaluates queries on a checkpoint it opens read-only, and parses files.

Started by the pool as `python -m icgraph.query.worker`. It may be killed at any moment.
"""

import resource
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, QuerySolutions

from icgraph.errors import InputError
from icgraph.model.terms import prefixes
from icgraph.query import updates
from icgraph.query.policy import check_query
from icgraph.query.request import QueryRequest
from icgraph.query.results import Spool, tidy_prefixes, write_answer, write_shown
from icgraph.store.changes import encode_quads, without_blank_nodes
from icgraph.store.channel import Header, Payload, Progress, serve
from icgraph.store.embedded import EmbeddedEngine, open_checkpoint
from icgraph.store.parsing import parse_file

_MIB: Final = 1_048_576


@lru_cache(maxsize=1)
def _engine(checkpoint: str, memory: int) -> EmbeddedEngine:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine = open_checkpoint(Path(checkpoint))
    limit = _address_space() + memory * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    return engine


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def handle(header: Header, body: bytes, progress: Progress) -> tuple[Header, Payload]:
    """Do one task; raises ICGraphError.

    The task `query` has a `request` (QueryRequest), a `checkpoint`, its `base`, the `memory` in
    MiB, a `spool` folder and the limit `result_bytes`; its answer has a `media_type`, and the
    number of `rows` for a page. The task `parse` has `files`; its answer is N-Quads.
    """
    match header["task"]:
        case "query":
            return _query(header)
        case "parse":
            return {}, _parse([Path(file) for file in header["files"]], progress)
        case task if task in updates.TASKS:
            return updates.evaluate(
                _engine(header["checkpoint"], header["memory"]),
                header,
                body,
                copies=Path(header["spool"]),
            )
        case task:
            raise InputError(f"The worker has no task {task!r}.", advice="It has: query, parse.")


def _query(header: Header) -> tuple[Header, Payload]:
    request = QueryRequest.from_json(header["request"])
    check_query(request.text)
    spool = Spool(Path(header["spool"]), header["result_bytes"])
    engine = _engine(header["checkpoint"], header["memory"])
    try:
        answer = engine.query(
            request.text,
            base_iri=request.base_iri,
            default_graphs=_nodes(request.default_graphs),
            named_graphs=_nodes(request.named_graphs),
        )
        if request.shown is not None and isinstance(answer, QuerySolutions):
            rows = write_shown(answer, request.shown, spool)
            return {"media_type": "text/tab-separated-values", "rows": rows}, spool.finish()
        media_type = write_answer(answer, request, prefixes(header["base"]), spool)
    except (RuntimeError, ValueError) as error:
        raise InputError(
            f"The query cannot be evaluated: {error}.",
            advice="Look at its functions, and at the IRIs of the request.",
        ) from None
    payload = spool.finish()
    if media_type == "text/turtle" and isinstance(payload, bytes):
        payload = tidy_prefixes(payload)
    return {"media_type": media_type}, payload


def _parse(files: list[Path], progress: Progress) -> bytes:
    quads: set[Quad] = set()
    for number, file in enumerate(files, start=1):
        quads.update(without_blank_nodes(parse_file(file), str(file)))
        progress("Reading", number, len(files))
    return encode_quads(quads)


def _nodes(iris: tuple[str, ...] | None) -> list[NamedNode] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


if __name__ == "__main__":
    serve(handle)
