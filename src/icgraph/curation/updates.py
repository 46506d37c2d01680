"""The door for writes that come over HTTP: evaluated in a worker, recorded in the log, readable.

One write at a time in the whole service: each is evaluated on the newest revision and made
the next one. What is evaluated is a candidate; until the log has it, nothing has happened.
A write has `query_seconds` until it is evaluated, waiting for others included, and then
`validation_seconds` to be checked; so nobody holds up others for longer.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from icgraph.config import Settings
from icgraph.curation.publish import Signature, publish_change
from icgraph.errors import HeadMoved, PreconditionFailed, QueueFull, TimeLimitExceeded
from icgraph.guard.checking import graph_check
from icgraph.query.execution import Execution
from icgraph.store.candidate import sweep_copies
from icgraph.store.changes import WrittenChange, decode_change
from icgraph.store.channel import Header
from icgraph.store.embedded import published_head
from icgraph.store.home import Home
from icgraph.store.log import now, open_log
from icgraph.store.tasks import Task

_PAUSE_SECONDS: Final = 0.003
_PUBLISH_SECONDS: Final = 10
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write: the newest revision with it, and whether that is a new one.

    `existed` says whether its graph had statements before, `readable` whether readers see it.
    """

    revision: int
    changed: bool
    existed: bool
    readable: bool


class _Limits:
    """How long one write may take, from now on, all its attempts together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._began = time.monotonic()
        self._checked = 0.0

    def seconds_to_evaluate(self) -> float:
        """How much is left of `query_seconds`, what was spent on checking not counted."""
        spent = time.monotonic() - self._began - self._checked
        return self._settings.query_seconds - spent

    @contextmanager
    def checking(self) -> Iterator[float]:
        """What is left of `validation_seconds`, and then counts."""
        began = time.monotonic()
        try:
            yield max(0.001, self._settings.validation_seconds - self._checked)
        except TimeLimitExceeded:
            raise self._too_late("checked", "validation_seconds") from None
        finally:
            self._checked += time.monotonic() - began

    def evaluated_too_long(self) -> TimeLimitExceeded:
        return self._too_late("evaluated, waiting for other writes included,", "query_seconds")

    def _too_late(self, what: str, limit: str) -> TimeLimitExceeded:
        allowed: float = getattr(self._settings, limit)
        return TimeLimitExceeded(
            f"The change was not {what} within {allowed:g} seconds; nothing was changed.",
            advice="Send less at once, in several requests.",
            limit=limit,
            value=allowed,
            elapsed=round(time.monotonic() - self._began, 3),
        )


class Writing:
    """What the application asks to write; safe to use from several threads."""

    def __init__(self, execution: Execution, home: Home, settings: Settings) -> None:
        self._execution = execution
        self._home = home
        self._settings = settings
        self._log = open_log(home.log, settings.base, bare=settings.bare)

    def write(
        self,
        work: Header,
        body: bytes,
        *,
        agent: str,
        message: str,
        task: Task | None = None,
        must_exist: bool | None = None,
    ) -> Written:
        """Do what `query.updates` is to do to the graph, and wait until readers can see it.

        Stopping `task` ends it as long as nothing is recorded. `must_exist` tells whether the
        named graph it is about must be there, or must not; else PreconditionFailed is raised.

        Raises what its evaluation raises, what `publish_change` raises but in a bare home,
        TimeLimitExceeded, and QueueFull when other writes take too long.
        """
        Signature(agent, message, now())
        limits = _Limits(self._settings)
        with self._turn(limits):
            for _ in range(_ATTEMPTS):
                self._wait_for(self._log.head(), limits.seconds_to_evaluate())
                answer, quads = self._evaluate(work, body, task, limits)
                if must_exist is not None and answer["existed"] != must_exist:
                    raise _unmet(must_exist)
                length = answer["additions"]
                change = WrittenChange(agent, message, quads[:length], quads[length:])
                with suppress(HeadMoved):  # by a command beside the service: evaluate it again
                    revision = self._record(change, answer["revision"], limits)
                    changed = revision != answer["revision"]
                    readable = self._wait_for(revision, _PUBLISH_SECONDS)
                    return Written(revision, changed, answer["existed"], readable)
        raise HeadMoved(
            "Others changed the graph each time this change was about to be recorded.",
            advice="Send it again.",
        )

    def close(self) -> None:
        """Let go of the log."""
        self._log.close()

    def _evaluate(
        self, work: Header, body: bytes, task: Task | None, limits: _Limits
    ) -> tuple[Header, bytes]:
        try:
            return self._execution.write(
                work, body, seconds=limits.seconds_to_evaluate(), task=task
            )
        except TimeLimitExceeded:
            raise limits.evaluated_too_long() from None
        finally:
            sweep_copies(self._home.spool)  # of workers that were killed: it is our turn

    def _record(self, change: WrittenChange, after: int, limits: _Limits) -> int:
        """Record a change if it is one; the revision that has it."""
        if not change.additions and not change.removals:
            return after
        moment = now()
        if self._log.bare:
            return self._log.append_written(change, after=after, time=moment).number
        decoded = decode_change(change)
        with limits.checking() as seconds:
            check = graph_check(self._log.base, seconds=seconds, progress=lambda *_: None)
            published = publish_change(self._log, decoded, after=after, time=moment, check=check)
        return published.revision

    def _wait_for(self, revision: int, seconds: float) -> bool:
        """Give the writer of the projection some seconds; whether readers see the revision."""
        deadline = time.monotonic() + min(seconds, _PUBLISH_SECONDS)
        while published_head(self._home.projection)[0] < revision:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    @contextmanager
    def _turn(self, limits: _Limits) -> Iterator[None]:
        """Hold the lock of all writes, in this process and in others."""
        with (self._home.folder / "write-lock").open("a") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if limits.seconds_to_evaluate() <= 0:
                        raise QueueFull(
                            "Other changes are being written, and take too long.",
                            advice="Try again in a few seconds.",
                            limit="query_seconds",
                            value=self._settings.query_seconds,
                        ) from None
                    time.sleep(_PAUSE_SECONDS)
            yield


def _unmet(must_exist: bool) -> PreconditionFailed:
    return PreconditionFailed(
        "The graph is not there." if must_exist else "The graph is there already.",
        advice="Look at it first; without If-Match and If-None-Match it is written as it is.",
    )
