"""Whole-graph validation by all our shapes: ours and the rivals, in one run, loading included.

`python -m bench.validation` measures each validator of `bench.validators` in a process of its own,
one after another, over the default graph of each size and over the packaged graph with planted
faults, and writes the figures beside those of `bench.figures`. Who is not done in time, or fails,
is named.
"""

import argparse
import dataclasses
import functools
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse, serialize

from bench.figures import KEPT, PAGE, ROOT, SIZES
from bench.graphs import write_graph
from bench.page import write_page
from bench.servers import CACHE
from bench.validators import VALIDATORS, Validator
from icgraph.store.packaged import packaged_shapes

LIMIT_SECONDS: Final = 900.0
FAULTS: Final = 125

Told = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its last line, or why there is none, and what it cost.

    Its memory is never less than that of the process that started it.
    """

    said: str
    problem: str
    seconds: float
    processor: float
    memory: int


def main() -> None:
    """Measure what is asked for, keep it after every validator, write the page."""
    arguments = _arguments()
    CACHE.mkdir(parents=True, exist_ok=True)
    told: Told = json.loads(arguments.kept.read_text("utf-8")) if arguments.kept.exists() else {}
    here: Told = told.setdefault("validation", {})
    here["limit"] = arguments.limit
    here["versions"] = _versions()
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        shapes = _written(Path(folder) / "shapes.ttl", packaged_shapes())
        for size in arguments.sizes:
            found = here.setdefault("sizes", {}).setdefault(str(size), {})
            data = _default_graph(size) if size else _faulty(Path(folder) / "faulty.nt")
            for validator in VALIDATORS:
                if not _chosen(validator, size, arguments.validators):
                    continue
                found[validator.name] = measured(validator, data, shapes, arguments.limit)
                print(size, validator.name, found[validator.name], flush=True)
                _keep(told, arguments.kept)
    if "sizes" in told:
        write_page(told, arguments.output)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=(0, *SIZES),
        metavar="STATEMENTS",
        help="0 is the packaged graph with planted faults",
    )
    parser.add_argument("--validators", nargs="+", help="parts of the names of those to measure")
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds for each")
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--output", type=Path, default=PAGE)
    return parser.parse_args()


def _chosen(validator: Validator, size: int, parts: list[str] | None) -> bool:
    named = parts is None or any(part.lower() in validator.name.lower() for part in parts)
    return named and size <= validator.largest


def _keep(told: Told, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _versions() -> dict[str, str]:
    packages = {package for validator in VALIDATORS for package in validator.packages}
    return {package: importlib.metadata.version(package) for package in sorted(packages)}


def _default_graph(size: int) -> Path:
    """The default graph of that size, which is all that SHACL sees, as N-Triples."""
    data = CACHE / f"default-{size}.nt"
    if not data.exists():
        whole = CACHE / f"graph-{size}.nq"
        if not whole.exists():
            write_graph(whole, size)
        quads = parse(path=whole, format=RdfFormat.N_QUADS)
        triples = (quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph))
        unready = data.with_suffix(".part")
        serialize(triples, unready, format=RdfFormat.N_TRIPLES)
        unready.rename(data)
    return data


def _faulty(data: Path) -> Path:
    """The packaged graph with faults of as many kinds, as the tests plant them."""
    from tests.guard.planting import Ground, plant  # noqa: PLC0415 - tests are no part of bench

    ground = Ground.packaged()
    [batch] = plant(ground, faults=FAULTS, batches=1, seed=1)
    return _written(data, batch.planted(ground.quads))


def _written(path: Path, quads: list[Quad]) -> Path:
    form = RdfFormat.TURTLE if path.suffix == ".ttl" else RdfFormat.N_TRIPLES
    serialize((quad.triple for quad in quads), path, format=form)
    return path


def measured(validator: Validator, data: Path, shapes: Path, limit: float) -> Told:
    """What a validator finds and costs, or why it finds nothing within `limit` seconds."""
    python = [sys.executable, "-W", "ignore", "-m", "bench.validators"]
    ended = _run([*python, validator.name, str(data), str(shapes)], limit)
    told: Told = {"seconds": round(ended.seconds, 2), "processor": round(ended.processor, 2)}
    if ended.problem:
        return told | {"problem": ended.problem, "memory": ended.memory}
    return told | json.loads(ended.said)


def _run(command: list[str], limit: float) -> Ended:
    """Run a command to its end, or for as long as the limit; children count as its own."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=errors, start_new_session=True
        )
        clock = threading.Timer(limit, functools.partial(os.killpg, process.pid, signal.SIGKILL))
        clock.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        errors.seek(0)
        said = out.read().strip().rpartition("\n")[2]
        problem = ""
        if process.returncode == -signal.SIGKILL and seconds >= limit:
            problem = f"not done within {limit:g} s"
        elif process.returncode:
            lines = errors.read().strip().splitlines() or [f"ended with {process.returncode}"]
            said_so = [line for line in lines if "Error" in line] or lines
            problem = f"failed: {said_so[-1].strip()[:160]}"
    return Ended(said, problem, seconds, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss)


if __name__ == "__main__":
    main()
