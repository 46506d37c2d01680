import warnings

import pytest
from rdflib import DCAT, DCTERMS, FOAF, ORG, PROV, QB, RDF, RDFS, SDO, SKOS, TIME, URIRef
from rdflib.namespace import GEO
from rdflib.term import Node

from tests.ontology.graphs import NS, read

OWN = read("ontology/icgraph.ttl")
ALIGNED = read("ontology/alignments.ttl")
TERMS = sorted(
    term
    for term in set(OWN.subjects(RDF.type))
    if isinstance(term, URIRef) and term.startswith(NS) and term != URIRef(NS)
)
MATCHES = (
    SKOS.closeMatch,
    SKOS.exactMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
#: Vocabularies of which rdflib holds a list of terms, and terms younger than that list.
KNOWN = (DCAT, DCTERMS, FOAF, GEO, ORG, PROV, QB, SDO, SKOS, TIME)
YOUNGER = {URIRef(f"{SDO}funding")}


def counterparts(term: URIRef) -> set[URIRef]:
    above = [*OWN.objects(term, RDFS.subClassOf), *OWN.objects(term, RDFS.subPropertyOf)]
    matched = [value for match in MATCHES for value in ALIGNED.objects(term, match)]
    return {URIRef(value) for value in (*above, *matched) if not str(value).startswith(NS)}


@pytest.mark.parametrize("term", TERMS)
def test_every_own_term_has_a_counterpart_or_a_reason_for_none(term: URIRef) -> None:
    reasons = [str(note) for note in ALIGNED.objects(term, SKOS.editorialNote)]
    assert bool(counterparts(term)) != bool(reasons)
    assert all(reason.startswith("No counterpart: ") for reason in reasons)


def test_only_terms_that_exist_are_aligned() -> None:
    own = {subject for subject in ALIGNED.subjects() if str(subject).startswith(NS)}
    assert own - set(TERMS) == set()


def lacking(terms: set[Node]) -> set[Node]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            term
            for term in terms - YOUNGER
            for vocabulary in KNOWN
            if str(term).startswith(str(vocabulary)) and term not in vocabulary
        }


def test_counterparts_exist_in_their_vocabularies() -> None:
    assert lacking({value for term in TERMS for value in counterparts(term)}) == set()


def test_terms_of_others_that_data_uses_exist_in_their_vocabularies() -> None:
    data = read("data/**/*.ttl")
    assert lacking({*data.predicates(), *data.objects(None, RDF.type)}) == set()
