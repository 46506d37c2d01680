"""Whether the service is well, and its numbers, for machines that watch it."""

from typing import Final

from flask import Blueprint, Response, jsonify, request

from icgraph.errors import ServiceNotReady
from icgraph.web.site import current_site

blueprint = Blueprint("operations", __name__)

_WITHIN_SECONDS: Final = 2


@blueprint.get("/health")
def health() -> Response:
    """200 when queries are answered, with the revision; else the problem that hinders them.

    `busy` means that all workers of this process are at work on queries; `engine` where it asks
    them (memory, disk), or that the graph is being read to memory (loading).
    """
    site = current_site()
    revision = site.execution.head()
    status = "ready" if site.execution.answers(within=_WITHIN_SECONDS) else "busy"
    response = jsonify(
        {
            "status": status,
            "revision": revision,
            "engine": site.execution.engine(),
            "base": site.base.iri,
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """The numbers of the whole service, for Prometheus; public, as none of them is a secret."""
    site = current_site()
    try:
        revision = site.execution.head()
    except ServiceNotReady:
        revision = 0
    text, content_type = site.watch.metrics(revision, request.headers.get("Accept", ""))
    response = Response(text, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response
