"""What the gateway tells the application about a request, and the application the gateway.

Both sides meet in the WSGI environ: a request carries an `Exchange`, and perhaps an error by
which it is refused before it comes to a page, so that every refusal is worded in one place
(`web.problems`).
Under another WSGI server neither is there, and the application works without.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from wsgiref.types import WSGIEnvironment

from flask import Flask, g, request

EXCHANGE: Final = "icgraph.exchange"
REFUSAL: Final = "icgraph.refusal"
#: The id of the query that a refusal is about, if it has one.
REFUSED_QUERY: Final = "icgraph.refused-query"


class Departure:
    """Whether the client went away before its answer was complete; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._watch: Callable[[], None] | None = None
        self._over = False
        self.happened = False

    def then(self, callback: Callable[[], None]) -> None:
        """Call this, in some thread and at most once, when the client goes away."""
        with self._lock:
            gone, watch = self.happened, self._watch
            if not gone:
                self._callbacks.append(callback)
        if gone:
            callback()
        elif watch:
            watch()

    def watched_by(self, watch: Callable[[], None]) -> None:
        """Call `watch` whenever somebody wants to know, at once when somebody does already."""
        with self._lock:
            self._watch = watch
            wanted = bool(self._callbacks)
        if wanted:
            watch()

    def happen(self) -> None:
        """The client went away; nothing is called when the answer was complete by then."""
        with self._lock:
            if self._over:
                return
            self.happened = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def end(self) -> None:
        """The answer is complete."""
        with self._lock:
            self._over = True
            self._callbacks = []


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long an answer lasts: while the newest revision has this hash."""

    fingerprint: str
    on_hit: Callable[[], None]
    tag: str | None
    modified: datetime | None


class Exchange:
    """One request, as the application and the gateway see it together."""

    def __init__(self, departure: Departure) -> None:
        self.departure = departure
        self.lasts: Lasting | None = None

    def lasting(
        self,
        fingerprint: str,
        on_hit: Callable[[], None] = lambda: None,
        tag: str | None = None,
        modified: datetime | None = None,
    ) -> None:
        """The same request has this same answer as long as the newest revision has this hash.

        Say it only of what depends on the revision, the address and the headers that choose a
        format and a language, and of the revision that the answer was made from, or an older
        one. The gateway may then give the answer again without asking; `on_hit` is told each
        time, in the event loop, so it must be quick. To whoever shows the entity `tag`
        (without quotation marks), or has asked since it was `modified`, it says 304.
        """
        self.lasts = Lasting(fingerprint, on_hit, tag, modified)


def register(app: Flask) -> None:
    """Let the application raise what the gateway refuses a request by."""
    app.before_request(_refuse)


def current_exchange() -> Exchange | None:
    """The exchange of the request that is being answered; None under another WSGI server."""
    return exchange_of(request.environ)


def exchange_of(environ: WSGIEnvironment) -> Exchange | None:
    """The exchange of a request; None under another WSGI server."""
    found: Exchange | None = environ.get(EXCHANGE)
    return found


def _refuse() -> None:
    error = request.environ.get(REFUSAL)
    if isinstance(error, Exception):
        g.query_id = request.environ.get(REFUSED_QUERY)
        raise error
