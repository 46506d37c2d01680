"""What a format can hold."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from icgraph.errors import FormatNotOffered
from icgraph.query.results import _in_xml

NODE = NamedNode("http://e/p")


def test_triple_terms_are_looked_through_to_any_depth() -> None:
    triple = Triple(NODE, NODE, Literal("\x01"))
    for _ in range(1500):
        triple = Triple(NODE, NODE, triple)
    with pytest.raises(FormatNotOffered, match="a control character"):
        list(_in_xml([triple]))
