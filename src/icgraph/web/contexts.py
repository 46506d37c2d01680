"""The context of our JSON-LD at `/ns/context.jsonld`, and how documents refer to it.

Documents name it relative to themselves, with a stamp of what it says: whichever host serves
them serves the context, and clients may keep it for ever.
"""

from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, request, url_for

from icgraph.errors import InputError, ServiceNotReady
from icgraph.web.exchange import current_exchange
from icgraph.web.jsonld import Context, context_for
from icgraph.web.languages import gettext
from icgraph.web.media import JSONLD
from icgraph.web.site import current_site

blueprint: Final = Blueprint("contexts", __name__)

_PARAMETER: Final = "context"
_INLINE: Final = "inline"


@blueprint.get("/ns/context.jsonld")
def context() -> Response:
    """The context; one with the right stamp never changes."""
    found = context_for(current_site().base.iri)
    response = Response(found.text, content_type=JSONLD.content_type)
    response.set_etag(found.stamp)
    response.cache_control.public = True
    lasting = request.args.get("v") == found.stamp
    response.cache_control.max_age = 31_536_000 if lasting else 3_600
    response.cache_control.immutable = lasting
    response.make_conditional(request)
    if exchange := current_exchange():
        with suppress(ServiceNotReady):  # every reader of JSON-LD wants it: no thread for that
            exchange.lasting(current_site().execution.fingerprint(), tag=found.stamp)
    return response


def reference(context: Context) -> str | None:
    """The address of the context, or None where the client wants it in the answer."""
    wanted = request.args.get(_PARAMETER)
    if wanted == _INLINE:
        return None
    if wanted is not None:
        raise InputError(
            gettext("The parameter context can only be inline."),
            advice=gettext("Leave it out to have the context referred to by its address."),
        )
    return url_for("contexts.context", v=context.stamp, lang=None)
