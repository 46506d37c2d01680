"""The entry point of the workers that validate: `python -m icgraph.guard.worker`, by the pool.

A task is `{"task": "validate"}` with a graph in N-Quads as its body, and may say the `base`
of the graph, whether to add the packaged `ontology` (default: the graph holds it), and the
`records` to look at, by IRI. The answer is `{"conforms": …}` with `Report.to_json` as its
body. A worker keeps the packaged rules and nothing of a task.
"""

import json
from collections.abc import Mapping

from pyoxigraph import RdfFormat

from icgraph.errors import InputError
from icgraph.guard.validation import run_validation
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.channel import Header, Progress, serve
from icgraph.store.parsing import parse_text


def handle(header: Header, body: bytes, progress: Progress) -> tuple[Header, bytes]:
    """Do one task; raises ICGraphError."""
    task = header.get("task")
    if task != "validate":
        raise InputError(f"The guard has no task {task!r}.", advice="It has the task: validate.")
    return _validate(header, body, progress)


def _validate(
    header: Mapping[str, object], body: bytes, progress: Progress
) -> tuple[Header, bytes]:
    records = header.get("records")
    report = run_validation(
        parse_text(body.decode(), RdfFormat.N_QUADS, "the graph"),
        base=str(header.get("base", DEFAULT_BASE)),
        ontology=bool(header.get("ontology", False)),
        records={str(record) for record in records} if isinstance(records, list) else None,
        progress=progress,
    )
    return {"conforms": report.conforms}, json.dumps(report.to_json()).encode()


if __name__ == "__main__":
    serve(handle)
