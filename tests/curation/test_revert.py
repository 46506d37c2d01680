"""Taking changes back in a real home, held to the real rules."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from icgraph.config import Settings
from icgraph.curation.loading import Loaded, check_home, load_into
from icgraph.curation.retirement import merge, withdraw
from icgraph.curation.revert import revert_changes
from icgraph.curation.tombstones import Reason
from icgraph.errors import ChangedSince, GraphInvalid, HomeError, InputError, NotFound
from icgraph.model.iris import Base
from icgraph.model.statements import is_bookkeeping
from icgraph.model.terms import DEFAULT_BASE
from icgraph.store.changes import Change, held_quads
from icgraph.store.home import open_home
from icgraph.store.log import open_log
from icgraph.store.packaged import packaged_ontology

MUSEUM = Path(__file__).with_name("museum.ttl")
REASON = Reason("curator", "It is the same house.")
NAME = "http://www.w3.org/2004/02/skos/core#altLabel"
POLICE = f"{DEFAULT_BASE}id/organisation/police"


def quiet(*_progress: object) -> None:
    pass


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a small valid graph, as its revision 1."""
    quads = [*parse(MUSEUM.read_bytes(), format=RdfFormat.TURTLE), *packaged_ontology()]
    home = open_home(tmp_path / "home")
    with closing(open_log(home.log, None, bare=False)) as log:
        change = Change("tester", "begin", frozenset(quads))
        log.append(change, after=0, time=datetime(2026, 11, 21, tzinfo=UTC))
    return Settings(home=tmp_path / "home")


def held(settings: Settings) -> frozenset[Quad]:
    with closing(open_log(open_home(settings.home).log, None)) as log:
        return held_quads(log.read())


def said(settings: Settings) -> set[Quad]:
    """All but the system's own words on changes."""
    base = Base(DEFAULT_BASE)
    return {quad for quad in held(settings) if not is_bookkeeping(quad, base)}


def head(settings: Settings) -> int:
    with closing(open_log(open_home(settings.home).log, None)) as log:
        return log.head()


def about(settings: Settings, words: str) -> str:
    return "\n".join(sorted(str(quad) for quad in held(settings) if words in str(quad)))


def named(settings: Settings, name: str) -> Loaded:
    """Add another name of the police, in a change of its own."""
    file = settings.home.parent / "name.nt"
    file.write_text(f'<{POLICE}> <{NAME}> "{name}"@en .\n')
    return load_into(settings, [file], agent="curator", message=f"Call it {name}", progress=quiet)


def revert(settings: Settings, *revisions: int, message: str | None = None) -> Loaded:
    return revert_changes(settings, revisions, agent="reviser", message=message, progress=quiet)


def test_a_change_is_taken_back_and_provenance_says_so(settings: Settings) -> None:
    before = said(settings)
    named(settings, "Constabulary")
    outcome = revert(settings, 2)
    assert (outcome.published.revision, outcome.published.removed, outcome.readable) == (3, 1, True)
    assert said(settings) == before
    change = about(settings, "<https://w3id.org/icgraph/changes/3>")
    assert "ns/prov#wasInformedBy> <https://w3id.org/icgraph/changes/2>" in change
    assert '"Revert revision 2: Call it Constabulary"' in change
    assert "wasAssociatedWith> <https://w3id.org/icgraph/agent/reviser>" in change
    assert check_home(settings, rebuild=False, progress=quiet).revision == 3


def test_a_revert_can_be_reverted(settings: Settings) -> None:
    named(settings, "Constabulary")
    after = said(settings)
    revert(settings, 2)
    revert(settings, 3)
    assert said(settings) == after


def test_what_came_after_and_touched_other_statements_stays(settings: Settings) -> None:
    named(settings, "Constabulary")
    named(settings, "Gendarmerie")
    revert(settings, 2, message="Nobody says so")
    assert "Constabulary" not in about(settings, NAME)
    assert "Gendarmerie" in about(settings, NAME)
    assert '"Revert revision 2: Nobody says so"' in about(settings, "changes/4>")


