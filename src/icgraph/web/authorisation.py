"""Who may do what: by a token of the home, or by the one of the setting `token`.

It comes as `Authorization: Bearer …` (RFC 6750), or as the password of Basic authentication
(RFC 7617) with any name, which is what browsers and some clients can send. The tokens of the home
have scopes, and are looked up for every request; the setting's allows everything.
"""

from hmac import compare_digest
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import request
from pydantic import SecretStr
from werkzeug.datastructures import Authorization

from icgraph.errors import ScopeMissing, TokenNeeded
from icgraph.store.log import now
from icgraph.store.tokens import Scope
from icgraph.web.site import Site, current_site

#: What the history calls whoever shows the token of the setting.
OPERATOR: Final = "operator"


def require_scope(scope: Scope) -> str:
    """Pass requests that carry a token with this scope, and name who sent it.

    Raises TokenNeeded without a token that is known, valid and not revoked, ScopeMissing for one
    that does not allow this. Where there is no token at all nothing passes.
    """
    site = current_site()
    if carries_token(site.settings.token, request.authorization):
        return OPERATOR
    if not has_tokens(site):
        raise TokenNeeded(
            "This needs a token, and the service has none.",
            advice="Whoever runs the service can make one: `icgraph token add`.",
        )
    found = site.tokens.shown(_presented(request.authorization), now()) if site.tokens else None
    if found is None:
        raise TokenNeeded(
            "This needs a token of the service that is neither expired nor revoked.",
            advice="Send it as `Authorization: Bearer …`, or as the password of Basic.",
        )
    if scope not in found.scopes:
        raise ScopeMissing(
            f"The token of {found.name} allows {', '.join(sorted(found.scopes))}; this needs "
            f"{scope}.",
            advice="Ask whoever runs the service for a token with that scope.",
            scope=scope,
        )
    return found.name


def require_writer() -> str:
    """Pass requests that may change the graph at once, and name who makes them.

    Nobody reviews such a change, so it takes the scope `operate`. A bare home that is served on a
    loopback address, and has no token, takes writes from everybody there; but not from pages of
    other sites, which a browser there may be showing, nor under a name of its own, which such a
    page may have had given to this address (DNS rebinding). Raises as `require_scope` does.
    """
    site = current_site()
    settings = site.settings
    if settings.bare and _is_loopback(settings.host) and not has_tokens(site):
        origin = request.headers.get("Origin", f"{request.scheme}://{request.host}")
        asked = urlsplit(origin)
        if asked.netloc != request.host or not _is_loopback(asked.hostname or ""):
            raise TokenNeeded(
                f"Pages of {origin} cannot change this graph without a token.",
                advice="Make one by `icgraph token add`, and send it.",
            )
        return "anonymous"
    return require_scope(Scope.OPERATE)


def takes_writes(site: Site) -> bool:
    """Whether anybody may change the graph over HTTP."""
    return site.settings.bare or has_tokens(site)


def has_tokens(site: Site) -> bool:
    """Whether the setting gives a token, or the home ever had one."""
    return site.settings.token is not None or (site.tokens is not None and site.tokens.exist())


def carries_token(token: SecretStr | None, given: Authorization | None) -> bool:
    """Whether the token of the service, if it has one, came with a request."""
    if token is None or given is None:
        return False
    return compare_digest(_presented(given).encode(), token.get_secret_value().encode())


def _presented(given: Authorization | None) -> str:
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
