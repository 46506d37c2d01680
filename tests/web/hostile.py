"""Values that want to run, beside whatever the graph says of some things."""

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from icgraph.model.terms import DEFAULT_BASE
from tests.web.inert import MARKUP

LINK = NamedNode("javascript:alert(1)")
DATA = NamedNode("data:text/html,%3Cscript%3Ealert(1)%3C/script%3E")
_URL = Literal("javascript:alert(1)", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#anyURI"))
_POINT = Literal("POINT(1.2.3 4)")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def hostile_beside(quads: Iterable[Quad], chosen: Collection[str]) -> Iterator[Quad]:
    """Beside each statement about the chosen things, the same property with hostile values."""
    documents = {each.replace("/id/", "/doc/") for each in chosen}
    for quad in quads:
        subject = quad.subject
        if not isinstance(subject, NamedNode):
            continue
        if subject.value.partition("#")[0] not in {*chosen, *documents}:
            continue
        values = [Literal(MARKUP, language="en"), Literal(MARKUP), _URL, _POINT, LINK, DATA]
        if quad.predicate.value == _TYPE:
            values = [LINK, DATA]
        for value in values:
            yield Quad(subject, quad.predicate, value, quad.graph_name)
    for iri in chosen:
        yield Quad(NamedNode(iri), NamedNode("javascript:alert(2)"), LINK)
        yield Quad(LINK, NamedNode("http://purl.org/dc/terms/source"), NamedNode(iri))
        yield Quad(DATA, NamedNode(f"{DEFAULT_BASE}ns/takesPlaceIn"), NamedNode(iri))
