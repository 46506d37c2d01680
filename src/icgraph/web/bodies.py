"""The bodies of requests, received in the event loop, so that a slow sender holds no thread.

A body has a deadline and a size. Small ones are always taken; the larger ones of all requests
together have a bound, so that many cannot fill the memory.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from typing import Any, Final

from icgraph.errors import BodyLate, BodyTooLarge, QueueFull

Receive = Callable[[], Awaitable[dict[str, Any]]]

GONE: Final = "http.disconnect"
_SMALL: Final = 65_536
#: How long a body that is refused is still taken in, so that its sender reads the answer.
_DISCARD_SECONDS: Final = 2


class Bodies:
    """Receives bodies, within `seconds` each; together they hold about `room` bytes at most."""

    def __init__(self, *, seconds: float, room: int) -> None:
        self._seconds = seconds
        self._room = room

    @asynccontextmanager
    async def received(
        self, receive: Receive, *, limit: int, declared: int
    ) -> AsyncIterator[BytesIO | None]:
        """The body, while the context lasts; None when the client went away before it was whole.

        Raises BodyTooLarge (at once when the `declared` length says so), BodyLate or QueueFull.
        """
        body = _Body(self, limit)
        try:
            if declared > limit:
                raise body.too_large()
            try:
                async with asyncio.timeout(self._seconds):
                    whole = await body.fill(receive)
            except TimeoutError:
                raise self._late() from None
            yield body.content if whole else None
        finally:
            self._room += body.taken

    def take(self, count: int) -> None:
        """Take room for so many bytes; raises QueueFull when there is none."""
        if count > self._room:
            raise QueueFull(
                "The service is taking in as many large bodies as it may.",
                advice="Try again in a few seconds.",
                limit="upload_bytes",
            )
        self._room -= count

    def _late(self) -> BodyLate:
        return BodyLate(
            f"The body of the request did not come within {self._seconds:g} seconds.",
            advice="Send it again, over a faster connection or in several requests.",
            limit="body_seconds",
            value=self._seconds,
        )


async def discard(receive: Receive) -> None:
    """Take in what is still coming of a refused body, for a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DISCARD_SECONDS):
            while (await receive()).get("more_body"):
                pass


class _Body:
    def __init__(self, bodies: Bodies, limit: int) -> None:
        self._bodies = bodies
        self._limit = limit
        self.content = BytesIO()
        self.taken = 0

    async def fill(self, receive: Receive) -> bool:
        """Whether the body came as a whole; False when the client went away."""
        while (message := await receive())["type"] != GONE:
            self._add(message.get("body", b""))
            if not message.get("more_body"):
                self.content.seek(0)
                return True
        return False

    def _add(self, chunk: bytes) -> None:
        size = self.content.tell() + len(chunk)
        if size > self._limit:
            raise self.too_large()
        if size > _SMALL:
            self._bodies.take(size - self.taken)
            self.taken = size
        self.content.write(chunk)

    def too_large(self) -> BodyTooLarge:
        return BodyTooLarge(
            f"The body of the request is larger than the {self._limit} bytes allowed.",
            advice="Send less, or send it in several requests.",
            value=self._limit,
        )
