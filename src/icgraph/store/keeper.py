"""Keeping workers: as many as are wanted, alive, and forked from a server that is up to date.

One thread does it, because all processes must be started from one that lasts: the kernel's
"die with your parent" means the thread that started the process.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from icgraph.errors import QueueFull
from icgraph.store.channel import Header
from icgraph.store.forkserver import ForkServer, Worker

_WATCH_SECONDS: Final = 0.2
_SOON_SECONDS: Final = 0.01
_TRY_AGAIN_SECONDS: Final = 2
#: How long a server may be idle while it starts or follows a change, and while it reads a whole
#: graph, of which a part is done by a child of its own.
_IDLE_SECONDS: Final = 10
_IDLE_READING_SECONDS: Final = 600
_log = structlog.get_logger(__name__)


class Keeper:
    """The workers of one pool; safe to use from several threads."""

    def __init__(
        self,
        entry_point: str,
        *,
        size: int,
        state: Callable[[], Header | None],
        died: Callable[[str], None],
    ) -> None:
        """Keep `size` workers of the module `entry_point`, that find in memory `state()`.

        `died` is told "idle" or "fault" when a worker or a server ended unasked between tasks.
        """
        self._entry_point = entry_point
        self._size = size
        self._state = state
        self._died = died
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._workers: set[Worker] = set()
        self._dying: set[Worker] = set()
        self._lock = threading.Lock()
        self._server: ForkServer | None = None
        self._next: ForkServer | None = None
        self._next_not_before = 0.0
        self._retiring: list[ForkServer] = []
        self._closing = threading.Event()
        self._awake = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="pool-keeper", daemon=True)
        self._thread.start()

    def take(self, deadline: float) -> Worker:
        """A worker that is alive; raises QueueFull when none is free by then (monotonic time)."""
        while True:
            try:
                worker = self._idle.get(timeout=max(0.001, deadline - time.monotonic()))
            except queue.Empty:
                raise QueueFull(
                    "No query worker became free in time.",
                    advice="Try again in a few seconds.",
                    limit="query_workers",
                    value=self._size,
                ) from None
            if worker.alive():
                return worker
            self._bury(worker)

    def held(self) -> Header | None:
        """What new workers find in memory; None for nothing."""
        return self._server.state if self._server is not None else None

    def give_back(self, worker: Worker) -> None:
        """A worker is free for another task."""
        if worker.server is self._server:
            self._idle.put(worker)
        else:
            self.discard(worker)

    def discard(self, worker: Worker) -> None:
        """Kill a worker, and wait for nothing; another takes its place at once."""
        worker.kill()
        with self._lock:
            self._workers.discard(worker)
            self._dying.add(worker)
        self.wake()

    def wake(self) -> None:
        """Look at once whether all is as it should be."""
        self._awake.set()

    def close(self) -> None:
        """End all workers and their servers."""
        self._closing.set()
        self.wake()
        self._thread.join()

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                self._put_in_order()
            except (OSError, EOFError) as error:
                _log.warning("fork server lost", entry_point=self._entry_point, error=str(error))
                self._replace_server()
            except Exception as error:  # whatever it was, the pool must not be left alone
                _log.error("pool not in order", entry_point=self._entry_point, exc_info=error)
            self._awake.wait(_SOON_SECONDS if self._expects_news() else _WATCH_SECONDS)
            self._awake.clear()
        self._end_all()

    def _expects_news(self) -> bool:
        return bool(self._dying) or (self._server is not None and self._server.preparing)

    def _end_all(self) -> None:
        # In this thread, while it lasts: the servers die with it.
        workers = [*self._workers, *self._dying]
        for worker in workers:
            worker.kill()
        for worker in workers:
            if not worker.server.preparing:
                worker.end()
        for server in (self._server, self._next, *self._retiring):
            if server is not None:
                server.close()
        for worker in workers:
            worker.ended()

    def _put_in_order(self) -> None:
        if self._server is None:
            self._server = ForkServer(self._entry_point, patience=_IDLE_SECONDS)
        if not self._server.alive():
            raise EOFError(self._server.last_words())
        self._await_change(self._server)
        if self._next is not None:
            self._await_next(self._next)
        elif not self._server.preparing:
            self._follow_state(self._server)
        self._sweep()
        if not self._server.preparing:
            self._fork_missing(self._server)

    def _fork_missing(self, server: ForkServer) -> None:
        with self._lock:
            missing = self._size - len(self._workers)
            bearable = self._size - len(self._dying)  # the dying hold memory still
        for _ in range(min(missing, bearable)):
            worker = server.fork()
            if worker is None:
                return
            with self._lock:
                self._workers.add(worker)
            self._idle.put(worker)

    def _bury(self, worker: Worker) -> None:
        self._died("idle")
        self.discard(worker)

    def _replace_server(self) -> None:
        """Begin again without the server that was lost; its workers die with it."""
        self._died("fault")
        lost, self._server = self._server, None
        if lost is not None:
            lost.close()
        self._sweep()
        self._closing.wait(_WATCH_SECONDS)

    def _await_change(self, server: ForkServer) -> None:
        """See whether the server has become what it was asked to be, else begin a fresh one."""
        if server.preparing and server.prepared() is False and self._next is None:
            self._begin_next(self._state())

    def _follow_state(self, server: ForkServer) -> None:
        state = self._state()
        if state == server.state or time.monotonic() < self._next_not_before:
            return
        if state is not None and server.state is not None:
            server.begin_to_prepare(state, patience=_IDLE_SECONDS)
        else:
            self._begin_next(state)

    def _begin_next(self, state: Header | None) -> None:
        self._next = ForkServer(self._entry_point, state, patience=_IDLE_READING_SECONDS)

    def _await_next(self, server: ForkServer) -> None:
        """Put the new server in the place of the old one, once it is prepared."""
        try:
            prepared = server.prepared()
        except (OSError, EOFError):
            prepared = False
        if prepared is None:
            return
        self._next = None
        if prepared:
            assert self._server is not None
            self._retiring.append(self._server)
            self._server = server
            self._discard_idle()
        else:
            _log.warning("fork server not prepared", stderr=server.last_words())
            server.close()
            self._next_not_before = time.monotonic() + _TRY_AGAIN_SECONDS

    def _discard_idle(self) -> None:
        with suppress(queue.Empty):
            while True:
                self.discard(self._idle.get_nowait())

    def _sweep(self) -> None:
        """See to workers that died, killed or not, and to old servers without workers."""
        with self._lock:
            dying = list(self._dying)
        gone = {worker for worker in dying if worker.ended()}
        idle = []
        with suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        for worker in reversed(idle):
            if worker.alive():
                self._idle.put(worker)
            else:
                self._bury(worker)
        with self._lock:
            self._dying -= gone
            needed = {worker.server for worker in self._workers | self._dying}
        for server in self._retiring[:]:
            if server not in needed:
                self._retiring.remove(server)
                server.close()
