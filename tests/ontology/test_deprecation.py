"""What the policy in ontology/README.md promises, on terms that do not exist."""

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from icgraph.guard.report import Severity
from icgraph.guard.rules import packaged_rules
from icgraph.guard.validate import validate_graph
from icgraph.model.terms import prefixes
from tests.ontology.graphs import NS, SHAPES

DECLARED = "".join(f"@prefix {name}: <{start}> .\n" for name, start in prefixes().items())
OLD = """
ic:GoodPractice a owl:Class ; owl:deprecated true ; dcterms:isReplacedBy ic:Practice .
ic:aim a owl:DatatypeProperty ; owl:deprecated true ; dcterms:isReplacedBy ic:purpose .
role:coordinator a skos:Concept ; owl:deprecated true ; dcterms:isReplacedBy role:lead .
"""


def quads(turtle: str) -> list[Quad]:
    return list(parse(DECLARED + turtle, format=RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("data", "rule", "replacement"),
    [
        ("practice:a a ic:Practice , ic:GoodPractice .", "Deprecated-class", NS + "Practice"),
        ('practice:a ic:aim "To meet."@en .', "Deprecated-property", NS + "purpose"),
        (
            "project:p\\#m-o org:role role:coordinator .",
            "Deprecated-concept",
            prefixes()["role"] + "lead",
        ),
    ],
)
def test_using_a_deprecated_term_is_a_warning_that_names_the_replacement(
    data: str, rule: str, replacement: str
) -> None:
    report = validate_graph(quads(data), packaged_rules().shapes, quads(OLD))
    (finding,) = (found for found in report.findings if found.shape.value == SHAPES + rule)
    assert finding.severity is Severity.WARNING
    named = [str(finding.value), finding.message("en"), finding.message("fr")]
    assert any(replacement in text for text in named)


def test_a_deprecated_property_is_told_of_the_record_that_uses_it() -> None:
    data = quads('practice:a a ic:Practice ; ic:aim "To meet."@en .')
    report = validate_graph(data, packaged_rules().shapes, quads(OLD))
    found = {finding.shape.value: finding for finding in report.findings}
    unknown = found[SHAPES + "Record-unknown-property"]
    assert unknown.record == prefixes()["practice"] + "a"
    assert "deprecated" in unknown.message("en")
