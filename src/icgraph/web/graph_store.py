"""The SPARQL 1.1 Graph Store Protocol: whole graphs, read and written over HTTP.

A graph is named by `?default` or `?graph=` at `/data` (section 4.2), or directly by an address
below `/data/` or `/graph/` (section 4.1), which stands for the same path below the base.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin
from uuid import uuid4

from flask import Blueprint, Response, g, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from icgraph.curation.updates import Written
from icgraph.errors import InputError, MediaTypeUnsupported, NotFound, PreconditionFailed
from icgraph.query.entry import Entry
from icgraph.query.request import QueryRequest
from icgraph.store.channel import Header
from icgraph.store.tasks import Task
from icgraph.web.authorisation import require_writer
from icgraph.web.departure import stop_with_client
from icgraph.web.exchange import current_exchange
from icgraph.web.headers import conditional_by_revision
from icgraph.web.media import GRAPH_FORMATS, Format, by_name, by_suffix, negotiate
from icgraph.web.parameters import decoded
from icgraph.web.query_answer import whole_body
from icgraph.web.query_request import named_by_client, new_id
from icgraph.web.site import current_site
from icgraph.web.updates import change_message, current_writing, tell_written

blueprint: Final = Blueprint("graph_store", __name__)

_READ: Final = ["GET", "HEAD"]
_WRITE: Final = ["PUT", "POST", "DELETE"]
_EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_MULTIPART: Final = "multipart/form-data"
_UNTYPED: Final = frozenset({"", "application/octet-stream"})


@blueprint.route("/data", methods=_READ)
def read_named() -> Response:
    """The graph that the parameters name."""
    return _read(_named_graph())


@blueprint.route("/data", methods=_WRITE)
def write_named() -> Response:
    """Write the graph that the parameters name; POST without a name makes a new graph."""
    if request.method == "POST" and not _parameters().keys() & {"default", "graph"}:
        return _create()
    return _write(_named_graph())


@blueprint.route("/data/<path:path>", methods=_READ, defaults={"folder": "data"})
@blueprint.route("/graph/<path:path>", methods=_READ, defaults={"folder": "graph"})
def read_direct(folder: str, path: str) -> Response:
    """The graph that the address stands for."""
    return _read(_direct_graph(folder, path))


@blueprint.route("/data/<path:path>", methods=_WRITE, defaults={"folder": "data"})
@blueprint.route("/graph/<path:path>", methods=_WRITE, defaults={"folder": "graph"})
def write_direct(folder: str, path: str) -> Response:
    """Write the graph that the address stands for."""
    return _write(_direct_graph(folder, path))


def _read(graph: str | None) -> Response:
    wanted = _parameters().get("format", "")
    format_ = by_name(wanted, GRAPH_FORMATS) if wanted else None
    if format_ is None:
        format_ = negotiate(wanted or request.headers.get("Accept"), GRAPH_FORMATS)
    site, task = current_site(), Task()
    given = named_by_client(_parameters(), request.environ)
    g.query_id = given or new_id()
    client = request.remote_addr or ""
    with site.watch.entry(
        f"GET {_called(graph)}",
        id=g.query_id,
        client=client,
        task=task,
        named=given is not None,
        kind="graph",
    ) as entry:
        stop_with_client(task, request.environ)
        response = conditional_by_revision(
            format_.name, lambda: _whole(graph, format_, client, task, entry)
        )
        if response.status_code == 304:
            entry.not_modified(revision=site.execution.head())
        _settle_repeating(entry, named=given is not None)
    response.vary.add("Accept")
    return response


def _settle_repeating(entry: Entry, *, named: bool) -> None:
    """Let the gateway count the answers it repeats, and repeat none with a client's id."""
    exchange = current_exchange()
    if exchange and exchange.lasts:
        exchange.lasts = None if named else replace(exchange.lasts, on_hit=entry.again())


def _whole(graph: str | None, format_: Format, client: str, task: Task, entry: Entry) -> Response:
    """All of a graph (section 5.2); raises NotFound for a named graph without statements."""
    site = current_site()
    wanted = QueryRequest(
        _EVERYTHING,
        site.settings.query_seconds,
        None,
        format_.media_type,
        None if graph is None else (graph,),
        client=client,
        id=g.query_id,
    )
    answer = site.execution.run(wanted, task)
    if graph is not None and not answer.rows:
        answer.close()
        raise _missing(graph)
    entry.answered(answer)
    body, headers = whole_body(answer, request.environ)
    response = Response(body, headers=headers, direct_passthrough=not isinstance(body, list))
    response.headers["ICGraph-Revision"] = str(answer.revision)
    return response


