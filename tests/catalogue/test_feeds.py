"""The index of what each change touched: effects, pages that stay, and making it again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.catalogue.feeds import PAGE, Effect, Feed, read_page, touched
from icgraph.errors import BeingMade
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE, FOREIGN_PREFIXES
from icgraph.store.changes import Change, encode_change
from icgraph.store.log import open_log

BASE = Base(DEFAULT_BASE)
TYPE = NamedNode(FOREIGN_PREFIXES["rdf"] + "type")
LABEL = NamedNode(FOREIGN_PREFIXES["rdfs"] + "label")
CITY, OTHER = RecordName("place", "xx-lodz"), RecordName("practice", "a-choir")
MOMENT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def typed(name, class_=None):
    kinds = {"place": "Place", "practice": "Practice"}
    return Quad(
        NamedNode(BASE.record(name)), TYPE, NamedNode(class_ or BASE.term(kinds[name.kind]))
    )


def labelled(name, text="Łódź", graph=None):
    subject = NamedNode(BASE.record(name))
    return Quad(subject, LABEL, Literal(text), *([NamedNode(graph)] if graph else []))


def change(additions=(), removals=(), message="because"):
    return Change("operator", message, frozenset(additions), frozenset(removals))


def effects(additions=(), removals=()):
    return touched(encode_change(change(additions, removals)), BASE)


def test_a_record_that_gets_its_class_was_added():
    assert effects([typed(CITY), labelled(CITY)]) == {CITY: Effect.ADDED}


def test_a_record_that_loses_its_class_was_withdrawn():
    assert effects([], [typed(CITY), labelled(CITY)]) == {CITY: Effect.WITHDRAWN}


def test_any_other_statement_changes_a_record():
    assert effects([labelled(CITY, "Lodz")], [labelled(CITY)]) == {CITY: Effect.CHANGED}


def test_another_class_beside_its_own_changes_a_record():
    assert effects([typed(CITY, BASE.term("City"))]) == {CITY: Effect.CHANGED}


def test_a_part_counts_for_its_record_and_begins_none():
    part = Quad(NamedNode(BASE.record(CITY) + "#centroid"), TYPE, NamedNode(BASE.term("Place")))
    assert effects([part]) == {CITY: Effect.CHANGED}


def test_what_stands_in_named_graphs_changes_no_record():
    claims = BASE.graph("claims/a-page")
    linked = Quad(
        NamedNode(BASE.record(CITY)), TYPE, NamedNode(BASE.term("Place")), NamedNode(claims)
    )
    assert effects([labelled(CITY, graph=claims), linked]) == {}


@settings(max_examples=40)
@given(st.text(), st.sampled_from(["", "en", "datatype"]), st.booleans())
def test_no_text_is_taken_for_a_graph(text, tag, in_graph):
    value = {
        "": Literal(text),
        "en": Literal(text, language="en"),
        "datatype": Literal(f"{text} <{text}", datatype=NamedNode("urn:x")),
    }[tag]
    where = [NamedNode(BASE.graph("claims/x"))] if in_graph else []
    quad = Quad(NamedNode(BASE.record(CITY)), LABEL, value, *where)
    assert effects([quad]) == ({} if in_graph else {CITY: Effect.CHANGED})


@pytest.fixture
def log(tmp_path):
    opened = open_log(tmp_path / "change-log.sqlite", None)
    yield opened
    opened.close()


@pytest.fixture
def feed(tmp_path, log):
    opened = Feed(tmp_path / "feed.sqlite", log.base)
    yield opened
    opened.close()


def append(log, *changes):
    for each in changes:
        log.append(each, after=log.head(), time=MOMENT)


def test_the_feed_tells_who_did_what_when_and_why(tmp_path, log, feed):
    append(log, change([typed(CITY)], message="Łódź joined"))
    feed.follow(log)
    page = read_page(tmp_path / "feed.sqlite", None, revision=1)
    assert page is not None
    (one,) = page.happenings
    assert (one.effect, one.name, one.revision) == (Effect.ADDED, CITY, 1)
    assert (one.agent, one.message, one.time) == ("operator", "Łódź joined", MOMENT.isoformat())


def test_a_change_without_records_is_told_too(tmp_path, log, feed):
    append(log, change([labelled(CITY, graph=BASE.graph("claims/x"))]))
    feed.follow(log)
    page = read_page(tmp_path / "feed.sqlite", None, revision=1)
    assert [(one.effect, one.name) for one in page.happenings] == [(Effect.OTHER, None)]


def many(count):
    return [typed(RecordName("place", f"xx-{number:04}")) for number in range(count)]


def test_every_happening_stands_on_one_page_and_full_pages_stay(tmp_path, log, feed):
    path = tmp_path / "feed.sqlite"
    append(log, change(many(2 * PAGE + 7)))
    feed.follow(log)
    before = [read_page(path, number, revision=1) for number in (1, 2, 3)]
    assert [len(page.happenings) for page in before] == [PAGE, PAGE, 7]
    numbers = [one.number for page in before for one in page.happenings]
    assert sorted(numbers) == list(range(1, 2 * PAGE + 8))
    append(log, change([], many(3)))
    feed.follow(log)
    after = [read_page(path, number, revision=2) for number in (1, 2)]
    assert [page.happenings for page in after] == [page.happenings for page in before[:2]]


def test_the_newest_page_goes_on_where_the_older_pages_end(tmp_path, log, feed):
    append(log, change(many(2 * PAGE + 7)))
    feed.follow(log)
    path = tmp_path / "feed.sqlite"
    newest = read_page(path, None, revision=1)
    assert [one.number for one in newest.happenings] == list(range(2 * PAGE + 7, PAGE, -1))
    assert (newest.older, newest.newer) == (1, None)
    assert read_page(path, 1, revision=1).happenings[0].number == PAGE
    assert read_page(path, 4, revision=1) is None


def test_a_reader_of_an_older_revision_sees_no_later_change(tmp_path, log, feed):
    append(log, change([typed(CITY)]), change([typed(OTHER)]))
    feed.follow(log)
    page = read_page(tmp_path / "feed.sqlite", None, revision=1)
    assert [one.name for one in page.happenings] == [CITY]


def test_a_feed_that_lags_behind_says_so_and_shows_nothing(tmp_path, log, feed):
    append(log, change([typed(CITY)]))
    feed.follow(log)
    with pytest.raises(BeingMade):
        read_page(tmp_path / "feed.sqlite", None, revision=2)


def test_a_feed_that_is_not_there_is_being_made(tmp_path):
    with pytest.raises(BeingMade):
        read_page(tmp_path / "nothing.sqlite", None, revision=1)


def test_a_damaged_index_is_made_again(tmp_path, log):
    append(log, change([typed(CITY)]))
    path = tmp_path / "feed.sqlite"
    path.write_bytes(b"this is no database, however long one looks at it" * 100)
    feed = Feed(path, log.base)
    feed.follow(log)
    feed.close()
    assert read_page(path, None, revision=1).total == 1


def test_the_index_of_another_log_is_made_again(tmp_path, log, feed):
    append(log, change([typed(CITY)]), change([typed(OTHER)]))
    feed.follow(log)
    other = open_log(tmp_path / "other.sqlite", None)
    append(other, change([typed(OTHER)]), change([labelled(OTHER)]))
    feed.follow(other)
    other.close()
    page = read_page(tmp_path / "feed.sqlite", None, revision=2)
    assert [(one.name, one.effect) for one in page.happenings] == [
        (OTHER, Effect.CHANGED),
        (OTHER, Effect.ADDED),
    ]


def test_following_twice_changes_nothing(tmp_path, log, feed):
    append(log, change([typed(CITY)]))
    feed.follow(log)
    feed.follow(log)
    assert feed.indexed() == 1
    assert read_page(tmp_path / "feed.sqlite", None, revision=1).total == 1
