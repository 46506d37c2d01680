import json
import re

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from icgraph import __version__
from tests.ontology.graphs import NS, ROOT, read

ONTOLOGY = URIRef(NS)
OWN = read("ontology/icgraph.ttl")
TERMS = sorted(
    term
    for term in set(OWN.subjects(RDF.type))
    if isinstance(term, URIRef) and term.startswith(NS) and term != ONTOLOGY
)


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str]:
    return sorted(text.language or "" for text in graph.objects(subject, predicate))


@pytest.mark.parametrize("term", TERMS)
def test_every_own_term_is_named_and_defined_in_english_and_french(term: URIRef) -> None:
    assert languages(OWN, term, RDFS.label) == ["en", "fr"]
    assert languages(OWN, term, SKOS.definition) == ["en", "fr"]


@pytest.mark.parametrize("term", TERMS)
def test_every_own_term_says_who_defines_it(term: URIRef) -> None:
    assert OWN.value(term, RDFS.isDefinedBy) == ONTOLOGY


@pytest.mark.parametrize("term", TERMS)
def test_definitions_are_one_sentence(term: URIRef) -> None:
    for definition in OWN.objects(term, SKOS.definition):
        assert re.fullmatch(r"[A-ZÀ-ÖØ-Þ][^\n]*\.", definition)


def test_no_property_has_a_domain_or_a_range() -> None:
    everything = read("ontology/**/*.ttl")
    assert not list(everything.subject_objects(RDFS.domain))
    assert not list(everything.subject_objects(RDFS.range))


def test_classes_begin_with_a_capital_and_properties_do_not() -> None:
    for term in TERMS:
        first = term.removeprefix(NS)[0]
        assert first.isupper() == ((term, RDF.type, OWL.Class) in OWN), term


@pytest.mark.parametrize("pattern", ["data/**/*.ttl", "shapes/*.ttl", "ontology/**/*.ttl"])
def test_every_own_term_that_is_used_is_defined(pattern: str) -> None:
    terms = {term for triple in read(pattern) for term in triple if isinstance(term, URIRef)}
    used = {term for term in terms if term.startswith(NS)}
    versions = {ONTOLOGY, *OWN.objects(ONTOLOGY, OWL.versionIRI | OWL.priorVersion)}
    assert used - set(TERMS) - versions == set()


def test_every_own_term_in_a_query_is_defined() -> None:
    texts = [path.read_text() for path in [*ROOT.glob("queries/*.rq"), *ROOT.glob("shapes/*.ttl")]]
    used = {NS + name for text in texts for name in re.findall(r"(?<![\w:-])ic:(\w+)", text)}
    assert used - {str(term) for term in TERMS} == set()


def test_every_own_term_in_the_json_ld_context_is_defined() -> None:
    context = json.loads((ROOT / "ontology/context.jsonld").read_text())["@context"]
    written = json.dumps([value for value in context.values() if value != NS])
    used = {NS + name for name in re.findall(r'"ic:(\w+)"', written)}
    assert used - {str(term) for term in TERMS} == set()


def test_the_context_knows_every_own_property_that_data_uses() -> None:
    context = (ROOT / "ontology/context.jsonld").read_text()
    used = {term for _, term, _ in read("data/**/*.ttl") if str(term).startswith(NS)}
    accepted = {NS + "acceptedShape", NS + "acceptedRecord"}
    names = {str(term).removeprefix(NS) for term in used if str(term) not in accepted}
    assert {name for name in names if f'"ic:{name}"' not in context} == set()


def test_every_property_and_class_of_the_data_has_words_for_pages() -> None:
    data = read("data/*.ttl", "data/seeds/*.ttl")
    used = {predicate for _, predicate, _ in data} | set(data.objects(None, RDF.type))
    words = read("ontology/icgraph.ttl", "ontology/labels.ttl")
    lacking = {
        term
        for term in used
        if term != RDFS.comment and set(languages(words, URIRef(term), RDFS.label)) != {"en", "fr"}
    }
    assert lacking == set()


def test_a_deprecated_term_names_its_replacement() -> None:
    everything = read("ontology/**/*.ttl")
    replaced = URIRef("http://purl.org/dc/terms/isReplacedBy")
    for term in everything.subjects(OWL.deprecated):
        assert (term, replaced, None) in everything


def test_the_version_is_the_same_everywhere() -> None:
    headers = read("ontology/icgraph.ttl", "shapes/header.ttl")
    assert {str(found) for found in headers.objects(None, OWL.versionInfo)} == {__version__}
    assert OWN.value(ONTOLOGY, OWL.versionIRI) == URIRef(NS + __version__)
    headings = re.findall(r"^## (\S+)", (ROOT / "ontology/CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == __version__
