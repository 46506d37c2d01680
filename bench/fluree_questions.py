"""Fluree, embedded: each stored question alone, in this process.

It is asked as a library is: no HTTP, rows as Python objects. Run by `bench.figures` as a process
of its own; prints JSON.
"""

import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from bench.mix import questions
from bench.processes import memory

TRIES = 3


def as_trig(graph: Path, trig: Path) -> None:
    """Write N-Quads as TriG, which is what Fluree reads."""
    named = re.compile(r"^(.*) (<[^<> ]+>) \.$")
    triple = re.compile(r'^\S+ \S+ (?:<[^>]*>|".*"\S*) \.$')
    with graph.open(encoding="utf-8") as lines, trig.open("w", encoding="utf-8") as out:
        for line in lines:
            found = None if triple.match(line) else named.match(line)
            out.write(f"{found[2]} {{ {found[1]} . }}\n" if found else line)


def main() -> None:
    """Load the graph named on the command line, ask, print."""
    import fluree  # noqa: PLC0415 - only where it is measured

    graph, limit = Path(sys.argv[1]), float(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        trig = Path(folder) / "graph.trig"
        as_trig(graph, trig)
        with fluree.connect(Path(folder) / "data") as connection:
            began = time.monotonic()
            ledger = connection.create("bench", source=trig)
            told = {"load": time.monotonic() - began, "questions": {}}
            for question in questions():
                told["questions"][question.name] = _asked(ledger, question.text, limit)
            told["memory"] = memory(os.getpid())
    print(json.dumps(told))


def _asked(ledger: object, text: str, limit: float) -> dict[str, object]:
    seconds = []
    try:
        for _ in range(TRIES):
            began = time.perf_counter()
            rows = len(ledger.select(text, timeout=limit))  # type: ignore[attr-defined]
            seconds.append(time.perf_counter() - began)
    except Exception as error:  # whatever it says is what is reported
        return {"problem": f"{type(error).__name__}: {error}"[:120]}
    return {"rows": rows, "alone": 1000 * sorted(seconds)[len(seconds) // 2]}


if __name__ == "__main__":
    main()
