"""The packaged data as tests ask it: subject, predicate, objects, by short names."""

from collections import defaultdict
from functools import cache

from pyoxigraph import Literal

from icgraph.curation.statements import term
from icgraph.store.packaged import packaged_claims, packaged_provenance, packaged_records


@cache
def _index(of):
    found = defaultdict(lambda: defaultdict(set))
    for quad in {"records": packaged_records, "provenance": packaged_provenance}[of]():
        value = quad.object.value
        if isinstance(quad.object, Literal) and quad.object.language:
            value = f"{value}@{quad.object.language}"
        found[quad.subject.value][quad.predicate.value].add(value)
    return found


def iri(name):
    """The IRI of a short name; a part follows its record after `#`."""
    return term(name).value


def objects(subject, predicate, of="records"):
    """What is said: IRIs and texts, with their language tags."""
    found = _index(of).get(iri(subject), {})
    return found.get(iri(predicate), set())


def one(subject, predicate, of="records"):
    """The one thing said."""
    (value,) = objects(subject, predicate, of)
    return value


def objects_of(subject, predicate):
    """What is said of a full IRI."""
    return _index("records").get(subject, {}).get(iri(predicate), set())


def one_of(subject, predicate):
    """The one thing said of a full IRI."""
    (value,) = objects_of(subject, predicate)
    return value


def one_or_none(subject, predicate):
    """Something said of a full IRI, or None."""
    return next(iter(sorted(objects_of(subject, predicate))), None)


def subjects(type_):
    """All records and parts of a type."""
    wanted = iri(type_)
    rdf_type = iri("rdf:type")
    return {subject for subject, said in _index("records").items() if wanted in said[rdf_type]}


def documents(predicate):
    """The records on whose documents something is said in the provenance, with what is said."""
    found = {}
    for said in _index("provenance").values():
        for record in said.get(iri("foaf:primaryTopic"), ()):
            if iri(predicate) in said:
                found[record] = said[iri(predicate)]
    return found


@cache
def claims():
    """The claims as (graph, subject, predicate, object)."""
    return [
        (quad.graph_name.value, quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in packaged_claims()
    ]
