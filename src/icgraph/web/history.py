"""Changes at `/changes/{n}` and agents at `/agent/{slug}`: who changed what, when and why."""

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from icgraph.discovery.history import happening_graph, read_happening
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import Record
from icgraph.errors import NotFound
from icgraph.model.iris import SLUG, RecordName
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import HTML, RECORD_FORMATS, Format, negotiate
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
    reading = Reading(site.execution, site.base, page_language())
    iri = f"{site.base.iri}{path}"
    found = read_happening(reading, iri)
    if found is None:
        raise _missing(path)
    if format_ is not HTML:
        body = happening_graph(reading, iri, format_.media_type)
        return Response(body, content_type=format_.content_type)
    about = Record(RecordName("", path), iri, (iri,), found.statements, reading)
    return make_response(render_template("happening.html", found=found, record=about))


def _missing(path: str) -> NotFound:
    return NotFound(
        gettext("There is nothing at this address: %(path)s.", path=f"/{path}"),
        advice=gettext("Changes are numbered from 1, without gaps."),
    )
