"""The history of a record: every change that touched it, told in words, however long the log."""

from datetime import UTC, datetime

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.config import Settings
from icgraph.discovery import record_history
from icgraph.model.iris import Base
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.changes import Change
from icgraph.store.log import open_log
from icgraph.web import build_app
from icgraph.web.site import Site

IRI = DEFAULT_BASE + "id/practice/integration-support-group"
ADDRESS = "/doc/practice/integration-support-group/history"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
END = DEFAULT_BASE + "ns/endYear"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def quad(subject: str, predicate: str, value: str) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), Literal(value))


@pytest.fixture
def log(tmp_path):
    opened = open_log(tmp_path / "log.sqlite", DEFAULT_BASE)
    yield opened
    opened.close()


@pytest.fixture
def record(log, engine):
    """Records a change and makes it the newest revision that pages see."""

    def append(message: str, add=(), remove=()) -> None:
        change = Change("curator", message, frozenset(add), frozenset(remove))
        engine.revision = log.append(change, after=log.head(), time=NOON).number

    return append


@pytest.fixture
def told(engine, log):
    client = build_app(Site(engine, Base(DEFAULT_BASE), Settings(), log=log)).test_client()
    return lambda address=ADDRESS, **headers: client.get(
        address, headers={"Accept": "text/html", **headers}
    )


def test_a_change_tells_what_it_took_away_and_what_it_brought(record, told):
    record("Begin", add=[quad(IRI, END, "2019")])
    record("Mend the year", add=[quad(IRI, END, "2020")], remove=[quad(IRI, END, "2019")])
    page = told().text
    mended, begun = page.index("Mend the year"), page.index("Begin</span>")
    assert mended < begun
    assert "<del>2019</del>" in page[mended:begun]
    assert "<ins>2020</ins>" in page[mended:begun]
    assert "<td>until</td>" in page[mended:begun]
    assert "22 November 2026, 12:00 UTC" in page
    assert 'href="/changes/2"' in page


def test_changes_of_other_records_are_left_out(record, told):
    record("Begin", add=[quad(IRI, LABEL, "One")])
    record("Elsewhere", add=[quad(IRI + "-of-another-city", LABEL, "Other")])
    assert "Elsewhere" not in told().text


def test_parts_and_the_document_belong_to_the_record(record, told):
    record("Period", add=[quad(IRI + "#period", END, "2020")])
    document = IRI.replace("/id/", "/doc/")
    record("Note", add=[quad(document, LABEL, "noted")])
    page = told().text
    assert "#period" in page
    assert "About the document" in page


def test_it_says_where_it_stopped_and_goes_on_from_there(record, told, monkeypatch):
    monkeypatch.setattr(record_history, "EXAMINED", 2)
    record("The oldest", add=[quad(IRI, LABEL, "One")])
    for number in range(3):
        record("Elsewhere", add=[quad(IRI + "-2", LABEL, str(number))])
    page = told().text
    assert "The oldest" not in page
    assert "Changes before number 3 have not been looked at yet." in page
    older = told(ADDRESS + "?before=3").text
    assert "The oldest" in older
    assert "have not been looked at" not in older


def test_many_changes_come_in_pages_without_gaps(record, told, monkeypatch):
    monkeypatch.setattr(record_history, "SHOWN", 2)
    for number in range(5):
        record(f"Change no {number}.", add=[quad(IRI, LABEL, str(number))])
    seen, address = [], ADDRESS
    for _ in range(3):
        page = told(address).text
        seen += [number for number in range(4, -1, -1) if f"Change no {number}." in page]
        address = ADDRESS + f"?before={5 - len(seen) + 1}"
    assert seen == [4, 3, 2, 1, 0]


def test_what_readers_cannot_see_yet_is_not_told(record, told, engine):
    record("Published", add=[quad(IRI, LABEL, "One")])
    record("Not yet published", add=[quad(IRI, LABEL, "Two")])
    engine.revision = 1
    assert "Not yet published" not in told().text


def test_values_and_messages_never_become_markup(record, told):
    record("<script>alert(1)</script>", add=[quad(IRI, LABEL, "<img src=x onerror=alert(2)>")])
    page = told().text
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize("name", ["practice/nothing", "nothing/one", "practice/UPPER"])
def test_what_was_never_there_has_no_history(record, told, name):
    record("Begin", add=[quad(IRI, LABEL, "One")])
    assert told(f"/doc/{name}/history").status_code == 404


@pytest.mark.parametrize("before", ["0", "-1", "x", "９"])
def test_a_bad_place_to_begin_is_refused(record, told, before):
    record("Begin", add=[quad(IRI, LABEL, "One")])
    assert told(f"{ADDRESS}?before={before}").status_code == 400


def test_it_speaks_french(record, told):
    record("Begin", add=[quad(IRI, END, "2019")])
    page = told(**{"Accept-Language": "fr"}).text
    assert "Historique" in page
    assert "22 novembre 2026" in page
    assert '<span lang="">Begin</span>' in page


def test_without_a_log_it_says_so(client):
    reply = client.get(ADDRESS, headers={"Accept": "text/html"})
    assert reply.status_code == 404
    assert "does not keep the history" in reply.text


@pytest.mark.parametrize(
    ("form", "media_type", "words"),
    [
        ("bib", "application/x-bibtex", "@misc{icgraph-practice-integration-support-group,"),
        ("ris", "application/x-research-info-systems", "TI  - Integration Support Group"),
    ],
)
def test_a_citation_is_downloaded(client, form, media_type, words):
    reply = client.get(ADDRESS.replace("history", f"citation.{form}"))
    assert reply.status_code == 200
    assert reply.mimetype == media_type
    assert reply.headers["Content-Disposition"].endswith(f'support-group.{form}"')
    assert words in reply.text
