import pytest
from pyoxigraph import QueryBoolean

from icgraph.errors import HomeUnwritable, ServiceNotReady, SyntaxInvalid
from icgraph.store.embedded import (
    checkpoint_path,
    open_checkpoint,
    published_head,
)
from icgraph.store.home import Home
from icgraph.store.log import ChangeLog, open_log
from icgraph.store.projection import Projection
from tests.store.conftest import NOON, change, quad


def fill(log: ChangeLog, count: int) -> None:
    for number in range(count):
        log.append(change(add=(number,)), after=number, time=NOON)


def holds(home: Home, revision: int, number: int) -> bool:
    engine = open_checkpoint(checkpoint_path(home.projection, revision))
    answer = engine.query(f"ASK {{ {quad(number).subject} ?p ?o }}")
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def test_an_empty_projection_publishes_nothing(home: Home, log: ChangeLog) -> None:
    assert Projection(home.projection, checkpoints=2).follow(log) == 0
    assert published_head(home.projection) == (0, "", 0)


def test_following_the_log_publishes_its_head(home: Home, log: ChangeLog) -> None:
    fill(log, 3)
    assert Projection(home.projection, checkpoints=2).follow(log) == 3
    assert published_head(home.projection)[0] == 3


def test_a_checkpoint_stays_as_it_was(home: Home, log: ChangeLog) -> None:
    projection = Projection(home.projection, checkpoints=2)
    fill(log, 1)
    projection.follow(log)
    log.append(change(add=(9,), remove=(0,)), after=1, time=NOON)
    projection.follow(log)
    assert holds(home, 1, 0)
    assert not holds(home, 1, 9)
    assert holds(home, 2, 9)
    assert not holds(home, 2, 0)


def test_only_the_newest_checkpoints_are_kept(home: Home, log: ChangeLog) -> None:
    fill(log, 5)
    Projection(home.projection, checkpoints=2).follow(log)
    kept = sorted(path.name for path in (home.projection / "checkpoints").iterdir())
    assert kept == ["00000004", "00000004.head", "00000005", "00000005.head"]


def test_an_open_checkpoint_survives_its_deletion(home: Home, log: ChangeLog) -> None:
    projection = Projection(home.projection, checkpoints=2)
    fill(log, 1)
    projection.follow(log)
    engine = open_checkpoint(checkpoint_path(home.projection, 1))
    projection.drop()
    assert bool(engine.query("ASK { ?s ?p ?o }"))


def test_a_revision_that_was_cut_short_is_applied_again(home: Home, log: ChangeLog) -> None:
    fill(log, 2)
    projection = Projection(home.projection, checkpoints=2)
    projection.follow(log)
    del projection
    (home.projection / "live" / "revision").write_text(f"1 {log.hash_of(1)} 1\n")  # killed
    again = Projection(home.projection, checkpoints=2)
    assert again.follow(log) == 2
    assert again.quads() == {quad(0), quad(1)}


def test_a_projection_ahead_of_the_log_is_made_again(home: Home, log: ChangeLog) -> None:
    fill(log, 1)
    projection = Projection(home.projection, checkpoints=2)
    projection.follow(log)
    (home.projection / "live" / "revision").write_text(f"5 {log.hash_of(1)} 5\n")
    assert projection.follow(log) == 1


def test_a_broken_store_is_made_again_from_the_log(home: Home, log: ChangeLog) -> None:
    fill(log, 2)
    projection = Projection(home.projection, checkpoints=2)
    projection.follow(log)
    del projection
    for path in (home.projection / "live" / "store").glob("MANIFEST*"):
        path.write_bytes(b"broken")
    again = Projection(home.projection, checkpoints=2)
    again.follow(log)
    assert again.quads() == {quad(0), quad(1)}


def test_leftovers_of_an_interrupted_checkpoint_are_swept(home: Home, log: ChangeLog) -> None:
    fill(log, 1)
    leftover = home.projection / "checkpoints" / "00000001.new"
    leftover.mkdir(parents=True)
    Projection(home.projection, checkpoints=2).follow(log)
    assert not leftover.exists()


def test_a_missing_checkpoint_says_what_to_do(home: Home) -> None:
    with pytest.raises(ServiceNotReady, match="rebuild"):
        open_checkpoint(checkpoint_path(home.projection, 7))


def test_a_query_that_does_not_parse_names_its_place(home: Home, log: ChangeLog) -> None:
    fill(log, 1)
    Projection(home.projection, checkpoints=2).follow(log)
    engine = open_checkpoint(checkpoint_path(home.projection, 1))
    with pytest.raises(SyntaxInvalid) as caught:
        engine.query("SELECT *\nWHERE { ?s }")
    assert caught.value.members == {"line": 2, "column": 12}
    assert "after “WHERE { ?s”: “}” cannot stand there" in caught.value.detail


def test_a_misspelt_keyword_is_shown(home: Home, log: ChangeLog) -> None:
    fill(log, 1)
    Projection(home.projection, checkpoints=2).follow(log)
    engine = open_checkpoint(checkpoint_path(home.projection, 1))
    with pytest.raises(SyntaxInvalid, match="line 1, column 1: “SELEC” cannot stand there"):
        engine.query("SELEC")


def test_a_projection_of_another_history_is_made_again(home: Home, log: ChangeLog) -> None:
    fill(log, 2)
    projection = Projection(home.projection, checkpoints=2)
    projection.follow(log)
    other = open_log(home.folder / "other.sqlite", None)
    other.append(change(add=(7,)), after=0, time=NOON)
    other.append(change(add=(8,)), after=1, time=NOON)
    projection.follow(other)
    assert projection.quads() == {quad(7), quad(8)}
    assert published_head(home.projection) == (2, other.hash_of(2), 2)
    other.close()


def test_a_disk_that_does_not_take_it_is_named_and_the_next_try_works(
    home: Home, log: ChangeLog
) -> None:
    projection = Projection(home.projection, checkpoints=2)
    fill(log, 1)
    obstacle = home.projection / "head.new"
    obstacle.mkdir()
    with pytest.raises(HomeUnwritable, match="change log"):
        projection.follow(log)
    obstacle.rmdir()
    assert projection.follow(log) == 1
    assert published_head(home.projection)[0] == 1
