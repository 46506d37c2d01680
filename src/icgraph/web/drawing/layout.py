"""Where the marks of a network stand: the same links always give the same picture.

Each connected part is laid out by itself: what holds it together by forces (Fruchterman and
Reingold 1991), from a fixed start; then those with a single link in a ring round the one they
are linked to. The parts are set in rows, the largest first. The work is bounded: the more there
is to place, the fewer steps the forces get.
"""

from cmath import phase, rect
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import pi, sqrt
from typing import Final

#: How often two marks may push each other, in all; about a second of work.
_PUSHES: Final = 700_000
_MOST_STEPS: Final = 160
_DISTANCE: Final = 44.0
_MARK: Final = 9.0
_RING: Final = 26.0
_ARC: Final = 17.0
_GAP: Final = 12.0
#: How strongly everything is drawn to the middle, so that what hangs by a thread stays near.
_GRAVITY: Final = 0.9
#: The angle of sunflower seeds: points along it fill a disc evenly.
_TURN: Final = pi * (3 - sqrt(5))


@dataclass(frozen=True, slots=True)
class Layout:
    """A place in pixels for each end of a link, in a picture of this size."""

    places: dict[str, tuple[float, float]]
    width: float
    height: float


@lru_cache(maxsize=64)
def arrange(links: tuple[tuple[str, str], ...], width: float) -> Layout:
    """The places of all ends; `width` is kept unless one part is broader."""
    parts = [_part(names, links) for names in _parts(links)]
    parts.sort(key=lambda part: (-part.width * part.height, min(part.places)))
    return _rows(parts, max(width, *(part.width for part in parts))) if parts else _EMPTY


_EMPTY: Final = Layout({}, 0, 0)


def _parts(links: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The names that are linked with each other, directly or through others."""
    near = _neighbours(links)
    parts, seen = [], set[str]()
    for start in near:
        if start in seen:
            continue
        seen.add(start)
        part, waiting = [], deque([start])
        while waiting:
            name = waiting.popleft()
            part.append(name)
            waiting.extend(new := [other for other in near[name] if other not in seen])
            seen.update(new)
        parts.append(part)
    return parts


def _neighbours(links: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for one, other in sorted(set(links)):
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    return near


def _part(names: Sequence[str], links: tuple[tuple[str, str], ...]) -> Layout:
    inside = set(names)
    near = _neighbours(link for link in links if link[0] in inside)
    leaves = {name for name in names if len(near[name]) == 1 and len(near[near[name][0]]) > 1}
    core = [name for name in names if name not in leaves]
    hanging = Counter(near[name][0] for name in leaves)
    radii = {name: _radius(hanging[name]) for name in core}
    held = [link for link in sorted(set(links)) if link[0] in radii and link[1] in radii]
    places = _apart(_forced(core, held, radii), radii)
    for hub in sorted(hanging):
        ring = sorted(name for name in near[hub] if name in leaves)
        start = _free_angle(hub, [name for name in near[hub] if name in radii], places)
        for n, name in enumerate(ring):
            angle = start + 2 * pi * n / len(ring)
            places[name] = places[hub] + rect(radii[hub] - _MARK, angle)
    return _framed(places)


def _radius(hanging: int) -> float:
    """The room that a name and the ring of those that hang on it alone need."""
    return max(_RING, hanging * _ARC / (2 * pi)) + _MARK if hanging else _MARK


def _forced(
    core: Sequence[str], held: list[tuple[str, str]], radii: dict[str, float]
) -> dict[str, complex]:
    """Places at which pushing and pulling are nearly even."""
    places = {name: rect(_DISTANCE * sqrt(n), n * _TURN) for n, name in enumerate(core)}
    pairs = list(combinations(core, 2))
    steps = max(8, min(_MOST_STEPS, _PUSHES // len(pairs))) if len(core) > 1 else 0
    for step in range(steps):
        forces = dict.fromkeys(core, 0j)
        for one, other in pairs:
            way = places[one] - places[other]
            square = way.real * way.real + way.imag * way.imag or 1.0
            push = way * (_DISTANCE * _DISTANCE / square)
            forces[one] += push
            forces[other] -= push
        for one, other in held:
            way = places[one] - places[other]
            rest = _DISTANCE + radii[one] + radii[other]
            pull = way * (abs(way) / rest)
            forces[one] -= pull
            forces[other] += pull
        heat = _DISTANCE * (1 - step / steps)
        for name, force in forces.items():
            inward = force - places[name] * _GRAVITY
            length = abs(inward) or 1.0
            places[name] += inward / length * min(length, heat)
    return places


def _apart(places: dict[str, complex], radii: dict[str, float]) -> dict[str, complex]:
    """The same, moved until no two lie on each other, or nearly so."""
    pairs = list(combinations(sorted(places), 2))
    for _ in range(max(4, min(40, _PUSHES // max(1, 4 * len(pairs))))):
        moved = False
        for one, other in pairs:
            way = places[one] - places[other]
            missing = radii[one] + radii[other] + _GAP - abs(way)
            if missing > 0.5:
                shift = (way / abs(way) if way else 1) * missing / 2
                places[one] += shift
                places[other] -= shift
                moved = True
        if not moved:
            break
    return places


def _free_angle(hub: str, others: list[str], places: dict[str, complex]) -> float:
    """Where a ring begins: beside the first link that goes elsewhere, not on it."""
    if not others:
        return -pi / 2
    way = places[others[0]] - places[hub]
    return 0.5 if not way else 0.5 + phase(way)


def _framed(places: dict[str, complex]) -> Layout:
    """The places moved to the upper left corner, with a margin."""
    left = min(place.real for place in places.values()) - 2 * _MARK
    upper = min(place.imag for place in places.values()) - 2 * _MARK
    moved = {name: (at.real - left, at.imag - upper) for name, at in places.items()}
    width = max(x for x, _ in moved.values()) + 2 * _MARK
    return Layout(moved, width, max(y for _, y in moved.values()) + 2 * _MARK)


def _rows(parts: list[Layout], width: float) -> Layout:
    """Parts side by side in rows of at most this width."""
    places: dict[str, tuple[float, float]] = {}
    x = y = tallest = 0.0
    for part in parts:
        if x and x + part.width > width:
            x, y, tallest = 0.0, y + tallest, 0.0
        places |= {name: (x + left, y + upper) for name, (left, upper) in part.places.items()}
        x += part.width
        tallest = max(tallest, part.height)
    return Layout(places, width, y + tallest)
