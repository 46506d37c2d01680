"""The servers that are measured: ours and the rivals, each over the same packaged graph."""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from icgraph.store.packaged import packaged_graph

BIN = Path(sys.executable).parent
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: the address of its endpoint, and how long it took to answer."""

    name: str
    endpoint: str
    seconds_to_start: float


def packaged_file(folder: Path) -> Path:
    """The packaged default graph as one N-Triples file, for the rivals to load."""
    path = folder / "graph.nt"
    triples = {quad.triple for quad in packaged_graph()}
    serialize(triples, str(path), format=RdfFormat.N_TRIPLES)
    return path


@contextmanager
def icgraph(home: Path, port: int) -> Iterator[Running]:
    """Ours; the time to start includes building the graph when the home is empty."""
    command = [BIN / "icgraph", "serve", "--port", str(port), "--home", home]
    with _started("icgraph", command, f"http://127.0.0.1:{port}/sparql") as running:
        yield running


@contextmanager
def oxigraph(folder: Path, port: int, graph: Path) -> Iterator[Running]:
    """`oxigraph serve` on disk."""
    store = folder / "oxigraph"
    subprocess.run(
        [BIN / "oxigraph", "load", "--location", store, "--file", graph],
        check=True,
        capture_output=True,
    )
    command = [BIN / "oxigraph", "serve", "--location", store, "--bind", f"127.0.0.1:{port}"]
    with _started("oxigraph serve", command, f"http://127.0.0.1:{port}/query") as running:
        yield running


@contextmanager
def rdflib_endpoint(_folder: Path, port: int, graph: Path) -> Iterator[Running]:
    """`rdflib-endpoint serve`, rdflib's own engine in memory."""
    command = [BIN / "rdflib-endpoint", "serve", graph, "--port", str(port), "--host", "127.0.0.1"]
    with _started("rdflib-endpoint", command, f"http://127.0.0.1:{port}/") as running:
        yield running


RIVALS: dict[str, Callable[..., object]] = {
    "oxigraph": oxigraph,
    "rdflib-endpoint": rdflib_endpoint,
}


def missing_rivals() -> list[str]:
    """The rivals whose command is not installed; they are named, not passed over."""
    return [name for name in RIVALS if shutil.which(str(BIN / name)) is None]


@contextmanager
def _started(name: str, command: list[object], endpoint: str) -> Iterator[Running]:
    began = time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(endpoint):
            if process.poll() is not None or time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.02)
        yield Running(name, endpoint, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(20)


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}?query=ASK%20%7B%7D", timeout=5) as response:
            return response.status == 200
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False
