"""Who may do what: one token, by the setting `token`, allows everything.

It comes as `Authorization: Bearer …` (RFC 6750), or as the password of Basic authentication
(RFC 7617) with any name, which is what browsers and some clients can send.
"""

from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request
from pydantic import SecretStr
from werkzeug.datastructures import Authorization

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
    if not carries_token(token, request.authorization):
        raise TokenNeeded(
            "This needs the token of the service.",
            advice="Send it as `Authorization: Bearer …`, or as the password of Basic.",
        )


def require_writer() -> str:
    """Pass requests that may change the graph, and name who makes them; else TokenNeeded.

    A bare home that is served on a loopback address, and has no token, takes writes from
    everybody there; but not from pages of other sites, which a browser there may be showing, nor
    under a name of its own, which such a page may have had given to this address (DNS rebinding).
    """
    settings = current_site().settings
    if settings.token is None and settings.bare and _is_loopback(settings.host):
        origin = request.headers.get("Origin", f"{request.scheme}://{request.host}")
        asked = urlsplit(origin)
        if asked.netloc != request.host or not _is_loopback(asked.hostname or ""):
            raise TokenNeeded(
                f"Pages of {origin} cannot change this graph without a token.",
                advice="Set one by the setting `token`, and send it.",
            )
        return "anonymous"
    require_token()
    return "operator"


def carries_token(token: SecretStr | None, given: Authorization | None) -> bool:
    """Whether the token of the service, if it has one, came with a request."""
    if token is None or given is None:
        return False
    presented = (given.token if given.type == "bearer" else given.password) or ""
    return compare_digest(presented.encode(), token.get_secret_value().encode())


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
