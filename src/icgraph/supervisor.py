"""The supervisor: owns the home, is its one writer, and holds the lives of all others.

    supervisor ── follows the change log, makes checkpoints
    ├── indexer ── keeps the search index, at low priority
    ├── assessor ── validates what was published, at low priority
    └── HTTP process (several) ── answers requests, parses no query
        └── query worker (several) ── evaluates, may be killed

Granian's own main loop runs in this process and starts the HTTP processes. Whoever loses
its parent ends at once, so that killing the supervisor leaves nothing behind.
"""

import json
import multiprocessing
import os
import resource
import shutil
import socket
import threading
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from icgraph.catalogue.assessing import keep_assessed
from icgraph.catalogue.dumping import Dumper
from icgraph.catalogue.feeds import Feed
from icgraph.config import HANDED_DOWN, Settings
from icgraph.curation.packaged import publish_nothing, publish_packaged
from icgraph.discovery.indexer import keep_indexed
from icgraph.errors import AddressUnavailable, ICGraphError
from icgraph.guard.checking import graph_check
from icgraph.query.place import sweep
from icgraph.store.channel import Progress
from icgraph.store.home import Home, open_home, own
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.news import News
from icgraph.store.projection import Projection
from icgraph.store.rebuilding import Rebuilder

_CONNECTIONS: Final = 4096
#: The address of a request, at most 64 KiB, and its headers: who reads them holds up others.
_HEAD_BYTES: Final = 98_304
_FOLLOW_SECONDS: Final = 0.25
_WATCH_SECONDS: Final = 0.2
_READY_SECONDS: Final = 0.05
_log = structlog.get_logger(__name__)


def serve(settings: Settings, *, progress: Progress, ready: Callable[[str], None]) -> None:
    """Build the graph if the home is empty, and serve it until a signal ends this process.

    `ready` is told the address once it is listened on. Raises HomeError and its kinds, and
    GraphInvalid when the packaged data breaks its own rules.
    """
    port = _free_port(settings.host, settings.port)
    home = open_home(settings.home)
    with own(home):
        log = open_log(home.log, settings.base, bare=settings.bare)
        projection = Projection(
            home.projection,
            checkpoints=settings.checkpoints,
            checkpoint_bytes=settings.checkpoint_bytes,
        )
        _sweep(home.spool)
        sweep(home.run)
        if not log.head():
            _begin(log, settings, progress)
        projection.follow(log, progress)
        feed, dumper = Feed(home.feed, log.base), Dumper(home, settings.dump_bytes)
        stop = threading.Event()
        follower = threading.Thread(
            target=_follow,
            args=(log, _Derived(projection, feed, Rebuilder(home), dumper), News(home.run), stop),
            daemon=True,
        )
        follower.start()
        # A plain store has no records to find, and no rules.
        companions = [] if settings.bare else _companions(home, settings, stop)
        try:
            _serve_http(settings, home, port, ready)
        finally:
            stop.set()
            follower.join()
            for companion in companions:
                companion.join()
            log.close()


def _companions(home: Home, settings: Settings, stop: threading.Event) -> list[threading.Thread]:
    """Start what follows the published graph beside the service, until `stop`."""
    assessing = (home, stop, settings.validation_seconds)
    threads = [
        threading.Thread(target=keep_indexed, args=(home, stop), daemon=True),
        threading.Thread(target=keep_assessed, args=assessing, daemon=True),
    ]
    for thread in threads:
        thread.start()
    return threads


def _begin(log: ChangeLog, settings: Settings, progress: Progress) -> None:
    """Record the first revision of an empty home."""
    if settings.bare:
        publish_nothing(log)
        return
    check = graph_check(log.base, seconds=settings.validation_seconds, progress=progress)
    publish_packaged(log, check)


