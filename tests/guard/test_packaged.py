"""The packaged graph satisfies its own rules, and to see so takes seconds."""

import time
from collections import Counter

import pyshacl
from pyoxigraph import RdfFormat, serialize
from pyshacl.graph_abstraction import RdfLibDataGraph
from rdflib import SH, Graph

from icgraph.config import packaged
from icgraph.guard.formats import render
from icgraph.guard.report import Severity
from icgraph.guard.validate import validate_graph
from icgraph.guard.validation import validate_files
from icgraph.store.packaged import packaged_ontology, packaged_shapes
from icgraph.store.parsing import parse_folder


def test_the_packaged_data_is_valid_and_validated_in_seconds():
    started = time.process_time()

    report = validate_files([])

    assert report.conforms, render(report, severity=Severity.WARNING)
    assert time.process_time() - started < 4


def test_findings_of_the_whole_are_told_in_both_languages():
    for finding in validate_files([]).findings:
        assert {"en", "fr"} <= {language for language, _ in finding.messages}, finding.shape


class UncountedGraph(RdfLibDataGraph):
    def __bool__(self):
        return True


def plain_graph(quads):
    triples = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    return Graph().parse(data=triples.decode(), format="nt")


# rdflib joins a group that binds a variable as if it were bound before: every pair is a duplicate.
MISJUDGED = "https://w3id.org/icgraph/shapes/Practice-title-near-duplicate"


def test_a_damaged_graph_has_the_findings_that_plain_pyshacl_has():
    hand_made = parse_folder(packaged("data") / "seeds")
    damaged = [*hand_made[::2], *hand_made[1::6], *packaged_ontology()]
    data, shapes = plain_graph(damaged), plain_graph(packaged_shapes())
    _, told, _ = pyshacl.validate(
        UncountedGraph(data.store, data), shacl_graph=shapes, inplace=True
    )

    report = validate_graph(damaged, packaged_shapes())

    ours = Counter(
        (finding.focus.value, finding.shape.value, finding.component, finding.value is None)
        for finding in report.findings
        if finding.shape.value != MISJUDGED
    )
    theirs = Counter(
        (
            str(told.value(result, SH.focusNode)),
            str(told.value(result, SH.sourceShape)),
            str(told.value(result, SH.sourceConstraintComponent)),
            told.value(result, SH.value) is None,
        )
        for result in told.objects(predicate=SH.result)
        if str(told.value(result, SH.sourceShape)) != MISJUDGED
    )
    assert len(ours) > 100
    assert ours == theirs
