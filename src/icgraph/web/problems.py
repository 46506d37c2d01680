"""Errors as answers: RFC 9457 `application/problem+json`, or a page for people.

One place turns every error into HTTP. What a person did is explained with its advice; what we
did not expect is logged whole and shown as one sentence, so that no internals leave the house.
"""

import json
from http import HTTPStatus
from traceback import format_exception
from typing import Any, Final

import structlog
from flask import Blueprint, Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from icgraph.errors import (
    ICGraphError,
    NotFound,
    QueueFull,
    RateExceeded,
    ScopeMissing,
    ServiceNotReady,
    SpoolFull,
)
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import PROBLEM, prefers_html
from icgraph.web.site import current_site

RETRY_SECONDS: Final = 5
#: What is over soon. Clients obey Retry-After by themselves: it must not have them repeat a
#: query that will go over its limit again.
_PASSING: Final = (QueueFull, RateExceeded, ServiceNotReady, SpoolFull)
#: One header each, Basic alone: browsers that know no Bearer skip the whole line.
CHALLENGES: Final = ('Basic realm="icgraph", charset="UTF-8"', 'Bearer realm="icgraph"')

blueprint: Final = Blueprint("problems", __name__)
_log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Answer every error of the application."""
    app.register_blueprint(blueprint)
    app.register_error_handler(ICGraphError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


@blueprint.get("/problems/<code>")
def explain(code: str) -> str:
    """What a kind of problem means: the page its `type` leads to."""
    error_class = next((found for found in _classes(ICGraphError) if found.code == code), None)
    if error_class is None:
        raise NotFound(gettext("There is no kind of problem with this name."))
    return render_template(
        "problem_kind.html", error=error_class, title=error_class.title[page_language()]
    )


def _known(error: ICGraphError) -> Response:
    response = _answer(
        error.status,
        code=error.code,
        title=error.title[page_language()],
        detail=error.detail,
        advice=error.advice,
        members=error.members,
    )
    if isinstance(error, _PASSING):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if error.status == 401:
        response.headers.setlist("WWW-Authenticate", CHALLENGES)
    if isinstance(error, ScopeMissing):  # RFC 6750, section 3.1
        wanted = f'error="insufficient_scope", scope="{error.members["scope"]}"'
        response.headers["WWW-Authenticate"] = f'Bearer realm="icgraph", {wanted}'
    if error.status == 405 and "allowed" in error.members:
        response.headers["Allow"] = ", ".join(error.members["allowed"])
    return response


def _http(error: HTTPException) -> Response:
    """An error of the framework: an address without a page, a method it does not take."""
    original = make_response(error.get_response())
    status = original.status_code
    if status < 400:
        return original
    response = _answer(
        status,
        code={404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}.get(status),
        title=_title(status),
        detail=_detail(error, status),
        advice="",
        members={"allowed": sorted(original.allow)} if status == 405 else {},
    )
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _unexpected(error: Exception) -> Response:
    # Not as `exc_info`: that would be told with the values of all variables, queries among them.
    trace = "".join(format_exception(error))
    _log.error("unexpected error", path=request.path, method=request.method, exception=trace)
    return _answer(
        500,
        code="error",
        title=_title(500),
        detail=gettext("The service met an error it did not expect. It has been logged."),
        advice=gettext("Try again; if it happens again, tell the people who run this service."),
        members={},
    )


def _answer(
    status: int, *, code: str | None, title: str, detail: str, advice: str, members: dict[str, Any]
) -> Response:
    if prefers_html(request.headers.get("Accept")):
        page = render_template(
            "problem.html",
            status=status,
            title=title,
            detail=detail,
            advice=advice,
            suggestions=members.get("suggestions", []),
        )
        response = make_response(page, status)
    else:
        kind = f"{current_site().base.iri}problems/{code}" if code else "about:blank"
        problem = {"type": kind, "title": title, "status": status, "detail": detail}
        told = {name: value for name, value in (("code", code), ("advice", advice)) if value}
        body = json.dumps({**problem, **told, **members}, ensure_ascii=False, indent=2)
        response = Response(body + "\n", status, content_type=PROBLEM.content_type)
        response.headers["Content-Language"] = page_language()
    response.vary.update(("Accept", "Accept-Language"))
    response.cache_control.no_store = True
    return response


def _title(status: int) -> str:
    if status == 404:
        return NotFound.title[page_language()]
    if status == 500:
        return ICGraphError.title[page_language()]
    found = next((known for known in _classes(ICGraphError) if known.status == status), None)
    return found.title[page_language()] if found and status in {405, 413} else _phrase(status)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return gettext("Something went wrong")


def _detail(error: HTTPException, status: int) -> str:
    if status == 404:
        return gettext("There is nothing at this address: %(path)s.", path=request.path)
    if status == 405:
        return gettext("This address does not take the method %(method)s.", method=request.method)
    return str(error.description or _phrase(status))


def _classes(root: type[ICGraphError]) -> list[type[ICGraphError]]:
    """An error class and all below it."""
    return [root, *(found for below in root.__subclasses__() for found in _classes(below))]
