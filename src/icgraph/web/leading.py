"""Where links of pages lead: addresses within the site, and what may be followed outside it.

A page has hundreds of links, many of which all pages have, so an address is made once and then
remembered: it depends on nothing but what it leads to, the root of the site as the browser sees
it, and a language that was chosen by address.
"""

from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlsplit

from flask import Flask, g, request, url_for

from icgraph.model.iris import SLUG, Base
from icgraph.web.languages import asked_language
from icgraph.web.site import current_site

_MOST: Final = 20_000
#: Longer IRIs and values are rare, and could fill the memory.
_LONGEST: Final = 300

Where = tuple[str, str | None]


def register(app: Flask) -> None:
    """Give the application's templates their links."""
    app.jinja_env.globals["url_for"] = address
    app.jinja_env.filters["href"] = href


def address(endpoint: str, **values: Any) -> str:
    """What `flask.url_for` gives."""
    if "_external" in values or any(_is_long(value) for value in values.values()):
        return url_for(endpoint, **values)
    return _address(_where(), endpoint, tuple(values.items()))


def href(iri: str) -> str | None:
    """Where a link to this thing leads: a page of this site, or an outside http(s) address."""
    base = current_site().base
    return _leads_to(base, iri) if len(iri) > _LONGEST else _href(_where(), base, iri)


def is_outside(iri: str) -> bool:
    """Whether an IRI can be followed by a browser: http or https with a host."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _where() -> Where:
    """What an address within the site depends on besides what it leads to."""
    try:
        return g.where  # type: ignore[no-any-return]  # a page asks a hundred times
    except AttributeError:
        g.where = (request.script_root, asked_language())
    return _where()


def _is_long(value: object) -> bool:
    return not isinstance(value, str | int | None) or (
        isinstance(value, str) and len(value) > _LONGEST
    )


@lru_cache(maxsize=_MOST)
def _address(_where: Where, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


@lru_cache(maxsize=_MOST)
def _href(_where: Where, base: Base, iri: str) -> str | None:
    return _leads_to(base, iri)


def _leads_to(base: Base, iri: str) -> str | None:
    name = base.name_of(iri)
    if name is not None:
        fragment = iri.partition("#")[2]
        document = url_for("records.document", kind=name.kind, slug=name.slug)
        return f"{document}#{quote(fragment)}" if fragment else document
    if iri.startswith(base.iri):
        folder, _, rest = iri.removeprefix(base.iri).partition("/")
        if folder in {"ns", "scheme", "shapes"} and not set(rest) & set("?#"):
            return url_for("vocabulary.show", folder=folder, name=rest)
        if folder == "changes" and rest.isdecimal():
            return url_for("history.change", number=int(rest))
        if folder == "agent" and SLUG.fullmatch(rest):
            return url_for("history.agent", slug=rest)
    return iri if is_outside(iri) else None
