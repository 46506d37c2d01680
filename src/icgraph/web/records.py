"""Records at their addresses: `/id/…` leads to `/doc/…`, which is a page or data by `Accept`.

The thing and the document about it are two; only `/id/` redirects, only `/doc/` has suffixes.
A page is read with its neighbours and with who points at it; data is the record itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as WerkzeugResponse

from icgraph.discovery.claims import Claim, read_claims
from icgraph.discovery.links import Links, Succession, read_links, read_successions
from icgraph.discovery.networks import Members, read_members
from icgraph.discovery.reading import Reading, Term
from icgraph.discovery.records import (
    Record,
    exists,
    facts,
    merge,
    read_document,
    read_record,
    read_records,
    record_graph,
)
from icgraph.errors import NotFound
from icgraph.model.iris import SLUG, RecordName
from icgraph.model.kinds import KINDS
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import (
    HTML,
    NTRIPLES,
    RECORD_FORMATS,
    TURTLE,
    Format,
    by_suffix,
    negotiate,
)
from icgraph.web.site import current_site
from icgraph.web.turtle import readable_turtle

blueprint: Final = Blueprint("records", __name__)

#: Things a page shows with their own parts, such as the group a practice centres on.
_SHOWN_WHOLE: Final = ("ic:centresOn", "ic:withinProject", "dcterms:isPartOf", "ic:grewOutOf")
_MOST_WHOLE: Final = 20


@dataclass(frozen=True, slots=True)
class View:
    """All that the page of a record shows."""

    record: Record
    links: Links
    related: Mapping[str, Record]
    successions: Mapping[str, list[Succession]]
    document: Mapping[str, tuple[Term, ...]]
    claims: list[Claim]
    members: Members

    def told(self, name: str) -> tuple[Term, ...]:
        """What provenance says of the record's document by a property."""
        return self.document.get(self.record.reading.expand(name), ())


@blueprint.get("/id/<kind>/<slug>")
def thing(kind: str, slug: str) -> WerkzeugResponse:
    """A thing cannot be sent; 303 leads to the document about it."""
    name = _name(kind, slug)
    if not exists(_reading(), name):
        raise _missing(name)
    return redirect(url_for("records.document", kind=kind, slug=slug), 303)


@blueprint.get("/doc/<kind>/<slug>")
def document(kind: str, slug: str) -> Response:
    """The document about a thing, in the format of its suffix or of `Accept`."""
    suffix = PurePosixPath(slug).suffix
    chosen = by_suffix(suffix, RECORD_FORMATS) if suffix else None
    if suffix and chosen is None:
        raise NotFound(
            gettext("Records have no format %(suffix)s.", suffix=suffix),
            advice=gettext(
                "There are: %(suffixes)s.", suffixes=" ".join(f.suffix for f in RECORD_FORMATS)
            ),
        )
    name = _name(kind, slug.removesuffix(suffix))
    format_ = chosen or negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    response = conditional(format_.name, lambda: _whole(name, format_))
    if chosen is None:
        response.vary.update(("Accept", "Accept-Language"))
        response.headers["Content-Location"] = _address(name, format_)
    _link(response, name, format_)
    return response


def _whole(name: RecordName, format_: Format) -> Response:
    reading = _reading()
    if format_ is HTML:
        view = _view(reading, name)
        return make_response(
            render_template("record.html", view=view, record=view.record, formats=_formats(name))
        )
    if not exists(reading, name):
        raise _missing(name)
    if format_ is TURTLE:
        statements = record_graph(reading, name, NTRIPLES.media_type)
        body = readable_turtle(statements, reading.base.record(name), reading.base.iri)
    else:
        body = record_graph(reading, name, format_.media_type)
    return Response(body, content_type=format_.content_type)


def _view(reading: Reading, name: RecordName) -> View:
    record = read_record(reading, name)
    if record is None:
        raise _missing(name)
    links = read_links(reading, record.iri)
    related = _related(reading, record)
    successions = read_successions(reading, [record.iri, *related])
    claims = read_claims(reading, record)
    members = read_members(reading, name) if name.kind == "organisation" else Members((), 0, {})
    named = {found.successor for each in successions.values() for found in each}
    named |= {iri for claim in claims for iri in claim.named}
    statements = merge(record.statements, links.known, members.known, facts(reading, named))
    record = Record(name, record.iri, record.own, statements, reading)
    told = read_document(reading, name)
    return View(record, links, related, successions, told, claims, members)


def _related(reading: Reading, record: Record) -> dict[str, Record]:
    iris = [
        term.value
        for property_ in _SHOWN_WHOLE
        for term in record.all(property_)
        if isinstance(term, NamedNode)
    ]
    names = [name for iri in dict.fromkeys(iris) if (name := reading.base.name_of(iri))]
    return {found.iri: found for found in read_records(reading, names[:_MOST_WHOLE])}


def _formats(name: RecordName) -> list[tuple[Format, str]]:
    return [(format_, _address(name, format_)) for format_ in RECORD_FORMATS]


def _address(name: RecordName, format_: Format) -> str:
    return url_for("records.document", kind=name.kind, slug=name.slug + format_.suffix)


def _link(response: Response, name: RecordName, format_: Format) -> None:
    """RFC 8288 links: the thing described, and the same record in other formats."""
    links = [f'<{current_site().base.record(name)}>; rel="describes"']
    links += [
        f'<{address}>; rel="alternate"; type="{other.media_type}"'
        for other, address in _formats(name)
        if other is not format_
    ]
    data = url_for("records.document", kind=name.kind, slug=name.slug + ".ttl")
    links.append(f'<{data}>; rel="describedby"; type="text/turtle"')
    response.headers["Link"] = ", ".join(links)


def _name(kind: str, slug: str) -> RecordName:
    if kind not in KINDS or not SLUG.fullmatch(slug):
        raise _missing(RecordName(kind, slug))
    return RecordName(kind, slug)


def _missing(name: RecordName) -> NotFound:
    members: dict[str, Any] = {"kind": name.kind, "slug": name.slug}
    return NotFound(
        gettext("There is no record %(name)s.", name=f"{name.kind}/{name.slug}"),
        advice=gettext("Look for it in the lists or by the search of the home page."),
        **members,
    )


def _reading() -> Reading:
    site = current_site()
    return Reading(site.execution, site.base, page_language())
