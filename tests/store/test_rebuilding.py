import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from icgraph.store.changes import Change
from icgraph.store.embedded import (
    checkpoint_head,
    checkpoint_path,
    open_checkpoint,
    published_head,
    wish_path,
)
from icgraph.store.home import Home, open_home
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.projection import Projection
from icgraph.store.rebuilding import Rebuilder, rebuild
from tests.conftest import wait_until

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
REVISIONS = 8


def quad(number: int) -> Quad:
    return Quad(NamedNode(f"http://example.org/{number}"), LABEL, Literal(str(number)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Revision n holds the things n and n - 1; the two newest have checkpoints."""
    made = open_home(tmp_path / "home")
    with closing(open_log(made.log, None)) as log:
        for number in range(1, REVISIONS + 1):
            removed = frozenset({quad(number - 2)}) if number > 2 else frozenset()
            change = Change("tester", "change", frozenset({quad(number)}), removed)
            log.append(change, after=number - 1, time=NOON)
        follow(made, log)
    return made


def follow(home: Home, log: ChangeLog, checkpoint_bytes: int = 10**9) -> Projection:
    projection = Projection(home.projection, checkpoints=2, checkpoint_bytes=checkpoint_bytes)
    projection.follow(log)
    return projection


def held(home: Home, revision: int) -> set[Quad]:
    return set(open_checkpoint(checkpoint_path(home.projection, revision)).store)


def wish(home: Home, revision: int) -> None:
    wish_path(home.projection, revision).touch()


@pytest.mark.parametrize("revision", [1, 2, 5])
def test_an_older_revision_is_made_again_as_it_was(home: Home, revision: int) -> None:
    wish(home, revision)
    rebuild(home, revision)
    assert held(home, revision) == {quad(n) for n in (revision - 1, revision) if n > 0}
    with closing(open_log(home.log, None)) as log:
        known_as = log.hash_of(revision)
    assert checkpoint_head(home.projection, revision) == (revision, known_as, min(revision, 2))


def test_a_revision_is_made_from_the_nearest_older_one(home: Home) -> None:
    for revision in (3, 6):
        wish(home, revision)
        rebuild(home, revision)
    assert held(home, 6) == {quad(5), quad(6)}


def test_a_checkpoint_that_was_asked_for_outlives_newer_revisions(home: Home) -> None:
    wish(home, 3)
    rebuild(home, 3)
    with closing(open_log(home.log, None)) as log:
        follow(home, log).prune()
    assert checkpoint_head(home.projection, 3).number == 3
    assert checkpoint_head(home.projection, 6).number == 0


def test_beyond_the_disk_they_may_take_the_one_unasked_for_longest_goes(home: Home) -> None:
    for age, revision in enumerate((1, 2, 3)):
        wish(home, revision)
        rebuild(home, revision)
        os.utime(wish_path(home.projection, revision), (age, age))
    room = sum(path.stat().st_size for path in checkpoint_path(home.projection, 3).iterdir())
    with closing(open_log(home.log, None)) as log:
        follow(home, log, checkpoint_bytes=room).prune()
    kept = [n for n in (1, 2, 3) if checkpoint_head(home.projection, n).number]
    assert kept == [3]
    assert not wish_path(home.projection, 1).exists()


def test_wishes_are_fulfilled_one_after_the_other(home: Home) -> None:
    wish(home, 2)
    wish(home, 4)
    rebuilder = Rebuilder(home)
    ended = 0

    def look() -> bool:
        nonlocal ended
        ended += rebuilder.look(REVISIONS)
        return ended == 2

    assert wait_until(look, 30)
    assert (held(home, 2), held(home, 4)) == ({quad(1), quad(2)}, {quad(3), quad(4)})
    rebuilder.close()


@pytest.mark.parametrize("name", ["99", "0", "nonsense"])
def test_a_wish_for_what_never_was_is_dropped(home: Home, name: str) -> None:
    strange = home.projection / "wishes" / name
    strange.touch()
    assert not Rebuilder(home).look(REVISIONS)
    assert not strange.exists()


def test_a_wish_that_cannot_be_fulfilled_is_tried_once(home: Home) -> None:
    checkpoint_path(home.projection, 2).write_text("in the way of a folder")
    home.log.write_bytes(b"no log")
    wish(home, 2)
    rebuilder = Rebuilder(home)
    assert wait_until(lambda: rebuilder.look(REVISIONS), 30)
    assert not wish_path(home.projection, 2).exists()


def test_readers_of_the_newest_revision_see_no_change(home: Home) -> None:
    before = published_head(home.projection)
    wish(home, 1)
    rebuild(home, 1)
    assert published_head(home.projection) == before


def test_a_revision_is_published_while_another_is_rebuilt(home: Home) -> None:
    half_done = [
        checkpoint_path(home.projection, 3).with_suffix(suffix)
        for suffix in (".rebuilt.new", ".rebuilt.new.tmp")
    ]
    with closing(open_log(home.log, None)) as log:
        projection = Projection(home.projection, checkpoints=2)
        for folder in half_done:
            folder.mkdir()
        log.append(Change("tester", "change", frozenset({quad(99)})), after=REVISIONS, time=NOON)
        assert projection.follow(log) == published_head(home.projection).number == REVISIONS + 1
        assert all(folder.is_dir() for folder in half_done)
        del projection
        Projection(home.projection, checkpoints=2)
    assert not any(folder.exists() for folder in half_done)
