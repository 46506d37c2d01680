"""One record, its parts, its neighbours' names, and who points at it."""

from icgraph.discovery.asking import answer
from icgraph.discovery.links import SHOWN, read_links, seek_successions
from icgraph.discovery.participants import participants
from icgraph.discovery.records import exists, read_record, seek_records
from icgraph.model.iris import RecordName

GROUP = RecordName("organisation", "lublin-integration-support-group")
BASE = "https://w3id.org/icgraph/id/"


def test_a_record_comes_with_all_its_parts(reading, engine):
    record = read_record(reading, GROUP)
    assert record is not None
    stored = {
        quad.subject.value
        for quad in engine.store
        if str(quad.subject).startswith(f"<{record.iri}#")
    }
    assert set(record.own) == {record.iri, *stored}


def test_a_missing_record_is_none(reading):
    assert read_record(reading, RecordName("practice", "nothing")) is None
    assert not exists(reading, RecordName("practice", "nothing"))
    assert answer(reading, seek_records(reading, [])) == []


def test_neighbours_have_names(reading):
    record = read_record(reading, GROUP)
    assert record.label(record.one("org:classification").value).value == "community group"
    assert record.label(BASE + "place/pl-lublin").value == "Lublin"


def test_participants_stand_by_role_then_named_before_unnamed(reading):
    found = participants(read_record(reading, GROUP))
    unnamed = [one.minimum is not None for one in found]
    assert unnamed == sorted(unnamed)
    assert any(one.member.endswith("#universities") and one.minimum == 2 for one in found)


def test_a_successor_is_found_with_its_date(reading):
    found = answer(
        reading, seek_successions([BASE + "organisation/lublin-integration-support-group"])
    )
    (succession,) = next(iter(found.values()))
    assert succession.successor.endswith("/lublin-civic-dialogue-committee")
    assert succession.start.value == "2021-04"


def test_incoming_links_are_counted_and_capped(reading):
    links = read_links(reading, BASE + "place/es")
    group = next(
        g for g in links.groups if g.property.endswith("/country") and g.kind == "practice"
    )
    assert group.count > SHOWN == len(group.members)


def test_a_part_that_points_here_stands_for_its_record(reading):
    links = read_links(reading, BASE + "organisation/european-commission")
    funded = next(group for group in links.groups if group.property.endswith("/funder"))
    assert BASE + "project/itaca" in funded.members


def test_shortcuts_do_not_repeat_participations(reading):
    links = read_links(reading, BASE + "organisation/cosm")
    assert links.takings
    assert not any(group.property.endswith("/involves") for group in links.groups)


def test_a_page_needs_few_queries(reading, engine):
    read_record(reading, GROUP)
    assert engine.asked <= 3
