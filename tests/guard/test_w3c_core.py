"""The W3C SHACL Core suite through our own validation and report, by pySHACL and compiled."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef

from icgraph.guard.compiled import validate_compiled
from icgraph.guard.conversion import to_pyoxigraph, to_rdflib
from icgraph.guard.paths import read_path
from icgraph.guard.report_turtle import report_turtle
from icgraph.guard.terms import Facts
from icgraph.guard.validate import validate_graph
from icgraph.store.scratch import canonical_quads

SUITE = Path(__file__).parents[2] / "../shared/suites/shacl/core"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
FILES = sorted(
    p for p in SUITE.rglob("*.ttl") if SUITE.is_dir() and "sht:Validate" in p.read_text()
)

# A report knows three severities; one of somebody's own counts as a Violation.
OWN_SEVERITY = "severity-002.ttl"

# A store keeps literals by value: 4.0 is 4, and a byte an integer. So does a compiled report.
BY_VALUE = {"datatype-ill-formed.ttl", "maxExclusive-001.ttl", "minExclusive-001.ttl"}

# Shapes that refer to each other in a circle, and one with a datatype that is not checked.
BY_REFERENCE = {"shacl-shacl.ttl", "or-datatypes-001.ttl"}

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/suites/shacl/core is not there")


def quads(path):
    return list(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.resolve().as_uri()))


def plain(node):
    return "_" if isinstance(node, BNode) else node.n3()


def canonical(graph):
    """The graph with its literals as a store gives them back."""
    stored = Graph()
    for subject, predicate, value in graph:
        kept = value
        if isinstance(value, Literal):
            name = NamedNode("https://example.org/")
            (quad,) = canonical_quads([Quad(name, name, to_pyoxigraph(value))])
            kept = to_rdflib(quad.object)
        stored.add((subject, predicate, kept))
    return stored


def results(graph, report, with_messages):
    facts = Facts(Quad(*map(to_pyoxigraph, triple)) for triple in graph)
    found = []
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        severity = graph.value(result, SH.resultSeverity)
        messages = graph.objects(result, SH.resultMessage) if with_messages else ()
        found.append(
            (
                plain(graph.value(result, SH.focusNode)),
                str(read_path(facts, to_pyoxigraph(path)) if path else ""),
                plain(graph.value(result, SH.value, default=URIRef("none:"))),
                plain(graph.value(result, SH.sourceShape)),
                plain(graph.value(result, SH.sourceConstraintComponent)),
                severity.n3(),
                sorted(message.n3() for message in messages),
            )
        )
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("validate", [validate_graph, validate_compiled])
def test_w3c(path, validate):
    expected = Graph().parse(path, format="turtle")
    test = expected.value(predicate=RDF.type, object=SHT.Validate)
    action = expected.value(test, MF.action)
    wanted = expected.value(test, MF.result)

    def named(predicate):
        return Path(str(expected.value(action, predicate)).removeprefix("file://"))

    data, shapes = quads(named(SHT.dataGraph)), quads(named(SHT.shapesGraph))
    report = validate(data, shapes)

    if validate is validate_compiled:
        assert bool(report.by_reference) is (path.name in BY_REFERENCE)
        if path.name in BY_VALUE:
            expected = canonical(expected)
    written = Graph().parse(data=report_turtle(report), format="turtle")
    ours = written.value(predicate=RDF.type, object=SH.ValidationReport)
    has_messages = (None, SH.resultMessage, None) in expected
    got = results(written, ours, has_messages)
    due = results(expected, wanted, has_messages)
    if path.name == OWN_SEVERITY:
        got = [row[:5] for row in got]
        due = [row[:5] for row in due]
    assert got == due
    assert written.value(ours, SH.conforms) == expected.value(wanted, SH.conforms)
