"""The ontology at `/ns/`, the concept schemes at `/scheme/`, the shapes at `/shapes/`.

Terms are words, not things in the world: they answer 200 at their own address, as a page or
as RDF by `Accept`, and name the data's kind in Content-Location.
"""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record, Statements
from icgraph.discovery.vocabulary import (
    count_uses,
    read_shapes,
    read_vocabulary,
    shapes_graph,
    vocabulary_graph,
)
from icgraph.errors import NotFound
from icgraph.model.iris import RecordName
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import HTML, RECORD_FORMATS, Format, negotiate
from icgraph.web.site import current_site

blueprint: Final = Blueprint("vocabulary", __name__)

_TYPES: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True, slots=True)
class Term:
    """A term as a page shows it: its IRI, and a record-like view of its statements."""

    iri: str
    about: Record

    @property
    def types(self) -> list[str]:
        """What it is, by the last word of each class: `Class`, `Concept`, `NodeShape`."""
        return [
            term.value.replace("#", "/").rpartition("/")[2] for term in self.about.all("rdf:type")
        ]


@blueprint.get("/<any(ns, scheme, shapes):folder>/", defaults={"name": ""})
@blueprint.get("/<any(ns, scheme, shapes):folder>/<path:name>")
def show(folder: str, name: str) -> Response:
    """A vocabulary, or one of its terms."""
    iri = f"{current_site().base.iri}{folder}/{name}"
    if set(name) & set(' <>"{}|\\^`'):
        raise _missing(folder, name)
    format_ = negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    response = conditional(format_.name, lambda: _whole(folder, name, iri, format_))
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Content-Location"] = url_for("vocabulary.show", folder=folder, name=name)
    return response


def _whole(folder: str, name: str, iri: str, format_: Format) -> Response:
    site = current_site()
    reading = Reading(site.execution, site.base, page_language())
    if folder == "shapes":
        own = known = read_shapes(site.base.iri, iri)
    else:
        own, known = read_vocabulary(reading, iri)
    if not own:
        raise _missing(folder, name)
    if format_ is not HTML:
        body = (
            shapes_graph(site.base.iri, iri, format_.media_type)
            if folder == "shapes"
            else vocabulary_graph(reading, iri, format_.media_type)
        )
        return Response(body, content_type=format_.content_type)
    terms = _terms(own, known, reading)
    one = next((term for term in terms if term.iri == iri), None)
    others = [term for term in terms if term.iri != iri]
    page = render_template(
        "term.html" if one and not others else "vocabulary.html",
        folder=folder,
        iri=iri,
        one=one,
        terms=others,
        uses=count_uses(reading, iri) if one and not others else {},
        name=name,
    )
    return make_response(page)


def _terms(own: Statements, known: Statements, reading: Reading) -> list[Term]:
    """The terms that have an IRI, by name."""
    nameless = RecordName("", "")
    return [
        Term(iri, Record(nameless, iri, (iri,), known, reading))
        for iri in sorted(own)
        if iri.startswith(reading.base.iri) and _TYPES in own[iri]
    ]


def _missing(folder: str, name: str) -> NotFound:
    return NotFound(
        gettext("There is no term %(name)s.", name=f"{folder}/{name}"),
        advice=gettext("See the whole list at /%(folder)s/.", folder=folder),
    )
