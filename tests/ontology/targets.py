"""The nodes that a rule speaks of, found without pySHACL."""

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from tests.ontology.graphs import SHAPES


def targets(rules: Graph, name: str, data: Graph) -> set[Node]:
    """What the named shape targets in the data."""
    shape = URIRef(SHAPES + name)
    found: set[Node] = set()
    for kind in rules.objects(shape, SH.targetClass):
        found |= set(data.subjects(RDF.type, kind))
    for predicate in rules.objects(shape, SH.targetSubjectsOf):
        found |= set(data.subjects(predicate))
    for predicate in rules.objects(shape, SH.targetObjectsOf):
        found |= set(data.objects(None, predicate))
    return found
