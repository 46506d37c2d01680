"""Terms and triples between pyoxigraph, which reads and stores, and rdflib, which pySHACL needs.

Literals keep their lexical form both ways. Triple terms of RDF 1.2 have no rdflib form and
are refused.
"""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Identifier

from icgraph.guard.indexed import IndexedGraph
from icgraph.guard.terms import Term, statement_refused

_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(term: Term | Triple) -> Identifier:
    """The rdflib term; raises InputError for a triple term."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Triple):
        raise statement_refused(term)
    if term.language is not None:
        return RdflibLiteral(term.value, lang=term.language)
    if term.datatype.value == _XSD_STRING:
        return RdflibLiteral(term.value)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def to_pyoxigraph(term: Identifier) -> Term:
    """The pyoxigraph term."""
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    if isinstance(term, BNode):
        return BlankNode(str(term))
    if not isinstance(term, RdflibLiteral):
        raise TypeError(f"not a term of a graph: {term!r}")
    if term.language is not None:
        return Literal(str(term), language=term.language)
    if term.datatype is None:
        return Literal(str(term))
    return Literal(str(term), datatype=NamedNode(str(term.datatype)))


def to_graph(quads: Iterable[Quad]) -> Graph:
    """An rdflib graph of the triples of these quads, whatever graph they name."""
    graph = IndexedGraph()
    known: dict[str, URIRef] = {}

    def converted(term: Term | Triple) -> Identifier:
        if not isinstance(term, NamedNode):
            return to_rdflib(term)
        found = known.get(term.value)
        if found is None:
            found = known[term.value] = URIRef(term.value)
        return found

    for subject, predicate, value, _ in quads:
        graph.add((converted(subject), converted(predicate), converted(value)))
    return graph
