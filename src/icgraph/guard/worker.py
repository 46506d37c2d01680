"""The entry point of the workers that validate: `python -m icgraph.guard.worker`, by the pool.

The task `validate` has a graph in N-Quads as its body, and may say the `base` of the graph,
whether to add the packaged `ontology` (default: the graph holds it), and the `records` to
look at, by IRI. The task `validate-files` names `files`, and whether they stand `alone`.
The answer is `{"conforms": …}` with `Report.to_json` as its body. A worker keeps the packaged
rules and nothing of a task.
"""

import json
from pathlib import Path

from pyoxigraph import RdfFormat

from icgraph.errors import InputError
from icgraph.guard.report import Report
from icgraph.guard.validation import run_validation, validate_files
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.channel import Header, Progress
from icgraph.store.forkserver import serve
from icgraph.store.parsing import stream_text


def handle(header: Header, body: bytes, progress: Progress) -> tuple[Header, bytes]:
    """Do one task; raises ICGraphError."""
    match header.get("task"):
        case "validate":
            report = _validate(header, body, progress)
        case "validate-files":
            files = [Path(file) for file in header["files"]]
            report = validate_files(files, alone=header["alone"], progress=progress)
        case task:
            raise InputError(
                f"The guard has no task {task!r}.", advice="It has: validate, validate-files."
            )
    return {"conforms": report.conforms}, json.dumps(report.to_json()).encode()


def _validate(header: Header, body: bytes, progress: Progress) -> Report:
    records = header.get("records")
    return run_validation(
        stream_text(body, RdfFormat.N_QUADS, "the graph"),
        base=str(header.get("base", DEFAULT_BASE)),
        ontology=bool(header.get("ontology", False)),
        records={str(record) for record in records} if isinstance(records, list) else None,
        progress=progress,
    )


if __name__ == "__main__":
    serve(handle)
