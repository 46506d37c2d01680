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
from icgraph.web.validators import Remembered, Validators, tag_of

CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: No page of ours uses these, and nothing in one shall.
_PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
EXPOSED: Final = (
    "Allow, Content-Location, ETag, ICGraph-Note, ICGraph-Revision, Link, Location, Query-Id, "
    "Retry-After, Server-Timing, WWW-Authenticate"
)


def register(app: Flask) -> None:
    """Put the headers on every answer of the application."""
    app.extensions["icgraph_stamp"] = _stamp()
    app.extensions["icgraph_validators"] = Remembered()
    app.after_request(_complete)


def conditional(variant: str, make: Callable[[], ResponseReturnValue]) -> Response:
    """The answer `make` gives, with a strong ETag of its bytes; 304 when the client has it.

    `make` may set Last-Modified. It is not called again, while the graph stays, for a client
    that shows the ETag, or whose If-Modified-Since is no earlier. The variant (a format's name)
    and the page's language keep the tags of variants apart even where their bytes are alike.
    """
    site, language = current_site(), page_language()
    graph = site.execution.fingerprint()
    remembered: Remembered = current_app.extensions["icgraph_validators"]
    asked = tag_of(request.url, variant, language)
    known = remembered.find(graph, asked)
    if known is None or not _held(known):
        response = make_response(make())
        if response.status_code != 200:
            return response
        tag = tag_of(variant, language, response.get_data())
        known = Validators(tag, response.last_modified)
        if site.execution.fingerprint() == graph:
            remembered.keep(graph, asked, known)
        if not _held(known):
            return _validated(response, known, graph)
    return _validated(_unchanged(), known, graph)


def conditional_by_revision(variant: str, make: Callable[[], ResponseReturnValue]) -> Response:
    """The answer `make` gives, with a weak ETag of the revision; 304 without making it.

    For what is too large to be sorted: the statements are the same, their order may differ from
    one process to the next. The tag names what the graph was before anything is read: an answer
    can only be newer than its tag says, never older.
    """
    graph = current_site().execution.fingerprint()
    stamp = current_app.extensions["icgraph_stamp"]
    known = Validators(tag_of(graph, request.full_path, variant, page_language(), stamp))
    # An asterisk means anything that is there: whether it is shows only when it is made.
    if _held(known) and not request.if_none_match.star_tag:
        return _validated(_unchanged(), known, graph, weak=True)
    response = make_response(make())
    if response.status_code != 200:
        return response
    if _held(known):
        response.close()
        response = _unchanged()
    return _validated(response, known, graph, weak=True)


def _unchanged() -> Response:
    response = Response(status=304)
    response.headers.remove("Content-Type")  # it would be that of an empty page
    return response


def _held(known: Validators) -> bool:
    return known.held_by(request.if_none_match, request.if_modified_since)


def _validated(
    response: Response, known: Validators, graph: str, *, weak: bool = False
) -> Response:
    response.set_etag(known.tag, weak=weak)
    if known.modified is not None:
        response.last_modified = known.modified
    response.cache_control.no_cache = True
    if exchange := current_exchange():
        exchange.lasting(graph, tag=known.tag, modified=known.modified)
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
        headers["Permissions-Policy"] = _PERMISSIONS
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
