"""The servers that are measured: ours and the rivals, each installed, loaded and started here.

What is no Python package is kept in `CACHE`. A rival that cannot be had says why (`missing`); it is
named in the report, not passed over.
"""

import contextlib
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from bench.processes import free_port, memory, started

BIN: Final = Path(sys.executable).parent
CACHE: Final = Path.home() / ".cache" / "icgraph-bench"
#: A server that is not loaded by then counts as not able to.
LOAD_SECONDS: Final = 1200
START_SECONDS: Final = 120
#: Connections go to either process; so many answers in a row were surely given by both.
HEALTHY_IN_A_ROW: Final = 24
QUERY_SECONDS: Final = 30

FUSEKI: Final = "org.apache.jena:jena-fuseki-server:5.2.0"
DEFAULT_GRAPH: Final = "https://w3id.org/icgraph/graph/default"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its endpoint, and the process above all its others."""

    endpoint: str
    process: int
    seconds_to_load: float
    seconds_to_start: float

    def memory(self) -> int:
        """What it holds now, in bytes."""
        return memory(self.process)


class Server(Protocol):
    """A server to measure.

    `largest` is the most statements it is tried with, `stops` whether it ends a query that takes
    too long.
    """

    name: str
    largest: int
    why_not_more: str
    stops: bool

    def missing(self) -> str | None:
        """Why it cannot be measured here, if so."""

    def serving(self, graph: Path, folder: Path, *, cache: bool) -> AbstractContextManager[Running]:
        """It, serving the graph; loaded into the folder unless it is there already.

        Raises CalledProcessError, TimeoutExpired or NotStarted when that does not succeed.
        """


class OurServer:
    """`icgraph serve --bare`; its results are kept only with `cache`."""

    name = "icgraph"
    largest = 10_000_000
    why_not_more = "larger graphs are not made here"
    stops = True

    def missing(self) -> str | None:
        """Never."""
        return None

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        home, port = folder / "home", free_port()
        seconds = _loaded(home, [BIN / "icgraph", "load", "--bare", "--home", home, graph], folder)
        settings = {"ICGRAPH_QUERY_LOG": "false"} | ({} if cache else {"ICGRAPH_CACHE_BYTES": "0"})
        command = [BIN / "icgraph", "serve", "--bare", "--home", home, "--port", port]
        endpoint = f"http://127.0.0.1:{port}/sparql"
        with started(
            command, endpoint, seconds=START_SECONDS, folder=folder, environment=settings
        ) as (process, start):
            filled = _seconds_until_in_memory(f"http://127.0.0.1:{port}/health")
            yield Running(endpoint, process, seconds, start + filled)


def _seconds_until_in_memory(health: str) -> float:
    """Wait until every HTTP process has read the graph to memory, if it does; it answers before."""
    began, ready = time.monotonic(), 0
    while ready < HEALTHY_IN_A_ROW:
        with urllib.request.urlopen(health, timeout=30) as response:
            ready = 0 if json.load(response)["engine"] == "loading" else ready + 1
        time.sleep(0 if ready else 0.1)
    return time.monotonic() - began


class OxigraphOnDisk:
    """`oxigraph serve --location`."""

    name = "oxigraph serve, on disk"
    largest = 10_000_000
    why_not_more = "larger graphs are not made here"
    stops = True

    def missing(self) -> str | None:
        """See `Server`."""
        return _no_command("oxigraph", "pip install --group bench")

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        del cache  # it has none
        store, port = folder / "store", free_port()
        load = [BIN / "oxigraph", "load", "--location", store, "--file", graph]
        seconds = _loaded(store, load, folder)
        command = [
            *(BIN / "oxigraph", "serve", "--location", store),
            *("--bind", f"127.0.0.1:{port}", "--timeout-s", QUERY_SECONDS),
        ]
        endpoint = f"http://127.0.0.1:{port}/query"
        with started(command, endpoint, seconds=START_SECONDS, folder=folder) as (process, start):
            yield Running(endpoint, process, seconds, start)


class OxigraphInMemory:
    """`oxigraph serve` without a location; the graph is sent to it."""

    name = "oxigraph serve, in memory"
    largest = 10_000_000
    why_not_more = "larger graphs are not made here"
    stops = True

    def missing(self) -> str | None:
        """See `Server`."""
        return _no_command("oxigraph", "pip install --group bench")

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        del cache
        port = free_port()
        command = [
            *(BIN / "oxigraph", "serve", "--bind", f"127.0.0.1:{port}"),
            *("--timeout-s", QUERY_SECONDS),
        ]
        endpoint = f"http://127.0.0.1:{port}/query"
        with started(command, endpoint, seconds=START_SECONDS, folder=folder) as (process, start):
            began = time.monotonic()
            with graph.open("rb") as file:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/store",
                    data=file,
                    method="POST",
                    headers={
                        "Content-Type": "application/n-quads",
                        "Content-Length": str(graph.stat().st_size),
                    },
                )
                urllib.request.urlopen(request, timeout=LOAD_SECONDS).close()
            yield Running(endpoint, process, time.monotonic() - began, start)


class RdflibEndpoint:
    """`rdflib-endpoint serve`: rdflib's own engine, in memory."""

    name = "rdflib-endpoint"
    largest = 1_000_000
    why_not_more = "it parses in Python whenever it starts, 3.5 s for 50 thousand"
    stops = False

    def missing(self) -> str | None:
        """See `Server`."""
        return _no_command("rdflib-endpoint", "pip install --group bench")

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        del cache
        port = free_port()
        command = [
            *("prlimit", f"--as={12 << 30}", BIN / "rdflib-endpoint", "serve", graph),
            *("--port", port, "--host", "127.0.0.1"),
        ]
        endpoint = f"http://127.0.0.1:{port}/"
        with started(command, endpoint, seconds=LOAD_SECONDS, folder=folder) as (process, start):
            yield Running(endpoint, process, start, start)


