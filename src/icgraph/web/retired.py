"""What answers at the address of a record that is not in the graph.

Merged: 301 to the record that stands for it, at the same kind of address. Withdrawn: 410 with a
tombstone, as a page, as RDF or as a problem, by `Accept`. Never there: 404 with near names.
"""

from dataclasses import replace
from typing import Final

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from icgraph.discovery.near_names import NearNames
from icgraph.discovery.reading import Reading, read_triples
from icgraph.discovery.retired import Tombstone, read_tombstone, tombstone_graph
from icgraph.errors import FormatNotOffered, NotFound, RecordWithdrawn
from icgraph.model.iris import RecordName
from icgraph.web.data import data_body
from icgraph.web.languages import gettext
from icgraph.web.media import (
    GRAPH_FORMATS,
    HTML,
    JSONLD,
    NTRIPLES,
    PROBLEM,
    RDFXML,
    TURTLE,
    Format,
    negotiate,
)

_NEAR_NAMES: Final = "icgraph_near_names"
#: Whoever asks for plain JSON reads the problem, as with every other error.
_LINKED_JSON: Final = replace(JSONLD, aliases=())
_OFFERED: Final = (HTML, TURTLE, _LINKED_JSON, PROBLEM, NTRIPLES, RDFXML)


def register(app: Flask) -> None:
    """Let the application know near names."""
    app.extensions[_NEAR_NAMES] = NearNames()


def instead(
    reading: Reading, name: RecordName, *, format_: Format | None = None, is_thing: bool = False
) -> WerkzeugResponse:
    """The answer in the place of a record that is not there.

    `format_` is that of the address, where it has a suffix; `is_thing` tells addresses below
    `/id/` from those of documents. Raises RecordWithdrawn and NotFound.
    """
    stone = read_tombstone(reading, name)
    if stone is None:
        raise missing(reading, name)
    if winner := stone.merged_into:
        suffix = format_.suffix if format_ else ""
        endpoint = "records.thing" if is_thing else "records.document"
        address = url_for(endpoint, kind=winner.kind, slug=winner.slug + suffix)
        response = redirect(address, 301)
        response.headers["Cache-Control"] = "no-cache"  # a merger can be undone
        return response
    return _gone(stone, format_)


def missing(reading: Reading, name: RecordName) -> NotFound:
    """There is and was no such record; the member `suggestions` lists those that may be meant."""
    near: NearNames = current_app.extensions[_NEAR_NAMES]
    suggestions = [
        {"iri": found.iri, "title": found.label.value, "language": found.label.language}
        for found in near.suggest(reading, name)
    ]
    return NotFound(
        gettext("There is no record %(name)s.", name=f"{name.kind}/{name.slug}"),
        advice=gettext("Look for it in the lists or by the search of the home page."),
        kind=name.kind,
        slug=name.slug,
        suggestions=suggestions,
    )


def _gone(stone: Tombstone, format_: Format | None) -> Response:
    chosen = format_ or _accepted()
    if chosen is HTML:
        response = make_response(render_template("tombstone.html", stone=stone), 410)
    elif chosen in GRAPH_FORMATS:
        reading, base = stone.reading, stone.reading.base
        graph = tombstone_graph(reading, stone.name, NTRIPLES.media_type)
        body = data_body(read_triples(graph), chosen, base.document(stone.name), base.iri)
        response = Response(body, 410, content_type=chosen.content_type)
    else:
        raise _problem(stone)
    response.cache_control.no_cache = True
    if format_ is None:
        response.vary.update(("Accept", "Accept-Language"))
    return response


def _accepted() -> Format:
    try:
        chosen = negotiate(request.headers.get("Accept"), _OFFERED)
    except FormatNotOffered:
        return PROBLEM
    return JSONLD if chosen is _LINKED_JSON else chosen


def _problem(stone: Tombstone) -> RecordWithdrawn:
    name = f"{stone.name.kind}/{stone.name.slug}"
    return RecordWithdrawn(
        gettext("The record %(name)s was withdrawn.", name=name),
        advice=gettext("Read what replaces it, if anything does.") if stone.heirs else "",
        name=stone.title.value if stone.title else name,
        date=stone.moment.value,
        reason=stone.reason.value if stone.reason else "",
        replacedBy=list(stone.heirs),
    )
