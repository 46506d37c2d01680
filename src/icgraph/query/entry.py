"""How a query or update ended, told bit by bit by whoever answers it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from icgraph.query.answer import Answer
from icgraph.query.log import Ended


@dataclass(slots=True)
class Entry:
    """One query on its way; tell it how the query ended, unless that is an error."""

    ended: Ended
    _again: Callable[[Ended], None]

    def answered(self, answer: Answer) -> None:
        """It has an answer, from an evaluation or from the cache."""
        ended, timing = self.ended, answer.timing
        ended.outcome = "cached" if answer.cached else "ok"
        ended.queue = timing.queue
        ended.evaluation = timing.evaluation
        ended.serialisation = timing.serialisation
        ended.rows = answer.rows
        ended.bytes = _length(answer.payload)
        ended.revision = answer.revision
        ended.format = answer.media_type

    def not_modified(self, revision: int) -> None:
        """The client has the answer already."""
        self.ended.outcome, self.ended.revision = "not-modified", revision

    def written(self, revision: int) -> None:
        """It was an update, and is recorded as that revision."""
        self.ended.revision = revision

    def failed(self, code: str) -> None:
        """It ended in an error with that code."""
        self.ended.outcome = code

    def again(self) -> Callable[[], None]:
        """What to call when the same answer is given once more, from memory, to anybody."""
        told = self.ended
        same = Ended(
            None,
            told.kind,
            told.hash,
            None,
            "cached",
            rows=told.rows,
            bytes=told.bytes,
            revision=told.revision,
            format=told.format,
        )
        return lambda: self._again(same)


def _length(payload: bytes | IO[bytes]) -> int:
    return len(payload) if isinstance(payload, bytes) else os.fstat(payload.fileno()).st_size
