"""Pages for people at eight clients, what a 304 saves, and what the largest hubs cost.

`python -m bench.pages` measures and writes the figures beside those of `bench.figures`. Pages of
the packaged graph are asked for twice: of a server that keeps no results, so that each is made,
and of one as installed. Hubs are asked for one at a time, in a graph of a million statements.
"""

import contextlib
import functools
import itertools
import random
import tempfile
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.figures import LIMIT_SECONDS
from bench.graphs import write_graph
from bench.growth import ID, TOPIC_OF
from bench.keeping import keep, options
from bench.load import CLIENTS, Speed, measure
from bench.processes import free_port, started
from bench.servers import BIN, CACHE, START_SECONDS, OurServer
from icgraph.model.kinds import KINDS
from icgraph.store.packaged import packaged_dataset

STATEMENTS: Final = 1_000_000
SECONDS: Final = 20.0
#: Of all records, so many pages of each kind are asked for.
PAGES_A_KIND: Final = 100
HUBS: Final = 5
#: A small record is named by so many others at most; sources are all small, and left out.
FEW: Final = 3
SMALL: Final = 20
#: So often each page of the large graph is asked for.
TURNS: Final = 20
BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE: Final = "text/turtle"
#: Pages that are none of records; lists are added, one for each kind.
_OTHERS: Final = {
    "home": ["/"],
    "topics": ["/topics", "/scheme/topic/education", "/scheme/topic/refugees"],
    "ontology": ["/ns/", "/ns/Practice", "/shapes/"],
    "list of practices, filtered": [
        "/practices?country=pl",
        "/practices?topic=education",
        "/practices?topic=refugees&country=es",
        "/practices?q=school",
    ],
}


@dataclass(frozen=True, slots=True)
class Mentions:
    """How many statements of a graph point at each of its records, by path below the base."""

    counts: dict[str, int]

    @classmethod
    def of(cls, lines: Iterator[str]) -> "Mentions":
        """Count them in the lines of N-Quads."""
        counts: Counter[str] = Counter()
        records = set()
        for line in lines:
            _, predicate, thing = line.split(" ", 3)[:3]
            if predicate == TOPIC_OF:
                records.add(thing)
            elif thing.startswith(ID) and "#" not in thing:
                counts[thing] += 1
        return cls({record[len(ID) : -1]: counts[record] for record in records})

    def largest(self) -> list[str]:
        """The records of the largest hubs, one of each kind, the largest first."""
        first: dict[str, str] = {}
        for record in sorted(self.counts, key=lambda each: (-self.counts[each], each)):
            first.setdefault(record.split("/", 1)[0], record)
        return list(first.values())[:HUBS]

    def small(self) -> list[str]:
        """Some records that few point at."""
        found = sorted(
            record
            for record, count in self.counts.items()
            if count <= FEW and not record.startswith("source/")
        )
        return random.Random(1).sample(found, min(SMALL, len(found)))


def main() -> None:
    """Measure, keep, write the page."""
    parser = options(__doc__, statements=STATEMENTS, seconds=SECONDS)
    parser.add_argument("--turns", type=int, default=TURNS)
    arguments = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    pages: dict[str, Any] = {"clients": CLIENTS, "seconds": arguments.seconds}
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder:
        for name, keeps in (("made", False), ("installed", True)):
            with _real_graph(Path(folder), keeps=keeps) as address:
                pages[name] = _measure_pages(address, arguments.seconds, each_sort=not keeps)
    pages["hubs"] = _measure_hubs(arguments.statements, arguments.turns)
    keep("pages", pages, arguments.kept, arguments.output)


@contextlib.contextmanager
def _real_graph(folder: Path, *, keeps: bool) -> Iterator[str]:
    """The address of a server over the packaged graph; its results are kept only with `keeps`."""
    port = free_port()
    command = [BIN / "icgraph", "serve", "--home", folder / "home", "--port", port]
    address = f"http://127.0.0.1:{port}"
    settings = {} if keeps else {"ICGRAPH_CACHE_BYTES": "0"}
    with started(
        command, f"{address}/sparql", seconds=START_SECONDS, folder=folder, environment=settings
    ):
        yield address


