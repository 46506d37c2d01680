"""Points are read as they are written, and what is none is told from them."""

import pytest

from icgraph.model.points import read_point


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT(22.57 51.25)", (22.57, 51.25)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (-9 38.7)", (-9.0, 38.7)),
        ("POINT(200 10)", None),
        ("POINT(1.2.3 4)", None),
        ("POLYGON((0 0,1 1,0 1,0 0))", None),
        ("", None),
    ],
)
def test_points_on_the_earth_are_read(wkt, expected):
    assert read_point(wkt) == expected
