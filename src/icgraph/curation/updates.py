"""The door for writes that come over HTTP: evaluated in a worker, recorded in the log, readable.

One write at a time in the whole service: each is evaluated on the newest revision and made
the next one. What is evaluated is a candidate; until the log has it, nothing has happened.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from icgraph.config import Settings
from icgraph.curation.publish import Signature, publish_change
from icgraph.errors import HeadMoved, PreconditionFailed, QueueFull
from icgraph.guard.checking import graph_check
from icgraph.query.execution import Execution
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

        Raises what its evaluation raises, what `publish_change` raises but in a bare home, and
        QueueFull when other writes take too long.
        """
        Signature(agent, message, now())
        with self._turn():
            for _ in range(_ATTEMPTS):
                self._wait_for(self._log.head())
                answer, quads = self._execution.write(work, body, task=task)
                if must_exist is not None and answer["existed"] != must_exist:
                    raise _unmet(must_exist)
                length = answer["additions"]
                change = WrittenChange(agent, message, quads[:length], quads[length:])
                with suppress(HeadMoved):  # by a command beside the service: evaluate it again
                    revision = self._record(change, answer["revision"])
                    changed = revision != answer["revision"]
                    readable = self._wait_for(revision)
                    return Written(revision, changed, answer["existed"], readable)
        raise HeadMoved(
            "Others changed the graph each time this change was about to be recorded.",
            advice="Send it again.",
        )

    def close(self) -> None:
        """Let go of the log."""
        self._log.close()

    def _record(self, change: WrittenChange, after: int) -> int:
        """Record a change if it is one; the revision that has it."""
        if not change.additions and not change.removals:
            return after
        moment = now()
        if self._log.bare:
            return self._log.append_written(change, after=after, time=moment).number
        seconds = self._settings.validation_seconds
        check = graph_check(self._log.base, seconds=seconds, progress=lambda *_: None)
        decoded = decode_change(change)
        published = publish_change(self._log, decoded, after=after, time=moment, check=check)
        return published.revision

    def _wait_for(self, revision: int) -> bool:
        """Give the writer of the projection some seconds; whether readers see the revision."""
        deadline = time.monotonic() + _PUBLISH_SECONDS
        while published_head(self._home.projection)[0] < revision:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock of all writes, in this process and in others."""
        deadline = time.monotonic() + self._settings.query_seconds
        with (self._home.folder / "write-lock").open("a") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
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
