"""Whole-graph validation by compiled shapes: what it tells, what it refuses, what it passes on."""

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from icgraph.errors import InputError
from icgraph.guard.compiled import compile_shapes, validate_compiled
from icgraph.guard.formats import FORMATS, render
from icgraph.guard.graph import graph_of
from icgraph.guard.report import Cut, Report, Severity
from icgraph.guard.shapes import read_shapes

LABELLED = """
ics:Thing-label a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ics:Thing-label-count .
ics:Thing-label-count a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ;
    sh:severity sh:Warning ;
    sh:message "A thing needs a name."@en , "Une chose doit avoir un nom."@fr .
"""
RECURSIVE = """
ics:S sh:targetNode ex:a ; sh:property [ sh:path ex:next ; sh:node ics:T ] .
ics:T sh:property [ sh:path ex:next ; sh:node ics:T ; sh:maxCount 1 ] .
"""


def test_a_finding_says_what_where_and_why_in_both_languages(turtle):
    report = validate_compiled(turtle("ex:a a ex:Thing ."), turtle(LABELLED))

    (finding,) = report.findings
    assert finding.severity is Severity.WARNING
    assert finding.focus == NamedNode("https://example.org/id/thing/a")
    assert finding.shape == NamedNode("https://w3id.org/icgraph/shapes/Thing-label-count")
    assert finding.path.iri == "http://www.w3.org/2000/01/rdf-schema#label"
    assert finding.component == "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    assert finding.message("en") == "A thing needs a name."
    assert finding.message("fr") == "Une chose doit avoir un nom."


def test_only_the_default_graph_is_seen(turtle):
    (quad,) = turtle("ex:a a ex:Thing .")
    named = Quad(quad.subject, quad.predicate, quad.object, NamedNode("https://example.org/g"))

    assert validate_compiled([named], turtle(LABELLED)).findings == ()


def test_more_findings_than_the_limit_are_counted_and_left_out(turtle):
    data = turtle(" ".join(f"ex:n{number} a ex:Thing ." for number in range(30)))

    report = validate_compiled(data, turtle(LABELLED), limit=7)

    assert len(report.findings) == 7
    assert report.counts[Severity.WARNING] == 30
    (cut,) = report.cuts
    assert (cut.shown, cut.found) == (7, 30)
    assert not report.conforms


@pytest.mark.parametrize("report_format", FORMATS)
def test_every_format_tells_what_was_left_out_and_what_pyshacl_validated(report_format):
    shape = NamedNode("https://w3id.org/icgraph/shapes/S")
    component = "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
    cut = Cut(Severity.WARNING, shape, component, 1000, 23410)
    report = Report((), (cut,), ((shape, "why <it> is"),))

    text = render(report, report_format)

    assert "why" in text
    assert "410" in text
    assert Report.from_json(report.to_json()) == report


def test_what_cannot_be_compiled_is_validated_by_pyshacl_and_named(turtle):
    shapes = turtle(
        LABELLED
        + "ics:S sh:targetSubjectsOf ex:code ; sh:path ex:code ; sh:datatype xsd:hexBinary ."
    )
    data = turtle('ex:a a ex:Thing ; ex:code "0G"^^xsd:hexBinary , "0A"^^xsd:hexBinary .')

    report = validate_compiled(data, shapes)

    assert [str(shape) for shape, _ in report.by_reference] == [
        "<https://w3id.org/icgraph/shapes/S>"
    ]
    assert {finding.component.rpartition("#")[2] for finding in report.findings} == {
        "DatatypeConstraintComponent",
        "MinCountConstraintComponent",
    }


def test_a_pattern_that_only_python_knows_goes_to_pyshacl(turtle):
    shapes = turtle(r'ics:S sh:targetNode "aa" , "ab" ; sh:pattern "^(.)\\1$" .')

    report = validate_compiled([], shapes)

    assert len(report.by_reference) == 1
    assert [finding.value.value for finding in report.findings] == ["ab"]


def test_shapes_in_a_circle_are_refused_as_by_pyshacl(turtle):
    data = turtle("ex:a ex:next ex:b . ex:b ex:next ex:a .")

    with pytest.raises(InputError, match="cannot be used"):
        validate_compiled(data, turtle(RECURSIVE))


