"""From an `Answer` to the HTTP response of a query: its body, validators and links.

An answer depends on the revision, the query, its dataset and the format, and no more, unless the
query asks for the time, chance or new names: then it is neither tagged nor kept.
"""

import os
from typing import IO, Any, Final
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import wrap_file

from icgraph.query.answer import Answer, Timing
from icgraph.web.media import GRAPH_FORMATS, RESULT_FORMATS
from icgraph.web.query_request import DATASET
from icgraph.web.site import current_site

_CITED_LENGTH: Final = 8000
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_UNTIL_A_CHANGE: Final = "public, no-cache"
_CONTENT_TYPES: Final = {
    format_.media_type: format_.content_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)
}


def whole_response(answer: Answer) -> Response:
    """The result as it stands: bytes, or a file that the server may send by itself."""
    content_type = _CONTENT_TYPES[answer.media_type]
    if isinstance(answer.payload, bytes):
        answer.close()
        return Response(answer.payload, content_type=content_type)
    length = os.fstat(answer.payload.fileno()).st_size
    body = wrap_file(request.environ, _Spooled(answer, answer.payload))  # type: ignore[arg-type]
    response = Response(body, content_type=content_type, direct_passthrough=True)
    response.content_length = length
    return response


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


def set_validators(response: Response, tag: str | None, *, pinned: bool) -> None:
    """Say how long an answer holds: not at all without a tag, for ever when it is pinned."""
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["ETag"] = f'W/"{tag}"'
    response.headers["Cache-Control"] = _FOR_EVER if pinned else _UNTIL_A_CHANGE


def known(tag: str | None) -> bool:
    """Whether the client has the answer with this tag already."""
    return (
        tag is not None
        and "If-None-Match" in request.headers
        and request.method in {"GET", "HEAD"}
        and not request.if_none_match.star_tag  # there is no answer before it is evaluated
        and request.if_none_match.contains_weak(tag)
    )


def wants_none(tag: str | None) -> bool:
    """Whether the client wants no answer if there is one at all (RFC 9110, section 13.1.2)."""
    return tag is not None and request.method in {"GET", "HEAD"} and request.if_none_match.star_tag


def not_modified() -> Response:
    """The empty answer to a client that has the answer; `set_validators` completes it."""
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response


def server_timing(timing: Timing) -> str:
    """The value of Server-Timing, in milliseconds."""
    parts = {
        "queue": timing.queue,
        "evaluation": timing.evaluation,
        "serialisation": timing.serialisation,
    }
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in parts.items())


def endpoint() -> str:
    """The address of the endpoint as the client sees it, proxies and their prefix included.

    Below the base of the graph when the client does not say what host it asks.
    """
    if not request.host:
        return f"{current_site().base.iri}sparql"
    return f"{request.scheme}://{request.host}{quote(request.root_path.rstrip('/'))}/sparql"


def pinned_address(parameters: MultiDict[str, str], revision: int) -> str | None:
    """Where the same query has this same answer for ever; None when that is too long to send."""
    kept = [
        (name, value)
        for name in ("query", *DATASET, "format")
        for value in parameters.getlist(name)
    ]
    encoded = urlencode([*kept, ("revision", str(revision))])
    whole = f"{endpoint()}?{encoded}"
    return whole if len(whole) <= _CITED_LENGTH else None
