"""The SPARQL 1.1 Protocol, and the same at the same address for people.

Three ways in (section 2.1): GET, POST of a form, POST of the bare query. A program gets the
format it accepts; a browser gets a form, and results as a page. Without a query, a program gets
the description of the service.
"""

from typing import Final

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import MultiDict

from icgraph.errors import ICGraphError
from icgraph.query.answer import Answer
from icgraph.web.languages import page_language
from icgraph.web.parameters import protocol_parameters
from icgraph.web.query_answer import headers_of, outcome_of, whole_body
from icgraph.web.query_request import (
    for_people,
    named_by_client,
    new_id,
    query_request,
    single,
)
from icgraph.web.result_page import form_page, results_page
from icgraph.web.service_description import service_description
from icgraph.web.site import current_site
from icgraph.web.updates import answer_update

blueprint = Blueprint("sparql", __name__)

#: Parameters that ask nothing: with no others, a request is for the service itself.
_OF_FORM: Final = frozenset({"format", "lang"})


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query or an update; without one, show the form or describe the service."""
    parameters = protocol_parameters()
    if "update" in parameters:
        return answer_update(parameters)
    page = for_people(parameters, request.environ)
    if "query" not in parameters and request.method != "POST":
        if page:
            return form_page("")
        if parameters.keys() <= _OF_FORM:
            return service_description(parameters.get("format"))
    text = single(parameters, "query")
    try:
        return _answered(parameters, page=page)
    except ICGraphError as error:
        if page:
            return form_page(text, error)
        raise


def _answered(parameters: MultiDict[str, str], *, page: bool) -> Response:
    def show(answer: Answer, elapsed: float) -> Response:
        if page:
            return results_page(parameters, answer, elapsed)
        body, headers = whole_body(answer, environ)
        return Response(body, headers=headers, direct_passthrough=True)

    site, environ = current_site(), request.environ
    given = named_by_client(parameters, environ)
    g.query_id = given or new_id()
    asked = query_request(parameters, environ, site, id_=g.query_id, page=page)
    variant = _page_variant() if page else ""
    outcome = outcome_of(asked, environ, site, show, named=given is not None, variant=variant)
    response = _not_modified() if outcome.shown is None else outcome.shown
    for name, value in headers_of(outcome, asked, parameters, environ, site):
        response.headers[name] = value
    return response


def _page_variant() -> str:
    """What a page depends on beside the answer it shows: its language, and the program."""
    stamp = current_app.extensions["icgraph_stamp"]
    return "\n".join((request.full_path, page_language(), stamp))


def _not_modified() -> Response:
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response
