"""The ontology at `/ns/`, the concept schemes at `/scheme/`, the shapes at `/shapes/`.

Terms are words, not things in the world: they answer 200 at their own address, as a page or
as RDF by `Accept`, and name the data's kind in Content-Location.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request, url_for

from icgraph.discovery.descriptions import describe
from icgraph.discovery.links import read_links
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record, Statements, merge
from icgraph.discovery.vocabulary import (
    count_uses,
    read_shapes,
    read_vocabulary,
    shapes_statements,
    vocabulary_statements,
)
from icgraph.errors import NotFound
from icgraph.model.iris import RecordName
from icgraph.web.data import data_body
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.media import HTML, RECORD_FORMATS, Format, negotiate
from icgraph.web.ontology_page import ontology_page
from icgraph.web.paging import no_page, page_links, page_number
from icgraph.web.reading import current_reading
from icgraph.web.signposting import Variant, link_field, signposts
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
    if not name.isprintable() or set(name) & set(' <>"{}|\\^`'):
        raise _missing(folder, name)
    format_ = negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    response = conditional(format_.name, lambda: _whole(folder, name, format_))
    response.vary.update(("Accept", "Accept-Language"))
    response.headers["Content-Location"] = _address(folder, name, page_number())
    return response


def _whole(folder: str, name: str, format_: Format) -> Response:
    site = current_site()
    reading = current_reading()
    iri = f"{site.base.iri}{folder}/{name}"
    page = page_number()
    read = _page if format_ is HTML else _data
    response, pages = read(reading, folder, name, format_, page)
    address = partial(_address, folder, name)
    links = signposts(
        format_,
        cite_as=iri,
        collection=f"{site.base.iri}{folder}/" if name else "",
        variants=[Variant(each, address()) for each in RECORD_FORMATS],
    )
    response.headers["Link"] = link_field([*links, *page_links(page, pages, address)])
    return response


def _data(
    reading: Reading, folder: str, name: str, format_: Format, page: int
) -> tuple[Response, int]:
    iri = f"{reading.base.iri}{folder}/{name}"
    own = (
        shapes_statements(reading.base.iri, iri)
        if folder == "shapes"
        else vocabulary_statements(reading, iri)
    )
    if not own:
        raise _missing(folder, name)
    described = describe(reading, iri, iri, own, page)
    if described is None:
        raise no_page(page)
    body = data_body(described.statements, format_, iri, reading.base.iri)
    return Response(body, content_type=format_.content_type), described.pages


def _page(
    reading: Reading, folder: str, name: str, _format: Format, page: int
) -> tuple[Response, int]:
    iri = f"{reading.base.iri}{folder}/{name}"
    if (folder, name) == ("ns", "") and (documentation := ontology_page(reading)):
        return documentation, 1
    if folder == "shapes":
        own = known = read_shapes(reading.base.iri, iri)
    else:
        own, known = read_vocabulary(reading, iri)
    if not own:
        raise _missing(folder, name)
    links = read_links(reading, iri, page)
    if page > links.pages:
        raise no_page(page)
    terms = _terms(own, merge(known, links.known), reading)
    one = next((term for term in terms if term.iri == iri), None)
    others = [term for term in terms if term.iri != iri]
    alone = one is not None and not others
    text = render_template(
        "term.html" if alone else "vocabulary.html",
        folder=folder,
        iri=iri,
        one=one,
        terms=others,
        uses=count_uses(reading, iri) if alone else {},
        name=name,
        links=links,
        link_page=partial(_address, folder, name),
    )
    return make_response(text), links.pages


def _address(folder: str, name: str, page: int = 1) -> str:
    return url_for("vocabulary.show", folder=folder, name=name, page=page if page > 1 else None)


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
