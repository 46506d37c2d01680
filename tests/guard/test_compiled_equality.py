"""The compiled path finds what pySHACL finds: on generated shapes and data, and on our own."""

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from pyoxigraph import RdfFormat, parse

from icgraph.errors import InputError
from icgraph.guard.compiled import validate_compiled
from icgraph.guard.paths import path_text
from icgraph.guard.validate import validate_graph
from icgraph.store.scratch import canonical_quads
from tests.guard.generated import data, shapes


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
    )


def check_pair(data_text, shapes_text):
    quads = canonical_quads(parse(data_text, RdfFormat.TURTLE))
    rules = list(parse(shapes_text, RdfFormat.TURTLE))
    try:
        theirs = validate_graph(quads, rules)
    except InputError:
        assume(False)

    ours = validate_compiled(quads, rules)

    assert ours.by_reference == ()
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
