"""A report as a standard `sh:ValidationReport` in Turtle (SHACL, section 3.6).

`sh:conforms` is that of the standard: true when there is no result at all. Our own verdict
is milder and travels in the exit code, the JSON and the page. Accepted Warnings say why in
an `rdfs:comment`, and so does the report what it leaves out and what pySHACL validated.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, serialize

from icgraph.guard.paths import path_quads
from icgraph.guard.report import Finding, Report, Severity
from icgraph.guard.terms import RDF, RDFS, SH, XSD
from icgraph.guard.wording import LANGUAGES, notes, short_names
from icgraph.model.terms import DEFAULT_BASE, prefixes

_SEVERITIES: Final = {
    Severity.VIOLATION: SH + "Violation",
    Severity.WARNING: SH + "Warning",
    Severity.INFO: SH + "Info",
}


def report_turtle(report: Report, base: str = DEFAULT_BASE) -> str:
    """The report in Turtle."""
    head = BlankNode("report")
    conforms = Literal("false" if report.findings else "true", datatype=NamedNode(XSD + "boolean"))
    quads = [
        Quad(head, NamedNode(RDF + "type"), NamedNode(SH + "ValidationReport")),
        Quad(head, NamedNode(SH + "conforms"), conforms),
    ]
    quads += [
        Quad(head, NamedNode(RDFS + "comment"), Literal(note, language=language))
        for language in LANGUAGES
        for note in notes(report, language, short_names(base))
    ]
    for number, finding in enumerate(report.findings, start=1):
        result = BlankNode(f"result{number}")
        quads.append(Quad(head, NamedNode(SH + "result"), result))
        quads += _result(finding, result)
    text = serialize(
        (quad.triple for quad in quads), format=RdfFormat.TURTLE, prefixes=prefixes(base)
    )
    assert text is not None
    return text.decode()


def _result(finding: Finding, node: BlankNode) -> Iterator[Quad]:
    yield Quad(node, NamedNode(RDF + "type"), NamedNode(SH + "ValidationResult"))
    yield Quad(node, NamedNode(SH + "resultSeverity"), NamedNode(_SEVERITIES[finding.severity]))
    yield Quad(node, NamedNode(SH + "focusNode"), finding.focus)
    if finding.path is not None:
        path, described = path_quads(finding.path, f"{node.value}path")
        yield Quad(node, NamedNode(SH + "resultPath"), path)
        yield from described
    if finding.value is not None:
        yield Quad(node, NamedNode(SH + "value"), finding.value)
    yield Quad(node, NamedNode(SH + "sourceShape"), finding.shape)
    yield Quad(node, NamedNode(SH + "sourceConstraintComponent"), NamedNode(finding.component))
    for language, text in finding.messages:
        message = Literal(text, language=language) if language else Literal(text)
        yield Quad(node, NamedNode(SH + "resultMessage"), message)
    if finding.accepted:
        yield Quad(node, NamedNode(RDFS + "comment"), Literal(finding.accepted, language="en"))
