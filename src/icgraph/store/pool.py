"""Processes that do the untrusted and the heavy work, and that can be killed.

A pool keeps a number of workers of one entry point (`python -m that.module`), forked from a
fork server of its own. A task gets a worker of its own until it answers; one that is late is
killed, one that dies costs its task an honest error, and both are replaced at once. The pool
starts an entry point by its name and knows no task.

Long tasks do not hold up short ones. What a task has worked is looked at in slices of time:
after the first, unless it is known to take longer, it leaves the processors to others that
want them; when others wait for its place it goes on in one for long tasks, and if none of
these is free it is stopped, and begins again when one is. So a task must be such that it can
begin again.
"""

import math
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import structlog

from icgraph.errors import (
    ICGraphError,
    LimitExceeded,
    MemoryLimitExceeded,
    TimeLimitExceeded,
    WorkerDied,
    from_json,
)
from icgraph.store.channel import Header, Payload, Progress
from icgraph.store.conversation import Assignment, Conversation
from icgraph.store.forkserver import Worker
from icgraph.store.keeper import Keeper
from icgraph.store.lanes import Lane
from icgraph.store.tasks import Task

_SLICE_SECONDS: Final = 0.025
_MOST_REMEMBERED: Final = 4096
_FADING: Final = 0.9
_AT_ONCE_SECONDS: Final = 0.25
_ADVICE: Final = {
    "query_seconds": "Ask for less: add a LIMIT, or make the patterns more selective.",
    "validation_seconds": "Give fewer or smaller files, or allow more by that setting.",
}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LongTasks:
    """So many `places` for tasks that have worked for longer than `after` seconds."""

    places: int
    after: float


class _Place:
    """A place in a lane, held for a client."""

    def __init__(self, lane: Lane, client: str) -> None:
        self.lane = lane
        self._client = client

    def move_to(self, other: Lane) -> bool:
        """Change for a place in the other lane, if there is one free."""
        if not other.take_if_free(self._client):
            return False
        self.lane.release(self._client)
        self.lane = other
        return True

    def release(self) -> None:
        self.lane.release(self._client)