@pytest.mark.parametrize(
    "broken",
    [
        "a sh:PropertyShape ; sh:minCount 1 .",
        'sh:sparql [ sh:select "SELEC $this" ] .',
        'sh:sparql [ sh:select "SELECT ?x { $this ?p ?x }" ] .',
        'sh:sparql [ sh:select "SELECT $this {SERVICE <http://[::1]/> { $this ?p ?x } }" ] .',
        'sh:sparql [ sh:select "SELECT $this {ServiceSilent<http://[::1]/> { $this ?p ?x } }" ] .',
        r'sh:sparql [ sh:select "SELECT $this {\\u0053ERVICE <a:b> { $this ?p ?x } }" ] .',
        'sh:sparql [ sh:select "ASK { $this ?p ?x }" ] .',
        'sh:sparql [ sh:select "SELECT $this { $this $PATH ?x }" ] .',
        "sh:sparql ex:a .",
        'sh:pattern "(" .',
        'sh:minLength "many" .',
        "sh:minLength ex:a .",
        "sh:path [ ex:odd ex:path ] ; sh:minCount 1 .",
        "sh:path 1 ; sh:minCount 1 .",
        "sh:path rdfs:label , rdfs:comment ; sh:minCount 1 .",
        "sh:path rdfs:label ; sh:minCount 1 , 2 .",
        "sh:node ics:S .",
        "sh:and ex:a .",
        "sh:lessThan ex:a .",
        "sh:severity sh:Warning ; sh:property ex:nothing .",
    ],
)
def test_a_broken_shape_is_an_error_with_words(turtle, broken):
    shapes = turtle(f"ics:S sh:targetNode ex:a ; {broken}")

    with pytest.raises(InputError) as caught:
        validate_compiled(turtle('ex:a rdfs:label "A" .'), shapes)

    assert "cannot be used" in caught.value.detail
    assert caught.value.advice


NUMBERED = """
ics:Thing-unique a sh:NodeShape ; sh:targetClass ex:Thing ; sh:severity sh:Warning ;
  sh:sparql [ a sh:SPARQLConstraint ;
    sh:message "{?other} has the number {?value} too."@en ,
               "{?other} a aussi le numéro {?value}."@fr ;
    sh:select '''SELECT $this ?value ?other WHERE {
      $this <https://example.org/id/thing/number> ?value .
      ?other <https://example.org/id/thing/number> ?value . FILTER(?other != $this) } %s''' ] .
"""


@pytest.mark.parametrize(("ending", "apart"), [("", False), ("LIMIT 1", True)])
def test_a_query_of_a_shape_sees_this_and_fills_its_messages(turtle, ending, apart):
    shapes = turtle(NUMBERED % ending)
    data = turtle(r'ex:a a ex:Thing ; ex:number "\\1 \\d" . ex:b ex:number "\\1 \\d" .')

    (finding,) = validate_compiled(data, shapes).findings

    assert finding.messages == (
        ("en", r"https://example.org/id/thing/b has the number \1 \d too."),
        ("fr", r"https://example.org/id/thing/b a aussi le numéro \1 \d."),
    )
    (check,) = compile_shapes(read_shapes(shapes), graph_of(data).select).checks
    assert bool(check.foci) is apart


def test_terms_of_shapes_cannot_leave_their_place_in_a_query(turtle):
    hostile = [r'"\"} } # \n { \u007D"', r'"a\\"']
    targets = ", ".join(hostile)
    shapes = turtle(
        f"ics:S sh:targetNode {targets} ; sh:in ( {' '.join(hostile)} ) ; sh:maxLength 1 ."
    )

    report = validate_compiled([], shapes)

    assert {finding.component.rpartition("#")[2] for finding in report.findings} == {
        "MaxLengthConstraintComponent"
    }


def test_blank_nodes_are_found_and_reported_with_the_record_that_refers(turtle):
    data = turtle("ex:a a ex:Other ; ex:part [ a ex:Thing ] .")

    (finding,) = validate_compiled(data, turtle(LABELLED)).findings

    assert isinstance(finding.focus, BlankNode)
    assert finding.record == "https://example.org/id/thing/a"


def test_progress_is_told_query_by_query(turtle):
    told = []

    validate_compiled([], turtle(LABELLED), progress=lambda *step: told.append(step))

    assert told == [("Validating", 1, 1)]


def test_a_long_list_is_no_deep_query(turtle):
    shapes = turtle(f"ics:S sh:targetNode 5 ; sh:in ( {' '.join(map(str, range(6000)))} ) .")

    assert validate_compiled([], shapes).findings == ()


def test_a_statement_about_a_statement_is_refused(turtle):
    data = turtle("ex:a ex:says <<( ex:b ex:is ex:c )>> .")

    with pytest.raises(InputError, match="statement about a statement"):
        validate_compiled(data, turtle(LABELLED))


def test_a_literal_that_is_to_equal_its_property_is_a_finding(turtle):
    shapes = turtle("ics:S sh:targetObjectsOf ex:size ; sh:equals ex:size .")

    (finding,) = validate_compiled(turtle("ex:a ex:size 0 ."), shapes).findings

    assert finding.focus == finding.value
