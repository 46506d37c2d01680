"""Headers that stand on every answer: open to other sites as data, closed as pages.

CORS on everything, errors included, since the graph is public and reads need no cookie; a
strict content policy on HTML, whose texts come from outside and must never run. Conditional
requests (ETag, 304) are made here too, for every page that depends on the revision alone.
"""

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from icgraph import __version__
from icgraph.config import packaged
from icgraph.web.exchange import current_exchange
from icgraph.web.languages import page_language
from icgraph.web.site import current_site

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EXPOSED: Final = (
    "Allow, Content-Location, ETag, ICGraph-Note, ICGraph-Revision, Link, Location, Query-Id, "
    "Retry-After, Server-Timing, WWW-Authenticate"
)


def register(app: Flask) -> None:
    """Put the headers on every answer of the application."""
    app.extensions["icgraph_stamp"] = _stamp()
    app.after_request(_complete)


def conditional(variant: str, make: Callable[[], ResponseReturnValue]) -> Response:
    """The answer `make` gives, with an ETag; 304 without making it when the client has it.

    The tag names what the graph was before anything is read: an answer can only be newer than
    its tag says, never older. The tag is weak: the statements are the same, their order may
    differ from one process to the next.
    """
    stamp = current_app.extensions["icgraph_stamp"]
    graph = current_site().execution.fingerprint()
    seen = "\n".join((graph, request.full_path, variant, page_language(), stamp))
    tag = sha256(seen.encode()).hexdigest()[:20]
    known = request.if_none_match
    if known.is_strong(tag) or known.is_weak(tag):
        response = Response(status=304)
    else:
        response = make_response(make())
    if response.status_code in {200, 304}:
        response.set_etag(tag, weak=True)
        response.cache_control.no_cache = True
        if exchange := current_exchange():
            exchange.lasting(graph, tag=tag)
    return response


def _complete(response: Response) -> Response:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    headers["X-Content-Type-Options"] = "nosniff"
    if query_id := g.get("query_id"):
        headers["Query-Id"] = query_id
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = (
            "Accept, Accept-Language, Authorization, Change-Message, Content-Type, If-Match, "
            "If-None-Match, Query-Id, *"
        )
        headers["Access-Control-Max-Age"] = "86400"
    if request.method == "OPTIONS" or response.status_code == 204:
        headers.pop("Content-Type", None)  # there is no content
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


def _stamp() -> str:
    """Eight digits that change when the program, its pages or its packaged files do."""
    digest = sha256(__version__.encode())
    for name in ("shapes", "queries"):
        for path in sorted(packaged(name).iterdir()):
            digest.update(path.read_bytes())
    for folder in ("templates", "static", "translations"):
        for text in _walk(files("icgraph.web").joinpath(folder)):
            digest.update(text)
    return digest.hexdigest()[:8]


def _walk(folder: Traversable) -> list[bytes]:
    found: list[bytes] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        found.extend(_walk(entry) if entry.is_dir() else [entry.read_bytes()])
    return found
