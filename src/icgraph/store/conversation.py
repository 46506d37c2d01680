"""What a pool and one of its workers say to each other about one task."""

import time
from dataclasses import dataclass

from icgraph.store.channel import Header, Payload, Progress, has_news, receive, send
from icgraph.store.forkserver import Worker
from icgraph.store.tasks import Task


@dataclass(frozen=True, slots=True)
class Assignment:
    """What to do, until when, and who wants to hear of it."""

    header: Header
    body: bytes
    deadline: float
    client: str
    task: Task
    progress: Progress
    makes_way: bool
    known_as: str

    def seconds_left(self) -> float:
        """Until the deadline (monotonic time), and never nothing: a time limit of 0 means none."""
        return max(0.001, self.deadline - time.monotonic())


class Conversation:
    """One task in one worker; `worker_is_well` once it has answered and can go on."""

    def __init__(self, worker: Worker, assignment: Assignment) -> None:
        self._worker = worker
        self._given = assignment
        self.worker_is_well = False

    def begin(self) -> None:
        """Hand the task over; raises OSError when the worker is gone."""
        self._worker.connection.settimeout(self._given.seconds_left())
        send(self._worker.connection, self._given.header, self._given.body)

    def answer(self, until: float) -> tuple[Header, Payload]:
        """The answer; raises TimeoutError when none has begun by then, EOFError for a death."""
        connection = self._worker.connection
        while has_news(connection, until - time.monotonic()):
            connection.settimeout(self._given.seconds_left())
            answer, payload = receive(connection)
            if "progress" in answer:
                self._given.progress(*answer["progress"])
                continue
            self.worker_is_well = not answer.get("last", False)
            return answer, payload
        raise TimeoutError
