"""What is kept of validations: numbers of every revision, findings of the newest."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from icgraph.catalogue.quality import (
    KEPT,
    Assessments,
    Tally,
    read_assessments,
    read_report,
    tallies_of,
)
from icgraph.errors import BeingMade
from icgraph.guard.report import Cut, Finding, Report, Severity
from icgraph.store.embedded import Head

NAME = "https://w3id.org/icgraph/id/place/pl-lublin"


def finding(severity=Severity.INFO, shape="https://w3id.org/icgraph/shapes/a", accepted=""):
    return Finding(
        severity=severity,
        focus=NamedNode(NAME),
        record=NAME,
        shape=NamedNode(shape),
        component="http://www.w3.org/ns/shacl#MinCountConstraintComponent",
        messages=(("en", "It has no name"),),
        accepted=accepted,
    )


def report(*findings):
    return Report.of(findings)


def head(number, hash_="a"):
    return Head(number, f"{hash_}{number}", 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "quality.sqlite"


@pytest.fixture
def kept(file: Path):
    with closing(Assessments(file)) as assessments:
        yield assessments


def test_findings_are_counted_by_rule_the_gravest_first():
    info, warning = finding(), finding(Severity.WARNING, accepted="it is known")
    assert tallies_of(report(info, info, warning, replace(warning, accepted=""))) == (
        Tally(Severity.WARNING, warning.shape.value, 2, 1),
        Tally(Severity.INFO, info.shape.value, 2, 0),
    )


def test_findings_that_a_report_leaves_out_are_counted():
    info = finding()
    cut = Cut(info.severity, info.shape, info.component, shown=1, found=23_410)
    assert tallies_of(Report.of([info], [cut])) == (
        Tally(info.severity, info.shape.value, 23_410, 0),
    )


def test_numbers_of_every_revision_and_findings_of_the_newest_are_kept(kept, file):
    kept.keep(head(1), report(finding(), finding()), 1.5)
    kept.keep(head(2), report(finding()), 2.5)
    newest, before = read_assessments(file, 5)
    assert (newest.revision, newest.count(Severity.INFO), newest.seconds) == (2, 1, 2.5)
    assert (before.revision, before.count(Severity.INFO)) == (1, 2)
    assert read_report(file) == (2, report(finding()))


def test_a_revision_is_held_by_its_hash(kept):
    kept.keep(head(1), report(), 1)
    assert kept.holds(head(1))
    assert not kept.holds(head(1, "b"))
    assert not kept.holds(head(2))


def test_revisions_of_another_log_are_forgotten(kept, file):
    for number in (1, 2, 3):
        kept.keep(head(number), report(), 1)
    kept.keep(head(2, "b"), report(), 1)
    assert [each.revision for each in read_assessments(file, 5)] == [2, 1]


def test_old_numbers_are_let_go(kept, file):
    kept.keep(head(1), report(), 1)
    kept.keep(head(KEPT + 1), report(), 1)
    assert [each.revision for each in read_assessments(file, 5)] == [KEPT + 1]


@pytest.mark.parametrize(
    ("findings", "conforms"),
    [
        ([], True),
        ([finding()], True),
        ([finding(Severity.WARNING, accepted="it is known")], True),
        ([finding(Severity.WARNING)], False),
        ([finding(Severity.VIOLATION)], False),
    ],
)
def test_the_verdict_is_that_of_the_report(kept, file, findings, conforms):
    kept.keep(head(1), report(*findings), 1)
    assert read_assessments(file, 1)[0].conforms == report(*findings).conforms == conforms


def test_nothing_assessed_is_being_made(file):
    with pytest.raises(BeingMade):
        read_assessments(file, 1)
    with closing(Assessments(file)), pytest.raises(BeingMade):
        read_report(file)


def test_a_damaged_file_is_begun_anew(file):
    file.write_bytes(b"no database" * 1000)
    with closing(Assessments(file)) as assessments:
        assessments.keep(head(1), report(finding()), 1)
    assert read_report(file)[0] == 1
