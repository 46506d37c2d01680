"""The query worker: opens a checkpoint, evaluates one query at a time, writes the whole result.

Started by the pool as `python -m icgraph.query.worker`. It may be killed at any moment.
"""

import resource
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from icgraph.model.terms import prefixes
from icgraph.query.policy import check_query
from icgraph.query.request import QueryRequest
from icgraph.query.results import Spool, tidy_prefixes, write_answer
from icgraph.store.channel import Header, Progress, serve
from icgraph.store.embedded import EmbeddedEngine, open_checkpoint

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


def handle(header: Header, _body: bytes, _progress: Progress) -> tuple[Header, bytes]:
    """Evaluate the query of a task.

    The header: `request` (QueryRequest), `checkpoint`, `base`, `memory` in MiB, `spool` (a
    folder), `result_bytes`. The answer's header: `media_type`, and `file` for a large result.
    """
    request = QueryRequest.from_json(header["request"])
    check_query(request.text)
    answer = _engine(header["checkpoint"], header["memory"]).query(
        request.text,
        default_graphs=_nodes(request.default_graphs),
        named_graphs=_nodes(request.named_graphs),
    )
    spool = Spool(Path(header["spool"]), header["result_bytes"])
    media_type = write_answer(answer, request, prefixes(header["base"]), spool)
    payload, file = spool.finish()
    if media_type == "text/turtle" and file is None:
        payload = tidy_prefixes(payload)
    return {"media_type": media_type, "file": str(file) if file else None}, payload


def _nodes(iris: tuple[str, ...] | None) -> list[NamedNode] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


if __name__ == "__main__":
    serve(handle)
