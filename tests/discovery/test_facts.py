"""Figures, networks of cities, and what sources say where they disagree."""

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from icgraph.discovery import networks
from icgraph.discovery.asking import answer
from icgraph.discovery.claims import seek_claims
from icgraph.discovery.figures import figures
from icgraph.discovery.kept import Kept
from icgraph.discovery.links import read_links
from icgraph.discovery.networks import belongings, seek_members
from icgraph.discovery.reading import Reading
from icgraph.discovery.records import read_record
from icgraph.model.iris import Base, RecordName
from tests.web.conftest import InProcess

BASE = "https://w3id.org/icgraph/"
NETWORK = RecordName("organisation", "intercultural-cities-network")


def test_figures_about_a_place_stand_apart_after_the_practices_own(reading):
    record = read_record(reading, RecordName("practice", "the-quality-of-life-framework"))
    own, context = figures(record)
    assert own.about == record.iri
    assert context.about == BASE + "id/place/nz-auckland"
    assert own.figures[0].label.value == "councils taking part"


def test_figures_of_one_name_stand_by_year(reading):
    record = read_record(reading, RecordName("practice", "the-quality-of-life-framework"))
    context = figures(record)[1].figures
    assert list(context) == sorted(context, key=lambda one: (one.label.value, one.year.value))


def test_a_record_without_figures_has_none(reading):
    assert figures(read_record(reading, NETWORK)) == []


def test_a_place_tells_the_networks_it_belongs_to(reading):
    record = read_record(reading, RecordName("place", "ua-pavlohrad"))
    icc, ukrainian = belongings(record)
    assert icc.other == BASE + "id/organisation/intercultural-cities-network"
    assert icc.start is None
    assert ukrainian.start.value == "2016"
    assert ukrainian.status.value.endswith("/ongoing")


def test_a_network_tells_its_members_by_name(reading):
    members = answer(reading, seek_members(reading, NETWORK))
    assert members.count == len(members.shown) > 100
    assert members.shown[0].other == BASE + "id/place/ma-agadir"


def test_members_beyond_the_limit_are_counted(reading, monkeypatch):
    whole = answer(reading, seek_members(reading, NETWORK)).count
    limited = networks._MEMBERS.replace(f"LIMIT {networks.SHOWN}", "LIMIT 5")
    monkeypatch.setattr(networks, "_MEMBERS", limited)
    monkeypatch.setattr(networks, "SHOWN", 5)
    anew = replace(reading, kept=Kept())
    members = answer(anew, seek_members(anew, NETWORK))
    assert (len(members.shown), members.count) == (5, whole)


def test_a_body_without_member_places_has_none(reading):
    assert (
        answer(
            reading, seek_members(reading, RecordName("organisation", "european-commission"))
        ).count
        == 0
    )


def test_members_of_a_network_are_not_listed_twice(reading):
    groups = read_links(reading, BASE + "id/organisation/intercultural-cities-network").groups
    assert not any(group.property.endswith("/memberOf") for group in groups)


def test_each_source_says_its_own(reading):
    claims = answer(
        reading, seek_claims(reading, read_record(reading, RecordName("project", "c4i")))
    )
    ends = {value.value for claim in claims for one in claim.said for value in one.values}
    assert {"2015", "2016"} <= ends
    assert all(claim.source.startswith(BASE + "id/source/") for claim in claims)


def test_a_date_makes_its_year_needless(reading):
    claims = answer(
        reading, seek_claims(reading, read_record(reading, RecordName("project", "c4i")))
    )
    told = {one.property.rpartition("/")[2] for claim in claims for one in claim.said}
    assert "dcat#endDate" in told
    assert not told & {"startYear", "endYear"}


def test_a_claim_about_a_period_is_about_that_whose_period_it_is(reading):
    record = read_record(reading, RecordName("place", "ua-pavlohrad"))
    about = {
        one.about for claim in answer(reading, seek_claims(reading, record)) for one in claim.said
    }
    assert about == {record.iri + "#member-icc-ua-network"}


def test_sources_that_agree_make_no_claims(reading):
    assert (
        answer(reading, seek_claims(reading, read_record(reading, RecordName("project", "divpol"))))
        == []
    )


@pytest.fixture
def strange():
    """A record of which one source states a part that the record does not have."""
    one, part = (NamedNode(f"{BASE}id/project/one{end}") for end in ("", "#period"))
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    said, other = (NamedNode(f"{BASE}graph/{name}") for name in ("claims/page", "provenance"))
    store = Store()
    store.add(Quad(one, label, Literal("One", language="en")))
    store.add(Quad(one, NamedNode(f"{BASE}ns/period"), part, said))
    store.add(Quad(part, NamedNode("http://www.w3.org/ns/dcat#startDate"), Literal("2001"), said))
    store.add(Quad(one, label, Literal("Two"), other))
    return Reading(InProcess(store), Base(BASE), "en")


def test_a_part_that_only_a_source_states_is_told_and_other_graphs_are_not(strange):
    (claim,) = answer(
        strange, seek_claims(strange, read_record(strange, RecordName("project", "one")))
    )
    assert claim.source == BASE + "id/source/page"
    assert [[value.value for value in one.values] for one in claim.said] == [["2001"]]
