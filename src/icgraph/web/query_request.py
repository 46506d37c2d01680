"""From the parameters of a request to a `QueryRequest`: what is asked, of what, in which form.

Pure checks of what the protocol and this service allow; nothing is evaluated here. Which format
is wanted is told by `format=`, else by `Accept`. What else a request says stands in its `environ`
(PEP 3333), so that it need not come by way of the framework.
"""

import re
import secrets
from functools import lru_cache
from typing import Final
from wsgiref.types import WSGIEnvironment

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from icgraph.errors import FormatNotOffered, InputError, NotFound
from icgraph.query.request import QueryRequest
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
from icgraph.web.site import Site

ROWS_SHOWN: Final = 1000
DATASET: Final = ("default-graph-uri", "named-graph-uri")
UPDATE_DATASET: Final = ("using-graph-uri", "using-named-graph-uri")
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,64}")


def for_people(parameters: MultiDict[str, str], environ: WSGIEnvironment) -> bool:
    """Whether the answer is a page: HTML is liked better than anything the protocol defines."""
    if wanted := _wanted(parameters):
        return by_name(wanted, (HTML,)) is HTML
    return _accepts_html_best(environ.get("HTTP_ACCEPT"))


def single(parameters: MultiDict[str, str], name: str) -> str:
    """The one value of `query` or `update`; raises InputError for none, several, or both."""
    other, graphs = ("update", UPDATE_DATASET) if name == "query" else ("query", DATASET)
    found = parameters.getlist(name)
    if other in parameters:
        raise InputError(
            "The request has both a query and an update; it must have one of them.",
            advice="Send two requests.",
        )
    if len(found) != 1:
        raise InputError(
            f"The request has {len(found)} parameters `{name}`; it must have one.",
            advice=f"Send the text as the parameter `{name}`.",
        )
    if foreign := next((graph for graph in graphs if graph in parameters), None):
        raise InputError(
            f"The parameter {foreign} does not belong to a request with a {name}.",
            advice="Queries take default-graph-uri and named-graph-uri, updates using-graph-uri "
            "and using-named-graph-uri.",
        )
    return found[0]


def named_by_client(parameters: MultiDict[str, str], environ: WSGIEnvironment) -> str | None:
    """The id that the client gives its query, by `id=` or the header Query-Id."""
    given = parameters.get("id") or environ.get("HTTP_QUERY_ID")
    if given is not None and not _ID.fullmatch(given):
        raise InputError(
            f"A query cannot have the id {given!r}.",
            advice="Use 1 to 64 of the characters A-Z a-z 0-9 . _ ~ and -.",
        )
    return given


def new_id() -> str:
    """An id for a query whose client gave none."""
    return secrets.token_hex(16)


def query_request(
    parameters: MultiDict[str, str], environ: WSGIEnvironment, site: Site, *, id_: str, page: bool
) -> QueryRequest:
    """The query of a request, and all that its answer depends on; raises ICGraphError."""
    solutions, graph = (
        (RESULTS_JSON, TURTLE)
        if page
        else _formats(_wanted(parameters), environ.get("HTTP_ACCEPT"))
    )
    default_graphs, named_graphs = _dataset(parameters)
    return QueryRequest(
        text=single(parameters, "query"),
        seconds=_seconds(parameters.get("timeout"), site.settings.query_seconds),
        solutions_type=solutions.media_type if solutions else None,
        graph_type=graph.media_type if graph else None,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        shown=ROWS_SHOWN if page else None,
        base_iri=f"{site.base.iri}sparql",
        revision=_revision(parameters.get("revision"), site),
        client=environ.get("REMOTE_ADDR", ""),
        id=id_,
    )


@lru_cache(maxsize=128)
def _accepts_html_best(accept: str | None) -> bool:
    everything = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)
    return prefers_html(accept) and negotiate(accept, everything) is HTML


def _wanted(parameters: MultiDict[str, str]) -> str:
    """The format that the request names, "" for none; of several the first that is known.

    SPARQLWrapper sends some under two names, of which a service is to take the one it knows.
    """
    names = [name for name in parameters.getlist("format") if name]
    known = (name for name in names if by_name(name, (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)))
    return next(known, next(iter(names), ""))


def _formats(wanted: str, accept: str | None) -> tuple[Format | None, Format | None]:
    """The formats for solutions and for graphs, None where none of that sort will do."""
    if wanted:
        chosen = by_name(wanted, RESULT_FORMATS), by_name(wanted, GRAPH_FORMATS)
    else:
        chosen = _accepted(accept)
    if not any(chosen):
        offered = [format_.media_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)]
        raise FormatNotOffered(
            f"This format is not offered: {wanted or accept}.",
            advice=f"Ask for one of: {', '.join(offered)}",
            offered=offered,
        )
    return chosen


@lru_cache(maxsize=128)
def _accepted(accept: str | None) -> tuple[Format | None, Format | None]:
    return _acceptable(accept, RESULT_FORMATS), _acceptable(accept, GRAPH_FORMATS)


def _acceptable(accept: str | None, offered: tuple[Format, ...]) -> Format | None:
    try:
        return negotiate(accept, offered)
    except FormatNotOffered:
        return None


def _dataset(
    parameters: MultiDict[str, str],
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The graphs of the request, (None, None) when it names none (Protocol, section 2.1.4).

    A request that names graphs of one sort has none of the other.
    """
    if not any(name in parameters for name in DATASET):
        return None, None
    default_graphs, named_graphs = (
        tuple(dict.fromkeys(_graph(name, iri) for iri in parameters.getlist(name) if iri))
        for name in DATASET
    )
    if not default_graphs and not named_graphs:
        return None, None
    return default_graphs, named_graphs


def _graph(name: str, iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError:
        raise InputError(
            f"The parameter {name} cannot be {iri!r}: it is no absolute IRI.",
            advice="Write the whole IRI of the graph, such as https://example.org/graph.",
        ) from None


def _seconds(given: str | None, limit: float) -> float:
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


def _revision(given: str | None, site: Site) -> int | None:
    if not given:
        return None
    digits = given.lstrip("0")[:20]  # no revision has more
    if not (given.isascii() and given.isdecimal() and digits):
        raise InputError(
            f"The parameter revision cannot be {given!r}.",
            advice="Give the number of a revision, from 1; an answer names its own in the header "
            "ICGraph-Revision.",
        )
    head = site.execution.head()
    if int(digits) > head:
        raise NotFound(
            f"There is no revision {digits} yet.", advice=f"The newest revision is {head}."
        )
    return int(digits)
