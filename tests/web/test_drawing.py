"""How pictures are drawn: projections, places of marks, names that do not cover each other."""

from cmath import phase
from itertools import combinations, pairwise
from math import cos, dist, isclose, radians
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from icgraph.web.drawing import heat, years
from icgraph.web.drawing.labels import Named, names
from icgraph.web.drawing.land import EUROPE, WORLD, equal_earth, lambert, shapes
from icgraph.web.drawing.layout import arrange
from icgraph.web.drawing.outlines import rings_of
from icgraph.web.drawing.svg import element, figure

END = st.integers(0, 12)
LINKS = st.lists(st.tuples(END.map("work {}".format), END.map("member {}".format)), max_size=40)


@given(st.floats(-1e5, 1e5))
def test_numbers_are_written_with_one_decimal(value):
    assert isclose(float(figure(value)), value, abs_tol=0.051)


@given(st.text())
def test_any_text_makes_an_element_that_can_be_read(text):
    from xml.etree.ElementTree import fromstring

    read = fromstring(tostring(element("text", text, id=text)))
    assert len(read.text or "") <= len(text)


@pytest.mark.parametrize("project", [lambert, equal_earth])
@given(longitude=st.floats(-20, 50), latitude=st.floats(-10, 75))
def test_projections_keep_areas(project, longitude, latitude):
    step = 0.01
    corner = project(longitude, latitude)
    east = [a - b for a, b in zip(project(longitude + step, latitude), corner, strict=True)]
    north = [a - b for a, b in zip(project(longitude, latitude + step), corner, strict=True)]
    area = east[0] * north[1] - east[1] * north[0]
    assert isclose(area, radians(step) ** 2 * cos(radians(latitude)), rel_tol=0.002)


def inside(point, path):
    """Whether a point lies in a path of rings, by the even-odd rule."""
    crossings = 0
    for ring in path.removesuffix("Z").split("Z"):
        corners = [tuple(map(float, c.split())) for c in ring.removeprefix("M").split("L")]
        for (x1, y1), (x2, y2) in pairwise([*corners, corners[0]]):
            if (y1 > point[1]) != (y2 > point[1]):
                crossings += x1 + (point[1] - y1) * (x2 - x1) / (y2 - y1) > point[0]
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("view", "code", "longitude", "latitude"),
    [
        (EUROPE, "pl", 22.57, 51.25),
        (EUROPE, "es", -3.7, 40.4),
        (EUROPE, "is", -18.5, 65.0),
        (EUROPE, "ma", -5.0, 33.9),
        (WORLD, "au", 144.3, -36.8),
        (WORLD, "jp", 138.2, 36.2),
        (WORLD, "ru", 177.0, 66.5),
        (WORLD, "mx", -99.1, 19.4),
    ],
)
def test_a_place_lies_in_its_country_and_in_no_other(view, code, longitude, latitude):
    point = view.place(longitude, latitude)
    assert view.holds(longitude, latitude)
    assert [name for name, path in shapes(view).items() if inside(point, path)] == [code]


@settings(max_examples=40)
@given(LINKS)
def test_every_end_of_a_network_has_a_place_of_its_own_inside_the_picture(links):
    layout = arrange(tuple(links), 600.0)
    assert set(layout.places) == {end for link in links for end in link}
    for x, y in layout.places.values():
        assert 0 <= x <= layout.width
        assert 0 <= y <= layout.height
    for one, other in combinations(layout.places.values(), 2):
        assert dist(one, other) > 3


@settings(max_examples=10)
@given(LINKS)
def test_the_same_links_give_the_same_picture(links):
    first = arrange(tuple(links), 600.0)
    arrange.cache_clear()
    assert arrange(tuple(links), 600.0) == first


def test_those_with_one_link_stand_in_a_ring_around_it():
    links = tuple(("work", f"member {n}") for n in range(8))
    places = arrange(links, 600.0).places
    centre = complex(*places["work"])
    ways = [complex(*places[name]) - centre for _, name in links]
    assert max(map(abs, ways)) - min(map(abs, ways)) < 1
    assert len({round(phase(way), 2) for way in ways}) == 8


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.text("abc", max_size=12))))
def test_names_cover_no_other_name(marks):
    wanted = [Named(x, y, 3, Literal(text)) for x, y, text in marks]
    written = names(wanted, 400, 300, 12)
    lines = [
        (float(text.get("y")), *_reach(text)) for text in written if text.text
    ]  # fmt: skip
    for (y1, left1, right1), (y2, left2, right2) in combinations(lines, 2):
        assert abs(y1 - y2) > 13 or right1 <= left2 + 0.2 or right2 <= left1 + 0.2


def _reach(text):
    x, width = float(text.get("x")), len(text.text) * 0.56 * 12
    left = {"start": x, "end": x - width, "middle": x - width / 2}[text.get("text-anchor")]
    return left, left + width


@pytest.mark.parametrize(("count", "depth"), [(1, 0), (2, 1), (3, 1), (4, 2), (8, 3), (900, 4)])
def test_more_practices_make_a_deeper_colour(count, depth):
    assert heat.depth(count) == depth


@given(st.lists(st.lists(st.integers(0, 5000), min_size=2, max_size=2), min_size=1, max_size=40))
def test_bars_are_as_high_as_their_numbers(parts):
    bars = [years.Bar(str(n), tuple(numbers)) for n, numbers in enumerate(parts)]
    words = years.Words("title", "description", ("a", "b"), lambda bar: bar.label)
    drawing = years.years_of(bars, words)
    drawn = [mark for mark in drawing.marks if mark.get("class") == "bar"]
    heights = [
        sum(float(box.get("height")) for box in mark.findall("rect")) for mark in drawn
    ]  # fmt: skip
    most = max(bar.whole for bar in bars)
    for bar, height in zip(bars, heights, strict=True):
        assert isclose(height, max(heights) * bar.whole / (most or 1), abs_tol=0.3)
        assert height <= drawing.height


SQUARE = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [[[0, 0], [10, 0], [0, 10]], [[0, 0], [0, 10], [10, 0]]],
    "objects": {
        "countries": {
            "geometries": [{"type": "Polygon", "id": "616", "arcs": [[0, -2]]}],
        }
    },
}


@pytest.mark.parametrize(
    ("box", "area"), [((-50, -50, 50, 50), 100), ((5, -50, 50, 50), 50), ((2, 2, 4, 4), 4)]
)
def test_shapes_are_joined_from_arcs_and_cut_to_a_box(box, area):
    [ring] = rings_of(SQUARE, box, 0.1)["pl"]
    corners = [*ring, ring[0]]
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(corners))
    assert abs(doubled) / 2 == area
