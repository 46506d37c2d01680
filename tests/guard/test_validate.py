import logging

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.errors import InputError
from icgraph.guard.report import Severity
from icgraph.guard.validate import validate_graph

LABELLED = """
ics:Thing-label a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ics:Thing-label-count .
ics:Thing-label-count a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;
    sh:message "A thing needs a name."@en , "Une chose doit avoir un nom."@fr .
"""


def test_a_finding_says_what_where_and_why_in_both_languages(turtle):
    report = validate_graph(turtle("ex:a a ex:Thing ."), turtle(LABELLED))

    (finding,) = report.findings
    assert finding.severity is Severity.VIOLATION
    assert finding.focus == NamedNode("https://example.org/id/thing/a")
    assert finding.shape == NamedNode("https://w3id.org/icgraph/shapes/Thing-label-count")
    assert finding.path.iri == "http://www.w3.org/2000/01/rdf-schema#label"
    assert finding.component == "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    assert finding.message("en") == "A thing needs a name."
    assert finding.message("fr") == "Une chose doit avoir un nom."
    assert not report.conforms


def test_a_sound_graph_has_no_finding(turtle):
    report = validate_graph(turtle('ex:a a ex:Thing ; rdfs:label "A"@en .'), turtle(LABELLED))

    assert report.conforms
    assert report.findings == ()


@pytest.mark.parametrize("severity", ["Info", "Warning"])
def test_infos_alone_conform_and_warnings_do_not(turtle, severity):
    shapes = LABELLED.replace("sh:minCount", f"sh:severity sh:{severity} ; sh:minCount")

    report = validate_graph(turtle("ex:a a ex:Thing ."), turtle(shapes))

    assert report.conforms is (severity == "Info")


def test_the_ontology_gives_the_classes(turtle):
    shapes = turtle("ics:S a sh:NodeShape ; sh:targetNode ex:a ; sh:class ex:Thing .")
    data = turtle("ex:a a ex:SmallThing .")
    ontology = turtle("ex:SmallThing a owl:Class ; rdfs:subClassOf ex:Thing .")

    assert not validate_graph(data, shapes).conforms
    assert validate_graph(data, shapes, ontology).conforms


def test_only_the_default_graph_is_seen(turtle):
    (quad,) = turtle("ex:a a ex:Thing .")
    named = Quad(quad.subject, quad.predicate, quad.object, NamedNode("https://example.org/g"))

    assert validate_graph([named], turtle(LABELLED)).conforms


def test_messages_of_sparql_constraints_keep_language_and_values(turtle):
    shapes = turtle("""
        ics:Thing-unique a sh:NodeShape ; sh:targetClass ex:Thing ; sh:severity sh:Warning ;
          sh:sparql [ a sh:SPARQLConstraint ;
            sh:message "{?other} has the number {?value} too."@en ,
                       "{?other} a aussi le numéro {?value}."@fr ;
            sh:select '''SELECT $this ?value ?other WHERE {
              $this <https://example.org/id/thing/number> ?value .
              ?other <https://example.org/id/thing/number> ?value . FILTER(?other != $this) }''' ] .
    """)
    data = turtle(r"""
        ex:a a ex:Thing ; ex:number "\\1 \\d" . ex:b ex:number "\\1 \\d" .
    """)

    (finding,) = validate_graph(data, shapes).findings

    assert finding.severity is Severity.WARNING
    assert finding.value == Literal(r"\1 \d")
    assert finding.messages == (
        ("en", r"https://example.org/id/thing/b has the number \1 \d too."),
        ("fr", r"https://example.org/id/thing/b a aussi le numéro \1 \d."),
    )


def test_only_the_nodes_asked_for_are_looked_at_and_what_they_nest_is_still_checked(turtle):
    shapes = turtle("""
        ics:Thing-part a sh:NodeShape ; sh:targetClass ex:Thing ;
          sh:property [ sh:path ex:part ; sh:node ics:Part ] .
        ics:Part a sh:NodeShape ; sh:property [ sh:path ex:size ; sh:minCount 1 ] .
    """)
    data = turtle("ex:a a ex:Thing ; ex:part ex:p . ex:b a ex:Thing ; ex:part ex:p .")
    only = NamedNode("https://example.org/id/thing/a")

    report = validate_graph(data, shapes, only=[only])

    assert [finding.focus for finding in report.findings] == [only]


def test_the_order_of_findings_does_not_depend_on_the_order_of_the_data(turtle):
    data = turtle("ex:a a ex:Thing . ex:b a ex:Thing . ex:c a ex:Thing .")

    forward = validate_graph(data, turtle(LABELLED))

    assert forward == validate_graph(reversed(data), turtle(LABELLED))


@pytest.mark.parametrize(
    "broken",
    [
        "a sh:PropertyShape ; sh:minCount 1 .",
        'sh:sparql [ sh:select "SELEC $this" ] .',
        'sh:sparql [ sh:select "SELECT ?x { $this ?p ?x }" ] .',
        'sh:sparql [ sh:select "SELECT $this {SERVICE <http://[::1]/> { $this ?p ?x } }" ] .',
        'sh:sparql [ sh:select "SELECT $this {SERVICESILENT<http://[::1]/>{$this ?p ?x}}" ] .',
        'sh:pattern "(" .',
        'sh:minLength "many" .',
        "sh:minLength ex:a .",
        "sh:path [ ex:odd ex:path ] ; sh:minCount 1 .",
        "sh:path 1 ; sh:minCount 1 .",
        "sh:node ics:S .",
        "sh:and ex:a .",
        "sh:severity sh:Warning ; sh:property ex:nothing .",
    ],
)
def test_a_broken_shape_is_an_error_with_words(turtle, broken):
    shapes = turtle(f"ics:S sh:targetNode ex:a ; {broken}")

    with pytest.raises(InputError) as caught:
        validate_graph(turtle('ex:a rdfs:label "A" .'), shapes)

    assert "cannot be used" in caught.value.detail
    assert caught.value.advice


def test_a_statement_about_a_statement_is_refused(turtle):
    data = turtle("ex:a ex:says <<( ex:b ex:is ex:c )>> .")

    with pytest.raises(InputError, match="statement about a statement"):
        validate_graph(data, turtle(LABELLED))


def test_literals_outside_their_datatype_are_findings_and_not_tracebacks(turtle, caplog):
    shapes = turtle("""
        ics:S a sh:NodeShape ; sh:targetNode ex:a ;
          sh:property [ sh:path ex:day ; sh:datatype xsd:date ] .
    """)

    with caplog.at_level(logging.WARNING):
        report = validate_graph(turtle('ex:a ex:day "2021-13-01"^^xsd:date .'), shapes)

    assert len(report.findings) == 1
    assert caplog.records == []


def test_progress_is_told_shape_by_shape(turtle):
    told = []

    validate_graph([], turtle(LABELLED), progress=lambda *step: told.append(step))

    assert told == [("Validating", 1, 2), ("Validating", 2, 2)]
