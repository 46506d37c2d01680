"""Who may do what: one token, by the setting `token`, allows everything.

It comes as `Authorization: Bearer …` (RFC 6750), or as the password of Basic authentication
(RFC 7617) with any name, which is what browsers and some clients can send.
"""

from hmac import compare_digest

from flask import request

from icgraph.errors import TokenNeeded
from icgraph.web.site import current_site


def require_token() -> None:
    """Pass requests that carry the token; raises TokenNeeded for all others.

    Without a configured token nothing passes.
    """
    token = current_site().settings.token
    if token is None:
        raise TokenNeeded(
            "This needs a token, and the service has none.",
            advice="Whoever runs the service can set one: the setting `token`.",
        )
    if not compare_digest(_presented().encode(), token.get_secret_value().encode()):
        raise TokenNeeded(
            "This needs the token of the service.",
            advice="Send it as `Authorization: Bearer …`, or as the password of Basic.",
        )


def _presented() -> str:
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""
