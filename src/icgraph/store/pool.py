"""Processes that do the untrusted and the heavy work, and that can be killed.

A pool keeps a number of workers of one entry point (`python -m that.module`). A task gets
a worker of its own until it answers; one that is late is killed, one that dies costs its
task an honest error, and both are replaced at once. The pool starts an entry point by its
name and knows no task.
"""

import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Final, Self

import structlog

from icgraph.errors import (
    MemoryLimitExceeded,
    QueueFull,
    TimeLimitExceeded,
    WorkerDied,
    from_json,
)
from icgraph.store.channel import Header, Payload, Progress, receive, send

_START_SECONDS: Final = 30
_WATCH_SECONDS: Final = 0.2
_LAST_SECONDS: Final = 1
_STDERR_BYTES: Final = 2000
_ADVICE: Final = {
    "query_seconds": "Ask for less: add a LIMIT, or make the patterns more selective.",
    "validation_seconds": "Give fewer or smaller files, or allow more by that setting.",
}
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: socket.socket
    stderr: IO[bytes]

    def alive(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()
        self.stderr.close()

    def last_words(self) -> str:
        self.stderr.seek(0, os.SEEK_END)
        self.stderr.seek(max(0, self.stderr.tell() - _STDERR_BYTES))
        return self.stderr.read().decode(errors="replace").strip()


class _Task:
    """One task on its way through one worker."""

    def __init__(self, connection: socket.socket, deadline: float, progress: Progress) -> None:
        self._connection = connection
        self._deadline = deadline
        self._progress = progress
        self.started = False
        self.worker_is_well = False

    def run(self, header: Header, body: bytes) -> tuple[Header, Payload]:
        self._connection.settimeout(self._seconds_left())
        send(self._connection, header, body)
        while True:
            self._connection.settimeout(self._seconds_left())
            answer, payload = receive(self._connection)
            if "started" in answer:
                self.started = True
            elif "progress" in answer:
                self._progress(*answer["progress"])
            else:
                self._connection.settimeout(None)
                self.worker_is_well = not answer.get("last", False)
                return answer, payload

    def _seconds_left(self) -> float:
        return max(0.001, self._deadline - time.monotonic())


class Pool:
    """A number of workers of one entry point. Use it as a context, or `close` it."""

    def __init__(
        self, entry_point: str, *, size: int, waiting: int = 0, time_limit: str = "query_seconds"
    ) -> None:
        """Start `size` workers of the module `entry_point`; so many tasks may be `waiting`.

        `time_limit` is the setting that a late task is told to have overrun.
        """
        self._entry_point = entry_point
        self._time_limit = time_limit
        self._size = size
        self._places = threading.BoundedSemaphore(size + waiting)
        self._idle: queue.Queue[_Worker] = queue.Queue()
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._closing = threading.Event()
        for _ in range(size):
            self._wanted.put(True)
        # All workers are started from this one thread: the kernel's "die with your parent"
        # means the thread that started the process.
        self._keeper = threading.Thread(target=self._keep, name="pool-keeper", daemon=True)
        self._keeper.start()

    def run(
        self,
        header: Header,
        body: bytes = b"",
        *,
        seconds: float,
        progress: Progress = lambda *_: None,
    ) -> tuple[Header, Payload]:
        """Run one task, and give its answer within `seconds` of wall time, waiting included.

        `progress` is told how far the task is, if it tells. Raises the task's own error, or
        QueueFull, TimeLimitExceeded, MemoryLimitExceeded or WorkerDied.
        """
        if not self._places.acquire(blocking=False):
            raise QueueFull(
                "The service is running and holding as many queries as it may.",
                advice="Try again in a few seconds.",
                limit="queue_length",
            )
        try:
            return self._run(header, body, seconds, progress)
        finally:
            self._places.release()

    def close(self) -> None:
        """End all workers."""
        self._closing.set()
        self._wanted.put(False)
        self._keeper.join()
        while True:
            try:
                self._idle.get_nowait().end()
            except queue.Empty:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(
        self, header: Header, body: bytes, seconds: float, progress: Progress
    ) -> tuple[Header, Payload]:
        deadline = time.monotonic() + seconds
        while True:
            worker = self._take(deadline)
            task = _Task(worker.connection, deadline, progress)
            try:
                answer, payload = task.run(header, body)
            except TimeoutError:
                raise TimeLimitExceeded(
                    f"The task was stopped after {seconds:g} seconds.",
                    advice=_ADVICE.get(self._time_limit, ""),
                    limit=self._time_limit,
                    value=seconds,
                ) from None
            except (EOFError, OSError):
                if not task.started:  # it died while idle: another can do the task
                    continue
                raise self._explained_death(worker) from None
            finally:
                if task.worker_is_well:
                    self._idle.put(worker)
                else:
                    worker.end()
                    self._wanted.put(True)
            if "error" in answer:
                raise from_json(answer["error"])
            return answer, payload

    def _take(self, deadline: float) -> _Worker:
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
            worker.end()
            self._wanted.put(True)

    def _explained_death(self, worker: _Worker) -> MemoryLimitExceeded | WorkerDied:
        try:
            code = worker.process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            code = worker.process.wait()
        words = worker.last_words()
        _log.warning("worker died", entry_point=self._entry_point, code=code, stderr=words)
        if code == -signal.SIGABRT or "MemoryError" in words:
            return MemoryLimitExceeded(
                "The task needed more memory than allowed.",
                advice="Ask for less: avoid cross products, sort or group fewer rows.",
                limit="query_memory",
            )
        return WorkerDied(
            f"The worker that ran this task ended unexpectedly (status {code}).",
            advice="The service is whole; if the same task does this again, please report it.",
        )

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                if self._wanted.get(timeout=_WATCH_SECONDS):
                    self._start()
            except queue.Empty:
                self._replace_dead()

    def _replace_dead(self) -> None:
        with suppress(queue.Empty):
            for _ in range(self._idle.qsize()):
                worker = self._idle.get_nowait()
                if worker.alive():
                    self._idle.put(worker)
                else:
                    worker.end()
                    self._wanted.put(True)

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the worker
        command = [sys.executable, "-m", self._entry_point, str(theirs.fileno()), str(os.getpid())]
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        worker = _Worker(process, ours, stderr)
        try:
            ours.settimeout(_START_SECONDS)
            receive(ours)
            ours.settimeout(None)
        except (EOFError, OSError):
            worker.process.kill()
            worker.process.wait()
            words = worker.last_words()
            _log.error("worker did not start", entry_point=self._entry_point, stderr=words)
            worker.end()
            self._closing.wait(_WATCH_SECONDS)
            self._wanted.put(True)
            return
        self._idle.put(worker)