def _serve_http(settings: Settings, home: Home, port: int, ready: Callable[[str], None]) -> None:
    fixed = settings.model_copy(update={"home": home.folder, "port": port})
    os.environ[HANDED_DOWN] = json.dumps(
        {"supervisor": os.getpid(), "settings": fixed.model_dump(mode="json")}
    )
    # Spawned, not forked: this process has threads and an open store.
    multiprocessing.set_start_method("spawn", force=True)
    stopped = threading.Event()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    watcher = threading.Thread(
        target=_announce, args=(f"http://{host}:{port}", stopped, ready), daemon=True
    )
    server = _Server(fixed)
    server.on_startup(watcher.start)  # the port is ours by then
    try:
        server.serve()
    except RuntimeError as error:
        raise _unavailable(settings.host, port, str(error)) from None
    finally:
        stopped.set()


class _Server(MPServer):
    """Granian, with a main loop of ours.

    Its own forgets a process that dies while another is being replaced, and gives up when
    processes die in quick succession. Ours looks who is alive, and replaces whoever is not.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            "icgraph.http_process:application",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGINL,
            workers=settings.http_processes,
            # Connections of one process; those beyond wait for the kernel to hand them over.
            backpressure=_allow_connections(),
            # HTTP/2 would bring many requests on one connection, and is what proxies are for.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=round(settings.body_seconds * 1000),
                max_buffer_size=_HEAD_BYTES,
            ),
            websockets=False,
            workers_kill_timeout=2,
            log_enabled=False,
        )

    def _serve_loop(self, spawn_target: object, target_loader: object) -> None:
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait(_WATCH_SECONDS)
            self.main_loop_interrupt.clear()
            self.interrupt_children.clear()
            processes: list[Any] = self.wrks
            dead = [index for index, process in enumerate(processes) if not process.is_alive()]
            if dead and not self.interrupt_signal:
                self._respawn_workers(dead, spawn_target, target_loader)


def _allow_connections() -> int:
    """Raise the number of files this process and its children may open; the connections it bears.

    Half of the files are left for workers, results and checkpoints.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * _CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return _CONNECTIONS if soft == resource.RLIM_INFINITY else min(_CONNECTIONS, soft // 2)


def _announce(address: str, stopped: threading.Event, ready: Callable[[str], None]) -> None:
    """Tell the address as soon as queries are answered there."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not stopped.wait(_READY_SECONDS):
        with suppress(OSError, HTTPException), direct.open(f"{address}/health", timeout=5):
            ready(address)
            return


@dataclass(frozen=True, slots=True)
class _Derived:
    """What is made from the log, and kept up with it."""

    projection: Projection
    feed: Feed
    rebuilder: Rebuilder
    dumper: Dumper

    def follow(self, log: ChangeLog, head: int) -> None:
        """Bring readers to this revision.

        The feed comes first: who sees a revision sees what it touched. It holds up nothing.
        """
        try:
            if head != self.feed.indexed():
                self.feed.follow(log)
        finally:
            if head != self.projection.published():
                self.projection.follow(log)

    def make(self, head: int) -> None:
        """Make what readers asked for."""
        if self.rebuilder.look(head):
            self.projection.prune()
        self.dumper.look()

    def close(self) -> None:
        """Stop what is being made."""
        self.rebuilder.close()
        self.dumper.close()
        self.feed.close()


def _follow(log: ChangeLog, derived: _Derived, news: News, stop: threading.Event) -> None:
    """Publish what other processes write to the log, and make what is asked for, until stopped.

    What hinders it is logged once, and tried again.
    """
    told = ""
    with closing(news), closing(derived):
        while not stop.is_set():
            news.wait(_FOLLOW_SECONDS)
            try:
                head = log.head()
                derived.follow(log, head)
                derived.make(head)
                told = ""
            except Exception as error:  # whatever it was, readers must see the next revision
                if str(error) != told:
                    told = str(error)
                    unforeseen = None if isinstance(error, ICGraphError) else error
                    _log.error("the change log cannot be followed", error=told, exc_info=unforeseen)


def _free_port(host: str, port: int) -> int:
    """The port, or a free one for 0; raises AddressUnavailable before anything is built."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _unavailable(host, port, error.strerror or str(error)) from None


def _unavailable(host: str, port: int, why: str) -> AddressUnavailable:
    return AddressUnavailable(
        f"The address {host} port {port} cannot be listened on: {why}.",
        advice="Stop what listens there, or give another with --port or --host.",
    )


def _sweep(folder: Path) -> None:
    for leftover in folder.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink()