def _write(graph: str | None) -> Response:
    agent = require_writer()
    written = _do(request.method, graph, agent)
    if request.method == "DELETE" and not written.existed:
        assert graph is not None
        raise _missing(graph)
    return tell_written(Response(status=204 if written.existed else 201), written)


def _create() -> Response:
    """A new graph with a name of our own (section 5.5)."""
    agent = require_writer()
    if not current_site().settings.bare:
        raise InputError(
            "The request does not say which graph to add to.",
            advice="Name it: `?default`, or `?graph=` with its IRI.",
        )
    name = uuid4().hex
    written = _do("POST", f"{current_site().base.iri}data/{name}", agent)
    response = Response(status=201)
    response.headers["Location"] = f"/data/{name}"
    return tell_written(response, written)


def _do(method: str, graph: str | None, agent: str) -> Written:
    task: Header = {"task": f"graph-{method.lower()}", "graph": graph}
    body = b""
    if method != "DELETE":
        parts = _payload(method)
        base_iri = graph or request.base_url
        task["parts"] = [
            {"media_type": format_.media_type, "length": len(text), "base_iri": base_iri}
            for format_, text in parts
        ]
        body = b"".join(text for _, text in parts)
    message = change_message(_parameters(), f"Graph store {method} {_called(graph)}")
    return current_writing().write(
        task, body, agent=agent, message=message, must_exist=_existence_demanded()
    )


def _existence_demanded() -> bool | None:
    """Whether the graph must be there, or must not, for the request (RFC 9110, section 13.1)."""
    if request.if_match.star_tag:
        return True
    if request.if_none_match.star_tag:
        return False
    if "If-Match" in request.headers or "If-None-Match" in request.headers:
        raise PreconditionFailed(
            "A write can only depend on whether the graph is there.",
            advice="Write If-None-Match: * to make a new graph, If-Match: * to change an old one.",
        )
    return None


def _payload(method: str) -> Sequence[tuple[Format, bytes]]:
    """The documents of the request: its body, or of a form with files (section 5.5) each file."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaTypeUnsupported(
            "A compressed body is not taken here.", advice="Send it as it is.", supported=[]
        )
    request.max_content_length = current_site().settings.upload_bytes
    if method == "POST" and request.mimetype == _MULTIPART:
        files = [file for name in request.files for file in request.files.getlist(name)]
        return [
            (_format(file.mimetype, file.mimetype_params, file.filename or ""), file.read())
            for file in files
        ]
    format_ = _format(request.mimetype, request.mimetype_params, "")
    return [(format_, request.get_data(cache=False))]


def _format(media_type: str, parameters: dict[str, str], file_name: str) -> Format:
    if media_type in _UNTYPED and "." in file_name:
        format_ = by_suffix("." + file_name.rpartition(".")[2], GRAPH_FORMATS)
    else:
        format_ = next((each for each in GRAPH_FORMATS if media_type in each.media_types), None)
    if format_ is None or parameters.get("charset", "utf-8").casefold() not in _ENCODINGS:
        supported = [format_.media_type for format_ in GRAPH_FORMATS]
        raise MediaTypeUnsupported(
            f"A body of the type {media_type or '(none)'} is not taken here.",
            advice=f"Send RDF in UTF-8, as one of: {', '.join(supported)}.",
            supported=supported,
        )
    return format_


def _named_graph() -> str | None:
    parameters = _parameters()
    graphs = parameters.getlist("graph")
    if len(graphs) + ("default" in parameters) != 1:
        raise InputError(
            "The request must name one graph.",
            advice="Give `?default`, or `?graph=` with the IRI of one graph.",
        )
    return _checked(urljoin(request.base_url, graphs[0])) if graphs else None


def _direct_graph(folder: str, path: str) -> str:
    return _checked(f"{current_site().base.iri}{folder}/{path}")


def _checked(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError:
        raise InputError(
            f"The graph {iri!r} is not named by an IRI.", advice="Encode what an IRI cannot hold."
        ) from None


def _parameters() -> MultiDict[str, str]:
    return decoded(request.query_string, "address")


def _called(graph: str | None) -> str:
    return "the default graph" if graph is None else f"<{graph}>"


def _missing(graph: str) -> NotFound:
    return NotFound(f"There is no graph <{graph}>.", advice="A graph without statements is none.")