class Pool:
    """A number of workers of one entry point. Use it as a context, or `close` it."""

    def __init__(
        self,
        entry_point: str,
        *,
        size: int,
        waiting: int = 0,
        time_limit: str = "query_seconds",
        long: LongTasks | None = None,
        memory: float = math.inf,
        state: Callable[[], Header | None] = lambda: None,
        died: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Run `size` tasks at once, those of `long` beside them; so many may be `waiting`.

        The workers are of the module `entry_point`.

        `time_limit` is the setting that a late task is told to have overrun. A worker that may
        have come to hold `memory` bytes of its own is replaced after its task. `state` describes
        what workers should find in memory, None for nothing; it is asked again and again.
        `died` is told "memory", "fault" or "idle" when a worker ended unasked, from any thread.
        """
        self._died = died
        self._lock = threading.Lock()
        self._lasted: dict[str, float] = {}
        self._time_limit = time_limit
        self._memory = memory
        self._has_long = long is not None
        self._long_after = long.after if long else 0.0
        self._short = Lane(size, waiting=waiting, limit="query_workers")
        self._long = Lane(
            long.places if long else 0, waiting=size + waiting, limit="long_query_workers"
        )
        self._keeper = Keeper(
            entry_point, size=size + (long.places if long else 0), state=state, died=died
        )

    def run(
        self,
        header: Header,
        body: bytes = b"",
        *,
        seconds: float,
        client: str = "",
        task: Task | None = None,
        makes_way: bool = True,
        known_as: str = "",
        progress: Progress = lambda *_: None,
    ) -> tuple[Header, Payload]:
        """Run one task, and give its answer within `seconds` of wall time, waiting included.

        The answer's header has the seconds it `waited`. `client` is for whom, and waiting is
        fair between clients; `task` is a handle to stop it; one that does not make way keeps
        its place however long it takes, and one `known_as` what has ended well before for
        twice as long as that took; `progress` is told how far it is, if it tells. Raises
        the task's own error, what it was stopped with, or QueueFull, TimeLimitExceeded,
        MemoryLimitExceeded or WorkerDied.
        """
        task = task or Task()
        began = time.monotonic()
        assignment = Assignment(
            header,
            body,
            began + seconds,
            client,
            task,
            progress,
            makes_way and self._has_long,
            known_as,
        )
        try:
            answer, payload = self._run(assignment)
            if "error" in answer:
                raise from_json(answer["error"])
        except TimeoutError:
            raise TimeLimitExceeded(
                f"The task was stopped after {seconds:g} seconds.",
                advice=_ADVICE.get(self._time_limit, ""),
                limit=self._time_limit,
                value=seconds,
                elapsed=_since(began),
            ) from None
        except LimitExceeded as error:
            error.members.setdefault("elapsed", _since(began))
            raise
        finally:
            task.end()
        return answer, payload

    def held(self) -> Header | None:
        """The `state` that workers find in memory now; None for nothing yet."""
        return self._keeper.held()

    def close(self) -> None:
        """End all workers."""
        self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, given: Assignment) -> tuple[Header, Payload]:
        began = time.monotonic()
        try:
            return self._run_in(self._short, given, began)
        except TimeoutError:
            if not given.makes_way or time.monotonic() >= given.deadline:
                raise
        return self._run_in(self._long, given, began)

    def _run_in(self, lane: Lane, given: Assignment, began: float) -> tuple[Header, Payload]:
        given.task.state = "waiting"
        lane.take(given.client, until=given.deadline, task=given.task)
        place = _Place(lane, given.client)
        try:
            worker = self._keeper.take(given.deadline)
            started = time.monotonic()
            try:
                answer, payload = self._give(worker, place, given)
            except WorkerDied:
                if not _killed_at_once(worker, started):
                    raise
                # While it was idle, it seems: another worker can do the task.
                answer, payload = self._give(self._keeper.take(given.deadline), place, given)
            return {**answer, "waited": started - began}, payload
        finally:
            place.release()

    def _give(self, worker: Worker, place: _Place, given: Assignment) -> tuple[Header, Payload]:
        conversation = Conversation(worker, given)
        began = time.monotonic()
        try:
            with given.task.interrupted_by(worker.kill):
                conversation.begin()
                return self._answer(conversation, worker, place, given)
        except TimeoutError:  # an OSError too, but no death
            raise
        except (EOFError, OSError):
            raise given.task.error or self._explained_death(worker) from None
        finally:
            well = conversation.worker_is_well and not given.task.error
            if well and self._may_stay(worker, time.monotonic() - began):
                self._keeper.give_back(worker)
            else:
                self._keeper.discard(worker)

    def _answer(
        self, conversation: Conversation, worker: Worker, place: _Place, given: Assignment
    ) -> tuple[Header, Payload]:
        given.task.state = "running"
        worked_before = worker.processor_seconds()
        if place.lane is self._short and given.makes_way:
            patience = max(_SLICE_SECONDS, 2 * self._lasted.get(given.known_as, 0.0))
            while place.lane is self._short:
                until = min(given.deadline, time.monotonic() + _SLICE_SECONDS)
                try:
                    answer = conversation.answer(until)
                except TimeoutError:
                    if until == given.deadline:
                        raise
                else:
                    self._remember(given, worker.processor_seconds() - worked_before)
                    return answer
                worked = worker.processor_seconds() - worked_before
                if worked >= min(patience, self._long_after):
                    self._make_way(worker, place, worked)
        if place.lane is self._long:
            given.task.state = "long"
            worker.make_way()
        answer = conversation.answer(given.deadline)
        self._remember(given, worker.processor_seconds() - worked_before)
        return answer

    def _may_stay(self, worker: Worker, seconds: float) -> bool:
        """Whether a worker can do another task after one of so many seconds, or is replaced."""
        if not worker.keep_up():
            return False
        return seconds <= _SLICE_SECONDS or worker.own_memory() < self._memory

    def _remember(self, given: Assignment, seconds: float) -> None:
        """Remember how long a task worked that ended; the oldest are forgotten.

        Those known by one name differ, so a light one after a heavy one counts only little.
        """
        if not given.known_as or seconds <= _SLICE_SECONDS:
            return
        with self._lock:
            before = self._lasted.pop(given.known_as, 0.0)
            self._lasted[given.known_as] = max(seconds, _FADING * before)
            if len(self._lasted) > _MOST_REMEMBERED:
                del self._lasted[next(iter(self._lasted))]

    def _make_way(self, worker: Worker, place: _Place, worked: float) -> None:
        """See whether a task that has worked for so many seconds may stay where it is.

        Raises TimeoutError when others wait for its place, and there is none for long tasks.
        """
        worker.make_way()
        others_wait = self._short.waiting() > 0
        is_long = others_wait or worked > self._long_after
        if is_long and not place.move_to(self._long) and others_wait:
            raise TimeoutError

    def _explained_death(self, worker: Worker) -> ICGraphError:
        code = worker.end()
        words = worker.last_words()
        _log.warning("worker died", code=code, stderr=words)
        out_of_memory = code == -signal.SIGABRT or "MemoryError" in words
        self._died("memory" if out_of_memory else "fault")
        if out_of_memory:
            return MemoryLimitExceeded(
                "The task needed more memory than allowed.",
                advice="Ask for less: avoid cross products, sort or group fewer rows.",
                limit="query_memory",
            )
        if code == -signal.SIGSEGV:
            return WorkerDied(
                "The worker that ran this task ended: its stack overflowed, it seems.",
                advice="Nest and chain less in one text: write it flatter, or in several parts.",
            )
        return WorkerDied(
            f"The worker that ran this task ended unexpectedly (status {code}).",
            advice="The service is whole; if the same task does this again, please report it.",
        )


def _killed_at_once(worker: Worker, started: float) -> bool:
    """Whether somebody else killed the worker as soon as it got its task."""
    at_once = time.monotonic() - started < _AT_ONCE_SECONDS
    return at_once and worker.end() == -signal.SIGKILL


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
