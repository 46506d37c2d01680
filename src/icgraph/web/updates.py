"""SPARQL Update over HTTP (SPARQL 1.1 Protocol, section 2.2), and what all writes share.

An update is answered when it is recorded and readers can see it: 204, with the revision.
"""

from typing import Final

from flask import Response, g, request
from werkzeug.datastructures import MultiDict

from icgraph.curation.updates import Writing, Written
from icgraph.errors import InputError, QueryRefused
from icgraph.store.channel import Header
from icgraph.store.tasks import Task
from icgraph.web.authorisation import require_writer
from icgraph.web.departure import stop_with_client
from icgraph.web.query_request import named_by_client, new_id, single
from icgraph.web.site import current_site

#: What a request may say in the place of a parameter `message`.
MESSAGE_HEADER: Final = "Change-Message"
NOTE_HEADER: Final = "ICGraph-Note"


def answer_update(parameters: MultiDict[str, str]) -> Response:
    """Do the update of a request; raises TokenNeeded and what `Writing.write` raises."""
    text = single(parameters, "update")
    agent = require_writer()
    given = named_by_client(parameters, request.environ)
    g.query_id = given or new_id()
    work: Header = {
        "task": "update",
        "base_iri": f"{current_site().base.iri}sparql",
        "using_graphs": parameters.getlist("using-graph-uri"),
        "using_named_graphs": parameters.getlist("using-named-graph-uri"),
    }
    task = Task()
    with current_site().watch.entry(
        text,
        id=g.query_id,
        client=request.remote_addr or "",
        task=task,
        named=given is not None,
        kind="update",
    ) as entry:
        stop_with_client(task, request.environ)
        message = change_message(parameters, "SPARQL update")
        written = current_writing().write(
            work, text.encode(), agent=agent, message=message, task=task
        )
        entry.written(written.revision)
    return tell_written(Response(status=204), written)


def current_writing() -> Writing:
    """The door for writes; raises QueryRefused where the application only reads."""
    writing = current_site().writing
    if writing is None:
        raise QueryRefused(
            "This service takes no writes.", advice="Ask whoever runs it for another."
        )
    return writing


def change_message(parameters: MultiDict[str, str], default: str) -> str:
    """Why the change is made, in the words of the request or else of `default`."""
    header = request.headers.get(MESSAGE_HEADER, "")
    try:
        header = header.encode("latin-1").decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        raise InputError(
            f"The header {MESSAGE_HEADER} is not UTF-8.", advice="Send it in the encoding UTF-8."
        ) from None
    return parameters.get("message") or header or default


def tell_written(response: Response, written: Written) -> Response:
    """Put the headers on an answer that say what became of a write."""
    site = current_site()
    response.headers["ICGraph-Revision"] = str(written.revision)
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Content-Type", None)  # there is no content
    if written.changed and not site.settings.bare:
        response.headers.setdefault("Location", f"/changes/{written.revision}")
    if not written.readable:
        response.headers[NOTE_HEADER] = "recorded; readers will see it in a moment"
    return response
