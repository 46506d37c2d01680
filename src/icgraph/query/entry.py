"""How a query or update ended, told bit by bit by whoever answers it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
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
        self.ended = replace(
            self.ended,
            outcome="cached" if answer.cached else "ok",
            queue=answer.timing.queue,
            evaluation=answer.timing.evaluation,
            serialisation=answer.timing.serialisation,
            rows=answer.rows,
            bytes=_length(answer.payload),
            revision=answer.revision,
            format=answer.media_type,
        )

    def not_modified(self, revision: int) -> None:
        """The client has the answer already."""
        self.ended = replace(self.ended, outcome="not-modified", revision=revision)

    def written(self, revision: int) -> None:
        """It was an update, and is recorded as that revision."""
        self.ended = replace(self.ended, revision=revision)

    def failed(self, code: str) -> None:
        """It ended in an error with that code."""
        self.ended = replace(self.ended, outcome=code)

    def again(self) -> Callable[[], None]:
        """What to call when the same answer is given once more, from memory, to anybody."""
        same = replace(
            self.ended,
            id=None,
            client=None,
            outcome="cached",
            duration=0.0,
            queue=None,
            evaluation=None,
            serialisation=None,
        )
        return lambda: self._again(same)


def _length(payload: bytes | IO[bytes]) -> int:
    return len(payload) if isinstance(payload, bytes) else os.fstat(payload.fileno()).st_size
