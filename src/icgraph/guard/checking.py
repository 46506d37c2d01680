"""Validation in a worker of its own, bounded in time and killed with its caller.

Files and shapes may be hostile: no process that writes or serves reads them itself.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from icgraph.guard.report import Report
from icgraph.store.changes import encode_quads
from icgraph.store.channel import Header, Progress
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
        return _run(task, encode_quads(quads), seconds, progress)

    return check


def check_checkpoint(checkpoint: Path, base: str, *, seconds: float) -> Report:
    """What the packaged rules find in a published revision; raises TimeLimitExceeded."""
    task = {"task": "validate-checkpoint", "checkpoint": str(checkpoint), "base": base}
    return _run(task, b"", seconds, lambda *_: None)


def check_files(
    files: Sequence[Path], *, alone: bool, seconds: float, progress: Progress
) -> Report:
    """What `guard.validation.validate_files` finds; raises TimeLimitExceeded after `seconds`."""
    task = {"task": "validate-files", "files": [str(file) for file in files], "alone": alone}
    return _run(task, b"", seconds, progress)


def _run(task: Header, body: bytes, seconds: float, progress: Progress) -> Report:
    with Pool(ENTRY_POINT, size=1, time_limit="validation_seconds") as pool:
        _, report = pool.run(task, body, seconds=seconds, progress=progress)
    assert isinstance(report, bytes)
    return Report.from_json(json.loads(report))
