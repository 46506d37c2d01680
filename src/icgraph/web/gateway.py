"""The gateway: the application behind an event loop (ASGI), which bears with whoever is slow.

The loop receives bodies, answers known requests from memory, notices who goes away, and sends
answers as fast as they are read. The application only computes, in threads of its own rooms:

    asking      /sparql and whole graphs: a thread for every query that runs or may wait
    operations  health, metrics, running queries, refusals: never behind a query
    pages       everything else
    sending     the blocks of large answers

It knows nothing of queries or pages, and words no answer itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    contextmanager,
    nullcontext,
)
from functools import partial
from io import BytesIO
from math import inf
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

import structlog

from icgraph.config import Settings
from icgraph.errors import ICGraphError, QueueFull
from icgraph.web.answers import Answer, Headers, ask
from icgraph.web.bodies import GONE, Bodies, Receive, discard
from icgraph.web.environ import Scope, has_body, header, wsgi_environ
from icgraph.web.exchange import EXCHANGE, REFUSAL, Departure, Exchange
from icgraph.web.rates import Rates
from icgraph.web.remembered import Key, Known, Memory, key_of, known
from icgraph.web.threads import Threads

Send = Callable[[dict[str, Any]], Awaitable[None]]

_ASKING: Final = (b"/sparql", b"/data", b"/graph")
#: What one client may not take too much of. Known answers are given again without limit.
_COSTLY: Final = (*_ASKING, b"/search", b"/compare", b"/dumps")
_OPERATIONS: Final = (b"/health", b"/metrics", b"/sparql/queries")
_SLACK: Final = 65_536  # of a form around what it carries
_SPARE_THREADS: Final = 8
_PATIENCE_SECONDS: Final = 0.05
#: A reader may fall behind this pace, in bytes a second, for so long: large answers wait on disk
#: until they are read, and others need the room.
_LEAST_PACE: Final = 32_768
_STALLED_SECONDS: Final = 60
_BODY: Final = "http.response.body"
_log = structlog.get_logger(__name__)


class Gateway:
    """An ASGI application around a WSGI one."""

    def __init__(
        self,
        application: WSGIApplication,
        settings: Settings,
        *,
        fingerprint: Callable[[], str],
        spool: Path,
    ) -> None:
        """`fingerprint` tells the hash of the newest revision, at once, "" when there is none.

        Large answers of unknown length are gathered in `spool`.
        """
        self._ask = partial(ask, application, spool=spool)
        self._fingerprint = fingerprint
        self._text_limit = settings.query_text * 4
        self._upload_limit = max(self._text_limit, settings.upload_bytes) + _SLACK
        self._bodies = Bodies(seconds=settings.body_seconds, room=2 * self._upload_limit)
        # The other half belongs to the results that Execution keeps.
        self._memory = Memory(settings.cache_bytes // settings.http_processes // 2)
        waiting = settings.share(settings.queue_length)
        queries = waiting + settings.share(settings.query_workers)
        queries += settings.share(settings.long_query_workers) + _SPARE_THREADS
        self._asking = _Room("asking", threads=queries, places=queries)
        self._operations = _Room("operations", threads=_SPARE_THREADS // 2, places=inf)
        self._pages = _Room("pages", threads=_SPARE_THREADS, places=_SPARE_THREADS + waiting)
        self._sending = Threads(4, "sending")
        self._rates = Rates(settings)

    def figures(self) -> dict[str, float]:
        """How much of the answers is kept."""
        return self._memory.figures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = None
        if scope["method"] in {"GET", "HEAD"}:
            key = key_of(scope["raw_path"], scope["query_string"], scope["headers"])
        if key and (found := self._memory.find(key, self._fingerprint())):
            await _repeat(found, scope, send)
            return
        client = _Client(receive)
        try:
            answer = await self._answer(scope, client, key)
            if answer:
                await self._deliver(answer, client, send)
        finally:
            client.end()

    async def _answer(self, scope: Scope, client: "_Client", key: Key | None) -> Answer | None:
        """What the application answers; None when nobody is there to hear it."""
        exchange = Exchange(client.departure)
        try:
            async with self._body(scope, client.receive) as body:
                if body is None:
                    return None
                environ = {**wsgi_environ(scope, body), EXCHANGE: exchange}
                with self._share(scope), self._room(scope).place() as threads:
                    answer = await threads.run(self._ask, environ)
        except ICGraphError as error:
            return await self._refusal(scope, client, error)
        if key and scope["method"] == "GET":
            self._remember(key, answer, exchange)
        return answer

    def _room(self, scope: Scope) -> "_Room":
        if _is_below(_OPERATIONS, scope):
            return self._operations
        return self._asking if _is_below(_ASKING, scope) else self._pages

    def _share(self, scope: Scope) -> AbstractContextManager[None]:
        if _is_below(_OPERATIONS, scope) or not _is_below(_COSTLY, scope):
            return nullcontext()
        return self._rates.under_way(scope)

    def _body(self, scope: Scope, receive: Receive) -> AbstractAsyncContextManager[BytesIO | None]:
        headers = scope["headers"]
        if not has_body(headers):
            return nullcontext(BytesIO())
        return self._bodies.received(
            receive,
            limit=self._upload_limit if _is_below(_ASKING, scope) else self._text_limit,
            declared=int(header(headers, b"content-length") or 0),
        )

    async def _refusal(self, scope: Scope, client: "_Client", error: ICGraphError) -> Answer:
        """The error as the application words it."""
        if has_body(scope["headers"]) and not header(scope["headers"], b"expect"):
            await discard(client.receive)
        environ = {**wsgi_environ(scope, BytesIO()), REFUSAL: error}
        return await self._operations.threads.run(self._ask, environ)

    def _remember(self, key: Key, answer: Answer, exchange: Exchange) -> None:
        """Keep the answer, if the application said that it lasts and it has not aged since."""
        lasts = exchange.lasts
        if lasts and answer.status == 200 and answer.blocks is None:
            fingerprint = self._fingerprint()
            if fingerprint == lasts.fingerprint:
                self._memory.keep(key, fingerprint, known(answer, lasts))

    async def _deliver(self, answer: Answer, client: "_Client", send: Send) -> None:
        """Send an answer; what cannot be sent to its end is cut with its connection."""
        if answer.blocks is None:
            client.end()
            await _send_whole(answer.status, answer.headers, answer.body, send)
            return
        client.watch()
        patience = asyncio.get_running_loop().time() + _STALLED_SECONDS
        try:
            await send(_start(answer.status, answer.headers))
            while (block := await self._sending.run(next, answer.blocks, None)) is not None:
                if client.departure.happened:
                    return
                async with asyncio.timeout_at(patience):
                    await send({"type": _BODY, "body": block, "more_body": True})
                patience += len(block) / _LEAST_PACE
            client.end()
            await send({"type": _BODY, "body": b""})
        except TimeoutError:
            _log.info("a reader was too slow", bytes_a_second=_LEAST_PACE)
        finally:
            await self._sending.run(answer.close)


class _Room:
    """Threads for one sort of requests, and places for those that run or wait for a thread."""

    def __init__(self, name: str, *, threads: int, places: float) -> None:
        self.threads = Threads(threads, name)
        self._free = places

    @contextmanager
    def place(self) -> Iterator[Threads]:
        """The threads, and a place for one request; raises QueueFull when there is none."""
        if self._free < 1:
            raise QueueFull(
                "The service is handling as many requests as it may.",
                advice="Try again in a few seconds.",
                limit="queue_length",
            )
        self._free -= 1
        try:
            yield self.threads
        finally:
            self._free += 1


class _Client:
    """The client of one request, watched when its answer takes long and somebody wants to know.

    Watching costs as much as a small answer, so the first moment passes without.
    """

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.departure = Departure()
        self._loop = asyncio.get_running_loop()
        self._watcher: asyncio.Task[None] | None = None
        self._ended = False
        self._patience = self._loop.call_later(
            _PATIENCE_SECONDS, self.departure.watched_by, self._watch_from_thread
        )

    def watch(self) -> None:
        """Look out for its departure from now on; in the event loop."""
        if self._watcher is None and not self._ended:
            self._watcher = self._loop.create_task(self._watch())

    def end(self) -> None:
        """It has its answer, or never will."""
        self._ended = True
        self._patience.cancel()
        self.departure.end()
        if self._watcher is not None:
            self._watcher.cancel()

    def _watch_from_thread(self) -> None:
        self._loop.call_soon_threadsafe(self.watch)

    async def _watch(self) -> None:
        while (await self.receive())["type"] != GONE:
            pass
        await asyncio.to_thread(self.departure.happen)


def _is_below(starts: tuple[bytes, ...], scope: Scope) -> bool:
    """Whether the path begins with one of these, however it is escaped."""
    return unquote_to_bytes(scope["raw_path"]).startswith(starts)


async def _repeat(found: Known, scope: Scope, send: Send) -> None:
    """Give a known answer again, or say that the client has it already."""
    sent = scope["headers"]
    if found.held_by(header(sent, b"if-none-match"), header(sent, b"if-modified-since")):
        await _send_whole(304, found.unchanged, b"", send)
    else:
        body = b"" if scope["method"] == "HEAD" else found.body
        await _send_whole(200, found.headers, body, send)
    found.on_hit()


async def _send_whole(status: int, headers: Headers, body: bytes, send: Send) -> None:
    await send(_start(status, headers))
    await send({"type": _BODY, "body": body})


def _start(status: int, headers: Headers) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}
