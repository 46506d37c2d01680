import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

from icgraph.guard.conversion import to_pyoxigraph
from icgraph.guard.report import Report
from icgraph.guard.validate import validate_graph
from tests.ontology.graphs import NS, ROOT, SHAPES, read
from tests.ontology.targets import targets

RULES = read("shapes/*.ttl")
HEADER = URIRef(SHAPES)
EXAMPLES = ROOT / "tests/shapes"
NAMES = sorted(str(shape).removeprefix(SHAPES) for shape in RULES.subjects(SH.severity))


@cache
def alone(name: str) -> tuple[Quad, ...]:
    # The rule, the shapes it refers to, and the prefixes of its query.
    wanted: list[Node] = [URIRef(SHAPES + name), HEADER]
    seen: set[Node] = set()
    triples = []
    while wanted:
        subject = wanted.pop()
        seen.add(subject)
        for triple in RULES.triples((subject, None, None)):
            triples.append(triple)
            value = triple[2]
            own = isinstance(value, BNode) or str(value).startswith(SHAPES)
            if own and value not in seen:
                wanted.append(value)
    terms = [[to_pyoxigraph(term) for term in triple] for triple in triples]
    return tuple(Quad(*triple) for triple in terms)  # type: ignore[arg-type]


def judge(name: str, path: Path) -> Report:
    return validate_graph(parse(path=str(path), format=RdfFormat.TURTLE), alone(name))


def messages(name: str) -> list[Node]:
    shape = URIRef(SHAPES + name)
    constraint = RULES.value(shape, SH.sparql)
    return [*RULES.objects(constraint or shape, SH.message)]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_that_keeps_the_rule_passes(name: str) -> None:
    path = EXAMPLES / f"{name}.pass.ttl"
    assert judge(name, path).findings == ()
    assert targets(RULES, name, Graph().parse(path)), "the example is not what the rule speaks of"


@pytest.mark.parametrize("name", NAMES)
def test_an_example_that_breaks_the_rule_fails_by_it(name: str) -> None:
    report = judge(name, EXAMPLES / f"{name}.fail.ttl")
    assert {str(finding.shape.value) for finding in report.findings} == {SHAPES + name}


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_rule_is_told_in_english_and_in_french(name: str) -> None:
    finding = judge(name, EXAMPLES / f"{name}.fail.ttl").findings[0]
    told = {language: finding.message(language) for language in ("en", "fr")}
    assert told["en"] != told["fr"]
    assert not any("{" in text for text in told.values())


def test_no_example_lacks_its_rule() -> None:
    assert {path.name.partition(".")[0] for path in EXAMPLES.glob("*.ttl")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_one_severity_a_name_and_a_message_in_two_languages(name: str) -> None:
    shape = URIRef(SHAPES + name)
    named = SH.name if (shape, RDF.type, SH.PropertyShape) in RULES else RDFS.label
    assert len(list(RULES.objects(shape, SH.severity))) == 1
    assert sorted(text.language for text in RULES.objects(shape, named)) == ["en", "fr"]
    assert sorted(text.language for text in messages(name)) == ["en", "fr"]


def test_a_query_in_a_rule_is_the_only_constraint_of_its_shape() -> None:
    # pySHACL takes severities from shapes, so two constraints would share one.
    for shape in RULES.subjects(SH.sparql):
        assert len(list(RULES.objects(shape, SH.sparql))) == 1
        assert (shape, SH.property, None) not in RULES


def test_queries_in_rules_keep_to_what_pre_binding_allows() -> None:
    for query in RULES.objects(None, SH.select):
        assert not re.search(r"\b(MINUS|VALUES|SERVICE)\b", str(query))


def test_every_own_class_that_data_may_use_has_a_rule() -> None:
    own = read("ontology/icgraph.ttl")
    classes = {term for term in own.subjects(RDF.type, OWL.Class) if str(term).startswith(NS)}
    aimed_at = set(RULES.objects(None, SH.targetClass))
    # The guard reads accepted warnings itself; they are no part of the graph.
    assert classes - aimed_at == {URIRef(NS + "AcceptedWarning")}


def test_the_properties_said_to_be_known_are_those_of_the_ontology() -> None:
    own, foreign = read("ontology/icgraph.ttl"), read("ontology/labels.ttl")
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    properties = {term for kind in kinds for term in own.subjects(RDF.type, kind)}
    named = {term for term in foreign.subjects(RDFS.label) if not _is_class(str(term))}
    listed = RULES.value(URIRef(SHAPES + "Record-unknown-property"), SH.ignoredProperties)
    deprecated = set(own.subjects(OWL.deprecated))
    assert set(RULES.items(listed)) == (properties - deprecated) | named


def _is_class(iri: str) -> bool:
    return re.split("[/#]", iri)[-1][0].isupper()
