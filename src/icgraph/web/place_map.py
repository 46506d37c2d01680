"""The small map on a record's page, as the filter `place_map` of templates."""

from dataclasses import dataclass

from flask import Flask, url_for
from markupsafe import Markup

from icgraph.web.drawing.locator import locator, view_of
from icgraph.web.drawing.svg import inline
from icgraph.web.languages import gettext
from icgraph.web.record_view import View


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A map, and how many places it could not show because nobody told where they are."""

    svg: Markup
    missing: int


def register(app: Flask) -> None:
    """Give the application's templates the filter."""
    app.jinja_env.filters["place_map"] = place_map


def place_map(view: View) -> PlaceMap | None:
    """Where the record, or the places it names, are; None where no point is known."""
    if not view.points:
        return None
    told = ", ".join(
        label.value for iri in sorted(view.points) if (label := view.record.label(iri)) is not None
    )
    found = list(view.points.values())
    ground = url_for("pictures.land", name=view_of(found).name)
    title = gettext("On the map: %(places)s", places=told) if told else gettext("On the map")
    drawing = locator(found, ground, title, title)
    return PlaceMap(inline(drawing), len(view.places) - len(view.points))
