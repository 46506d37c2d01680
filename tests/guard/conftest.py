import pytest
from pyoxigraph import RdfFormat, parse

PREFIXES = """
@prefix ex: <https://example.org/id/thing/> .
@prefix ic: <https://w3id.org/icgraph/ns/> .
@prefix ics: <https://w3id.org/icgraph/shapes/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def turtle():
    def read(text):
        return list(parse(PREFIXES + text, RdfFormat.TURTLE, base_iri="https://example.org/"))

    return read
