"""The kind of a page is told by its address only where that is certain."""

import pytest

from icgraph.curation.pagekinds import kind_by_address

ICC = "https://www.coe.int/fr/web/interculturalcities"


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (f"{ICC}/-/a-smile-of-a-child-?back=1", "icc-practice"),
        (f"{ICC}/-/a-city-joins", None),
        (f"{ICC}/good-practice?delta=5", "icc-listing"),
        (f"{ICC}/patras", None),
        ("http://www.coe.int/t/dg4/Cities/Newsletter/newsletter9/index.asp", "icc-newsletter"),
        ("https://rm.coe.int/168071aae2", None),
        ("https://www.congress-intercultural.eu/en/initiative/1.html", "congress-toolkit"),
        ("https://notcoe.int/-/a-smile-of-a-child", "external"),
    ],
)
def test_a_kind_is_told_by_the_address_only_where_it_is_certain(place, kind):
    assert kind_by_address(place, {"a-smile-of-a-child"}) == kind
