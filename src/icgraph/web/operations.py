"""Whether the service is well, for machines that watch it."""

from flask import Blueprint, Response, jsonify

from icgraph.web.site import current_site

blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 when queries are answered, with the revision; else the problem that hinders them."""
    site = current_site()
    revision = site.execution.head()
    site.execution.rows("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")
    response = jsonify({"status": "ready", "revision": revision, "base": site.base.iri})
    response.headers["Cache-Control"] = "no-store"
    return response
