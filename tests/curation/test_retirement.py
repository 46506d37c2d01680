"""Withdrawing and merging records in a real home, held to the real rules."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from icgraph.config import Settings
from icgraph.curation.loading import check_home, load_into
from icgraph.curation.retirement import Retirement, merge, withdraw
from icgraph.curation.tombstones import Reason
from icgraph.errors import GraphInvalid, InputError, NotFound, StillLinked
from icgraph.store.changes import Change, held_quads
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.packaged import packaged_ontology

MUSEUM = Path(__file__).with_name("museum.ttl")
REASON = Reason("curator", "It is the same house.")


def quiet(*_progress: object) -> None:
    pass


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a small valid graph."""
    quads = [*parse(MUSEUM.read_bytes(), format=RdfFormat.TURTLE), *packaged_ontology()]
    home = open_home(tmp_path / "home")
    with closing(open_log(home.log, None, bare=False)) as log:
        change = Change("tester", "begin", frozenset(quads))
        log.append(change, after=0, time=datetime(2026, 11, 21, tzinfo=UTC))
    return Settings(home=tmp_path / "home")


def held(settings: Settings) -> frozenset[Quad]:
    with closing(open_log(open_home(settings.home).log, None)) as log:
        return held_quads(log.read())


def about(settings: Settings, words: str) -> str:
    return "\n".join(sorted(str(quad) for quad in held(settings) if words in str(quad)))


def merged(settings: Settings) -> Retirement:
    return merge(
        settings, "organisation/city-museum", "organisation/museum", REASON, progress=quiet
    )


def test_a_merged_record_leaves_a_tombstone_that_says_what_when_why_and_whither(
    settings: Settings,
) -> None:
    outcome = merged(settings)
    assert (outcome.loaded.published.revision, outcome.loaded.readable) == (2, True)
    stone = about(settings, "<https://w3id.org/icgraph/doc/organisation/city-museum>")
    for words in (
        'title> "Museum of the City"@en',
        'changeNote> "It is the same house."@en',
        "mergedInto> <https://w3id.org/icgraph/doc/organisation/museum>",
        "isReplacedBy> <https://w3id.org/icgraph/doc/organisation/museum>",
        "invalidatedAtTime>",
        "wasGeneratedBy> <https://w3id.org/icgraph/changes/2>",
    ):
        assert words in stone
    assert check_home(settings, rebuild=False, progress=quiet).revision == 2
    with pytest.raises(NotFound, match="was merged into organisation/museum"):
        withdraw(settings, "organisation/city-museum", REASON, progress=quiet)


def test_what_left_the_graph_cannot_be_said_again_by_accident(settings: Settings) -> None:
    merged(settings)
    with pytest.raises(InputError, match="was merged into organisation/museum"):
        load_into(settings, [MUSEUM], agent="a", message=None, progress=quiet)


def test_a_record_that_others_link_to_stays_and_the_links_are_listed(settings: Settings) -> None:
    before = held(settings)
    with pytest.raises(StillLinked) as refused:
        withdraw(settings, "organisation/police", REASON, progress=quiet)
    assert "practice:open-doors ic:involves organisation:police" in refused.value.members["links"]
    assert held(settings) == before


def test_detaching_cannot_break_the_rules(settings: Settings) -> None:
    before = held(settings)
    with pytest.raises(GraphInvalid) as refused:
        withdraw(settings, "organisation/police", REASON, detach=True, progress=quiet)
    assert "Partnership-two-parties" in str(refused.value.members["report"])
    assert held(settings) == before


def test_a_withdrawn_record_takes_its_statements_along_and_names_its_successor(
    settings: Settings,
) -> None:
    iri = "https://w3id.org/icgraph/id/practice/open-doors"
    outcome = withdraw(
        settings, iri, REASON, replaced_by="partnership/museum-police", progress=quiet
    )
    assert "practice:open-doors dcterms:subject topic:refugees" in outcome.left_behind
    assert about(settings, f"<{iri}") == about(settings, "primaryTopic> " + f"<{iri}>")
    assert "isReplacedBy> <https://w3id.org/icgraph/doc/partnership/museum-police>" in about(
        settings, "/doc/practice/open-doors>"
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda s: withdraw(s, "practice/open-dors", REASON, progress=quiet),
            "practice/open-doors",
        ),
        (lambda s: withdraw(s, "place/lublin", REASON, progress=quiet), "place/pl-lublin"),
        (lambda s: merge(s, "museum", "place/pl", REASON, progress=quiet), "organisation/museum"),
    ],
)
def test_a_bad_name_gets_near_ones(
    settings: Settings, call: Callable[[Settings], Retirement], words: str
) -> None:
    with pytest.raises(NotFound) as refused:
        call(settings)
    assert words in refused.value.advice


@pytest.mark.parametrize("winner", ["organisation/museum", "place/pl"])
def test_only_two_records_of_one_kind_are_merged(settings: Settings, winner: str) -> None:
    with pytest.raises(InputError, match="cannot be merged"):
        merge(settings, "organisation/museum", winner, REASON, progress=quiet)


def test_a_successor_that_is_merged_later_leads_to_its_heir(settings: Settings) -> None:
    heir = "organisation/city-museum"
    with pytest.raises(InputError, match="cannot replace itself"):
        withdraw(settings, heir, REASON, replaced_by=heir, progress=quiet)
    withdraw(settings, "practice/open-doors", REASON, replaced_by=heir, progress=quiet)
    merged(settings)
    stone = about(settings, "/doc/practice/open-doors>")
    assert "isReplacedBy> <https://w3id.org/icgraph/doc/organisation/museum>" in stone
    assert "city-museum" not in stone
