"""The small map of a record's page: points on the ground of Europe, or of the world."""

from collections.abc import Sequence
from typing import Final

from icgraph.web.drawing.land import EUROPE, WORLD, View, shapes
from icgraph.web.drawing.svg import NAMESPACE, Drawing, element, file_of

_RULES: Final = """
.sea { fill: #f5efe5 } .land { fill: #e3d8c8; stroke: #fcf9f4; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  .sea { fill: #221c27 } .land { fill: #3d3445; stroke: #18141b }
}
"""


def land_file(view: View) -> bytes:
    """The countries alone, as a file that pages show behind their points."""
    root = element(
        "svg",
        element("style", _RULES),
        element("rect", class_="sea", width=view.width, height=view.height),
        *(element("path", class_="land", d=path) for path in shapes(view).values()),
        xmlns=NAMESPACE,
    )
    root.set("viewBox", f"0 0 {view.width} {view.height}")
    return file_of(root)


def view_of(points: Sequence[tuple[float, float]]) -> View:
    """The finer map when it holds all these points (degrees), else that of the world."""
    return EUROPE if all(EUROPE.holds(*point) for point in points) else WORLD


def locator(
    points: Sequence[tuple[float, float]], ground: str, title: str, description: str
) -> Drawing:
    """These points (degrees) on a map whose ground is the file at this address."""
    view = view_of(points)
    radius = view.width / 60
    image = element("image", href=ground, width=view.width, height=view.height)
    circles = (element("circle", cx=x, cy=y, r=radius, class_="here")
               for x, y in (view.place(*point) for point in points))  # fmt: skip
    return Drawing("locator", title, description, view.width, view.height, (image, *circles))
