"""A task seen from outside: how far it is, and a way to stop it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from icgraph.errors import ICGraphError

State = Literal["waiting", "running", "long", "ended"]


class Task:
    """A handle on one task of a pool; safe to use from several threads.

    `long` is a running task that makes way for others. `error` is what it was stopped with.
    """

    def __init__(self) -> None:
        self.state: State = "waiting"
        self.error: ICGraphError | None = None
        self._lock = threading.Lock()
        self._interrupt: Callable[[], None] | None = None

    def stop(self, error: ICGraphError) -> None:
        """Let whoever runs the task raise this error soon; no effect once it has ended."""
        with self._lock:
            if self.state == "ended" or self.error is not None:
                return
            self.error = error
            if self._interrupt is not None:
                self._interrupt()

    def end(self) -> None:
        """Say that the task is over."""
        with self._lock:
            self.state = "ended"

    @contextmanager
    def interrupted_by(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While this lasts, `stop` calls `interrupt`; at once when it was called before."""
        with self._lock:
            self._interrupt = interrupt
            if self.error is not None:
                interrupt()
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None
