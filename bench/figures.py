"""The figures of `docs/performance.md`: measures all servers side by side, and writes the page.

`python -m bench.figures` measures everything (about 25 minutes on a quiet machine of 2 cores);
`--sizes`, `--servers` and `--seconds` measure less. What was measured is kept as JSON after every
step and joined with what is there; `--render` only writes the page from it.
"""

import argparse
import datetime as dt
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.graphs import write_graph
from bench.load import Speed, measure
from bench.mix import Question, alone, cold_orders, lookup, questions, warm_orders
from bench.page import write_page
from bench.processes import NotStarted, ask
from bench.servers import BIN, CACHE, SERVERS, Running, Server

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "performance.md"
KEPT: Final = ROOT / "docs" / "evidence" / "performance.json"
SIZES: Final = (50_000, 1_000_000, 10_000_000)
QUESTION_SECONDS: Final = 0.7
#: So long, as a part of what follows, each server is asked before it is measured.
WARMING_UP: Final = 0.75
#: A question that takes longer than this alone is not asked by eight clients at once.
HEAVY_SECONDS: Final = 2.0
LIMIT_SECONDS: Final = 20.0
#: What all questions of one server may take together, by the size of the graph.
QUESTIONS_SECONDS: Final = {50_000: 45.0, 1_000_000: 75.0, 10_000_000: 45.0}
TRIES: Final = 3
FLUREE_SECONDS: Final = 150.0

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for all servers of one size."""

    graph: Path
    statements: int
    records: list[str]
    seconds: float
    keep: Callable[[], None]


def main() -> None:
    """Measure what is asked for, keep it, write the page."""
    arguments = _arguments()
    told: Told = json.loads(arguments.kept.read_text("utf-8")) if arguments.kept.exists() else {}
    if not arguments.render:
        told["machine"] = _machine()
        told.setdefault("sizes", {})

        def keep() -> None:
            arguments.kept.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(told, indent=1, sort_keys=True)
            arguments.kept.write_text(text + "\n", encoding="utf-8")

        for size in arguments.sizes:
            _measure_size(told, size, arguments.servers, arguments.seconds, keep)
        if not arguments.servers:
            told["commands"] = _commands()
        keep()
    write_page(told, arguments.output)
    print(arguments.output.read_text("utf-8"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="STATEMENTS")
    parser.add_argument("--servers", nargs="+", help="parts of the names of those to measure")
    parser.add_argument("--seconds", type=float, default=8, help="how long each mix is asked")
    parser.add_argument("--render", action="store_true", help="measure nothing")
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--output", type=Path, default=PAGE)
    return parser.parse_args()


def _machine() -> Told:
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _measure_size(
    told: Told, size: int, chosen: list[str] | None, seconds: float, keep: Callable[[], None]
) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    graph = CACHE / f"graph-{size}.nq"
    written = write_graph(graph, size)
    here: Told = told["sizes"].setdefault(str(size), {"servers": {}})
    here["statements"] = written.statements
    run = Run(graph, size, written.records, seconds, keep)
    for server in SERVERS:
        if _chosen(server.name, chosen):
            here["servers"][server.name] = figures = {}
            began = time.monotonic()
            _measure_server(server, run, figures)
            print(f"{size} {server.name}: {time.monotonic() - began:.0f} s", flush=True)
    if _chosen("fluree", chosen):
        here["servers"]["fluree, in process"] = _fluree(graph, size)
        keep()


def _chosen(name: str, chosen: list[str] | None) -> bool:
    return chosen is None or any(part in name.lower() for part in chosen)


def _measure_server(server: Server, run: Run, figures: Told) -> None:
    problem = server.missing()
    if problem is None and run.statements > server.largest:
        problem = f"not tried beyond {server.largest} statements: {server.why_not_more}"
    if problem is not None:
        figures["problem"] = problem
        run.keep()
        return
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as name:
        try:
            _measure_cold(server, run, Path(name), figures)
            _measure_questions(server, run, Path(name), figures)
            with server.serving(run.graph, Path(name), cache=True) as running:
                before = warm_orders(running.endpoint, run.records, seed=1)
                measure(running.endpoint, before, WARMING_UP * run.seconds, limit=LIMIT_SECONDS)
                orders = warm_orders(running.endpoint, run.records)
                speed = measure(running.endpoint, orders, run.seconds, limit=LIMIT_SECONDS)
                figures["warm"] = speed.to_json()
        except (subprocess.SubprocessError, NotStarted, OSError) as error:
            figures["problem"] = _short(error)
        run.keep()


def _measure_cold(server: Server, run: Run, folder: Path, figures: Told) -> None:
    """The cold mix, after some seconds of it: files are read, pages copied, code compiled."""
    with server.serving(run.graph, folder, cache=False) as running:
        figures["load"] = round(running.seconds_to_load, 2)
        figures["start"] = round(running.seconds_to_start, 2)
        figures["memory_started"] = running.memory()
        orders = cold_orders(running.endpoint, run.records)
        measure(running.endpoint, orders, WARMING_UP * run.seconds, limit=LIMIT_SECONDS)
        if _answers(running, run):
            _measure_mix(running, orders, run, figures)
            return
    figures["note"] = "it gave up while it was warmed up, so it is measured right after a start"
    with server.serving(run.graph, folder, cache=False) as running:
        _measure_mix(running, cold_orders(running.endpoint, run.records), run, figures)


def _measure_mix(running: Running, orders: list[Iterator[bytes]], run: Run, figures: Told) -> None:
    speed = measure(running.endpoint, orders, run.seconds, limit=LIMIT_SECONDS)
    figures["cold"] = speed.to_json()
    figures["memory"] = running.memory()
    run.keep()


def _answers(running: Running, run: Run) -> bool:
    try:
        return bool(ask(running.endpoint, lookup(run.records[0]), seconds=LIMIT_SECONDS))
    except OSError:
        return False


def _measure_questions(server: Server, run: Run, folder: Path, figures: Told) -> None:
    """Ask each by one client, then, while there is time, by eight at once.

    A server that cannot stop a query is started anew after one that took too long.
    """
    asked: Told = figures.setdefault("questions", {})
    every = [Question("point lookup", lookup(run.records[7])), *questions()]
    deadline = time.monotonic() + QUESTIONS_SECONDS.get(run.statements, 60.0)
    waiting = list(every)
    while waiting and time.monotonic() < deadline:
        with server.serving(run.graph, folder, cache=False) as running:
            while waiting and time.monotonic() < deadline:
                question = waiting.pop(0)
                asked[question.name] = told = _alone(running, question)
                if "problem" in told and not server.stops:
                    break
            if not waiting:
                _together(running, every, asked, deadline)
    if waiting:
        figures["note"] = f"no time was left to ask {len(waiting)} of the questions alone"
    run.keep()


def _alone(running: Running, question: Question) -> Told:
    """Rows and the median latency with one client; a heavy question is asked once."""
    began = time.perf_counter()
    try:
        body = ask(running.endpoint, question.text, seconds=LIMIT_SECONDS)
        rows = len(json.loads(body)["results"]["bindings"])
    except (OSError, ValueError) as error:
        return {"problem": _short(error)}
    took = time.perf_counter() - began
    if took > HEAVY_SECONDS:
        return {"rows": rows, "alone": round(1000 * took, 2)}
    orders = alone(running.endpoint, question.text, clients=1)
    speed = measure(running.endpoint, orders, 0, limit=LIMIT_SECONDS, at_least=TRIES)
    if speed.answered < TRIES:
        return {"problem": f"answered once, then {speed.failed} times not"}
    return {"rows": rows, "alone": speed.p50}


def _together(running: Running, every: list[Question], asked: Told, deadline: float) -> None:
    """The latencies with eight clients, for what is not heavy; the light ones come first."""
    light = [
        each for each in every if asked[each.name].get("alone", math.inf) < 1000 * HEAVY_SECONDS
    ]
    for question in sorted(light, key=lambda each: float(asked[each.name]["alone"])):
        if time.monotonic() > deadline:
            return
        orders = alone(running.endpoint, question.text)
        speed: Speed = measure(
            running.endpoint, orders, QUESTION_SECONDS, limit=LIMIT_SECONDS, at_least=1
        )
        asked[question.name] |= speed.to_json()


def _fluree(graph: Path, size: int) -> Told:
    if size > 1_000_000:
        return {"problem": "not tried beyond 1000000 statements"}
    command = [sys.executable, "-m", "bench.fluree_questions", str(graph), str(LIMIT_SECONDS)]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=FLUREE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return {"problem": f"not loaded and asked within {FLUREE_SECONDS:g} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return {"problem": f"failed: {last[:120]}"}
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


def _commands() -> Told:
    """How long the commands of an ordinary home take, in seconds; the packaged graph."""
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        return {
            "icgraph load": _timed("load", "--home", home),
            "icgraph load, nothing new": _timed("load", "--home", home),
            "icgraph check": _timed("check", "--home", home),
            "icgraph validate": _timed("validate"),
        }


def _timed(*command: str) -> float:
    began = time.monotonic()
    done = subprocess.run([BIN / "icgraph", *command], check=False, capture_output=True)
    return math.nan if done.returncode else round(time.monotonic() - began, 1)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:160]


if __name__ == "__main__":
    main()
