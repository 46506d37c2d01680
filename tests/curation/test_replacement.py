"""What a graph is once a record has left it, on a small graph without a home."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from icgraph.curation.replacement import after_retirements, merged, pointing, without
from icgraph.curation.tombstones import Retired
from icgraph.model.iris import Base, RecordName
from icgraph.model.terms import DEFAULT_BASE

BASE = Base(DEFAULT_BASE)
THINGS = f"{DEFAULT_BASE}id/"
LOSER, WINNER = RecordName("organisation", "city-museum"), RecordName("organisation", "museum")
POLICE = RecordName("organisation", "police")


@pytest.fixture(scope="module")
def held() -> frozenset[Quad]:
    text = Path(__file__).with_name("museum.ttl").read_bytes()
    return frozenset(parse(text, format=RdfFormat.TURTLE))


def lines(quads: set[Quad], *words: str) -> set[str]:
    """The statements that hold all these words, their IRIs cut to what tells them apart."""
    short = (str(quad).replace(THINGS, "") for quad in quads)
    return {line for line in short if all(word in line for word in words)}


def test_a_record_is_pointed_at_by_statements_of_others_only(held: frozenset[Quad]) -> None:
    owners = {
        str(quad.subject).strip("<>").partition("#")[0] for quad in pointing(held, POLICE, BASE)
    }
    assert owners == {f"{THINGS}practice/open-doors", f"{THINGS}partnership/museum-police"}


def test_without_a_record_nothing_names_it(held: frozenset[Quad]) -> None:
    assert not lines(without(held, POLICE, BASE), "organisation/police")


def test_a_participation_leaves_with_its_member(held: frozenset[Quad]) -> None:
    after = without(held, POLICE, BASE)
    assert not lines(after, "#m-police")
    assert len(lines(after, "open-doors> ", "participation")) == 2


def test_what_hangs_on_a_part_that_leaves_goes_too(held: frozenset[Quad]) -> None:
    part, period = (
        NamedNode(f"{THINGS}practice/open-doors#{name}") for name in ("m-police", "then")
    )
    link = Quad(part, NamedNode(BASE.term("period")), period)
    status = Quad(period, NamedNode(BASE.term("status")), part)
    assert not lines(without(held | {link, status}, POLICE, BASE), "#then")


def test_a_merged_record_is_named_nowhere(held: frozenset[Quad]) -> None:
    assert not lines(merged(held, LOSER, WINNER, BASE), "organisation/city-museum")


def test_links_to_the_loser_lead_to_the_winner(held: frozenset[Quad]) -> None:
    after = merged(held, LOSER, WINNER, BASE)
    assert lines(after, "museum-police#m-museum>", "member> <organisation/museum>")
    assert lines(after, "museum-police>", "involves> <organisation/museum>")


def test_a_participation_told_twice_is_told_once(held: frozenset[Quad]) -> None:
    after = merged(held, LOSER, WINNER, BASE)
    assert len(lines(after, "open-doors#", "member> <organisation/museum>")) == 1
    assert len(lines(after, "open-doors> ", "participation")) == 2


def test_the_winner_has_the_names_and_sources_of_both_each_once(held: frozenset[Quad]) -> None:
    after = merged(held, LOSER, WINNER, BASE)
    assert lines(after, "<organisation/museum>", "altLabel") == {
        f'<organisation/museum> <http://www.w3.org/2004/02/skos/core#altLabel> "{name}"@en'
        for name in ("Museum of the City", "The Museum")
    }
    assert len(lines(after, "<organisation/museum>", "dc/terms/source")) == 2


def test_what_the_source_of_a_claim_says_is_then_said_by_its_heir(held: frozenset[Quad]) -> None:
    claims = [NamedNode(BASE.graph(f"claims/{name}")) for name in ("annals", "pages")]
    police, place = NamedNode(BASE.record(POLICE)), NamedNode(f"{THINGS}place/pl")
    said = [Quad(police, NamedNode(BASE.term("country")), place, graph) for graph in claims]
    annals, pages = (RecordName("source", name) for name in ("annals", "pages"))
    after = merged(held | {said[0]}, annals, pages, BASE)
    assert said[1] in after
    assert said[0] not in after


def test_retirements_can_be_done_again_on_what_knows_nothing_of_them(
    held: frozenset[Quad],
) -> None:
    retirements = [Retired(LOSER, WINNER), Retired(POLICE, None)]
    after = after_retirements(held, retirements, BASE)
    assert after == without(merged(held, LOSER, WINNER, BASE), POLICE, BASE)
    assert after_retirements(after, retirements, BASE) == after
