"""Pictures of the graph: a page each, and each as an SVG file at an address of its own.

They need no script: the server draws them. A script zooms, points out neighbours and saves as
PNG where it runs (`static/pictures.js`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from icgraph.discovery.pictures import (
    WORKS,
    Answer,
    ask_cities,
    ask_countries,
    ask_links,
    ask_topics,
    ask_years,
)
from icgraph.discovery.reading import Reading
from icgraph.errors import InputError
from icgraph.model.iris import SLUG
from icgraph.web.drawing.land import EUROPE, WORLD
from icgraph.web.drawing.locator import land_file
from icgraph.web.drawing.svg import inline, standalone
from icgraph.web.drawn import Address, Shown, shown_map, shown_network, shown_topics, shown_years
from icgraph.web.headers import conditional
from icgraph.web.languages import gettext
from icgraph.web.leading import href, is_outside
from icgraph.web.media import HTML, negotiate
from icgraph.web.reading import current_reading

blueprint: Final = Blueprint("pictures", __name__, url_prefix="/pictures")

#: A file is opened as a page of this site, too: nothing in it may run or load anything.
FILE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SVG: Final = "image/svg+xml; charset=utf-8"
_LAND: Final = {view.name: view for view in (EUROPE, WORLD)}


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is asked for and drawn; `filtered` says that the reader may narrow it."""

    ask: Callable[[Reading], Answer]
    show: Callable[[Answer, Address], Shown]
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the form of the network says: a kind and a country, or empty texts."""

    kind: str = ""
    country: str = ""

    @property
    def parameters(self) -> dict[str, Any]:
        """The fields that are filled in."""
        pairs = (("kind", self.kind), ("country", self.country))
        return {name: value for name, value in pairs if value}


@blueprint.get("")
def index() -> Response:
    """All pictures, small."""
    return _page("pictures", lambda: render_template("pictures.html", texts=_texts()))


@blueprint.get("/<any(map, network, years, topics):name>")
def picture(name: str) -> Response:
    """One picture, with its table and its query."""
    return _page(f"picture-{name}", lambda: _picture(name))


@blueprint.get("/<any(map, network, years, topics):name>.svg")
def file(name: str) -> Response:
    """The picture as a file; its links are the lasting addresses of things."""
    return _file(f"svg-{name}", lambda: _drawn_file(name))


@blueprint.get("/land/<any(europe, world):name>.svg")
def land(name: str) -> Response:
    """The ground of the small maps: countries without anything on them."""
    return _file(f"land-{name}", lambda: land_file(_LAND[name]))


def _ask_network(reading: Reading) -> Answer:
    asked = _narrowed()
    country = NamedNode(f"{reading.base.iri}id/place/{asked.country}") if asked.country else None
    return ask_links(reading, asked.kind, country)


_PICTURES: Final = {
    "map": Picture(ask_cities, shown_map),
    "network": Picture(_ask_network, shown_network, filtered=True),
    "years": Picture(ask_years, shown_years),
    "topics": Picture(ask_topics, shown_topics),
}


def _picture(name: str) -> str:
    reading, one = current_reading(), _PICTURES[name]
    asked = _narrowed() if one.filtered else Narrowed()
    shown = one.show(one.ask(reading), href)
    answer = ask_countries(reading) if one.filtered else None
    countries = answer.by_name(row["country"].value for row in answer.rows) if answer else []
    return render_template(
        "picture.html",
        name=name,
        text=_texts()[name],
        shown=shown,
        svg=inline(shown.drawing),
        file=url_for("pictures.file", name=name, **asked.parameters),
        filtered=one.filtered,
        asked=asked,
        works=list(WORKS),
        countries=[(iri.rpartition("/")[2], answer.name(iri)) for iri in countries if answer],
    )


def _drawn_file(name: str) -> bytes:
    one = _PICTURES[name]
    shown = one.show(one.ask(current_reading()), lambda iri: iri if is_outside(iri) else None)
    return standalone(shown.drawing, _rules())


@cache
def _rules() -> str:
    """The rules of style that pages use as well, for a file to carry."""
    return files("icgraph.web").joinpath("static", "drawing.css").read_text("utf-8")


def _narrowed() -> Narrowed:
    """The form's fields; a value that no one could have chosen is refused."""
    kind, country = request.args.get("kind", ""), request.args.get("country", "")
    for name, value, good in (
        ("kind", kind, kind in WORKS),
        ("country", country, bool(SLUG.fullmatch(country))),
    ):
        if value and not good:
            raise InputError(
                gettext("The parameter %(name)s cannot be “%(value)s”.", name=name, value=value),
                advice=gettext("Choose one from the form."),
            )
    return Narrowed(kind, country)


def _texts() -> dict[str, tuple[str, str]]:
    """The name of each picture, and what it is about, in the order in which they are shown."""
    return {
        "map": (
            gettext("Map of cities"),
            gettext("Where the cities are, and how many practices of each are known."),
        ),
        "network": (
            gettext("Network of partnerships and projects"),
            gettext("Who works with whom: organisations, and what they take part in together."),
        ),
        "years": (
            gettext("Practices over time"),
            gettext("When practices began, and whether they go on."),
        ),
        "topics": (
            gettext("Topics by country"),
            gettext("Which topics the practices of each country are about."),
        ),
    }


def _page(variant: str, make: Callable[[], str]) -> Response:
    negotiate(request.headers.get("Accept"), [HTML])
    response = conditional(variant, make)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def _file(variant: str, make: Callable[[], bytes]) -> Response:
    response = conditional(variant, lambda: Response(make(), content_type=_SVG))
    response.vary.add("Accept-Language")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response
