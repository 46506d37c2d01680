"""What hangs on a record's document: its history, and its citation for reference managers."""

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from icgraph.discovery.record_history import read_history
from icgraph.discovery.records import read_document, read_record
from icgraph.errors import InputError, NotFound
from icgraph.model.iris import RecordName
from icgraph.web.citation import bibtex, ris
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.media import HTML, negotiate
from icgraph.web.reading import current_reading, well_formed
from icgraph.web.record_view import cite
from icgraph.web.retired import missing
from icgraph.web.site import current_site

blueprint: Final = Blueprint("record_history", __name__)

_CITATIONS: Final = {
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
}


@blueprint.get("/doc/<kind>/<slug>/history")
def history(kind: str, slug: str) -> Response:
    """The recorded changes that touched a record, the newest first."""
    name = well_formed(kind, slug)
    negotiate(request.headers.get("Accept"), [HTML])
    before = _before(request.args.get("before", ""))
    response = conditional("history", lambda: _history(name, before))
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/doc/<kind>/<slug>/citation.<any(bib, ris):form>")
def citation(kind: str, slug: str, form: str) -> Response:
    """How to cite a record, for a reference manager."""
    name = well_formed(kind, slug)
    response = conditional(form, lambda: _citation(name, form))
    response.vary.add("Accept-Language")
    return response


def _history(name: RecordName, before: int | None) -> Response:
    log = current_site().log
    if log is None:
        raise NotFound(
            gettext("This service does not keep the history of records."),
            advice=gettext("Ask whoever runs it for another."),
        )
    reading = current_reading()
    newest = reading.reader.head() + 1
    found = read_history(reading, log, name, before=min(before or newest, newest))
    if not found.touches and found.go_on_before is None and before is None:
        raise missing(current_reading(), name)
    return make_response(
        render_template(
            "record_history.html",
            history=found,
            record=found.names,
            document=reading.base.document(name),
            since_newest=before is None,
        )
    )


def _citation(name: RecordName, form: str) -> Response:
    reading = current_reading()
    record = read_record(reading, name)
    if record is None:
        raise missing(current_reading(), name)
    write, media_type = _CITATIONS[form]
    body = write(cite(record, read_document(reading, name)))
    response = Response(body, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name.slug}.{form}"'
    return response


def _before(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text[:9]) > 0:
        return int(text[:9])
    raise InputError(
        gettext("The parameter %(name)s cannot be “%(value)s”.", name="before", value=text),
        advice=gettext("Revisions are counted from 1."),
    )
