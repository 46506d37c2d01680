"""The pages for people at `/sparql`: the form, and the result of a query below each other."""

import json
from typing import Final

from flask import Response, make_response, render_template, request
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results
from werkzeug.datastructures import MultiDict

from icgraph.discovery.stored import stored_queries
from icgraph.errors import ICGraphError
from icgraph.query.answer import Answer
from icgraph.web.languages import page_language
from icgraph.web.media import HTML, TURTLE
from icgraph.web.query_answer import pinned_address
from icgraph.web.query_request import DATASET
from icgraph.web.site import current_site

TEXT_SHOWN: Final = 200_000


def form_page(query: str, error: ICGraphError | None = None) -> Response:
    """The form; a query that failed stands in it, with what is wrong, so that nothing is lost."""
    language = page_language()
    examples = [
        (stored.title[language], stored.description[language], stored.text)
        for stored in stored_queries()
    ]
    html = render_template("sparql.html", query=query, examples=examples, error=error)
    return _page(html, error.status if error else 200)


def results_page(parameters: MultiDict[str, str], answer: Answer, elapsed: float) -> Response:
    """The result of a query, or its beginning, with its other forms; `elapsed` in seconds."""
    kept = [name for name in (*DATASET, "revision") if name in parameters]
    found: dict[str, object] = {
        "query": parameters["query"],
        "same": {name: parameters.getlist(name) for name in kept},
        "elapsed": elapsed,
        "revision": answer.revision,
        "pinned": pinned_address(parameters, request.environ, current_site(), answer.revision),
    }
    try:
        return _page(render_template("results.html", **found, **_shown(answer)))
    finally:
        answer.close()


def _shown(answer: Answer) -> dict[str, object]:
    if answer.media_type == TURTLE.media_type:
        shown, whole = _beginning(answer)
        return {"turtle": shown, "cut": not whole}
    if answer.rows is None:
        return {"truth": json.loads(answer.read())["boolean"]}
    solutions = parse_query_results(answer.read(), format=QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    columns = [variable.value for variable in solutions.variables]
    rows = [[solution[name] for name in columns] for solution in solutions]
    return {"columns": columns, "rows": rows, "total": answer.rows}


def _beginning(answer: Answer) -> tuple[str, bool]:
    """The first lines of a text, no more than a page can show, and whether that is all."""
    if isinstance(answer.payload, bytes):
        start, whole = answer.payload[:TEXT_SHOWN], len(answer.payload) <= TEXT_SHOWN
    else:
        start, whole = answer.payload.read(TEXT_SHOWN), False
    lines = start.decode(errors="ignore")
    return (lines, True) if whole else (lines.rpartition("\n")[0], False)


def _page(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.content_type = HTML.content_type
    response.vary.update(("Accept", "Accept-Language"))
    return response