def _measure_pages(address: str, seconds: float, *, each_sort: bool) -> dict[str, Any]:
    """All pages as 200 and as 304, and each sort of them alone."""
    sorts = _sorts()
    everything = [path for paths in sorts.values() for path in paths]
    _ask(address, everything, min(5.0, seconds))
    tags = {path: _tag(address, path) for path in everything}
    told = {
        "pages": len(everything),
        "whole": _ask(address, everything, seconds).to_json(),
        "unchanged": _ask(address, everything, seconds, tags=tags).to_json(),
    }
    if each_sort:
        told["sorts"] = {
            name: _ask(address, paths, seconds / 4).to_json() for name, paths in sorts.items()
        }
    return told


def _sorts() -> dict[str, list[str]]:
    """The pages that are asked for, by their sort: of each kind its list and some records."""
    records: dict[str, list[str]] = defaultdict(list)
    for record in sorted(Mentions.of(f"{quad} .\n" for quad in packaged_dataset()).counts):
        records[record.split("/", 1)[0]].append(record)
    lists = [f"/{kind.path}" for kind in KINDS.values()]
    sorts = {**_OTHERS, "lists": lists + [f"{path}?page=2" for path in ("/practices", "/sources")]}
    for kind, found in records.items():
        chosen = random.Random(1).sample(found, min(PAGES_A_KIND, len(found)))
        sorts[f"record: {kind}"] = [f"/doc/{record}" for record in chosen]
    return sorts


def _ask(
    address: str,
    paths: list[str],
    seconds: float,
    *,
    clients: int = CLIENTS,
    accept: str = BROWSER,
    tags: dict[str, str] | None = None,
    at_least: int = 0,
) -> Speed:
    """Ask for the paths, each client in an order of its own; with `tags` for changes only."""
    known = tags or {}
    requests = [_request(address, path, accept, known.get(path)) for path in paths]
    orders = [
        itertools.cycle(random.Random(number).sample(requests, len(requests)))
        for number in range(clients)
    ]
    status = 304 if tags else 200
    return measure(address, orders, seconds, limit=LIMIT_SECONDS, at_least=at_least, status=status)


def _request(address: str, path: str, accept: str, tag: str | None) -> bytes:
    where = urllib.parse.urlsplit(address)
    condition = f"If-None-Match: {tag}\r\n" if tag else ""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept: {accept}\r\n"
        f"Accept-Language: en\r\n{condition}User-Agent: icgraph-bench\r\n\r\n"
    ).encode()


def _tag(address: str, path: str) -> str:
    """The ETag of a page; raises HTTPError when it is no page."""
    headers = {"Accept": BROWSER, "Accept-Language": "en"}
    request = urllib.request.Request(address + path, headers=headers)
    with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as response:
        tag = response.headers["ETag"]
    assert tag, f"{path} has no ETag"
    return str(tag)


def _measure_hubs(statements: int, turns: int) -> dict[str, Any]:
    """The largest hubs and some small records of a large graph, one request at a time."""
    written = write_graph(CACHE / f"graph-{statements}.nq", statements)
    with written.path.open(encoding="utf-8") as lines:
        mentions = Mentions.of(lines)
    small = mentions.small()
    with (
        tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as folder,
        OurServer().serving(written.path, Path(folder), cache=False) as running,
    ):
        alone = functools.partial(_alone, running.endpoint.removesuffix("/sparql"))
        alone(small, 1)
        return {
            "statements": written.statements,
            "turns": turns,
            "small": alone(small, max(turns, 2 * len(small))),
            "hubs": [
                {"record": record, "mentions": mentions.counts[record], **alone([record], turns)}
                for record in mentions.largest()
            ],
        }


def _alone(address: str, records: list[str], turns: int) -> dict[str, Any]:
    """The pages and the data of some records, with one client that asks so many times."""
    paths = [f"/doc/{record}" for record in records]
    return {
        name: _ask(address, paths, 0, clients=1, accept=accept, at_least=turns).to_json()
        for name, accept in (("page", BROWSER), ("data", TURTLE))
    }


if __name__ == "__main__":
    main()
