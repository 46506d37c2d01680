"""The SPARQL 1.1 Protocol for queries, and the same at the same address for people.

Three ways in (section 2.1): GET, POST of a form, POST of the bare query. A program gets the
format it accepts; a browser gets a form, and results as a page.
"""

import json
import os
import time
from typing import Final

from flask import Blueprint, Response, render_template, request
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from werkzeug.datastructures import MultiDict

from icgraph.discovery.stored import stored_queries
from icgraph.errors import (
    FormatNotOffered,
    ICGraphError,
    InputError,
    MediaTypeUnsupported,
    QueryRefused,
)
from icgraph.query.execution import Answer
from icgraph.query.request import QueryRequest
from icgraph.web.languages import page_language
from icgraph.web.media import (
    GRAPH_FORMATS,
    HTML,
    RESULT_FORMATS,
    RESULTS_JSON,
    TURTLE,
    Format,
    by_name,
    negotiate,
    prefers_html,
)
from icgraph.web.site import current_site

blueprint = Blueprint("sparql", __name__)

QUERY_TYPE: Final = "application/sparql-query"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
ROWS_SHOWN: Final = 1000
TEXT_SHOWN: Final = 200_000
_BLOCK: Final = 65_536


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query, or show the form when a browser comes without one."""
    parameters = _parameters()
    if "update" in parameters:
        raise QueryRefused(
            "This service does not take updates.",
            advice="Send the query as the parameter `query`.",
        )
    wanted = parameters.get("format", "")
    for_people = (not wanted and _asked_by_browser()) or wanted == HTML.name
    texts = parameters.getlist("query")
    if not texts and for_people:
        return _form_page("")
    if len(texts) != 1:
        raise InputError(
            f"The request has {len(texts)} queries; it must have one.",
            advice="Send the query as the parameter `query`, by GET or by POST.",
        )
    started = time.monotonic()
    try:
        asked = _query_request(texts[0], parameters, for_people=for_people)
        answer = current_site().execution.run(asked)
    except ICGraphError as error:
        if for_people:
            return _form_page(texts[0], error)
        raise
    elapsed = time.monotonic() - started
    response = (
        _page(_results_page(texts[0], answer, elapsed)) if for_people else _whole_response(answer)
    )
    response.headers["ICGraph-Revision"] = str(answer.revision)
    response.headers["Server-Timing"] = f"query;dur={elapsed * 1000:.1f}"
    response.vary.add("Accept")
    return response


def _parameters() -> MultiDict[str, str]:
    if request.method != "POST":
        return request.args
    if request.mimetype == FORM_TYPE:
        return request.form
    if request.mimetype == QUERY_TYPE:
        try:
            text = request.get_data(cache=False).decode()
        except UnicodeDecodeError as error:
            raise InputError(
                f"The query is not UTF-8 (byte {error.start + 1}).",
                advice="Send the query in the encoding UTF-8.",
            ) from None
        return MultiDict([*request.args.items(multi=True), ("query", text)])
    raise MediaTypeUnsupported(
        f"A body of the type {request.mimetype or '(none)'} is not taken here.",
        advice=f"Send a form ({FORM_TYPE}) or the bare query ({QUERY_TYPE}).",
        supported=[FORM_TYPE, QUERY_TYPE],
    )


def _query_request(text: str, parameters: MultiDict[str, str], *, for_people: bool) -> QueryRequest:
    solutions, graph = (
        (RESULTS_JSON, TURTLE) if for_people else _formats(parameters.get("format", ""))
    )
    return QueryRequest(
        text=text,
        seconds=_seconds(parameters.get("timeout")),
        solutions_type=solutions.media_type if solutions else None,
        graph_type=graph.media_type if graph else None,
        default_graphs=tuple(parameters.getlist("default-graph-uri")) or None,
        named_graphs=tuple(parameters.getlist("named-graph-uri")) or None,
        shown=ROWS_SHOWN if for_people else None,
    )


def _formats(wanted: str) -> tuple[Format | None, Format | None]:
    if wanted:
        chosen = by_name(wanted, RESULT_FORMATS), by_name(wanted, GRAPH_FORMATS)
    else:
        accept = request.headers.get("Accept")
        chosen = _acceptable(accept, RESULT_FORMATS), _acceptable(accept, GRAPH_FORMATS)
    if not any(chosen):
        offered = [format_.media_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)]
        raise FormatNotOffered(
            f"This format is not offered: {wanted or request.headers.get('Accept')}.",
            advice=f"Ask for one of: {', '.join(offered)}",
            offered=offered,
        )
    return chosen


def _acceptable(accept: str | None, offered: tuple[Format, ...]) -> Format | None:
    try:
        return negotiate(accept, offered)
    except FormatNotOffered:
        return None


def _asked_by_browser() -> bool:
    """Whether HTML is liked better than anything that the protocol defines."""
    accept = request.headers.get("Accept")
    if not prefers_html(accept):
        return False
    return negotiate(accept, (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)) is HTML


def _seconds(given: str | None) -> float:
    limit = current_site().settings.query_seconds
    if not given:
        return limit
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not seconds > 0:
        raise InputError(
            f"The parameter timeout cannot be {given!r}.",
            advice=f"Give a number of seconds above 0 and up to {limit:g}.",
        )
    return min(seconds, limit)


def _whole_response(answer: Answer) -> Response:
    formats = {format_.media_type: format_ for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    content_type = formats[answer.media_type].content_type
    if isinstance(answer.payload, bytes):
        return Response(answer.payload, content_type=content_type)
    file = answer.payload
    response = Response(iter(lambda: file.read(_BLOCK), b""), content_type=content_type)
    response.content_length = os.fstat(file.fileno()).st_size
    response.call_on_close(file.close)
    return response


def _results_page(query: str, answer: Answer, elapsed: float) -> str:
    found: dict[str, object] = {"query": query, "elapsed": elapsed, "revision": answer.revision}
    if answer.media_type == TURTLE.media_type:
        shown, whole = _beginning(answer)
        return render_template("results.html", **found, turtle=shown, cut=not whole)
    if answer.rows is None:
        truth = json.loads(answer.read())["boolean"]
        return render_template("results.html", **found, truth=truth)
    solutions = parse_query_results(answer.read(), format=QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    columns = [variable.value for variable in solutions.variables]
    rows = [[solution[name] for name in columns] for solution in solutions]
    return render_template("results.html", **found, columns=columns, rows=rows, total=answer.rows)


def _beginning(answer: Answer) -> tuple[str, bool]:
    """The first lines of a text, no more than a page can show, and whether that is all."""
    if isinstance(answer.payload, bytes):
        start, whole = answer.payload[:TEXT_SHOWN], len(answer.payload) <= TEXT_SHOWN
    else:
        with answer.payload as file:
            start, whole = file.read(TEXT_SHOWN), False
    lines = start.decode(errors="ignore")
    return (lines, True) if whole else (lines.rpartition("\n")[0], False)


def _form_page(query: str, error: ICGraphError | None = None) -> Response:
    """The form; a query that failed stands in it, with what is wrong, so that nothing is lost."""
    language = page_language()
    examples = [
        (stored.title[language], stored.description[language], stored.text)
        for stored in stored_queries()
    ]
    html = render_template("sparql.html", query=query, examples=examples, error=error)
    return _page(html, error.status if error else 200)


def _page(html: str, status: int = 200) -> Response:
    response = Response(html, status, content_type=HTML.content_type)
    response.vary.update(("Accept", "Accept-Language"))
    return response
