"""What comes of a query, and how it is told over HTTP: its body, validators and links.

An answer depends on the revision, the query, its dataset and the format, and no more, unless the
query asks for the time, chance or new names: then it is neither tagged nor kept. Requests come
as their `environ` (PEP 3333), so that nothing here needs the framework.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any, Final, Generic, TypeVar
from urllib.parse import quote, quote_plus
from wsgiref.types import WSGIEnvironment

from werkzeug.datastructures import ETags, MultiDict
from werkzeug.http import parse_etags
from werkzeug.wsgi import get_host, wrap_file

from icgraph.query.answer import Answer, Timing
from icgraph.query.entry import Entry
from icgraph.query.request import QueryRequest
from icgraph.store.tasks import Task
from icgraph.web.departure import stop_with_client
from icgraph.web.exchange import exchange_of
from icgraph.web.media import GRAPH_FORMATS, RESULT_FORMATS
from icgraph.web.query_request import DATASET
from icgraph.web.site import Site

_Shown = TypeVar("_Shown")
Headers = list[tuple[str, str]]

_CITED_LENGTH: Final = 8000
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_UNTIL_A_CHANGE: Final = "public, no-cache"
_CONTENT_TYPES: Final = {
    format_.media_type: format_.content_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)
}


@dataclass(frozen=True, slots=True)
class Outcome(Generic[_Shown]):
    """What came of a query; `shown` is None when the client has the answer already."""

    shown: _Shown | None
    revision: int
    tag: str | None
    timing: Timing | None


def outcome_of(
    asked: QueryRequest,
    environ: WSGIEnvironment,
    site: Site,
    show: Callable[[Answer, float], _Shown],
    *,
    named: bool,
    variant: str = "",
) -> Outcome[_Shown]:
    """Run a query under the eyes of the watch, and `show` its answer and the seconds it took.

    `named` says that the client chose its id, and `variant` what else the answer depends on.
    Raises what `Execution.run` and `Watch.entry` raise.
    """
    task = Task()
    with site.watch.entry(
        asked.text, id=asked.id, client=asked.client, task=task, named=named, kind="query"
    ) as entry:
        fingerprint, head = site.execution.fingerprint(), site.execution.head()
        tag = _tag(asked, site, variant)
        if _held_by_client(tag, environ):
            entry.not_modified(revision=asked.revision or head)
            return Outcome(None, asked.revision or head, tag, None)
        stop_with_client(task, environ)
        started = time.monotonic()
        answer = site.execution.run(asked, task)
        try:
            entry.answered(answer)
            elapsed = time.monotonic() - started
            if answer.revision != (asked.revision or head):
                tag = None  # the graph moved meanwhile; the tag is of what it was
            elif not named:
                _offer_to_keep(environ, fingerprint, tag, answer, entry)
            if tag is not None and _wants_none(environ):
                answer.close()
                return Outcome(None, answer.revision, tag, answer.timing)
            shown = show(answer, elapsed)
        except BaseException:
            answer.close()
            raise
    return Outcome(shown, answer.revision, tag, answer.timing)


def headers_of(
    outcome: Outcome[_Shown],
    asked: QueryRequest,
    parameters: MultiDict[str, str],
    environ: WSGIEnvironment,
    site: Site,
) -> Headers:
    """The headers that tell where an answer comes from and how long it holds."""
    page = asked.shown is not None
    headers = [
        *_validators(outcome.tag, pinned=asked.revision is not None and not page),
        ("Vary", "Accept, Accept-Language" if page else "Accept"),
        ("ICGraph-Revision", str(outcome.revision)),
    ]
    if outcome.timing is not None:
        headers.append(("Server-Timing", _server_timing(outcome.timing)))
    if pinned := pinned_address(parameters, environ, site, outcome.revision):
        headers.append(("Link", f'<{pinned}>; rel="cite-as"'))
    return headers


def whole_body(answer: Answer, environ: WSGIEnvironment) -> tuple[Iterable[bytes], Headers]:
    """The result as it stands, bytes or a file that the server may send by itself; its headers."""
    content_type = _CONTENT_TYPES[answer.media_type]
    body: Iterable[bytes]
    if isinstance(answer.payload, bytes):
        answer.close()
        body, length = [answer.payload], len(answer.payload)
    else:
        length = os.fstat(answer.payload.fileno()).st_size
        body = wrap_file(environ, _Spooled(answer, answer.payload))  # type: ignore[arg-type]
    return body, [("Content-Type", content_type), ("Content-Length", str(length))]


class _Spooled:
    """The file of a large result; closing it frees the place it took."""

    def __init__(self, answer: Answer, file: IO[bytes]) -> None:
        self._answer = answer
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def close(self) -> None:
        """Close the file; more than once does no harm."""
        self._answer.close()


def endpoint(environ: WSGIEnvironment, site: Site) -> str:
    """The address of the endpoint as the client sees it, proxies and their prefix included.

    Below the base of the graph when the client does not say what host it asks.
    """
    host = get_host(environ)
    if not host:
        return f"{site.base.iri}sparql"
    prefix = environ["SCRIPT_NAME"].encode("latin-1").rstrip(b"/")
    return f"{environ['wsgi.url_scheme']}://{host}{quote(prefix)}/sparql"


def pinned_address(
    parameters: MultiDict[str, str], environ: WSGIEnvironment, site: Site, revision: int
) -> str | None:
    """Where the same query has this same answer for ever; None when that is too long to send."""
    kept = [
        (name, value)
        for name in ("query", *DATASET, "format")
        for value in parameters.getlist(name)
    ]
    if sum(len(value) for _, value in kept) > _CITED_LENGTH:
        return None  # escaping only makes it longer
    encoded = "".join(f"{name}={quote_plus(value)}&" for name, value in kept)
    whole = f"{endpoint(environ, site)}?{encoded}revision={revision}"
    return whole if len(whole) <= _CITED_LENGTH else None


def _tag(asked: QueryRequest, site: Site, variant: str) -> str | None:
    """What the answer depends on; None when it may be another each time."""
    tag = site.execution.tag(asked)
    if tag is None or not variant:
        return tag
    return sha256(f"{tag}\n{variant}".encode()).hexdigest()[:20]


def _wants_none(environ: WSGIEnvironment) -> bool:
    """Whether the client wants no answer if there is one at all (RFC 9110, section 13.1.2)."""
    held = _held(environ)
    return held is not None and held.star_tag


def _held_by_client(tag: str | None, environ: WSGIEnvironment) -> bool:
    """Whether the client has the answer with this tag already.

    A star stands for any answer there is: there is none before the query is evaluated.
    """
    held = _held(environ)
    return tag is not None and held is not None and not held.star_tag and held.contains_weak(tag)


def _held(environ: WSGIEnvironment) -> ETags | None:
    """The tags of the answers that the client has (RFC 9110, section 13.1.2)."""
    shown = environ.get("HTTP_IF_NONE_MATCH")
    if shown is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    return parse_etags(shown)


def _offer_to_keep(
    environ: WSGIEnvironment, fingerprint: str, tag: str | None, answer: Answer, entry: Entry
) -> None:
    """Let the server repeat the answer from its memory as long as the graph is the same."""
    exchange = exchange_of(environ)
    get = environ["REQUEST_METHOD"] == "GET"
    if exchange and tag and get and isinstance(answer.payload, bytes):
        exchange.lasting(fingerprint, entry.again(), tag)


def _validators(tag: str | None, *, pinned: bool) -> Headers:
    """How long an answer holds: not at all without a tag, for ever when it is pinned."""
    if tag is None:
        return [("Cache-Control", "no-store")]
    return [("ETag", f'W/"{tag}"'), ("Cache-Control", _FOR_EVER if pinned else _UNTIL_A_CHANGE)]


def _server_timing(timing: Timing) -> str:
    """The value of Server-Timing, in milliseconds."""
    return (
        f"queue;dur={timing.queue * 1000:.1f}, evaluation;dur={timing.evaluation * 1000:.1f}, "
        f"serialisation;dur={timing.serialisation * 1000:.1f}"
    )
