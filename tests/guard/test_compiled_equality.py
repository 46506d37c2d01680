"""The compiled path finds what pySHACL finds: on generated shapes and data, and on our own."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from pyoxigraph import Literal, RdfFormat, parse

from icgraph.errors import InputError
from icgraph.guard.compiled import validate_compiled
from icgraph.guard.paths import path_text
from icgraph.guard.validate import validate_graph
from icgraph.store.packaged import packaged_ontology, packaged_records, packaged_shapes
from icgraph.store.parsing import parse_file
from icgraph.store.scratch import canonical_quads
from tests.guard.generated import data, shapes

# SPARQL cannot compare a year of the calendar with a number; pySHACL orders them all the same.
NUMBERS = {f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double")}


def is_beyond_compare(finding):
    of_bounds = any(name in finding.component for name in ("Inclusive", "Exclusive", "LessThan"))
    value = finding.value
    return of_bounds and isinstance(value, Literal) and value.datatype.value not in NUMBERS


def results(report):
    return Counter(
        (
            finding.severity,
            str(finding.focus),
            finding.record,
            path_text(finding.path) if finding.path else "",
            str(finding.value),
            str(finding.shape),
            finding.component,
        )
        for finding in report.findings
        if not is_beyond_compare(finding)
    )


def check_pair(data_text, shapes_text):
    quads = canonical_quads(parse(data_text, RdfFormat.TURTLE))
    rules = list(parse(shapes_text, RdfFormat.TURTLE))
    try:
        theirs = validate_graph(quads, rules)
    except InputError:
        assume(False)

    ours = validate_compiled(quads, rules)

    for _, reason in ours.by_reference:
        assert "outside the graph" in reason
    assert set(results(ours)) == set(results(theirs))


@settings(max_examples=60)
@given(data(), shapes())
def test_generated_shapes_find_the_same_in_generated_data(data_text, shapes_text):
    check_pair(data_text, shapes_text)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@settings(max_examples=2000)
@given(data(), shapes())
def test_two_thousand_pairs_of_generated_shapes_and_data(data_text, shapes_text):
    check_pair(data_text, shapes_text)


FIXTURES = sorted((Path(__file__).parents[1] / "shapes").glob("*.ttl"))


def differences(quads):
    rules = packaged_shapes()
    ours = validate_compiled(quads, rules, limit=10**6)
    theirs = validate_graph(quads, rules)
    assert ours.by_reference == ()
    messages = ({finding.messages for finding in report.findings} for report in (ours, theirs))
    assert len(set(map(frozenset, messages))) == 1
    assert results(ours) == results(theirs)
    return len(ours.findings)


def test_all_our_shapes_find_the_same_in_the_packaged_graph_damaged():
    records = packaged_records()
    damaged = canonical_quads([*records[::5], *records[1::7], *packaged_ontology()])

    assert differences(damaged) > 5000


def test_all_our_shapes_find_the_same_in_every_example_of_a_fault():
    assert len(FIXTURES) > 200
    examples = [quad for path in FIXTURES for quad in parse_file(path)]

    assert differences(canonical_quads([*examples, *packaged_ontology()])) > 100
