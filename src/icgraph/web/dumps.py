"""The dumps at `/dumps/`: files of a revision, made when somebody first asks for them.

`/dumps/latest.nq.gz` leads to the newest that there is, and has the newest revision's made when
that is another; the file's name and a header say which revision it is.
"""

from base64 import b64encode
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from icgraph.catalogue.about import FORM
from icgraph.catalogue.dumping import ask_for_dump, newest_dump
from icgraph.catalogue.dumps import (
    CHECKSUMS,
    FILE_NAME,
    FORMS,
    Dump,
    DumpFile,
    dump_path,
    read_dump,
    read_dumps,
)
from icgraph.errors import BeingMade, NotFound
from icgraph.web.dataset import current_home
from icgraph.web.languages import gettext
from icgraph.web.site import current_site

blueprint: Final = Blueprint("dumps", __name__)

_TYPES: Final = {"gz": "application/gzip", "zip": "application/zip", CHECKSUMS: "text/plain"}


@blueprint.get("/dumps/")
def listing() -> Response:
    """The dumps that there are."""
    dumps = read_dumps(current_home().dumps)
    head = current_site().execution.head()
    page = render_template("dumps.html", dumps=dumps, forms=FORM, head=head)
    response = make_response(page)
    response.cache_control.no_cache = True
    return response


@blueprint.get("/dumps/latest.<form>")
def latest(form: str) -> WerkzeugResponse:
    """302 to the newest dump in this form; raises BeingMade while there is none."""
    if form not in (*FORMS, CHECKSUMS):
        raise _missing(f"latest.{form}")
    head = current_site().execution.head()
    dump = newest_dump(current_home())
    if dump is None or dump.hash != current_site().execution.fingerprint():
        ask_for_dump(current_home())
    file = dump.file(form) if dump else None
    if dump is None or file is None:
        raise BeingMade(
            gettext("The dump of revision %(number)s is being made.", number=head),
            advice=gettext("Try again in a few seconds; a large graph takes some minutes."),
        )
    response = redirect(url_for("dumps.download", name=file.name), 302)
    response.headers["ICGraph-Revision"] = str(dump.revision)
    response.cache_control.no_store = True
    return response


@blueprint.get("/dumps/<name>")
def download(name: str) -> Response:
    """A file of a dump, whole or in ranges."""
    found = _find(name)
    if found is None:
        raise _missing(name)
    dump, file = found
    path = dump_path(current_home().dumps, dump.revision) / file.name
    try:
        response = send_file(
            path,
            mimetype=_TYPES[file.form.rpartition(".")[2]],
            download_name=file.name,
            as_attachment=file.form != CHECKSUMS,
            etag=file.sha256,
            last_modified=dump.moment,
        )
    except FileNotFoundError:  # it made way for a newer one a moment ago
        raise _missing(name) from None
    response.headers["ICGraph-Revision"] = str(dump.revision)
    digest = b64encode(bytes.fromhex(file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530
    return response


def _find(name: str) -> tuple[Dump, DumpFile] | None:
    match = FILE_NAME.fullmatch(name)
    dump = read_dump(dump_path(current_home().dumps, int(match[1]))) if match else None
    file = next((file for file in dump.files if file.name == name), None) if dump else None
    return (dump, file) if dump and file else None


def _missing(name: str) -> NotFound:
    return NotFound(
        gettext("There is no dump %(name)s.", name=name),
        advice=gettext("Older dumps make way for newer ones: see which there are at /dumps/."),
    )
