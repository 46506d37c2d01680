"""Places for tasks: so many run, so many wait, and who waits is served fairly among clients.

A place that becomes free goes to the client that has the fewest tasks running there, among
equals to the one that was served least recently. When no more may wait, a newcomer takes the
place in the queue of the client that has most waiting, if that is more than its own.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from icgraph.errors import ICGraphError, QueueFull
from icgraph.store.tasks import Task

_ADVICE: Final = "Try again in a few seconds."


@dataclass(eq=False, slots=True)
class _Waiter:
    client: str
    decided: threading.Event = field(default_factory=threading.Event)
    refusal: ICGraphError | None = None


class Lane:
    """So many places, safe to use from several threads; `limit` is the setting that says so."""

    def __init__(self, places: int, *, waiting: int, limit: str) -> None:
        self._places = places
        self._most_waiting = waiting
        self._limit = limit
        self._lock = threading.Lock()
        self._waiters: list[_Waiter] = []
        self._running: Counter[str] = Counter()
        self._served: dict[str, int] = {}
        self._turns = count()

    def running(self) -> int:
        """How many places are taken."""
        return self._running.total()

    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiters)

    def take(self, client: str, *, until: float, task: Task) -> None:
        """Wait for a place, no longer than `until` (monotonic time).

        Raises QueueFull when too many wait or none became free in time, and what the task was
        stopped with.
        """
        with self._lock:
            if self._free() and not self._waiters:
                self._grant(client)
                return
            waiter = _Waiter(client)
            self._make_room_for(waiter)
            self._waiters.append(waiter)
        with task.interrupted_by(waiter.decided.set):
            waiter.decided.wait(max(0.0, until - time.monotonic()))
        with self._lock:
            if waiter not in self._waiters:
                if waiter.refusal is not None:
                    raise waiter.refusal
                if task.error is None:
                    return
                self._release(client)
            else:
                self._waiters.remove(waiter)
        raise task.error or QueueFull(
            "No place to run became free in time.",
            advice=_ADVICE,
            limit=self._limit,
            value=self._places,
        )

    def take_if_free(self, client: str) -> bool:
        """Take a place if there is one that nobody waits for."""
        with self._lock:
            if self._waiters or not self._free():
                return False
            self._grant(client)
            return True

    def release(self, client: str) -> None:
        """Give a place back."""
        with self._lock:
            self._release(client)

    def _free(self) -> bool:
        return self._running.total() < self._places

    def _grant(self, client: str) -> None:
        self._running[client] += 1
        self._served[client] = next(self._turns)

    def _release(self, client: str) -> None:
        self._running[client] -= 1
        self._running += Counter()  # forgets who has none
        while self._waiters and self._free():
            chosen = min(
                self._waiters,
                key=lambda waiter: (
                    self._running[waiter.client],
                    self._served.get(waiter.client, -1),
                ),
            )
            self._waiters.remove(chosen)
            self._grant(chosen.client)
            chosen.decided.set()
        if not self._waiters:
            self._served = {client: self._served[client] for client in self._running}

    def _make_room_for(self, newcomer: _Waiter) -> None:
        if len(self._waiters) < self._most_waiting:
            return
        held = Counter(waiter.client for waiter in self._waiters)
        greediest, most = held.most_common(1)[0] if held else ("", 0)
        if most <= held[newcomer.client] + 1:
            raise self._full()
        displaced = next(waiter for waiter in reversed(self._waiters) if waiter.client == greediest)
        self._waiters.remove(displaced)
        displaced.refusal = self._full()
        displaced.decided.set()

    def _full(self) -> QueueFull:
        return QueueFull(
            "The service is running and holding as many queries as it may.",
            advice=_ADVICE,
            limit="queue_length",
            value=self._most_waiting,
        )
