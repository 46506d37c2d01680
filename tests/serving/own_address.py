"""A server of the packaged graph whose base is its own loopback address."""

import socket
from contextlib import closing
from pathlib import Path

from icgraph.catalogue.dumping import make_dump
from icgraph.curation.loading import publish_packaged
from icgraph.discovery.indexer import index_home
from icgraph.guard.report import Report
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.projection import Projection
from tests.conftest import Server


def server_at_own_address(
    folder: Path, *, dumped: bool = False, environment: dict[str, str] | None = None
) -> Server:
    """Start it over a new home, with the search index and, if wanted, with its dump."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}/"
    home = open_home(folder / "home")
    with closing(open_log(home.log, base, bare=False)) as log:
        publish_packaged(log, lambda _quads: Report.of([]))  # other tests check the data
        Projection(home.projection, checkpoints=1).follow(log)
    index_home(home)
    if dumped:
        home.dumps.mkdir(exist_ok=True)
        make_dump(home)
    options = ("--base", base, "--port", str(port))
    return Server(home.folder, options, environment or {}).start()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
