"""Country shapes on the two maps: Europe and the Mediterranean, and the world.

Both keep areas true: Europe in Lambert's azimuthal projection, the world in Equal Earth (Savric,
Patterson and Jenny 2018). The shapes are those of `land.json`, which `outlines` makes.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from typing import Final

from icgraph.web.drawing.svg import figure

Point = tuple[float, float]

_CENTRE: Final = (radians(10.0), radians(50.0))
_EQUAL_EARTH: Final = (1.340264, -0.081106, 0.000893, 0.003796)


@dataclass(frozen=True, slots=True)
class View:
    """A map of `width` by `height` pixels.

    `project` takes degrees to lengths on a globe of radius 1, x to the east and y to the north;
    `west` and `north` are the lengths at the left and upper edge, `scale` the pixels a unit has.
    """

    name: str
    width: int
    height: int
    west: float
    north: float
    scale: float
    project: Callable[[float, float], Point]

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point in degrees lies, in pixels from the upper left corner."""
        x, y = self.project(longitude, latitude)
        return ((x - self.west) * self.scale, (self.north - y) * self.scale)

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether the point lies on the map, and not only behind its edge."""
        x, y = self.place(longitude, latitude)
        return 0 <= x <= self.width and 0 <= y <= self.height


def lambert(longitude: float, latitude: float) -> Point:
    """Lambert's azimuthal equal-area projection around 50 degrees north, 10 degrees east."""
    turn, height = radians(longitude) - _CENTRE[0], radians(latitude)
    facing = 1 + sin(_CENTRE[1]) * sin(height) + cos(_CENTRE[1]) * cos(height) * cos(turn)
    if facing < 0.5:  # far round the globe: nothing of it comes near the map
        return (9.0, 9.0)
    stretch = sqrt(2 / facing)
    north = cos(_CENTRE[1]) * sin(height) - sin(_CENTRE[1]) * cos(height) * cos(turn)
    return (stretch * cos(height) * sin(turn), stretch * north)


def equal_earth(longitude: float, latitude: float) -> Point:
    """The Equal Earth projection."""
    a, b, c, d = _EQUAL_EARTH
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    slope = 9 * d * square**4 + 7 * c * square**3 + 3 * b * square + a
    x = 2 * sqrt(3) * radians(longitude) * cos(angle) / (3 * slope)
    return (x, angle * (d * square**4 + c * square**3 + b * square + a))


EUROPE: Final = View("europe", 960, 840, -0.47, 0.385, 1010.0, lambert)
WORLD: Final = View("world", 960, 408, -2.72, 1.29, 176.5, equal_earth)


@cache
def shapes(view: View) -> dict[str, str]:
    """The outline of each country as path data in the view's pixels, by its small ISO code."""
    whole = json.loads(files("icgraph.web.drawing").joinpath("land.json").read_text("utf-8"))
    land = whole[view.name]
    paths = {
        code: "".join(_path(list(_degrees(ring, land["parts"])), view) for ring in rings)
        for code, rings in land["countries"].items()
    }
    return {code: path for code, path in paths.items() if path}


def _degrees(steps: list[int], parts: int) -> Iterator[Point]:
    x = y = 0
    for n in range(0, len(steps), 2):
        x, y = x + steps[n], y + steps[n + 1]
        yield (x / parts, y / parts)


def _path(ring: list[Point], view: View) -> str:
    """The ring as path data; nothing for one that lies outside the map."""
    points = [view.place(*point) for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if max(xs) < 0 or min(xs) > view.width or max(ys) < 0 or min(ys) > view.height:
        return ""
    return "M" + "L".join(f"{figure(x)} {figure(y)}" for x, y in points) + "Z"
