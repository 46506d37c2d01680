"""The home page, the list of each kind with its filter, and the list of topics.

Pages for people; they work without scripts. A filter stands in the address, so that a list can
be linked to and comes back as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from icgraph.discovery.lists import (
    Filter,
    count_countries,
    count_topics,
    read_numbers,
    read_page,
)
from icgraph.discovery.reading import Reading
from icgraph.discovery.stored import stored_queries
from icgraph.errors import InputError, NotFound
from icgraph.model.iris import SLUG
from icgraph.model.kinds import KINDS, Kind
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext, page_language
from icgraph.web.media import HTML, negotiate
from icgraph.web.site import current_site

blueprint: Final = Blueprint("browse", __name__)

_TEXT_LENGTH: Final = 200
_EXAMPLES: Final = (
    "practices-in-a-country",
    "collaborations-of-a-city",
    "partners-of-a-grant",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wrote into the filter form."""

    q: str
    topic: str
    country: str

    @property
    def parameters(self) -> dict[str, str]:
        """The fields that are filled in."""
        return {
            name: value
            for name, value in (("q", self.q), ("topic", self.topic), ("country", self.country))
            if value
        }


@blueprint.get("/")
def home() -> Response:
    """What this is, how much there is, and the ways in."""
    return _page("home", _home)


@blueprint.get("/topics")
def topics() -> Response:
    """All topics, with the practices about each."""
    return _page(
        "topics", lambda: render_template("topics.html", topics=count_topics(current_reading()))
    )


def records(path: str) -> Response:
    """The list of a kind."""
    kind = next(kind for kind in KINDS.values() if kind.path == path)
    return _page(f"list-{kind.name}", lambda: _list(kind))


for _kind in KINDS.values():
    blueprint.add_url_rule(f"/{_kind.path}", _kind.path, records, defaults={"path": _kind.path})


def current_reading() -> Reading:
    """The view of this request on the graph."""
    site = current_site()
    return Reading(site.execution, site.base, page_language())


def _home() -> str:
    reading = current_reading()
    queries = {query.name: query for query in stored_queries()}
    examples = [queries[name] for name in _EXAMPLES if name in queries]
    return render_template(
        "home.html",
        numbers=read_numbers(reading),
        topics=count_topics(reading),
        countries=count_countries(reading),
        examples=examples or list(queries.values())[: len(_EXAMPLES)],
    )


def _list(kind: Kind) -> str:
    reading = current_reading()
    asked = Asked(
        request.args.get("q", "").strip()[:_TEXT_LENGTH],
        request.args.get("topic", ""),
        request.args.get("country", ""),
    )
    number = _number(request.args.get("page", "1"))
    page = read_page(reading, kind, _filter(reading, asked), number)
    if number > page.pages:
        raise NotFound(
            gettext("The list has %(pages)s pages; there is no page %(number)s.",
                    pages=page.pages, number=number),
            advice=gettext("Go back to its first page."),
        )  # fmt: skip
    of_practices = kind.name == "practice"
    return render_template(
        "list.html",
        kind=kind,
        page=page,
        asked=asked,
        topics=count_topics(reading) if of_practices else [],
        countries=count_countries(reading) if of_practices else [],
        address=lambda n: _address(kind, asked, n),
    )


def _address(kind: Kind, asked: Asked, number: int) -> str:
    values: dict[str, Any] = {**asked.parameters, "page": number}
    return url_for(f"browse.{kind.path}", **values)


def _filter(reading: Reading, asked: Asked) -> Filter:
    """The form's fields as terms; a topic or country that no one could have chosen is refused."""
    for name, value in (("topic", asked.topic), ("country", asked.country)):
        if value and not SLUG.fullmatch(value):
            raise InputError(
                gettext("The parameter %(name)s cannot be “%(value)s”.", name=name, value=value),
                advice=gettext("Choose one from the form."),
            )
    base = reading.base
    return Filter(
        asked.q,
        NamedNode(base.concept("topic", asked.topic)) if asked.topic else None,
        NamedNode(f"{base.iri}id/place/{asked.country}") if asked.country else None,
    )


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1_000_000:
        return int(text[:9])
    raise InputError(
        gettext("The parameter %(name)s cannot be “%(value)s”.", name="page", value=text),
        advice=gettext("Pages are counted from 1."),
    )


def _page(variant: str, make: Callable[[], str]) -> Response:
    negotiate(request.headers.get("Accept"), [HTML])
    response = conditional(variant, make)
    response.vary.update(("Accept", "Accept-Language"))
    return response
