"""Threads for an event loop: what takes long is done in one of them, and the loop goes on.

The same as the loop's `run_in_executor` over a pool of the standard library, whose two futures
and their locks cost a third of what an uncached small query costs the gateway.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Threads:
    """So many threads at most, started when they are first wanted, and lost with the process."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._started = 0
        self._busy = 0
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()

    async def run(self, task: Callable[..., _Result], *arguments: object) -> _Result:
        """What `task` returns or raises; to be called in the event loop, one for all calls."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Result] = loop.create_future()

        def work() -> None:
            settle: Callable[[Any], None]
            outcome: _Result | BaseException
            try:
                settle, outcome = future.set_result, task(*arguments)
            except BaseException as error:  # the loop raises it where the task was wanted
                settle, outcome = future.set_exception, error
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                loop.call_soon_threadsafe(self._settle, future, settle, outcome)

        self._busy += 1
        if self._started < min(self._busy, self._most):
            self._start()
        self._tasks.put(work)
        return await future

    def _settle(
        self, future: asyncio.Future[_Result], settle: Callable[[Any], None], outcome: object
    ) -> None:
        self._busy -= 1
        if not future.cancelled():
            settle(outcome)

    def _start(self) -> None:
        self._started += 1
        name = f"{self._name}_{self._started}"
        Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._tasks.get()()
