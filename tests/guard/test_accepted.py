from dataclasses import replace

import pytest
from pyoxigraph import NamedNode

from icgraph.errors import InputError
from icgraph.guard.accepted import AcceptedWarning, accept, read_accepted
from icgraph.guard.report import Finding, Report, Severity

RECORD = "https://w3id.org/icgraph/id/practice/welcome"
SHAPE = "https://w3id.org/icgraph/shapes/Practice-topic"
KNOWN = AcceptedWarning(SHAPE, RECORD, "The page tells none.")
WARNING = Finding(
    severity=Severity.WARNING,
    focus=NamedNode(f"{RECORD}#m-1"),
    record=RECORD,
    shape=NamedNode(SHAPE),
    component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
)


def test_an_accepted_warning_is_read(turtle):
    quads = turtle("""
        ics:accepted-1 a ic:AcceptedWarning ; ic:acceptedShape ics:Practice-topic ;
          ic:acceptedRecord <https://w3id.org/icgraph/id/practice/welcome> ;
          rdfs:comment "The page tells none."@en .
    """)

    assert read_accepted(quads) == (KNOWN,)


@pytest.mark.parametrize(
    "part",
    [
        "ic:acceptedShape ics:S ; ic:acceptedRecord ex:a",
        'ic:acceptedShape ics:S ; ic:acceptedRecord ex:a ; rdfs:comment " "@en',
        'ic:acceptedShape ics:S ; rdfs:comment "why"@en',
        'ic:acceptedShape "S" ; ic:acceptedRecord ex:a ; rdfs:comment "why"@en',
    ],
)
def test_one_that_lacks_shape_record_or_reason_is_refused(turtle, part):
    with pytest.raises(InputError, match="does not name its shape"):
        read_accepted(turtle(f"ics:x a ic:AcceptedWarning ; {part} ."))


def test_a_matching_warning_is_marked_with_the_reason():
    report = accept(Report.of([WARNING]), [KNOWN])

    assert [finding.accepted for finding in report.findings] == ["The page tells none."]
    assert report.conforms


@pytest.mark.parametrize(
    "other",
    [
        replace(WARNING, severity=Severity.VIOLATION),
        replace(WARNING, record=f"{RECORD}-2"),
        replace(WARNING, shape=NamedNode(f"{SHAPE}-2")),
    ],
)
def test_violations_other_records_and_other_shapes_are_not_accepted(other):
    report = accept(Report.of([other]), [KNOWN])

    assert report.findings[0].accepted == ""
    assert not report.conforms


def test_one_that_no_longer_occurs_is_told():
    (told,) = accept(Report(), [KNOWN]).findings

    assert told.severity is Severity.INFO
    assert told.record == RECORD
    assert told.message("en").startswith("No longer needed")
    assert told.message("fr").startswith("Inutile désormais")
