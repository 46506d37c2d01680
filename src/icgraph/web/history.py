"""Changes at `/changes/{n}` and agents at `/agent/{slug}`: who changed what, when and why."""

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from icgraph.discovery.history import happening_statements, read_happening
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record
from icgraph.errors import NotFound
from icgraph.model.iris import SLUG, RecordName
from icgraph.web.data import data_body
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.media import HTML, RECORD_FORMATS, Format, negotiate
from icgraph.web.reading import current_reading
from icgraph.web.signposting import Variant, link_field, signposts
from icgraph.web.site import current_site

blueprint: Final = Blueprint("history", __name__)


@blueprint.get("/changes/<int:number>")
def change(number: int) -> Response:
    """A recorded change."""
    return _answer(f"changes/{number}")


@blueprint.get("/agent/<slug>")
def agent(slug: str) -> Response:
    """Who made changes."""
    if not SLUG.fullmatch(slug):
        raise _missing(f"agent/{slug}")
    return _answer(f"agent/{slug}")


def _answer(path: str) -> Response:
    format_ = negotiate(request.headers.get("Accept"), RECORD_FORMATS)
    response = conditional(format_.name, lambda: _whole(path, format_))
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _whole(path: str, format_: Format) -> Response:
    site = current_site()
    reading = current_reading()
    iri = f"{site.base.iri}{path}"
    response = _page(reading, path, iri) if format_ is HTML else _data(reading, path, iri, format_)
    variants = [Variant(each, request.script_root + request.path) for each in RECORD_FORMATS]
    response.headers["Link"] = link_field(signposts(format_, cite_as=iri, variants=variants))
    return response


def _page(reading: Reading, path: str, iri: str) -> Response:
    found = read_happening(reading, iri)
    if found is None:
        raise _missing(path)
    about = Record(RecordName("", path), iri, (iri,), found.statements, reading)
    return make_response(render_template("happening.html", found=found, record=about))


def _data(reading: Reading, path: str, iri: str, format_: Format) -> Response:
    statements = happening_statements(reading, iri)
    if not statements:
        raise _missing(path)
    body = data_body(statements, format_, iri, reading.base.iri)
    return Response(body, content_type=format_.content_type)


def _missing(path: str) -> NotFound:
    return NotFound(
        gettext("There is nothing at this address: %(path)s.", path=f"/{path}"),
        advice=gettext("Changes are numbered from 1, without gaps."),
    )
