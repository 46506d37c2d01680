"""Whole-graph validation in a worker of its own, bounded in time and killed with its caller."""

import json
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Quad

from icgraph.guard.report import Report
from icgraph.store.changes import encode_quads
from icgraph.store.channel import Progress
from icgraph.store.pool import Pool

ENTRY_POINT: Final = "icgraph.guard.worker"


def graph_check(
    base: str, *, seconds: float, progress: Progress
) -> Callable[[Iterable[Quad]], Report]:
    """A function that validates a whole graph, ontology included, by the packaged rules.

    It raises TimeLimitExceeded after `seconds`, and what `Pool.run` raises.
    """

    def check(quads: Iterable[Quad]) -> Report:
        task = {"task": "validate", "base": base}
        with Pool(ENTRY_POINT, size=1) as pool:
            _, body = pool.run(task, encode_quads(quads), seconds=seconds, progress=progress)
        return Report.from_json(json.loads(body))

    return check
