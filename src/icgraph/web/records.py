"""Records at their addresses: `/id/…` leads to `/doc/…`, which is a page or data by `Accept`.

The thing and the document about it are two; only `/id/` redirects, only `/doc/` has suffixes.
A page is read with its neighbours and with who points at it; data is the record itself.
"""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from icgraph.discovery.changed import LastChange, read_last_change
from icgraph.discovery.descriptions import describe
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import exists, record_statements
from icgraph.errors import FormatNotOffered, NotFound
from icgraph.model.iris import RecordName
from icgraph.model.kinds import KINDS
from icgraph.web.data import data_body
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.leading import address
from icgraph.web.media import (
    GRAPH_FORMATS,
    HTML,
    RECORD_FORMATS,
    Format,
    by_suffix,
    negotiate,
)
from icgraph.web.paging import no_page, page_links, page_number
from icgraph.web.reading import current_reading, well_formed
from icgraph.web.record_view import read_view
from icgraph.web.retired import instead
from icgraph.web.signposting import (
    LINKSET_FORMATS,
    Link,
    Variant,
    link_field,
    linkset,
    signposts,
)
from icgraph.web.site import current_site

blueprint: Final = Blueprint("records", __name__)


@blueprint.get("/id/<kind>/<slug>")
def thing(kind: str, slug: str) -> WerkzeugResponse:
    """A thing cannot be sent; 303 leads to the document about it."""
    name = well_formed(kind, slug)
    reading = current_reading()
    if not exists(reading, name):
        return instead(reading, name, is_thing=True)
    return redirect(url_for("records.document", kind=kind, slug=slug), 303)


@blueprint.get("/doc/<kind>/<slug>")
def document(kind: str, slug: str) -> Response:
    """The document about a thing, in the format of its suffix or of `Accept`."""
    stem, dot, suffix = slug.partition(".")
    name = well_formed(kind, stem)
    if not dot:
        try:
            format_ = negotiate(request.headers.get("Accept"), RECORD_FORMATS)
        except FormatNotOffered:
            if exists(current_reading(), name):
                raise
            return make_response(instead(current_reading(), name))
        response = conditional(format_.name, lambda: _whole(name, format_, ""))
        response.vary.update(("Accept", "Accept-Language"))
        if response.status_code in {200, 304}:
            response.headers["Content-Location"] = _address(name, format_.suffix, page_number())
        return response
    chosen = by_suffix(dot + suffix, (*RECORD_FORMATS, *LINKSET_FORMATS))
    if chosen is None:
        raise NotFound(
            gettext("Records have no format %(suffix)s.", suffix=dot + suffix),
            advice=gettext(
                "There are: %(suffixes)s.", suffixes=" ".join(f.suffix for f in RECORD_FORMATS)
            ),
        )
    response = conditional(chosen.name, lambda: _whole(name, chosen, chosen.suffix))
    if chosen is HTML:
        response.vary.add("Accept-Language")
    return response


def _whole(name: RecordName, format_: Format, suffix: str) -> WerkzeugResponse:
    """The answer, at the address with this suffix."""
    reading = current_reading()
    if format_ in LINKSET_FORMATS:
        present = _linkset(reading, name, format_)
    else:
        present = _described(reading, name, format_, suffix)
    return present or instead(reading, name, format_=format_ if suffix else None)


def _described(reading: Reading, name: RecordName, format_: Format, suffix: str) -> Response | None:
    """The record as a page or as data; None where the graph says nothing of it."""
    page = page_number()
    made = _page(reading, name, page) if format_ is HTML else _data(reading, name, format_, page)
    if made is None:
        return None
    response, pages, last = made
    _date(response, last)
    links = _links(name, format_, last, lambda suffix: _address(name, suffix))
    links += page_links(page, pages, lambda n: _address(name, suffix, n))
    response.headers["Link"] = link_field(links)
    return response


Made = tuple[Response, int, LastChange]


def _page(reading: Reading, name: RecordName, page: int) -> Made | None:
    view = read_view(reading, name, page)
    if view is None:
        return None
    if page > view.links.pages:
        raise no_page(page)
    template = "record.html" if page == 1 else "record_links.html"
    text = render_template(
        template,
        view=view,
        record=view.record,
        formats=_formats(name),
        link_page=lambda number: _address(name, "", number),
    )
    return make_response(text), view.links.pages, view.last_change


def _data(reading: Reading, name: RecordName, format_: Format, page: int) -> Made | None:
    iri, document = reading.base.record(name), reading.base.document(name)
    own = record_statements(reading, name)
    if not own:
        return None
    described = describe(reading, iri, document, own, page)
    if described is None:
        raise no_page(page)
    body = data_body(described.statements, format_, iri, reading.base.iri)
    response = Response(body, content_type=format_.content_type)
    return response, described.pages, read_last_change(reading, name)


def _formats(name: RecordName) -> list[tuple[Format, str]]:
    return [(format_, _address(name, format_.suffix)) for format_ in RECORD_FORMATS]


def _address(name: RecordName, suffix: str, page: int = 1) -> str:
    return address(
        "records.document", kind=name.kind, slug=name.slug + suffix, page=page if page > 1 else None
    )


def _linkset(reading: Reading, name: RecordName, format_: Format) -> Response | None:
    """The links of the document and of each of its variants, as one document."""
    if not exists(reading, name):
        return None
    last = read_last_change(reading, name)
    document = reading.base.document(name)
    said = {document: _links(name, HTML, last, document.__add__)}
    for data in GRAPH_FORMATS:
        said[document + data.suffix] = _links(name, data, last, document.__add__)
    response = Response(linkset(said, format_), content_type=format_.content_type)
    _date(response, last)
    return response


def _date(response: Response, last: LastChange) -> None:
    if last.time is not None:
        response.last_modified = last.time


def _links(
    name: RecordName, shown: Format, last: LastChange, at: Callable[[str], str]
) -> list[Link]:
    """What the document says of itself; `at` gives the address of a variant, by its suffix."""
    base = current_site().base
    return [
        Link("describes", base.record(name)),
        *signposts(
            shown,
            cite_as=base.record(name),
            collection=f"{base.iri}{KINDS[name.kind].path}",
            authors=last.agents,
            variants=[Variant(each, at(each.suffix)) for each in RECORD_FORMATS],
            linksets=[Variant(each, at(each.suffix)) for each in LINKSET_FORMATS],
        ),
    ]
