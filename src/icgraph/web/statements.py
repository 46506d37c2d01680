"""Statements that we make ourselves as the body of an answer, in any format: always alike.

The engine writes prefixes in any order, so Turtle is laid out by our own formatter, and other
formats go without them.
"""

from collections.abc import Iterable, Mapping

from flask import Response
from pyoxigraph import Quad, RdfFormat, Triple, serialize

from icgraph.curation.rdf import format_turtle
from icgraph.web.media import TURTLE, Format


def statements_response(
    triples: Iterable[Triple], format_: Format, names: Mapping[str, str]
) -> Response:
    """The statements, sorted, in one of `GRAPH_FORMATS`; `names` maps prefixes to namespaces."""
    ordered = sorted(set(triples), key=str)
    if format_ is TURTLE:
        quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in ordered]
        return Response(format_turtle(quads, names), content_type=format_.content_type)
    body = serialize(ordered, format=RdfFormat.from_media_type(format_.media_type))
    return Response(body, content_type=format_.content_type)
