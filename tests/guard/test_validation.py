"""The packaged rules over files and graphs, as the command line and the workers use them."""

import json

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from icgraph.errors import FileUnusable, InputError, SyntaxInvalid
from icgraph.guard.report import Report, Severity
from icgraph.guard.rules import packaged_rules
from icgraph.guard.validation import run_validation, validate_files
from icgraph.guard.worker import handle
from icgraph.store import packaged as store_packaged
from icgraph.store.changes import rebase

BROKEN = """
@prefix ic: <https://w3id.org/icgraph/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/icgraph/id/practice/welcome-desk> a ic:Practice ; rdfs:label "Welcome desk"@en .
"""
RECORD = "https://w3id.org/icgraph/id/practice/welcome-desk"


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.ttl"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_a_file_is_judged_and_only_its_records_are_reported(broken):
    report = validate_files([broken], alone=True)

    assert not report.conforms
    assert {finding.record for finding in report.findings} == {RECORD}
    assert report.counts[Severity.VIOLATION]


def test_every_packaged_shape_speaks_english_and_french(broken):
    for finding in validate_files([broken], alone=True).findings:
        assert {"en", "fr"} <= {language for language, _ in finding.messages}


def test_a_reference_to_nothing_is_reported_with_the_record_that_refers(tmp_path):
    path = tmp_path / "dangling.ttl"
    path.write_text(
        BROKEN + f"<{RECORD}> ic:country <https://w3id.org/icgraph/id/place/xx> .", "utf-8"
    )

    report = validate_files([path], alone=True)

    missing = NamedNode("https://w3id.org/icgraph/id/place/xx")
    assert {finding.record for finding in report.findings if finding.focus == missing} == {RECORD}


def test_a_blank_node_and_a_text_are_reported_with_their_record(tmp_path):
    path = tmp_path / "odd.ttl"
    path.write_text(
        BROKEN + f'<{RECORD}> ic:country "Poland" ; ic:period [ a ic:Period ; rdfs:label "x" ] .',
        "utf-8",
    )

    report = validate_files([path], alone=True)

    assert {finding.record for finding in report.findings} == {RECORD}


def test_reading_and_validating_tell_how_far_they_are(broken):
    told = []

    validate_files([broken], alone=True, progress=lambda label, *_: told.append(label))

    assert set(told) == {"Reading", "Validating"}


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("missing.ttl", None, FileUnusable),
        ("empty.ttl", b"", FileUnusable),
        ("latin.ttl", "<a:b> <a:c> 'é' .".encode("latin-1"), FileUnusable),
        ("notes.docx", b"x", FileUnusable),
        ("bad.ttl", b"<a:b> <a:c> .", SyntaxInvalid),
    ],
)
def test_a_bad_file_is_an_error_with_words(tmp_path, name, text, error):
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(error) as caught:
        validate_files([path])

    assert name in caught.value.detail


def test_an_installation_without_shapes_does_not_pass_everything(tmp_path, monkeypatch):
    monkeypatch.setattr(store_packaged, "packaged", tmp_path.joinpath)

    with pytest.raises(FileUnusable, match="no shapes"):
        packaged_rules("https://nowhere.example/")


def test_another_base_has_the_same_rules_about_its_own_iris(broken):
    base = "http://127.0.0.1:8000/"
    quads = list(parse(BROKEN, RdfFormat.TURTLE))

    ours = run_validation(quads)
    theirs = run_validation(rebase(quads, base), base=base)

    assert theirs.counts == ours.counts
    assert all(base in finding.record for finding in theirs.findings)


def test_the_worker_answers_with_a_report():
    graph = "".join(f"{Quad(*triple)} .\n" for triple in parse(BROKEN, RdfFormat.TURTLE))
    told = []

    header, body = handle(
        {"task": "validate", "ontology": True, "records": [RECORD]},
        graph.encode(),
        lambda *step: told.append(step),
    )

    assert header == {"conforms": False}
    assert {finding.record for finding in Report.from_json(json.loads(body)).findings} == {RECORD}
    assert told


def test_the_worker_refuses_what_it_does_not_know():
    with pytest.raises(InputError, match="no task 'dance'"):
        handle({"task": "dance"}, b"", lambda *_: None)
