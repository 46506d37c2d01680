"""The W3C SHACL Core suite through our own validation and report."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef

from icgraph.guard.paths import read_path
from icgraph.guard.report_turtle import report_turtle
from icgraph.guard.validate import validate_graph

SUITE = Path(__file__).parents[2] / "../shared/suites/shacl/core"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
FILES = sorted(
    p for p in SUITE.rglob("*.ttl") if SUITE.is_dir() and "sht:Validate" in p.read_text()
)

# A report knows three severities; one of somebody's own counts as a Violation.
OWN_SEVERITY = "severity-002.ttl"

pytestmark = pytest.mark.skipif(not FILES, reason="../shared/suites/shacl/core is not there")


def quads(path):
    return list(parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.resolve().as_uri()))


def plain(node):
    return "_" if isinstance(node, BNode) else node.n3()


def results(graph, report, with_messages):
    found = []
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        severity = graph.value(result, SH.resultSeverity)
        messages = graph.objects(result, SH.resultMessage) if with_messages else ()
        found.append(
            (
                plain(graph.value(result, SH.focusNode)),
                str(read_path(graph, path) if path else ""),
                plain(graph.value(result, SH.value, default=URIRef("none:"))),
                plain(graph.value(result, SH.sourceShape)),
                plain(graph.value(result, SH.sourceConstraintComponent)),
                severity.n3(),
                sorted(message.n3() for message in messages),
            )
        )
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_w3c(path):
    expected = Graph().parse(path, format="turtle")
    test = expected.value(predicate=RDF.type, object=SHT.Validate)
    action = expected.value(test, MF.action)
    wanted = expected.value(test, MF.result)

    def named(predicate):
        return Path(str(expected.value(action, predicate)).removeprefix("file://"))

    data, shapes = quads(named(SHT.dataGraph)), quads(named(SHT.shapesGraph))
    report = validate_graph(data, shapes)

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
