"""The answer to a query: its bytes, where they come from, and what they took."""

from collections.abc import Callable
from dataclasses import dataclass, field

from icgraph.store.channel import Payload


@dataclass(frozen=True, slots=True)
class Timing:
    """Where the time of a query went, in seconds.

    `evaluation` lasts until the first part of the result is written; `serialisation` is the
    rest, in which the engine evaluates what it has not yet.
    """

    queue: float = 0.0
    evaluation: float = 0.0
    serialisation: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result: bytes, or an open file that holds them and has no name on disk.

    `rows` counts solutions or triples, None for ASK. `cached` says that nothing was evaluated.
    Close it when the payload was sent.
    """

    revision: int
    media_type: str
    payload: Payload
    rows: int | None = None
    timing: Timing = field(default_factory=Timing)
    cached: bool = False
    on_close: Callable[[], None] = lambda: None

    def read(self) -> bytes:
        """All bytes of the result."""
        if isinstance(self.payload, bytes):
            return self.payload
        try:
            return self.payload.read()
        finally:
            self.close()

    def close(self) -> None:
        """Free the place the result takes on disk; may be called again."""
        if not isinstance(self.payload, bytes) and not self.payload.closed:
            self.payload.close()
            self.on_close()
