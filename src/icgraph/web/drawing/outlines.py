"""Makes `land.json`, the country shapes of the maps, from Natural Earth.

`python -m icgraph.web.drawing.outlines FOLDER` reads `countries-50m.json` and
`countries-110m.json` of the npm package `world-atlas` (TopoJSON of Natural Earth, which is in
the public domain) and writes the packaged file: Europe finely, the world coarsely, each country
as rings of whole hundredths or tenths of a degree. It is run when Natural Earth changes.
"""

import json
import sys
from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any, Final

from babel.core import get_global

Point = tuple[float, float]
Ring = list[Point]

SOURCE: Final = "Natural Earth, through the npm package world-atlas 2.0.2"
LICENCE: Final = "Public domain; the package's ISC licence covers its form"
#: West, south, east, north of what the map of Europe can show, with room for its curved edges.
EUROPE: Final = (-48.0, 18.0, 88.0, 80.0)
WORLD: Final = (-180.0, -60.0, 180.0, 84.0)
_NO_CODE: Final = "zz"


def rings_of(
    topology: dict[str, Any], box: tuple[float, float, float, float], tolerance: float
) -> dict[str, list[Ring]]:
    """The rings of each country (by its two-letter code) inside the box, simplified.

    Both lengths and the box are in degrees. Holes are rings like others: they are filled by the
    even-odd rule.
    """
    arcs = _arcs(topology)
    found: dict[str, list[Ring]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for line in (line for polygon in parts for line in polygon):
            for ring in _copies(_joined(line, arcs)):
                kept = _simplified(_clipped(ring, box), tolerance)
                if len(kept) > 3 and _extent(kept) > 3 * tolerance:
                    found.setdefault(_code(country), []).append(kept)
    return found


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    """The arcs in degrees: TopoJSON keeps them as differences of whole numbers."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step in steps:
            x, y = x + step[0], y + step[1]
            arc.append((x * kx + dx, y * ky + dy))
        arcs.append(arc)
    return arcs


def _joined(indices: list[int], arcs: list[Ring]) -> Ring:
    """The ring that these arcs form; a negative index means the arc backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def _copies(ring: Ring) -> Iterator[Ring]:
    """The ring without jumps at the 180th meridian, and what of it lies on the map's other end."""
    whole = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((whole[-1][0] - longitude) / 360)
        whole.append((longitude + 360 * turns, latitude))
    yield whole
    if max(x for x, _ in whole) > 180:
        yield [(x - 360, y) for x, y in whole]
    if min(x for x, _ in whole) < -180:
        yield [(x + 360, y) for x, y in whole]


def _clipped(ring: Ring, box: tuple[float, float, float, float]) -> Ring:
    """The part of the ring inside the box (Sutherland and Hodgman)."""
    west, south, east, north = box
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        ring = _cut(ring, axis, limit, sign)
    return ring


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    """The part of the ring beyond a limit: above it for the sign 1, below it for -1."""
    kept: Ring = []
    for start, end in zip(ring[-1:] + ring[:-1], ring, strict=True):
        inside = [sign * (point[axis] - limit) >= 0 for point in (start, end)]
        if inside[0] != inside[1]:
            part = (limit - start[axis]) / (end[axis] - start[axis])
            other = start[1 - axis] + part * (end[1 - axis] - start[1 - axis])
            kept.append((limit, other) if axis == 0 else (other, limit))
        if inside[1]:
            kept.append(end)
    return kept


def _simplified(ring: Ring, tolerance: float) -> Ring:
    """Without the points that lie within `tolerance` of the line between others (Douglas-Peucker).

    The ring is opened at its start and at the point farthest from it.
    """
    if len(ring) < 4:
        return []
    far = max(range(len(ring)), key=lambda n: _length(ring[0], ring[n]))
    return _thinned(ring[: far + 1], tolerance) + _thinned(ring[far:], tolerance)[1:]


def _thinned(line: Ring, tolerance: float) -> Ring:
    if len(line) < 3:
        return line
    start, end = line[0], line[-1]
    distances = [_distance(point, start, end) for point in line[1:-1]]
    worst = max(range(len(distances)), key=distances.__getitem__)
    if distances[worst] <= tolerance:
        return [start, end]
    middle = worst + 1
    return _thinned(line[: middle + 1], tolerance) + _thinned(line[middle:], tolerance)[1:]


def _distance(point: Point, start: Point, end: Point) -> float:
    width, height = end[0] - start[0], end[1] - start[1]
    whole = hypot(width, height)
    if whole == 0:
        return _length(point, start)
    return abs(width * (start[1] - point[1]) - height * (start[0] - point[0])) / whole


def _length(start: Point, end: Point) -> float:
    return hypot(end[0] - start[0], end[1] - start[1])


def _extent(ring: Ring) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return hypot(max(xs) - min(xs), max(ys) - min(ys))


def _code(country: dict[str, Any]) -> str:
    """The two-letter code for a numeric one (ISO 3166-1), small; `zz` where there is none."""
    codes = get_global("territory_aliases").get(str(country.get("id", "")), [])
    return str(codes[0]).lower() if codes else _NO_CODE


def _packed(rings: dict[str, list[Ring]], parts: int) -> dict[str, list[list[int]]]:
    """Each ring as differences of whole `parts` of a degree: x, y, then steps."""
    packed: dict[str, list[list[int]]] = {}
    for code in sorted(rings):
        packed[code] = []
        for ring in rings[code]:
            numbers, at = list[int](), (0, 0)
            for x, y in ring:
                point = (round(x * parts), round(y * parts))
                if point != at or not numbers:
                    numbers += [point[0] - at[0], point[1] - at[1]]
                at = point
            packed[code].append(numbers)
    return packed


def land(folder: Path) -> str:
    """The text of `land.json`, from the files of the package in this folder."""
    fine = json.loads((folder / "countries-50m.json").read_text("utf-8"))
    coarse = json.loads((folder / "countries-110m.json").read_text("utf-8"))
    content = {
        "source": SOURCE,
        "licence": LICENCE,
        "europe": {"parts": 100, "countries": _packed(rings_of(fine, EUROPE, 0.06), 100)},
        "world": {"parts": 10, "countries": _packed(rings_of(coarse, WORLD, 0.3), 10)},
    }
    return json.dumps(content, separators=(",", ":")).replace('],"', '],\n"') + "\n"


if __name__ == "__main__":
    target = Path(__file__).with_name("land.json")
    target.write_text(land(Path(sys.argv[1])), encoding="utf-8")
