"""The queries that run, for those who may know of them.

Whoever knows a query's id may see how far it is, and stop it: an id is drawn at random by the
service, or chosen by the client, who should choose it so too. Listing all is for operators.
"""

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from icgraph.errors import NotFound
from icgraph.store.tokens import Scope
from icgraph.web.authorisation import require_scope
from icgraph.web.languages import gettext
from icgraph.web.media import prefers_html
from icgraph.web.site import current_site

blueprint = Blueprint("running", __name__)


@blueprint.get("/sparql/queries")
def queries() -> Response:
    """All queries that wait or run in the service; needs the scope `operate`.

    `silent` is the number of HTTP processes that did not tell theirs in time.
    """
    require_scope(Scope.OPERATE)
    listing = current_site().watch.queries()
    if prefers_html(request.headers.get("Accept")):
        response = Response(render_template("queries.html", listing=listing))
    else:
        response = jsonify({"queries": listing.queries, "silent": listing.silent})
    response.vary.update(("Accept", "Authorization"))
    return _not_kept(response)


@blueprint.get("/sparql/queries/<id>")
def query(id: str) -> Response:  # noqa: A002 - the variable of the address
    """How far a query is."""
    found = current_site().watch.find(id)
    if found is None:
        raise _not_running(id)
    return _not_kept(jsonify(found))


@blueprint.delete("/sparql/queries/<id>")
def stop(id: str) -> ResponseReturnValue:  # noqa: A002
    """Stop a query; whoever waits for it gets the error `query-stopped`."""
    if not current_site().watch.stop(id):
        raise _not_running(id)
    return _not_kept(Response(status=204))


def _not_running(id: str) -> NotFound:  # noqa: A002
    return NotFound(
        gettext("No query with the id %(id)s runs.", id=id),
        advice=gettext("It has ended, or has not come here yet."),
    )


def _not_kept(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
