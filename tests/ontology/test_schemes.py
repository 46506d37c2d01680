from rdflib import RDF, RDFS, SKOS, URIRef

from icgraph.model.terms import DEFAULT_BASE, OWN_PREFIXES
from tests.ontology.graphs import ROOT, read

SCHEMES = read("ontology/schemes/*.ttl")
CONCEPTS = sorted(SCHEMES.subjects(RDF.type, SKOS.Concept))


def concepts_of(scheme: str) -> set[str]:
    iri = URIRef(f"{DEFAULT_BASE}scheme/{scheme}")
    return {str(concept).rpartition("/")[2] for concept in SCHEMES.subjects(SKOS.inScheme, iri)}


def test_every_scheme_has_a_prefix_and_a_file_of_its_name() -> None:
    names = {path.stem for path in (ROOT / "ontology/schemes").glob("*.ttl")}
    prefixed = {path for path in OWN_PREFIXES.values() if path.startswith("scheme/")}
    assert {f"scheme/{name}/" for name in names} == prefixed


def test_the_code_of_a_concept_is_the_end_of_its_iri() -> None:
    for concept in CONCEPTS:
        scheme = SCHEMES.value(concept, SKOS.inScheme)
        assert str(concept) == f"{scheme}/{SCHEMES.value(concept, SKOS.notation)}"


def test_every_concept_stands_at_the_top_of_its_scheme() -> None:
    for concept in CONCEPTS:
        assert SCHEMES.value(concept, SKOS.topConceptOf) == SCHEMES.value(concept, SKOS.inScheme)


def test_names_are_the_preferred_names_in_english_and_french() -> None:
    for concept in CONCEPTS:
        names = set(SCHEMES.objects(concept, RDFS.label))
        assert names == set(SCHEMES.objects(concept, SKOS.prefLabel))
        assert {name.language for name in names} == {"en", "fr"}


def test_no_two_concepts_of_a_scheme_have_the_same_name() -> None:
    seen = [
        (SCHEMES.value(concept, SKOS.inScheme), name)
        for concept in CONCEPTS
        for name in SCHEMES.objects(concept, RDFS.label)
    ]
    assert len(seen) == len(set(seen))


def test_there_are_twenty_two_topics() -> None:
    assert len(concepts_of("topic")) == 22


def test_french_names_of_topics_are_said_to_be_ours() -> None:
    notes = SCHEMES.objects(URIRef(f"{DEFAULT_BASE}scheme/topic"), SKOS.editorialNote)
    assert {note.language for note in notes} == {"en", "fr"}


def test_statuses_are_those_the_periods_know() -> None:
    assert concepts_of("temporal-status") == {"ended", "ongoing", "permanent", "planned", "unknown"}
