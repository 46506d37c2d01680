"""The map of cities: Europe and the Mediterranean, below it the rest of the world.

Each city is drawn once, on the finest map that holds it; its area grows with its practices.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final
from xml.etree.ElementTree import Element

from pyoxigraph import Literal

from icgraph.web.drawing.labels import Named, names
from icgraph.web.drawing.land import EUROPE, WORLD, View, shapes
from icgraph.web.drawing.svg import Drawing, element, linked

_MOST_NAMES: Final = 90
#: How many of the cities with the most practices are named whatever they cover.
_WEIGHTY: Final = 16
_SIZE: Final = 12.0
_BAND: Final = 18
_KEY: Final = 46


@dataclass(frozen=True, slots=True)
class Spot:
    """A city on the map: degrees east and north, how many practices, what it says and leads to."""

    longitude: float
    latitude: float
    practices: int
    name: Literal
    tip: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of the map: its title and description, and those of the key."""

    title: str
    description: str
    none: str
    some: Callable[[int], str]


def map_of(spots: Iterable[Spot], countries: set[str], words: Words) -> Drawing:
    """The map of these cities; `countries` (small ISO codes) are set off from the others."""
    ordered = sorted(spots, key=lambda spot: (-spot.practices, spot.name.value))
    near = [spot for spot in ordered if EUROPE.holds(spot.longitude, spot.latitude)]
    far = [spot for spot in ordered if not EUROPE.holds(spot.longitude, spot.latitude)]
    below = EUROPE.height + _BAND
    marks = (
        _panel(EUROPE, near, countries, 0),
        _panel(WORLD, far, countries, below),
        _key(ordered, words, below + WORLD.height),
    )
    height = below + WORLD.height + _KEY
    return Drawing("map", words.title, words.description, EUROPE.width, height, marks)


def radius(practices: int) -> float:
    """The radius of a city's circle, in pixels: its area grows with its practices."""
    return 2.6 if practices == 0 else 2.8 + 1.7 * sqrt(practices)


def _panel(view: View, spots: list[Spot], countries: set[str], top: int) -> Element:
    """One map; an inner `svg` cuts off what lies beyond its edge."""
    placed = [(spot, *view.place(spot.longitude, spot.latitude)) for spot in spots]
    wanted = [
        Named(x, y, radius(spot.practices), spot.name, weighty=n < _WEIGHTY)
        for n, (spot, x, y) in enumerate(placed)
        if spot.practices
    ][:_MOST_NAMES]  # fmt: skip
    taken = [
        (x - r, y - r, x + r, y + r) for spot, x, y in placed for r in [radius(spot.practices)]
    ]
    return element(
        "svg",
        element("rect", class_="sea", width=view.width, height=view.height),
        *(
            element("path", class_="land here" if code in countries else "land", d=path)
            for code, path in shapes(view).items()
        ),
        *(_circle(spot, x, y) for spot, x, y in placed),
        *names(wanted, view.width, view.height, _SIZE, taken),
        y=top,
        width=view.width,
        height=view.height,
    )


def _circle(spot: Spot, x: float, y: float) -> Element:
    kind = "city" if spot.practices else "city none"
    circle = element("circle", element("title", spot.tip), cx=x, cy=y, r=radius(spot.practices))
    return linked(spot.address, circle, class_=kind)


def _key(spots: list[Spot], words: Words, top: int) -> Element:
    """What the circles mean: a city without practices, with one, and the largest."""
    most = max((spot.practices for spot in spots), default=0)
    sizes = sorted({0, 1, most // 3, most} - ({1} if not most else set()))
    x, middle, parts = 8.0, top + _KEY / 2, list[Element | None]()
    for practices in sizes:
        r = radius(practices)
        text = words.some(practices) if practices else words.none
        kind = "city" if practices else "city none"
        parts.append(element("g", element("circle", cx=x + r, cy=middle, r=r), class_=kind))
        parts.append(element("text", text, x=x + 2 * r + 6, y=middle + 4, class_="legend"))
        x += 2 * r + 30 + 0.56 * 12 * len(text)
    return element("g", *parts)