def test_several_changes_are_taken_back_as_one_whatever_their_order(settings: Settings) -> None:
    before = said(settings)
    named(settings, "Constabulary")
    revert(settings, 2)
    named(settings, "Gendarmerie")
    named(settings, "Constabulary")
    revert(settings, 4, 5)
    assert said(settings) == before
    assert head(settings) == 6


def test_a_withdrawn_record_comes_back_whole_without_its_tombstone(settings: Settings) -> None:
    before = said(settings)
    withdraw(settings, "practice/open-doors", REASON, progress=quiet)
    revert(settings, 2)
    assert said(settings) == before
    withdraw(settings, "practice/open-doors", REASON, progress=quiet)
    assert head(settings) == 4


def test_a_merged_record_comes_back_with_all_links_to_it(settings: Settings) -> None:
    before = said(settings)
    merge(settings, "organisation/city-museum", "organisation/museum", REASON, progress=quiet)
    revert(settings, 2)
    assert said(settings) == before


def test_what_was_added_and_is_gone_stands_in_the_way(settings: Settings) -> None:
    named(settings, "Constabulary")
    revert(settings, 2)
    before = held(settings)
    with pytest.raises(ChangedSince, match="revision 3 removed: organisation:police") as refused:
        revert(settings, 2)
    assert refused.value.exit_code == 1
    assert refused.value.members["conflicts"] == [
        {
            "reverted": 2,
            "by": 3,
            "statement": f'<{POLICE}> <{NAME}> "Constabulary"@en',
            "present": False,
        }
    ]
    assert "revision 3" in refused.value.advice
    assert held(settings) == before


def test_what_was_removed_and_is_there_again_stands_in_the_way(settings: Settings) -> None:
    named(settings, "Constabulary")
    revert(settings, 2)
    named(settings, "Constabulary")
    with pytest.raises(ChangedSince, match="revision 4 put back"):
        revert(settings, 3)
    assert head(settings) == 4


def test_what_would_break_the_rules_is_refused_with_the_report(settings: Settings) -> None:
    file = settings.home.parent / "house.ttl"
    file.write_text(
        f"""<{DEFAULT_BASE}id/organisation/house> a <http://www.w3.org/ns/org#Organization> ,
          <http://www.w3.org/ns/org#FormalOrganization> ;
          <http://www.w3.org/2000/01/rdf-schema#label> "House"@en ;
          <http://www.w3.org/ns/org#classification>
            <{DEFAULT_BASE}scheme/organisation-type/police> ;
          <http://purl.org/dc/terms/spatial> <{DEFAULT_BASE}id/place/pl-lublin> ;
          <http://purl.org/dc/terms/source> <{DEFAULT_BASE}id/source/pages> .
        """
    )
    load_into(settings, [file], agent="a", message=None, progress=quiet)
    file.write_text(
        f"""<{DEFAULT_BASE}id/organisation/police>
          <http://www.w3.org/ns/org#subOrganizationOf> <{DEFAULT_BASE}id/organisation/house> ."""
    )
    load_into(settings, [file], agent="a", message=None, progress=quiet)
    before = held(settings)
    with pytest.raises(GraphInvalid) as refused:
        revert(settings, 2)
    assert "organisation/house" in str(refused.value.members["report"])
    assert held(settings) == before


def test_a_revision_that_is_none_is_named(settings: Settings) -> None:
    with pytest.raises(NotFound, match=r"no revision 9; the newest is 1"):
        revert(settings, 1, 9)


def test_taking_back_what_undoes_itself_changes_nothing(settings: Settings) -> None:
    named(settings, "Constabulary")
    revert(settings, 2)
    with pytest.raises(InputError, match="revisions 3 and 2 changes nothing"):
        revert(settings, 2, 3)
    assert head(settings) == 3


def test_a_home_that_is_none_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="There is no graph"):
        revert(Settings(home=tmp_path / "nowhere"), 1)
    assert not (tmp_path / "nowhere").exists()
