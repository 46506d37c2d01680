import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from icgraph.guard.paths import Path, path_from_json, path_text
from icgraph.guard.report import Finding, Report, Severity, record_of

NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8)
IRIS = NAMES.map("https://example.org/id/thing/{}".format)
LITERALS = st.one_of(
    st.text().map(Literal),
    st.builds(lambda text: Literal(text, language="fr"), st.text()),
    st.builds(lambda text, iri: Literal(text, datatype=NamedNode(iri)), st.text(), IRIS),
)
TERMS = st.one_of(IRIS.map(NamedNode), NAMES.map(BlankNode), LITERALS)
PATHS = st.recursive(
    IRIS.map(lambda iri: Path(iri=iri)),
    lambda inner: st.one_of(
        st.builds(
            lambda operator, part: Path(operator=operator, parts=(part,)),
            st.sampled_from(["inverse", "zeroOrMore", "oneOrMore", "zeroOrOne"]),
            inner,
        ),
        st.builds(
            lambda operator, parts: Path(operator=operator, parts=tuple(parts)),
            st.sampled_from(["sequence", "alternative"]),
            st.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=5,
)
FINDINGS = st.builds(
    Finding,
    severity=st.sampled_from(Severity),
    focus=TERMS,
    record=IRIS,
    shape=IRIS.map(NamedNode),
    component=IRIS,
    path=st.none() | PATHS,
    value=st.none() | TERMS,
    messages=st.lists(st.tuples(st.sampled_from(["", "en", "fr"]), st.text())).map(tuple),
    accepted=st.text(),
)


def finding(severity=Severity.VIOLATION, name="a", accepted="", messages=(("en", "Wrong."),)):
    iri = f"https://example.org/id/thing/{name}"
    return Finding(
        severity=severity,
        focus=NamedNode(iri),
        record=iri,
        shape=NamedNode("https://example.org/shapes/S"),
        component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
        messages=messages,
        accepted=accepted,
    )


@given(st.lists(FINDINGS, max_size=4))
def test_a_report_survives_its_json(findings):
    report = Report.of(findings)

    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


@given(st.lists(FINDINGS, max_size=4))
def test_the_order_of_a_report_does_not_depend_on_the_order_of_its_findings(findings):
    assert Report.of(findings) == Report.of(reversed(findings))


@pytest.mark.parametrize("value", [None, "", 3, {}, {"sideways": ["a:b"]}, {"inverse": []}])
def test_what_is_no_path_is_refused(value):
    with pytest.raises(ValueError, match="not a property path"):
        path_from_json(value)


def test_a_path_is_written_as_in_sparql():
    name = Path(iri="ex:name")
    path = Path(
        operator="sequence",
        parts=(
            Path(operator="inverse", parts=(name,)),
            Path(operator="zeroOrMore", parts=(Path(operator="alternative", parts=(name, name)),)),
        ),
    )

    assert path_text(path, str) == "(^ex:name)/((ex:name|ex:name)*)"


@pytest.mark.parametrize(
    ("findings", "conforms"),
    [
        ([], True),
        ([finding(Severity.INFO)], True),
        ([finding(Severity.WARNING)], False),
        ([finding(Severity.WARNING, accepted="because")], True),
        ([finding(Severity.VIOLATION)], False),
    ],
)
def test_the_verdict(findings, conforms):
    assert Report.of(findings).conforms is conforms


def test_the_gravest_stand_first():
    report = Report.of(finding(severity) for severity in reversed(Severity))

    assert [each.severity for each in report.findings] == list(Severity)


def test_less_grave_findings_can_be_left_out():
    report = Report.of(finding(severity) for severity in Severity)

    kept = report.at_least(Severity.WARNING)

    assert [each.severity for each in kept.findings] == [Severity.VIOLATION, Severity.WARNING]


@pytest.mark.parametrize(
    ("messages", "language", "text"),
    [
        ((("en", "one"), ("fr", "un")), "fr", "un"),
        ((("en", "one"), ("fr", "un")), "de", "one"),
        ((("", "plain"),), "fr", "plain"),
        ((("el", "ένα"),), "fr", "ένα"),
        ((), "fr", "MinCountConstraintComponent"),
    ],
)
def test_a_message_comes_in_the_language_asked_for_if_it_can(messages, language, text):
    assert finding(messages=messages).message(language) == text


@pytest.mark.parametrize(
    ("node", "record"),
    [
        (NamedNode("https://e.org/id/place/x#centroid"), "https://e.org/id/place/x"),
        (NamedNode("http://www.w3.org/ns/org#role"), "http://www.w3.org/ns/org#role"),
        (BlankNode("b"), "_:b"),
    ],
)
def test_a_part_belongs_to_its_record(node, record):
    assert record_of(node) == record