class Fuseki:
    """Apache Jena Fuseki over TDB2."""

    name = "Apache Jena Fuseki"
    largest = 1_000_000
    why_not_more = "its loader took 57 s for one million on a busy machine"
    stops = True
    _jar: Final = CACHE / "fuseki" / "jena-fuseki-server-5.2.0.jar"

    def missing(self) -> str | None:
        """See `Server`; takes it from Maven when it is not there."""
        if shutil.which("java") is None:
            return "needs java 17"
        if self._jar.exists():
            return None
        if shutil.which("mvn") is None:
            return "needs mvn, to take it from Maven"
        copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={FUSEKI}"]
        where = f"-DoutputDirectory={self._jar.parent}"
        try:
            subprocess.run([*copy, where], check=True, capture_output=True, timeout=300)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return f"Maven did not give {FUSEKI}"
        return None if self._jar.exists() else f"Maven did not give {FUSEKI}"

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        del cache
        store, port = folder / "tdb2", free_port()
        loader = ("tdb2.tdbloader", "--loader=parallel", "--loc", store, graph)
        load = ["java", "-Xmx4g", "-cp", self._jar, *loader]
        seconds = _loaded(store, load, folder)
        command = [
            *("java", "-Xmx4g", "-jar", self._jar, "--localhost", "--port", port),
            *(f"--timeout={1000 * QUERY_SECONDS}", "--tdb2", f"--loc={store}", "/data"),
        ]
        endpoint = f"http://127.0.0.1:{port}/data/query"
        with started(command, endpoint, seconds=START_SECONDS, folder=folder) as (process, start):
            yield Running(endpoint, process, seconds, start)


class Virtuoso:
    """Virtuoso, the open edition. It has no default graph but all: ours gets a name."""

    name = "Virtuoso"
    largest = 10_000_000
    why_not_more = "larger graphs are not made here"
    stops = True

    def missing(self) -> str | None:
        """See `Server`."""
        if shutil.which("virtuoso-t") and shutil.which("isql-vt"):
            return None
        return "not installed: apt-get install virtuoso-opensource"

    @contextlib.contextmanager
    def serving(self, graph: Path, folder: Path, *, cache: bool) -> Iterator[Running]:
        """See `Server`."""
        del cache
        database = folder / "database"
        loaded = database.exists()
        database.mkdir(exist_ok=True)
        port, sql_port = free_port(), free_port()
        configuration = folder / "virtuoso.ini"
        configuration.write_text(
            _VIRTUOSO.format(
                database=database,
                graphs=graph.parent,
                port=port,
                sql_port=sql_port,
                default_graph=DEFAULT_GRAPH,
                seconds=QUERY_SECONDS,
            ),
            encoding="utf-8",
        )
        command = ["virtuoso-t", "+foreground", "+configfile", configuration]
        endpoint = f"http://127.0.0.1:{port}/sparql"
        with started(command, endpoint, seconds=START_SECONDS, folder=folder) as (process, start):
            seconds = 0.0
            if not loaded:
                seconds = _timed(_virtuoso_load(sql_port, graph), folder)
            yield Running(endpoint, process, seconds, start)


def _virtuoso_load(sql_port: int, graph: Path) -> list[object]:
    statements = (
        f"ld_dir('{graph.parent}', '{graph.name}', '{DEFAULT_GRAPH}');rdf_loader_run(); checkpoint;"
    )
    return ["isql-vt", f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={statements}"]


_VIRTUOSO: Final = """\
[Database]
DatabaseFile = {database}/virtuoso.db
ErrorLogFile = {database}/virtuoso.log
LockFile = {database}/virtuoso.lck
TransactionFile = {database}/virtuoso.trx
xa_persistent_file = {database}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {database}/virtuoso-temp.db
TransactionFile = {database}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
DirsAllowed = {graphs}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {database}
MaxClientConnections = 20
MaxKeepAlives = 20
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryExecutionTime = {seconds}
DefaultGraph = {default_graph}
"""


def _no_command(name: str, advice: str) -> str | None:
    return None if (BIN / name).exists() else f"not installed: {advice}"


def _loaded(store: Path, command: list[object], folder: Path) -> float:
    """The seconds that loading took; 0 when it was done before."""
    if store.exists():
        return 0.0
    try:
        return _timed(command, folder)
    except BaseException:
        shutil.rmtree(store, ignore_errors=True)
        raise


def _timed(command: list[object], folder: Path) -> float:
    began = time.monotonic()
    with (folder / "load.log").open("ab") as log:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            timeout=LOAD_SECONDS,
        )
    return time.monotonic() - began


SERVERS: Final[tuple[Server, ...]] = (
    OurServer(),
    OxigraphOnDisk(),
    OxigraphInMemory(),
    Virtuoso(),
    Fuseki(),
    RdflibEndpoint(),
)
