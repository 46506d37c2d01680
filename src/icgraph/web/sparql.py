"""The SPARQL 1.1 Protocol, and the same at the same address for people.

Three ways in (section 2.1): GET, POST of a form, POST of the bare query. A program gets the
format it accepts; a browser gets a form, and results as a page. Without a query, a program gets
the description of the service.
"""

import time
from hashlib import sha256
from typing import Final

from flask import Blueprint, Response, current_app, g, request
from werkzeug.datastructures import MultiDict

from icgraph.errors import ICGraphError
from icgraph.query.answer import Answer
from icgraph.query.entry import Entry
from icgraph.query.request import QueryRequest
from icgraph.store.tasks import Task
from icgraph.web.departure import stop_with_client
from icgraph.web.languages import page_language
from icgraph.web.parameters import protocol_parameters
from icgraph.web.query_answer import (
    known,
    not_modified,
    pinned_address,
    server_timing,
    set_validators,
    wants_none,
    whole_response,
)
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
    page = for_people(parameters)
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
    given = named_by_client(parameters)
    g.query_id = given or new_id()
    asked = query_request(parameters, id_=g.query_id, page=page)
    site, task = current_site(), Task()
    with site.watch.entry(
        asked.text,
        id=asked.id,
        client=asked.client,
        task=task,
        named=given is not None,
        kind="query",
    ) as entry:
        fingerprint, head = site.execution.fingerprint(), site.execution.head()
        tag = _tag(asked)
        if known(tag):
            entry.not_modified(revision=asked.revision or head)
            response = not_modified()
            return _complete(response, parameters, asked, tag, asked.revision or head)
        stop_with_client(task)
        started = time.monotonic()
        answer = site.execution.run(asked, task)
        try:
            entry.answered(answer)
            elapsed = time.monotonic() - started
            if answer.revision != (asked.revision or head):
                tag = None  # the graph moved meanwhile; the tag is of what it was
            elif given is None:
                _offer_to_keep(fingerprint, tag, answer, entry)
            if wants_none(tag):
                answer.close()
                response = not_modified()
            elif page:
                response = results_page(parameters, answer, elapsed)
            else:
                response = whole_response(answer)
        except BaseException:
            answer.close()
            raise
    response.headers["Server-Timing"] = server_timing(answer.timing)
    return _complete(response, parameters, asked, tag, answer.revision)


def _tag(asked: QueryRequest) -> str | None:
    """What the answer depends on, that of a page with its language and the program, too."""
    tag = current_site().execution.tag(asked)
    if tag is None or asked.shown is None:
        return tag
    stamp = current_app.extensions["icgraph_stamp"]
    parts = (tag, request.full_path, page_language(), stamp)
    return sha256("\n".join(parts).encode()).hexdigest()[:20]


def _offer_to_keep(fingerprint: str, tag: str | None, answer: Answer, entry: Entry) -> None:
    """Let the server repeat the answer from its memory as long as the graph is the same."""
    exchange = request.environ.get("icgraph.exchange")
    if exchange and tag and request.method == "GET" and isinstance(answer.payload, bytes):
        exchange.lasting(fingerprint, entry.again(), tag)


def _complete(
    response: Response,
    parameters: MultiDict[str, str],
    asked: QueryRequest,
    tag: str | None,
    revision: int,
) -> Response:
    """Put the headers on an answer that tell where it comes from and how long it holds."""
    set_validators(response, tag, pinned=asked.revision is not None and asked.shown is None)
    response.headers["Vary"] = "Accept" if asked.shown is None else "Accept, Accept-Language"
    response.headers["ICGraph-Revision"] = str(revision)
    if pinned := pinned_address(parameters, revision):
        response.headers.add("Link", f'<{pinned}>; rel="cite-as"')
    return response
